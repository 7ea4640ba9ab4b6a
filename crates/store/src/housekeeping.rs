//! Removing what is over.

use std::time::Duration;

use snappy_domain::Timestamp;
use snappy_domain::clock::before;

use crate::{Resealed, Store, StoreResult, Sweeps};

/// How long a registration that nobody uses is kept.
const UNUSED_CLIENTS: Duration = Duration::from_secs(72 * 3600);
/// The most records that one transaction removes, so that others are not kept waiting.
const BATCH: u32 = 500;

/// One round of cleaning up. A host runs it every hour or so.
///
/// # Errors
/// When the storage fails; what was removed until then stays removed.
pub async fn clean_up(store: &dyn Store, now: Timestamp) -> StoreResult<()> {
    let expired = all(|| store.purge_expired(now, BATCH)).await?;
    let clients = all(|| store.purge_unused_clients(before(now, UNUSED_CLIENTS), BATCH)).await?;
    if expired + clients > 0 {
        tracing::info!(expired, clients, "Removed expired records and unused clients");
    }
    Ok(())
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
