//! The credential coordinator: keeps a credential fresh, however many tasks ask for it, in however many
//! processes.
//!
//! A refresh is asked for with the version of the credential that failed. In each process one task at a
//! time works on it; those who waited meanwhile get the same outcome, also when it is a failure. That
//! task reads the store first: another version means that the work is done. Otherwise it takes the
//! credential's lease, asks the service once, and stores the answer under the condition that version and
//! fence are still the same; only then it answers. Where another process has the lease, it waits for what
//! that one finds. A process that dies delays the others for no longer than the lease.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures::future::{Either, select};
use snappy_domain::clock::after;
use snappy_domain::metrics::timed_store;
use snappy_domain::{
    CredentialId, KeyedLocks, PersonId, Runtime, Secret, Timestamp, audit, metrics,
};
use snappy_store::{
    Applied, Credential, CredentialSecret, CredentialState, CredentialStore, Lease, StoreError,
    repeat,
};
use tokio::sync::Mutex;

use crate::{Refusal, Upstream};

/// How long a lease lasts unless it is extended: how long a process that dies delays the others.
const LEASE: Duration = Duration::from_secs(4);
/// How often it is extended while the service is asked.
const EXTEND: Duration = Duration::from_secs(1);
/// How long a process waits for another one, which extends its lease while the service is slow.
const PATIENCE: Duration = Duration::from_secs(40);
/// The least wait for another process, whatever the clocks say.
const MIN_WAIT: Duration = Duration::from_millis(50);

/// A bearer that can be used now.
#[derive(Debug, Clone)]
pub struct Usable {
    /// What calls carry.
    pub bearer: Secret,
    /// The version of the credential that it belongs to; what a refresh is asked for with.
    pub version: u64,
    /// When it ends for good: only for a credential that can't be renewed, where that is known.
    pub ends_at: Option<Timestamp>,
}

impl Usable {
    /// The bearer of a credential.
    #[must_use]
    pub fn of(credential: &Credential) -> Self {
        let renewable = credential.secret.kind().is_renewable();
        Self {
            bearer: credential.secret.bearer().clone(),
            version: credential.version,
            ends_at: credential.secret.expires_at().filter(|_| !renewable),
        }
    }
}

/// How a refresh ended. Also the label of its metric.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The service gave newer secrets.
    Refreshed(Usable),
    /// There were newer ones already, or the same ones are still accepted.
    AlreadyFresh(Usable),
    /// The service could not be asked, or gave no valid answer; the credential is as it was.
    UpstreamUnavailable(String),
    /// The service refused the credential. Only a new sign-in helps.
    SignInRequired,
}

impl Outcome {
    /// The name in logs and metrics.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Refreshed(_) => "refreshed",
            Self::AlreadyFresh(_) => "already_fresh",
            Self::UpstreamUnavailable(_) => "upstream_unavailable",
            Self::SignInRequired => "sign_in_required",
        }
    }
}

/// Keeps credentials fresh.
#[derive(Debug)]
pub struct Coordinator {
    store: Arc<dyn CredentialStore>,
    runtime: Runtime,
    upstream: Arc<dyn Upstream>,
    attempts: KeyedLocks<CredentialId, Attempts>,
    /// Fences of leases that attempts of this process took and, cut off in the middle, did not give
    /// back.
    left_behind: std::sync::Mutex<HashMap<CredentialId, u64>>,
}

/// The attempts to refresh one credential.
#[derive(Debug, Default)]
struct Attempts {
    /// How many have ended.
    ended: AtomicU64,
    /// Locked during an attempt. Keeps how the last one ended, with the version it was about.
    running: Mutex<Option<(u64, Result<Outcome, StoreError>)>>,
}

impl Coordinator {
    /// A coordinator over a store and a service.
    #[must_use]
    pub fn new(
        store: Arc<dyn CredentialStore>,
        runtime: Runtime,
        upstream: Arc<dyn Upstream>,
    ) -> Self {
        let (attempts, left_behind) = Default::default();
        Self { store, runtime, upstream, attempts, left_behind }
    }

    /// The bearer to use now, of a credential as it was just read; refreshed first when its end is known
    /// and has come.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn current(&self, credential: &Credential) -> Result<Outcome, StoreError> {
        if credential.state != CredentialState::Usable {
            return Ok(Outcome::SignInRequired);
        }
        let (id, secret) = (credential.id, &credential.secret);
        let ended = secret.expires_at().is_some_and(|ends| ends <= self.runtime.clock.now());
        let usable = Usable::of(credential);
        if !ended || !secret.kind().is_renewable() {
            return Ok(Outcome::AlreadyFresh(usable));
        }
        tracing::info!(credential_id = %id, "The credential has expired - refreshing it first");
        Ok(match self.refresh(credential.person, id, credential.version).await? {
            // The end is a hint; the service may still accept the bearer.
            Outcome::UpstreamUnavailable(_) => Outcome::AlreadyFresh(usable),
            other => other,
        })
    }

    /// A newer bearer than the one of version `seen`, which failed.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn refresh(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
    ) -> Result<Outcome, StoreError> {
        let _waiting = metrics::CREDENTIAL_REFRESH_WAITERS.enter();
        let began = self.runtime.clock.now();
        let attempts = self.attempts.get(id);
        let ended_before = attempts.ended.load(Ordering::Acquire);
        let mut last = attempts.running.lock().await;
        let waited_for_one = attempts.ended.load(Ordering::Acquire) > ended_before;
        if let Some((version, outcome)) = &*last
            && waited_for_one
            && *version == seen
        {
            return outcome.clone();
        }
        let outcome = self.attempt(person, id, seen).await;
        *last = Some((seen, outcome.clone()));
        attempts.ended.fetch_add(1, Ordering::Release);
        let ended = outcome.as_ref().map_or("storage_error", Outcome::as_str);
        metrics::CREDENTIAL_REFRESHES.count(&[ended]);
        metrics::CREDENTIAL_REFRESH_DURATION.time(&*self.runtime.clock, began, &[ended]);
        audit::CREDENTIAL_REFRESHED.record(audit::Fields {
            person_id: Some(person),
            credential_id: Some(id),
            outcome: Some(ended),
            ..Default::default()
        });
        match &outcome {
            Ok(Outcome::Refreshed(_)) => {
                tracing::info!(credential_id = %id, "User profile successfully refreshed");
            }
            Ok(Outcome::UpstreamUnavailable(why)) => {
                tracing::warn!(credential_id = %id, "Token refresh failed: {why}");
            }
            Ok(Outcome::SignInRequired) => {
                tracing::warn!(credential_id = %id, "Token refresh failed: a person must sign in");
            }
            Err(error) => tracing::error!(credential_id = %id, "Token refresh failed: {error}"),
            Ok(Outcome::AlreadyFresh(_)) => {}
        }
        outcome
    }

    /// One process at a time asks the service; the others wait for what it finds.
    async fn attempt(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
    ) -> Result<Outcome, StoreError> {
        let patience_ends = after(self.runtime.clock.now(), PATIENCE);
        loop {
            let reading = self.store.credential(person, id);
            let reading = timed_store(&*self.runtime.clock, "credential", reading);
            let Some(credential) = reading.await? else { return Ok(Outcome::SignInRequired) };
            if credential.state != CredentialState::Usable {
                return Ok(Outcome::SignInRequired);
            }
            if credential.version != seen {
                return Ok(Outcome::AlreadyFresh(Usable::of(&credential)));
            }
            let now = self.runtime.clock.now();
            match self.lease(&credential, now).await? {
                Lease::Moved => {}
                Lease::Taken { fence } => {
                    self.left_behind().insert(id, fence);
                    let outcome = self.ask_and_keep(&credential, fence).await?;
                    self.left_behind().remove(&id);
                    if let Some(outcome) = outcome {
                        return Ok(outcome);
                    }
                }
                Lease::Held { .. } if now >= patience_ends => {
                    let why = "another process of this server has been asking for too long";
                    return Ok(Outcome::UpstreamUnavailable(why.into()));
                }
                Lease::Held { until } => {
                    let left = Duration::try_from(until.duration_since(now)).unwrap_or_default();
                    let at_most = left.clamp(MIN_WAIT, LEASE);
                    self.store.wait_for_credential(person, id, at_most).await?;
                }
            }
        }
    }

    fn left_behind(&self) -> std::sync::MutexGuard<'_, HashMap<CredentialId, u64>> {
        self.left_behind.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lease: the one that an attempt of this process left behind, if it is still held, or a new
    /// one.
    async fn lease(&self, credential: &Credential, now: Timestamp) -> Result<Lease, StoreError> {
        let Credential { id, person, version, .. } = *credential;
        let until = after(now, LEASE);
        let left_behind = self.left_behind().remove(&id);
        if let Some(fence) = left_behind
            && self.store.extend_lease(person, id, fence, until).await? == Applied::Yes
        {
            return Ok(Lease::Taken { fence });
        }
        self.store.lease_refresh(person, id, version, now, until).await
    }

    /// Asks the service while the lease is held; `None` when it was lost, and somebody else (another
    /// process, a new sign-in of the person) has changed the credential or is about to.
    async fn ask_and_keep(
        &self,
        credential: &Credential,
        fence: u64,
    ) -> Result<Option<Outcome>, StoreError> {
        let (asking, holding) = (self.ask(credential), self.hold_lease(credential, fence));
        let asked = match select(pin!(asking), pin!(holding)).await {
            Either::Left((asked, _)) => asked,
            Either::Right(((), _)) => return Ok(None),
        };
        let (person, id) = (credential.person, credential.id);
        match asked {
            Ok(Some(secret)) => self.keep(credential, fence, &secret).await,
            Err(Refusal::Refused) => self.require_sign_in(credential, fence).await,
            Ok(None) => {
                self.store.release_lease(person, id, fence).await?;
                Ok(Some(Outcome::AlreadyFresh(Usable::of(credential))))
            }
            Err(Refusal::Unavailable(why)) => {
                self.store.release_lease(person, id, fence).await?;
                Ok(Some(Outcome::UpstreamUnavailable(why)))
            }
        }
    }

    /// Extends the lease for as long as it can be held.
    async fn hold_lease(&self, credential: &Credential, fence: u64) {
        let (person, id) = (credential.person, credential.id);
        loop {
            self.runtime.timer.sleep(EXTEND).await;
            let until = after(self.runtime.clock.now(), LEASE);
            match self.store.extend_lease(person, id, fence, until).await {
                Ok(Applied::Yes) => {}
                Ok(Applied::No) => return,
                // It lasts until its end; the answer is kept only if it is still held.
                Err(error) => {
                    tracing::warn!(credential_id = %id, "A lease was not extended: {error}");
                }
            }
        }
    }

    /// The secrets to keep; `None` when the present ones are still good.
    async fn ask(&self, credential: &Credential) -> Result<Option<CredentialSecret>, Refusal> {
        let secret = &credential.secret;
        if !secret.kind().is_renewable() {
            // One refused call does not mean that the bearer is dead.
            return self.upstream.check(credential).await.map(|()| None);
        }
        match self.upstream.renew(credential).await {
            // What renews a bearer may end sooner than the bearer: nobody has to sign in while the
            // service clearly says that it still accepts the bearer.
            Err(Refusal::Refused) if self.upstream.check(credential).await.is_ok() => {
                // An end that has passed was wrong: forget it.
                let ended = secret.expires_at().filter(|ends| *ends <= self.runtime.clock.now());
                Ok(ended.map(|_| secret.clone().with_expires_at(None)))
            }
            renewed => renewed.map(Some),
        }
    }

    async fn keep(
        &self,
        credential: &Credential,
        fence: u64,
        secret: &CredentialSecret,
    ) -> Result<Option<Outcome>, StoreError> {
        let Credential { id, person, version, .. } = *credential;
        let now = self.runtime.clock.now();
        let keeping = repeat(&*self.runtime.timer, || {
            self.store.replace_credential(person, id, version, fence, secret, now)
        });
        let kept = timed_store(&*self.runtime.clock, "replace_credential", keeping).await?;
        let renewed =
            Usable { bearer: secret.bearer().clone(), version: version + 1, ends_at: None };
        Ok((kept == Applied::Yes).then_some(Outcome::Refreshed(renewed)))
    }

    async fn require_sign_in(
        &self,
        credential: &Credential,
        fence: u64,
    ) -> Result<Option<Outcome>, StoreError> {
        let Credential { id, person, version, .. } = *credential;
        let now = self.runtime.clock.now();
        let kept = self.store.require_sign_in(person, id, version, fence, now).await?;
        Ok((kept == Applied::Yes).then_some(Outcome::SignInRequired))
    }
}
