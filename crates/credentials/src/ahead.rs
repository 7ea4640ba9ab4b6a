//! Bearers whose end is known are refreshed before it, while nobody waits.

use std::time::Duration;

use snappy_domain::clock::{after, before};
use snappy_domain::{Runtime, random};
use snappy_store::{StoreResult, Sweeps};

use crate::Coordinator;

/// How often expiring bearers are looked for; each process at another time.
const INTERVAL: Duration = Duration::from_secs(30);
/// How long before its end a bearer is refreshed.
const AHEAD: Duration = Duration::from_secs(300);
/// A bearer that ended longer ago could not be refreshed: the next call tries.
const GIVEN_UP: Duration = Duration::from_secs(600);
/// Credentials that nobody used for so long wait for the next use.
const IN_USE: Duration = Duration::from_secs(7 * 86_400);
/// The most in one round. With the pause between them this is five a second.
const MOST: u32 = 100;
/// The pause between two refreshes.
const PAUSE: Duration = Duration::from_millis(200);

/// Refreshes expiring bearers until it is dropped.
pub async fn run(coordinator: &Coordinator, store: &dyn Sweeps, runtime: &Runtime) {
    loop {
        let [share] = random::bytes::<1>(&*runtime.random);
        let jitter = INTERVAL.mul_f64(f64::from(share) / 255.0);
        runtime.timer.sleep(INTERVAL / 2 + jitter).await;
        match once(coordinator, store, runtime).await {
            Ok(0) => {}
            Ok(tried) => tracing::info!(tried, "Refreshed credentials ahead of their end"),
            Err(error) => tracing::warn!("Credentials can't be refreshed ahead of time: {error}"),
        }
    }
}

/// One round: gives how many were tried.
///
/// # Errors
/// When the storage fails.
pub async fn once(
    coordinator: &Coordinator,
    store: &dyn Sweeps,
    runtime: &Runtime,
) -> StoreResult<u32> {
    let now = runtime.clock.now();
    let (from, until) = (before(now, GIVEN_UP), after(now, AHEAD));
    let mut tried = 0;
    for (person, id, version) in
        store.expiring_credentials(from, until, before(now, IN_USE), MOST).await?
    {
        if tried > 0 {
            runtime.timer.sleep(PAUSE).await;
        }
        // A failure is logged, and no reason to leave the others.
        let _ = coordinator.refresh(person, id, version).await;
        tried += 1;
    }
    Ok(tried)
}
