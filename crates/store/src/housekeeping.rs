//! Housekeeping: removes what has ended and is of no further use. A host runs a [`round`] at its
//! start and then [`EVERY`] hour.

use std::time::Duration;

use snappy_domain::Timestamp;
use snappy_domain::clock::before;

use crate::{Store, StoreResult};

/// The time between two rounds.
pub const EVERY: Duration = Duration::from_secs(3600);
/// How long a client registration is kept that nobody authorizes.
const UNUSED_CLIENTS: Duration = Duration::from_secs(72 * 3600);

/// What a round removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    /// Expired codes, tokens, grants and the like.
    pub records: u64,
    /// Client registrations that nobody authorized.
    pub clients: u64,
}

/// Removes what has ended at `now`.
///
/// # Errors
/// When the storage fails. What was removed before stays removed.
pub async fn round(store: &dyn Store, now: Timestamp) -> StoreResult<Removed> {
    Ok(Removed {
        records: store.purge_expired(now).await?,
        clients: store.purge_unused_clients(before(now, UNUSED_CLIENTS)).await?,
    })
}
