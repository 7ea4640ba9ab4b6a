//! Housekeeping: removes what has ended and is of no further use, and re-encrypts. A host runs a [`round`] at
//! its start and then [`EVERY`] hour.

use std::time::Duration;

use snappy_domain::Timestamp;
use snappy_domain::clock::before;

use crate::{Resealed, Store, StoreResult, Sweeps};

/// The time between two rounds.
pub const EVERY: Duration = Duration::from_secs(3600);
/// How long a client registration is kept that nobody authorizes.
const UNUSED_CLIENTS: Duration = Duration::from_secs(72 * 3600);
/// The most records that one transaction removes, so that others are not kept waiting.
const BATCH: u32 = 500;

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
        records: all(|| store.purge_expired(now, BATCH)).await?,
        clients: all(|| store.purge_unused_clients(before(now, UNUSED_CLIENTS), BATCH)).await?,
    })
}

/// Re-encrypts everything with the newest key, and gives the sums.
///
/// # Errors
/// When the storage fails; what was re-encrypted until then stays so.
pub async fn reseal_all<S: Sweeps + ?Sized>(store: &S) -> StoreResult<Resealed> {
    let mut sum = Resealed::default();
    loop {
        let done = store.reseal(sum.last, BATCH).await?;
        if done.last.is_none() {
            return Ok(sum);
        }
        sum.renewed += done.renewed;
        sum.already += done.already;
        sum.lost += done.lost;
        sum.last = done.last;
    }
}

/// Repeats a sweep until there is nothing left to do, and gives the sum.
///
/// # Errors
/// When the storage fails.
pub async fn all<F>(sweep: impl Fn() -> F) -> StoreResult<u64>
where
    F: Future<Output = StoreResult<u64>>,
{
    let mut sum = 0;
    loop {
        match sweep().await? {
            0 => return Ok(sum),
            done => sum += done,
        }
    }
}
