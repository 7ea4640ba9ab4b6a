//! Keys whose end is known are refreshed before it, while nobody waits.

use std::time::Duration;

use snappy_domain::clock::{after, before};
use snappy_domain::{Host, random};
use snappy_xano::Xano;

/// How often ends are looked for; each process at another time.
const EVERY: Duration = Duration::from_secs(30);
/// How long before its end a key is refreshed.
const AHEAD: Duration = Duration::from_secs(300);
/// What ended longer ago could not be refreshed: the next call tries.
const OVER: Duration = Duration::from_secs(600);
/// Accounts that nobody used for so long wait for somebody who does.
const IN_USE: Duration = Duration::from_secs(7 * 86_400);
/// The most at a time. With the pause between them this is five a second.
const MOST: u32 = 100;

/// Looks for ends until it is dropped.
pub async fn refresh_ahead(xano: &Xano, host: &Host) {
    loop {
        let [share] = random::bytes::<1>(&*host.random);
        let jitter = EVERY.mul_f64(f64::from(share) / 255.0);
        host.timer.sleep(EVERY / 2 + jitter).await;
        once(xano, host).await;
    }
}

/// One round.
pub async fn once(xano: &Xano, host: &Host) {
    let now = host.clock.now();
    let (from, until) = (before(now, OVER), after(now, AHEAD));
    match xano.refresh_ahead(from, until, before(now, IN_USE), MOST).await {
        Ok(0) => {}
        Ok(tried) => tracing::info!(tried, "Keys were refreshed ahead of their end"),
        Err(error) => tracing::warn!("Keys can't be refreshed ahead of their end: {error}"),
    }
}
