//! The credential coordinator: refreshes a credential once, however many tasks and processes request it.
//!
//! A caller requests a refresh with the version of the credential that failed. In each process, one task
//! at a time refreshes a credential; tasks that waited for it get the same outcome, including a failure.
//! The task first reads the store: a different version means that the credential is already fresh.
//! Otherwise it acquires the credential's lease, calls the service once, and stores the result on the
//! condition that version and fence are unchanged; for tokens that rotate, that the version is. If another process
//! holds the lease, the task waits for that process. A process that crashes delays the others at most until its
//! lease expires; for tokens that rotate, 20 seconds longer.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures::future::{Either, select};
use snappy_domain::clock::after;
use snappy_domain::metrics::timed_store;
use snappy_domain::spawn::run_to_end;
use snappy_domain::{
    CredentialId, KeyedLocks, PersonId, Runtime, Secret, Timestamp, audit, metrics,
};
use snappy_store::{
    Applied, Credential, CredentialSecret, CredentialState, CredentialStore, Lease, StoreError,
    repeat,
};
use tokio::sync::{Mutex, watch};

use crate::ask::Asker;
use crate::held_lease::HeldLease;
use crate::trouble::Troubles;
use crate::upstream::{Upstream, UpstreamError};

/// How long a lease lasts unless it is extended.
const LEASE: Duration = Duration::from_secs(4);
/// How often the lease is extended during a request to the service.
const EXTEND_INTERVAL: Duration = Duration::from_secs(1);
/// How long a process waits for another one, which extends its lease while the service is slow.
const MAX_WAIT: Duration = Duration::from_secs(40);
/// How long after the end of a lease that was never given back its holder may still wait for the service's
/// response, or be about to store it: the longest request, and the difference of two clocks.
const ABANDONED: Duration = Duration::from_secs(20);
/// The shortest wait for another process, in case the clocks of the two differ.
const MIN_WAIT: Duration = Duration::from_millis(50);

/// A bearer token that the service accepts, as far as is known.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// The token itself.
    pub token: Secret,
    /// The version of the credential that it belongs to, for [`Coordinator::refresh`].
    pub version: u64,
    /// When it expires, if that is known and the credential can't be renewed.
    pub expires_at: Option<Timestamp>,
}

impl Bearer {
    fn new(secret: &CredentialSecret, version: u64) -> Self {
        Self {
            token: secret.bearer().clone(),
            version,
            expires_at: secret.expires_at().filter(|_| !secret.is_renewable()),
        }
    }
}

impl From<&Credential> for Bearer {
    fn from(credential: &Credential) -> Self {
        Self::new(&credential.secret, credential.version)
    }
}

/// The outcome of a refresh; also a label of its metric.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The service returned new secrets.
    Refreshed(Bearer),
    /// The store already had newer secrets, or the service still accepts the stored ones.
    AlreadyFresh(Bearer),
    /// The service refused the refresh. The stored bearer token is used until it ends; then the person must
    /// sign in again.
    Ending(Bearer),
    /// The service could not be reached, or its response was invalid; the credential is unchanged.
    /// The text says why.
    UpstreamUnavailable(String),
    /// The service rejected the credential; the person must sign in again.
    SignInRequired,
}

impl Outcome {
    /// The name in logs and metrics.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Refreshed(_) => "refreshed",
            Self::AlreadyFresh(_) => "already_fresh",
            Self::Ending(_) => "ending",
            Self::UpstreamUnavailable(_) => "upstream_unavailable",
            Self::SignInRequired => "sign_in_required",
        }
    }
}

/// Refreshes credentials; cheap to clone.
///
/// A refresh that has begun runs to its end, although its callers go away: the response may be the only
/// copy of the next secrets. [`Coordinator::drain`] waits for it.
#[derive(Debug, Clone)]
pub struct Coordinator(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Arc<dyn CredentialStore>,
    runtime: Runtime,
    asker: Asker,
    attempts: KeyedLocks<CredentialId, Attempts>,
    /// Leases that this process acquired for an attempt that failed before it could release them.
    unreleased: std::sync::Mutex<HashMap<CredentialId, Unreleased>>,
    /// How many refreshes are running.
    running: watch::Sender<usize>,
    /// Whether the process is about to end: nothing new is sent to the service.
    stopping: AtomicBool,
}

/// A lease that this process may still have.
#[derive(Debug, Clone, Copy)]
struct Unreleased {
    fence: u64,
    /// When the lease before it ended, if that was abandoned. Whoever goes on with this lease has to wait for
    /// its holder too: the attempt that took it may have failed before it had waited.
    abandoned: Option<Timestamp>,
}

/// The attempts of this process to refresh one credential.
#[derive(Debug, Default)]
struct Attempts {
    /// How many have finished.
    finished: AtomicU64,
    /// Locked during an attempt. Holds the version and the outcome of the last one.
    last: Mutex<Option<(u64, Result<Outcome, StoreError>)>>,
}

/// Counts a refresh while it runs.
struct Running<'a>(&'a watch::Sender<usize>);

impl<'a> Running<'a> {
    fn begin(running: &'a watch::Sender<usize>) -> Self {
        running.send_modify(|count| *count += 1);
        Self(running)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

impl Coordinator {
    /// A coordinator over a store and a service.
    #[must_use]
    pub fn new(
        store: Arc<dyn CredentialStore>,
        runtime: Runtime,
        upstream: Arc<dyn Upstream>,
    ) -> Self {
        let asker = Asker { upstream, runtime: runtime.clone(), troubles: Troubles::default() };
        let (attempts, unreleased, stopping) = Default::default();
        let running = watch::Sender::new(0);
        Self(Arc::new(Inner { store, runtime, asker, attempts, unreleased, running, stopping }))
    }

    /// Begins no more refreshes, and waits until those that sent a request have stored its response.
    pub async fn drain(&self) {
        self.0.stopping.store(true, Ordering::Release);
        // It fails only without a sender, and this coordinator has it.
        let _ = self.0.running.subscribe().wait_for(|running| *running == 0).await;
    }

    /// The bearer token of a credential that was just read. It is refreshed first if it has expired.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn current(&self, credential: &Credential) -> Result<Outcome, StoreError> {
        if credential.state != CredentialState::Usable {
            return Ok(Outcome::SignInRequired);
        }
        let (id, secret) = (credential.id, &credential.secret);
        let expired = secret.expires_at().is_some_and(|at| at <= self.0.runtime.clock.now());
        let bearer = Bearer::from(credential);
        if !expired || !secret.is_renewable() {
            return Ok(Outcome::AlreadyFresh(bearer));
        }
        tracing::info!(credential_id = %id, "The credential has expired; refreshing it first");
        Ok(match self.refresh(credential.person, id, credential.version).await? {
            // The expiry is a hint; the service may still accept the token.
            Outcome::UpstreamUnavailable(_) => Outcome::AlreadyFresh(bearer),
            other => other,
        })
    }

    /// Gets a newer bearer token than that of version `seen`, which the service refused.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn refresh(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
    ) -> Result<Outcome, StoreError> {
        let inner = Arc::clone(&self.0);
        let refresh = run_to_end(&*self.0.runtime.spawner, |_| async move {
            let _running = Running::begin(&inner.running);
            inner.refresh(person, id, seen).await
        });
        refresh.await.unwrap_or_else(|| Ok(stopping()))
    }

    /// Asks once more about a credential that the service refused; it may have been a passing failure. Returns
    /// whether the credential is usable again.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn revive(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
    ) -> Result<bool, StoreError> {
        let Inner { store, runtime, .. } = &*self.0;
        let Some(credential) = store.credential(person, id).await? else { return Ok(false) };
        let is_refused = matches!(credential.state, CredentialState::SignInRequired { .. });
        if !is_refused || credential.version != seen || credential.secret.rotates() {
            return Ok(false);
        }
        let now = runtime.clock.now();
        let lease = HeldLease::new(&*runtime.clock, after(now, LEASE));
        let Ok(answer) = self.0.asker.ask(&credential, &lease).await else { return Ok(false) };
        let secret = answer.unwrap_or_else(|| credential.secret.clone());
        let replaced = store.replace_credential(person, id, seen, None, &secret, now).await?;
        if replaced == Applied::Yes {
            tracing::info!(credential_id = %id, "The service accepts the credential again");
            audit::CREDENTIAL_REFRESHED.record(audit::Fields {
                person_id: Some(person),
                credential_id: Some(id),
                outcome: Some("refreshed"),
                ..Default::default()
            });
        }
        Ok(replaced == Applied::Yes)
    }
}

fn stopping() -> Outcome {
    Outcome::UpstreamUnavailable("this server is stopping".into())
}

impl Inner {
    async fn refresh(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
    ) -> Result<Outcome, StoreError> {
        let _waiting = metrics::CREDENTIAL_REFRESH_WAITERS.enter();
        let began = self.runtime.clock.now();
        let attempts = self.attempts.get(id);
        let finished_before = attempts.finished.load(Ordering::Acquire);
        let mut last = attempts.last.lock().await;
        let has_waited = attempts.finished.load(Ordering::Acquire) > finished_before;
        if let Some((version, outcome)) = &*last
            && has_waited
            && *version == seen
        {
            return outcome.clone();
        }
        let outcome = match self.asker.troubles.recent(id, seen, began) {
            Some(why) => return Ok(Outcome::UpstreamUnavailable(why)),
            None if self.stopping.load(Ordering::Acquire) => return Ok(stopping()),
            None => self.attempt(person, id, seen).await,
        };
        *last = Some((seen, outcome.clone()));
        attempts.finished.fetch_add(1, Ordering::Release);
        let label = outcome.as_ref().map_or("storage_error", Outcome::as_str);
        metrics::CREDENTIAL_REFRESHES.count(&[label]);
        metrics::CREDENTIAL_REFRESH_DURATION.time(&*self.runtime.clock, began, &[label]);
        audit::CREDENTIAL_REFRESHED.record(audit::Fields {
            person_id: Some(person),
            credential_id: Some(id),
            outcome: Some(label),
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
            Ok(Outcome::Ending(_)) => {
                tracing::warn!(
                    credential_id = %id,
                    "Token refresh failed: a person must sign in when the access token ends",
                );
            }
            Ok(Outcome::AlreadyFresh(_)) => {}
        }
        outcome
    }

    /// Refreshes the credential, or waits for the process that is refreshing it.
    async fn attempt(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
    ) -> Result<Outcome, StoreError> {
        let deadline = after(self.runtime.clock.now(), MAX_WAIT);
        loop {
            let reading = self.store.credential(person, id);
            let reading = timed_store(&*self.runtime.clock, "credential", reading);
            let Some(credential) = reading.await? else { return Ok(Outcome::SignInRequired) };
            if credential.state != CredentialState::Usable {
                return Ok(Outcome::SignInRequired);
            }
            if credential.version != seen {
                return Ok(Outcome::AlreadyFresh((&credential).into()));
            }
            let now = self.runtime.clock.now();
            match self.lease(&credential, now).await? {
                Lease::Moved => {}
                Lease::Taken { fence, abandoned } => {
                    // A clock that is ahead must not prolong the wait.
                    let abandoned = abandoned.map(|ended| ended.min(now));
                    self.unreleased().insert(id, Unreleased { fence, abandoned });
                    let outcome = self.refresh_leased(&credential, fence, now, abandoned).await?;
                    self.unreleased().remove(&id);
                    if let Some(outcome) = outcome {
                        return Ok(outcome);
                    }
                }
                Lease::Held { .. } if now >= deadline => {
                    let why =
                        "another process of this server has been refreshing the key for too long";
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

    fn unreleased(&self) -> std::sync::MutexGuard<'_, HashMap<CredentialId, Unreleased>> {
        self.unreleased.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Acquires the lease: extends one that this process did not release, or requests a new one.
    async fn lease(&self, credential: &Credential, now: Timestamp) -> Result<Lease, StoreError> {
        let Credential { id, person, version, .. } = *credential;
        let until = after(now, LEASE);
        let unreleased = self.unreleased().remove(&id);
        if let Some(Unreleased { fence, abandoned }) = unreleased
            && self.store.extend_lease(person, id, fence, until).await? == Applied::Yes
        {
            return Ok(Lease::Taken { fence, abandoned });
        }
        self.store.lease_refresh(person, id, version, now, until).await
    }

    /// Refreshes the credential under the lease that was taken at `now`. Returns `None` if the lease was lost,
    /// because another process took it over or the person signed in again.
    async fn refresh_leased(
        &self,
        credential: &Credential,
        fence: u64,
        now: Timestamp,
        abandoned: Option<Timestamp>,
    ) -> Result<Option<Outcome>, StoreError> {
        let lease = HeldLease::new(&*self.runtime.clock, after(now, LEASE));
        let lease_lost = self.keep_lease(credential, fence, &lease);
        if !credential.secret.rotates() {
            let request = self.asker.request_secret(credential, &lease);
            return match select(pin!(request), pin!(lease_lost)).await {
                Either::Left((response, _)) => self.finish(credential, fence, response).await,
                Either::Right(((), _)) => Ok(None),
            };
        }
        // A response that is not stored is a lost sign-in, so nothing stops this half way.
        let rotation = async {
            if let Some(ended) = abandoned
                && !self.outlive(credential, ended).await?
            {
                let stopping = self.stopping.load(Ordering::Acquire).then(stopping);
                // Whoever takes over then waits as well.
                if stopping.is_none() {
                    self.store.release_lease(credential.person, credential.id, fence).await?;
                }
                return Ok(stopping);
            }
            let response = self.asker.request_secret(credential, &lease).await;
            self.finish(credential, fence, response).await
        };
        match select(pin!(rotation), pin!(lease_lost)).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(((), rotation)) => rotation.await,
        }
    }

    /// Waits until the holder of a lease that ended at `ended` can't be using the secrets any more, if it is
    /// alive after all. Returns `false` if it has stored its result meanwhile, or this process is stopping.
    async fn outlive(&self, credential: &Credential, ended: Timestamp) -> Result<bool, StoreError> {
        let Credential { id, person, version, .. } = *credential;
        let until = after(ended, ABANDONED);
        tracing::warn!(credential_id = %id, "A refresh was interrupted; waiting before the next one");
        loop {
            let left = until.duration_since(self.runtime.clock.now());
            let left = Duration::try_from(left).unwrap_or_default();
            if left.is_zero() {
                return Ok(true);
            }
            self.runtime.timer.sleep(left.min(EXTEND_INTERVAL)).await;
            if self.stopping.load(Ordering::Acquire) {
                return Ok(false);
            }
            let is = self.store.credential(person, id).await?;
            if is.is_none_or(|is| is.version != version) {
                return Ok(false);
            }
        }
    }

    /// Stores what the service responded.
    async fn finish(
        &self,
        credential: &Credential,
        fence: u64,
        response: Result<Option<CredentialSecret>, UpstreamError>,
    ) -> Result<Option<Outcome>, StoreError> {
        let (person, id) = (credential.person, credential.id);
        match response {
            Ok(Some(secret)) => self.store_secret(credential, fence, &secret).await,
            Err(UpstreamError::Rejected) => self.require_sign_in(credential, fence).await,
            Ok(None) => {
                self.store.release_lease(person, id, fence).await?;
                Ok(Some(Outcome::AlreadyFresh(credential.into())))
            }
            Err(UpstreamError::LeaseLost) => Ok(None),
            Err(UpstreamError::Unavailable(why)) => {
                self.asker.troubles.failed(id, credential.version, self.runtime.clock.now(), &why);
                self.store.release_lease(person, id, fence).await?;
                Ok(Some(Outcome::UpstreamUnavailable(why)))
            }
            Err(UpstreamError::Unclear(why)) => {
                self.store.release_lease(person, id, fence).await?;
                Ok(Some(Outcome::UpstreamUnavailable(why)))
            }
        }
    }

    /// Extends the lease repeatedly. Completes when the lease is lost.
    async fn keep_lease(&self, credential: &Credential, fence: u64, lease: &HeldLease<'_>) {
        let (person, id) = (credential.person, credential.id);
        loop {
            self.runtime.timer.sleep(EXTEND_INTERVAL).await;
            let until = after(self.runtime.clock.now(), LEASE);
            match self.store.extend_lease(person, id, fence, until).await {
                Ok(Applied::Yes) => lease.extend(until),
                Ok(Applied::No) => return lease.lose(),
                // The lease is still held until it expires, and the store checks it again.
                Err(error) => {
                    tracing::warn!(credential_id = %id, "The lease of a refresh could not be extended: {error}");
                }
            }
        }
    }

    async fn store_secret(
        &self,
        credential: &Credential,
        fence: u64,
        secret: &CredentialSecret,
    ) -> Result<Option<Outcome>, StoreError> {
        let Credential { id, person, version, .. } = *credential;
        let now = self.runtime.clock.now();
        let rotated = secret.rotates();
        let fence = (!rotated).then_some(fence);
        let replace = || self.store.replace_credential(person, id, version, fence, secret, now);
        let write = async {
            loop {
                match repeat(&*self.runtime.timer, replace).await {
                    // There is no other copy of these secrets.
                    Err(error @ StoreError::Unavailable(_)) if rotated => {
                        tracing::error!(credential_id = %id, "New tokens can't be stored yet: {error}");
                        self.runtime.timer.sleep(EXTEND_INTERVAL).await;
                    }
                    written => return written,
                }
            }
        };
        let applied = timed_store(&*self.runtime.clock, "replace_credential", write).await?;
        if applied == Applied::No {
            let is = self.store.credential(person, id).await?;
            let is_removed = |is: &Credential| matches!(is.state, CredentialState::Removed { .. });
            // When the person signed in again instead, the service might take the two for one.
            if rotated && is.as_ref().is_none_or(is_removed) {
                self.asker.upstream.discard(credential, secret).await;
            }
            return Ok(None);
        }
        let bearer = Bearer::new(secret, version + 1);
        let ending = credential.secret.is_renewable() && !secret.is_renewable();
        let unchanged = secret.bearer() == credential.secret.bearer();
        Ok(Some(match ending && unchanged {
            true => Outcome::Ending(bearer),
            false => Outcome::Refreshed(bearer),
        }))
    }

    async fn require_sign_in(
        &self,
        credential: &Credential,
        fence: u64,
    ) -> Result<Option<Outcome>, StoreError> {
        let Credential { id, person, version, .. } = *credential;
        let now = self.runtime.clock.now();
        let applied = self.store.require_sign_in(person, id, version, fence, now).await?;
        Ok((applied == Applied::Yes).then_some(Outcome::SignInRequired))
    }
}
