//! Checks at the start that the keys open what is stored.

use snappy_domain::keys;
use snappy_store::sealing::Sealer;

use crate::OpenError;

/// The sealed value by which the next start checks the keys.
pub(crate) fn seal_check(sealer: &Sealer) -> Result<Vec<u8>, OpenError> {
    sealer.seal_check().map_err(|error| OpenError::KeyCheck(error.to_string()))
}

/// Whether the keys open the value of an earlier start, if there was one.
pub(crate) fn check_keys(sealer: &Sealer, sealed: Option<(Vec<u8>,)>) -> Result<(), OpenError> {
    let Some((sealed,)) = sealed else { return Ok(()) };
    sealer.open_check(&sealed).map_err(|error| match error {
        keys::OpenError::UnknownKey => OpenError::Key,
        keys::OpenError::Damaged => OpenError::KeyCheck(error.to_string()),
    })
}
