//! Refreshing keys ahead of their expiry, off the path of requests. A host runs a [`round`] after
//! each [`pause`].

use std::time::Duration;

use snappy_domain::clock::{after, before};
use snappy_domain::{Host, random};

use crate::Xano;

/// The usual pause between two rounds.
const EVERY: Duration = Duration::from_secs(30);
/// How long before its expiry a key is refreshed.
const AHEAD: Duration = Duration::from_secs(300);
/// A key that expired longer ago than this could not be refreshed; the next call tries again.
const OVERDUE: Duration = Duration::from_secs(600);
/// Accounts that were not used for this long are not refreshed before somebody uses them.
const IN_USE: Duration = Duration::from_secs(7 * 86_400);
/// The most keys in one round. With the pause between two keys this is five a second.
const MOST: u32 = 100;

/// The pause before the next round: random, so that several processes take turns.
#[must_use]
pub fn pause(host: &Host) -> Duration {
    let [share] = random::bytes::<1>(&*host.random);
    EVERY / 2 + EVERY.mul_f64(f64::from(share) / 255.0)
}

/// Refreshes the keys that expire soon. Failures are logged; the next round tries again.
pub async fn round(xano: &Xano, host: &Host) {
    let now = host.clock.now();
    let (from, until) = (before(now, OVERDUE), after(now, AHEAD));
    match xano.refresh_ahead(from, until, before(now, IN_USE), MOST).await {
        Ok(0) => {}
        Ok(tried) => tracing::info!(tried, "Refreshed keys ahead of their expiry"),
        Err(error) => tracing::warn!("Keys can't be refreshed ahead of their expiry: {error}"),
    }
}
