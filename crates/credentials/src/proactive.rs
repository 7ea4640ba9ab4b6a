//! Refreshes credentials shortly before they expire, so that no call has to wait for it.

use std::time::Duration;

use snappy_domain::clock::{after, before};
use snappy_domain::{Runtime, random};
use snappy_store::{CredentialKind, Expiring, StoreResult, Sweeps};

use crate::Coordinator;

/// The mean time between two rounds. Jitter keeps the processes apart.
const INTERVAL: Duration = Duration::from_secs(30);
/// How long before its expiry a credential is refreshed.
const REFRESH_BEFORE: Duration = Duration::from_secs(300);
/// How long after its expiry a credential is still tried. Later, the next call refreshes it.
const GIVE_UP_AFTER: Duration = Duration::from_secs(600);
/// Sessions that were not used for this long are refreshed with the next call instead.
const SESSION_USED_WITHIN: Duration = Duration::from_secs(7 * 86_400);
/// The same for OAuth tokens, which live for minutes.
const OAUTH_USED_WITHIN: Duration = Duration::from_secs(3_600);
/// OAuth tokens that nobody uses are refreshed so long after their end, in case the service ends a sign-in
/// whose refresh token is not used.
const KEEP_ALIVE_AFTER: Duration = Duration::from_secs(86_400);
/// For how long that is tried.
const KEEP_ALIVE_WINDOW: Duration = Duration::from_secs(2 * 3_600);
/// Connections that were not used for this long are over.
const KEEP_ALIVE_USED_WITHIN: Duration = Duration::from_secs(90 * 86_400);
/// The most credentials of each kind in one round. With the pauses, five are refreshed per second.
const BATCH: u32 = 100;
/// The pause between two refreshes.
const PAUSE: Duration = Duration::from_millis(200);

/// Refreshes expiring credentials until the future is dropped.
pub async fn run(coordinator: &Coordinator, store: &dyn Sweeps, runtime: &Runtime) {
    loop {
        let [share] = random::bytes::<1>(&*runtime.random);
        let jitter = INTERVAL.mul_f64(f64::from(share) / 255.0);
        runtime.timer.sleep(INTERVAL / 2 + jitter).await;
        match once(coordinator, store, runtime).await {
            Ok(0) => {}
            Ok(tried) => tracing::info!(tried, "Tried to refresh credentials before they expire"),
            Err(error) => tracing::warn!("Expiring credentials can't be refreshed: {error}"),
        }
    }
}

/// Runs one round. Returns how many credentials it tried to refresh.
///
/// # Errors
/// When the storage fails.
pub async fn once(
    coordinator: &Coordinator,
    store: &dyn Sweeps,
    runtime: &Runtime,
) -> StoreResult<u32> {
    let now = runtime.clock.now();
    let ending = |kind, used_within| Expiring {
        kind,
        from: before(now, GIVE_UP_AFTER),
        before: after(now, REFRESH_BEFORE),
        used_since: before(now, used_within),
    };
    let unused = Expiring {
        kind: CredentialKind::OAuth,
        from: before(now, KEEP_ALIVE_AFTER + KEEP_ALIVE_WINDOW),
        before: before(now, KEEP_ALIVE_AFTER),
        used_since: before(now, KEEP_ALIVE_USED_WITHIN),
    };
    let mut tried = 0;
    for which in [
        ending(CredentialKind::OAuth, OAUTH_USED_WITHIN),
        ending(CredentialKind::Session, SESSION_USED_WITHIN),
        unused,
    ] {
        for (person, id, version) in store.expiring_credentials(&which, BATCH).await? {
            if tried > 0 {
                runtime.timer.sleep(PAUSE).await;
            }
            // A failure is already logged, and must not stop the others.
            let _ = coordinator.refresh(person, id, version).await;
            tried += 1;
        }
    }
    Ok(tried)
}
