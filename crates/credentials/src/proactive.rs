//! Refreshes credentials shortly before they expire, so that no call has to wait for it; keeps unused OAuth sign-ins
//! alive; and asks once more about credentials that the service refused.

use std::num::NonZeroUsize;
use std::pin::pin;
use std::time::Duration;

use futures::future::{Either, select};
use snappy_domain::clock::{after, before};
use snappy_domain::{Cache, CredentialId, Runtime, Timestamp, random};
use snappy_store::{CredentialKind, Expiring, StoreResult, Sweeps};

use crate::coordinator::{Coordinator, Outcome};

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
/// Connections that were not used for this long are over.
const KEEP_ALIVE_USED_WITHIN: Duration = Duration::from_secs(90 * 86_400);
/// For how long credentials that the service refused are asked about again.
const REVIVE_WITHIN: Duration = Duration::from_secs(7 * 86_400);
/// The first wait after a failure; each further one is twice as long.
const FIRST_BACKOFF: Duration = Duration::from_secs(60);
/// The longest of them.
const MAX_BACKOFF: Duration = Duration::from_secs(6 * 3_600);
/// The most credentials of each kind in one round. With the pauses, five are refreshed per second.
const BATCH: u32 = 100;
/// The most that are looked at in a round, as many of them have to wait.
const LOOKED_AT: u32 = 1_000;
/// The pause between two refreshes.
const PAUSE: Duration = Duration::from_millis(200);
/// How long a round waits for one refresh. The refresh itself goes on.
const PATIENCE: Duration = Duration::from_secs(60);
const CAPACITY: NonZeroUsize = NonZeroUsize::MIN.saturating_add(9_999);

/// When a credential is tried again.
#[derive(Debug, Clone, Copy, Default)]
struct Backoff {
    failures: u32,
    /// `None` at first.
    next: Option<Timestamp>,
}

/// What one round after the other remembers.
#[derive(Debug)]
pub struct Rounds(Cache<CredentialId, Backoff>);

impl Default for Rounds {
    fn default() -> Self {
        Self(Cache::new(CAPACITY))
    }
}

/// Refreshes expiring credentials until the future is dropped.
pub async fn run(coordinator: &Coordinator, store: &dyn Sweeps, runtime: &Runtime) {
    let rounds = Rounds::default();
    loop {
        let [share] = random::bytes::<1>(&*runtime.random);
        let jitter = INTERVAL.mul_f64(f64::from(share) / 255.0);
        runtime.timer.sleep(INTERVAL / 2 + jitter).await;
        match rounds.next(coordinator, store, runtime).await {
            Ok(0) => {}
            Ok(tried) => tracing::info!(tried, "Tried to refresh credentials before they expire"),
            Err(error) => tracing::warn!("Expiring credentials can't be refreshed: {error}"),
        }
    }
}

impl Rounds {
    /// Runs one round. Returns how many credentials it tried to refresh.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn next(
        &self,
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
        let mut tried = 0;
        for which in [
            ending(CredentialKind::OAuth, OAUTH_USED_WITHIN),
            ending(CredentialKind::Session, SESSION_USED_WITHIN),
        ] {
            for (person, id, version) in store.expiring_credentials(&which, BATCH).await? {
                pause(runtime, &mut tried).await;
                // A failure is already logged, and must not stop the others.
                let refresh = coordinator.refresh(person, id, version);
                let _ = with_patience(runtime, refresh).await;
            }
        }
        let unused = Expiring {
            kind: CredentialKind::OAuth,
            from: Timestamp::UNIX_EPOCH,
            before: before(now, KEEP_ALIVE_AFTER),
            used_since: before(now, KEEP_ALIVE_USED_WITHIN),
        };
        let unused = store.expiring_credentials(&unused, LOOKED_AT).await?;
        for (person, id, version) in self.due(unused, now) {
            pause(runtime, &mut tried).await;
            let refresh = coordinator.refresh(person, id, version);
            let refreshed = with_patience(runtime, refresh).await;
            self.note(id, now, matches!(refreshed, Some(Ok(Outcome::Refreshed(_)))));
        }
        for kind in [CredentialKind::Session, CredentialKind::Token, CredentialKind::Service] {
            let since = before(now, REVIVE_WITHIN);
            let refused = store.refused_credentials(kind, since, LOOKED_AT).await?;
            for (person, id, version) in self.due(refused, now) {
                pause(runtime, &mut tried).await;
                let revived = with_patience(runtime, coordinator.revive(person, id, version)).await;
                self.note(id, now, matches!(revived, Some(Ok(true))));
            }
        }
        Ok(tried)
    }

    /// Those that are not waiting after a failure, as many as one round tries.
    fn due<T>(
        &self,
        found: Vec<(T, CredentialId, u64)>,
        now: Timestamp,
    ) -> impl Iterator<Item = (T, CredentialId, u64)> {
        let next = |id: &CredentialId| self.0.look(id, |backoff| backoff.and_then(|one| one.next));
        let due = found.into_iter().filter(move |(_, id, _)| next(id).is_none_or(|at| at <= now));
        due.take(usize::try_from(BATCH).unwrap_or(usize::MAX))
    }

    fn note(&self, id: CredentialId, now: Timestamp, succeeded: bool) {
        self.0.update(id, |backoff| {
            if succeeded {
                *backoff = Backoff::default();
                return;
            }
            let wait = FIRST_BACKOFF.saturating_mul(1 << backoff.failures.min(20));
            backoff.next = Some(after(now, wait.min(MAX_BACKOFF)));
            backoff.failures += 1;
        });
    }
}

/// Waits before every refresh but the first.
async fn pause(runtime: &Runtime, tried: &mut u32) {
    if *tried > 0 {
        runtime.timer.sleep(PAUSE).await;
    }
    *tried += 1;
}

/// The outcome of a refresh; `None` when it takes too long.
async fn with_patience<T>(runtime: &Runtime, refresh: impl Future<Output = T>) -> Option<T> {
    match select(pin!(refresh), pin!(runtime.timer.sleep(PATIENCE))).await {
        Either::Left((outcome, _)) => Some(outcome),
        Either::Right(((), _)) => None,
    }
}
