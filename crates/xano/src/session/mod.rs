//! Calls with one credential: gets the bearer token from the coordinator, sends the request, and retries
//! where that is safe. Nothing else retries a call.

mod instances;
pub mod set;

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::{Either, select};
use serde_json::Value;
use snappy_credentials::{Bearer, Coordinator, Outcome};
use snappy_domain::clock::after;
use snappy_domain::http::HttpError;
use snappy_domain::{Cancelled, Runtime, Secret, Timestamp, metrics, random};
use snappy_store::{Coverage, Credential, CredentialStore, StoreError, StoreResult};

use crate::api::Response;
use crate::budget;
use crate::instances::InstanceCache;
use crate::line::{Budgets, InFlight};
use crate::oauth::XanoOAuth;
use crate::signin::{self, SignInError};
use crate::upstream::XanoUpstream;
use crate::{HostPolicy, Request, SignInApi, SignedIn, XanoApi, XanoError, XanoOrigin};

/// How long a tool call may take, with all its requests to Xano. Clients give up after a minute.
const CALL_TIMEOUT: Duration = Duration::from_secs(55);
/// How long a call waits for request limits: a little longer than the free plan's window.
const MAX_RATE_LIMIT_WAIT: Duration = Duration::from_secs(25);
/// How long before its expiry people are asked to replace a token that the server can't renew.
pub const ANNOUNCED: Duration = Duration::from_secs(3 * 86_400);
/// How often a read is retried.
const MAX_RETRIES: u32 = 2;
/// The longest pause before the first retry; each further retry doubles it.
const FIRST_BACKOFF: Duration = Duration::from_millis(400);

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// Xano rejected the credential; the person must sign in again.
    #[error("the sign-in at Xano has ended")]
    SignInRequired,
    /// Xano refused the key, and a new one could not be fetched. The text says why.
    #[error("Xano refused the key, and a new one could not be fetched: {0}")]
    RefreshUnavailable(String),
    /// Xano refuses the current key, even after a refresh.
    #[error("Xano refuses the current key: {0}")]
    StillUnauthorized(String),
    /// The request failed.
    #[error(transparent)]
    Xano(#[from] XanoError),
    /// The client disconnected before a change was sent; nothing was changed.
    #[error("the client disconnected before the change was sent")]
    ClientDisconnected,
    /// The storage failed; nothing was sent to Xano.
    #[error(transparent)]
    Storage(#[from] StoreError),
}

/// Access to Xano, shared by all credentials.
#[derive(Debug)]
pub struct Xano {
    api: XanoApi,
    policy: HostPolicy,
    signin: Option<SignInApi>,
    oauth: Arc<XanoOAuth>,
    store: Arc<dyn CredentialStore>,
    runtime: Runtime,
    coordinator: Coordinator,
    instances: InstanceCache,
    budgets: Budgets,
}

impl Xano {
    /// Access through a client, under a host policy, with credentials from a store.
    #[must_use]
    pub fn new(
        api: XanoApi,
        policy: HostPolicy,
        signin: Option<SignInApi>,
        oauth: XanoOAuth,
        store: Arc<dyn CredentialStore>,
        runtime: Runtime,
    ) -> Self {
        let oauth = Arc::new(oauth);
        let upstream = XanoUpstream {
            api: api.clone(),
            policy: policy.clone(),
            signin: signin.clone(),
            oauth: Arc::clone(&oauth),
        };
        let coordinator = Coordinator::new(Arc::clone(&store), runtime.clone(), Arc::new(upstream));
        Self {
            api,
            policy,
            signin,
            oauth,
            store,
            runtime,
            coordinator,
            instances: InstanceCache::default(),
            budgets: Budgets::default(),
        }
    }

    /// The host of the backend where people can sign in with e-mail and password, if there is one.
    #[must_use]
    pub fn password_backend(&self) -> Option<String> {
        self.signin.as_ref().map(|signin| signin.backend().host())
    }

    /// Signs a person in with e-mail and password.
    ///
    /// # Errors
    /// See [`SignInError`]; [`SignInError::Refused`] when no backend is configured.
    pub async fn sign_in(&self, email: &str, password: &Secret) -> Result<SignedIn, SignInError> {
        let signin = self.signin.as_ref().ok_or(SignInError::Refused)?;
        signin.sign_in(email, password, self.runtime.clock.now()).await
    }

    /// Checks a pasted access token.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn check_token(&self, token: &Secret) -> Result<SignedIn, SignInError> {
        signin::check_token(&self.api, &self.policy, token, self.runtime.clock.now()).await
    }

    /// The client of Xano's OAuth server.
    #[must_use]
    pub fn oauth(&self) -> &XanoOAuth {
        &self.oauth
    }

    /// The coordinator that refreshes the credentials.
    #[must_use]
    pub const fn coordinator(&self) -> &Coordinator {
        &self.coordinator
    }

    /// A session with a credential that was just read from the store.
    #[must_use]
    pub fn session(self: &Arc<Self>, credential: Credential) -> Session {
        let deadline = after(self.runtime.clock.now(), CALL_TIMEOUT);
        Session {
            xano: Arc::clone(self),
            credential: Arc::new(credential),
            deadline,
            key: Arc::default(),
            notes: Arc::default(),
            cancelled: Cancelled::default(),
        }
    }
}

/// Calls with one credential, such as those of one tool call.
#[derive(Debug, Clone)]
pub struct Session {
    xano: Arc<Xano>,
    /// The credential at the start of the session.
    credential: Arc<Credential>,
    /// When all calls must have finished.
    deadline: Timestamp,
    /// The key of the last request.
    key: Arc<Mutex<Option<Bearer>>>,
    notes: Arc<Mutex<Vec<String>>>,
    /// Set when the client disconnects. A write is then no longer sent, because the client may call
    /// again.
    pub cancelled: Cancelled,
}

impl Session {
    /// What the session is of, such as the workspace of an OAuth sign-in, for people.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        self.coverage().map(Coverage::label)
    }

    /// The credential, as it was at the start of the session.
    #[must_use]
    pub fn credential(&self) -> &Credential {
        &self.credential
    }

    /// Reads the credential from the store.
    async fn stored(&self) -> Result<Credential, SessionError> {
        let Credential { person, id, .. } = *self.credential;
        let stored = self.xano.store.credential(person, id).await?;
        stored.ok_or(SessionError::SignInRequired)
    }

    fn key(&self) -> std::sync::MutexGuard<'_, Option<Bearer>> {
        self.key.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the key expires, if that is soon and only a person can replace it.
    #[must_use]
    pub fn key_expires_soon(&self) -> Option<Timestamp> {
        let expires_at = self.key().as_ref().and_then(|key| key.expires_at);
        expires_at.filter(|at| *at <= after(self.xano.runtime.clock.now(), ANNOUNCED))
    }

    /// When the access token of an OAuth sign-in ends, if it can't be renewed any more and is still in use.
    #[must_use]
    pub fn refresh_ended(&self) -> Option<Timestamp> {
        let secret = &self.credential.secret;
        let ended = self.is_usable() && secret.rotates() && !secret.is_renewable();
        secret.expires_at().filter(|at| ended && *at > self.xano.runtime.clock.now())
    }

    /// Makes the cached key expire in `left` at the latest. Returns `false` for a pasted token, which
    /// can't be renewed and is not changed.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn limit_key_lifetime(&self, left: Duration) -> Result<bool, SessionError> {
        let Credential { person, id, .. } = *self.credential;
        if !self.credential.secret.is_renewable() {
            return Ok(false);
        }
        let until = after(self.xano.runtime.clock.now(), left);
        self.xano.store.limit_credential_life(person, id, until).await?;
        Ok(true)
    }

    /// Refreshes the key now, whether or not it has expired.
    ///
    /// # Errors
    /// When the storage fails, or the credential no longer exists.
    pub async fn refresh_now(&self) -> Result<Outcome, SessionError> {
        let Credential { person, id, version, .. } = self.stored().await?;
        self.refresh_outcome(self.xano.coordinator.refresh(person, id, version), self.deadline)
            .await
    }

    /// Sends `request` to an origin with the credential's key.
    ///
    /// After a 401 the key is refreshed and the request is sent once more, because Xano does not carry
    /// out a request that it answers with 401. A write is not retried for any other reason. A read is
    /// retried after a gateway error or a broken connection, and after a 429 if the instance accepts
    /// requests again before the deadline.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn send(
        &self,
        origin: &XanoOrigin,
        request: &Request,
    ) -> Result<Value, SessionError> {
        let Response { body, deviation } =
            self.send_within(&(None, origin.clone()), request).await?;
        if let Some(why) = deviation {
            let note = format!(
                "Xano's response to {} is {why}, which this server did not expect; it is passed on \
                 unchanged.",
                request.spec().id,
            );
            self.note(note);
        }
        Ok(body)
    }

    /// Adds a sentence about this call for its caller.
    pub(crate) fn note(&self, note: String) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(note);
    }

    /// The notes for the caller since the last call of this method.
    #[must_use]
    pub fn take_notes(&self) -> Vec<String> {
        std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Sends `request` to the origin of a budget, as soon as the budget allows it.
    async fn send_within(
        &self,
        budget: &budget::Key,
        request: &Request,
    ) -> Result<Response, SessionError> {
        let Runtime { clock, .. } = &self.xano.runtime;
        let (_, origin) = budget;
        let deadline = self.deadline.min(after(clock.now(), request.total_timeout()));
        let patience = deadline.min(after(clock.now(), MAX_RATE_LIMIT_WAIT));
        let is_read = request.spec().is_safe();
        let mut key = self.current_key(deadline).await?;
        let (mut is_renewed, mut retries) = (false, 0);
        loop {
            let in_flight = self.enter_budget(budget, request, patience).await?;
            if !is_read && self.cancelled.now() {
                return Err(SessionError::ClientDisconnected);
            }
            let left = remaining(clock.now(), deadline).ok_or_else(|| timed_out(request))?;
            let timeout = request.timeout().min(left);
            let began = clock.now();
            let answer = self.xano.api.call_tolerantly(origin, &key.token, request, timeout).await;
            let status = answer.as_ref().map_or_else(XanoError::status, |_| Some(200));
            let status = status.map_or("none".to_owned(), |status| status.to_string());
            metrics::UPSTREAM_REQUEST_DURATION.time(&**clock, began, &[request.spec().id, &status]);
            let error = match answer {
                Ok(answer) => {
                    in_flight.answered();
                    if is_renewed {
                        self.log_retry_success(request);
                    }
                    return Ok(answer);
                }
                Err(error) => error,
            };
            if let XanoError::RateLimited { retry_after } = error {
                let opens = in_flight.refused(retry_after, clock.now());
                // The next list of instances says whether it has the free plan's limit.
                self.xano.instances.entry(self.credential.id).expire();
                if !is_read {
                    return Err(rate_limited(clock.now(), opens));
                }
                continue;
            }
            // A refusal says that Xano takes requests; a failure says nothing.
            match error.status() {
                Some(..500) => in_flight.answered(),
                _ => drop(in_flight),
            }
            match error {
                XanoError::Unauthorized(refusal) if !is_renewed => {
                    key = self.renewed_key(&key, refusal, request, deadline).await?;
                    is_renewed = true;
                }
                XanoError::Unauthorized(refusal) => {
                    tracing::warn!(
                        credential_id = %self.credential.id, operation = request.spec().id,
                        "Xano refuses the key that it has just issued",
                    );
                    return Err(SessionError::StillUnauthorized(refusal));
                }
                error if is_read && error.is_retryable() && retries < MAX_RETRIES => {
                    let backoff = self.backoff(retries);
                    if remaining(after(clock.now(), backoff), deadline).is_none() {
                        return Err(error.into());
                    }
                    tracing::info!(
                        credential_id = %self.credential.id, operation = request.spec().id,
                        "Retrying a read: {error}",
                    );
                    retries += 1;
                    self.xano.runtime.timer.sleep(backoff).await;
                }
                error => return Err(error.into()),
            }
        }
    }

    /// Waits until the budget allows a request, or fails if that takes too long.
    async fn enter_budget(
        &self,
        budget: &budget::Key,
        request: &Request,
        deadline: Timestamp,
    ) -> Result<InFlight, SessionError> {
        let Runtime { clock, .. } = &self.xano.runtime;
        let began = clock.now();
        let credential = self.credential.id;
        let entered =
            self.xano.budgets.enter(budget, credential, &self.xano.runtime, deadline).await;
        let now = clock.now();
        if now > began {
            tracing::info!(
                credential_id = %credential, operation = request.spec().id,
                "Waited for the instance's request limit",
            );
            metrics::RATE_LIMIT_WAIT.time(&**clock, began, &[]);
        }
        entered.map_err(|retry_at| rate_limited(now, retry_at))
    }

    /// The pause before a retry: exponential backoff with jitter, between half of the longest pause and
    /// all of it.
    fn backoff(&self, retries: u32) -> Duration {
        let most = FIRST_BACKOFF * 2_u32.saturating_pow(retries);
        let [share] = random::bytes::<1>(&*self.xano.runtime.random);
        most / 2 + (most / 2).mul_f64(f64::from(share) / 255.0)
    }

    /// The key of the last request, or the current one from the coordinator.
    async fn current_key(&self, deadline: Timestamp) -> Result<Bearer, SessionError> {
        if let Some(key) = self.key().clone() {
            return Ok(key);
        }
        let current = self.xano.coordinator.current(&self.credential);
        match self.refresh_outcome(current, deadline).await? {
            Outcome::Refreshed(key) | Outcome::AlreadyFresh(key) | Outcome::Ending(key) => {
                *self.key() = Some(key.clone());
                Ok(key)
            }
            Outcome::SignInRequired => Err(SessionError::SignInRequired),
            Outcome::UpstreamUnavailable(why) => Err(SessionError::RefreshUnavailable(why)),
        }
    }

    /// Gets a newer key than the refused one.
    async fn renewed_key(
        &self,
        refused: &Bearer,
        refusal: String,
        request: &Request,
        deadline: Timestamp,
    ) -> Result<Bearer, SessionError> {
        tracing::info!(
            credential_id = %self.credential.id, operation = request.spec().id,
            "Got 401 Unauthorized - attempting automatic token refresh...",
        );
        let Credential { person, id, .. } = *self.credential;
        let refresh = self.xano.coordinator.refresh(person, id, refused.version);
        let newer = match self.refresh_outcome(refresh, deadline).await? {
            Outcome::Refreshed(newer) | Outcome::AlreadyFresh(newer) | Outcome::Ending(newer) => {
                newer
            }
            failed => {
                tracing::warn!(
                    credential_id = %self.credential.id,
                    "Automatic refresh failed - returning 401 error",
                );
                return Err(match failed {
                    Outcome::UpstreamUnavailable(why) => SessionError::RefreshUnavailable(why),
                    _ => SessionError::SignInRequired,
                });
            }
        };
        if newer.version == refused.version {
            return Err(SessionError::StillUnauthorized(refusal));
        }
        tracing::info!(
            credential_id = %self.credential.id, operation = request.spec().id,
            "Token refresh successful - retrying original request",
        );
        *self.key() = Some(newer.clone());
        Ok(newer)
    }

    fn log_retry_success(&self, request: &Request) {
        tracing::info!(
            credential_id = %self.credential.id, operation = request.spec().id,
            "Retry request successful after token refresh",
        );
    }

    /// Waits for the outcome of a refresh until the deadline.
    async fn refresh_outcome(
        &self,
        refresh: impl Future<Output = StoreResult<Outcome>>,
        deadline: Timestamp,
    ) -> Result<Outcome, SessionError> {
        let timed_out = || Ok(Outcome::UpstreamUnavailable("it took too long".into()));
        Ok(self.with_deadline(refresh, deadline).await.unwrap_or_else(timed_out)?)
    }

    /// The output of a future, or `None` after the deadline.
    async fn with_deadline<T>(
        &self,
        future: impl Future<Output = T>,
        deadline: Timestamp,
    ) -> Option<T> {
        let Runtime { clock, timer, .. } = &self.xano.runtime;
        let left = remaining(clock.now(), deadline)?;
        match select(pin!(future), timer.sleep(left)).await {
            Either::Left((output, _)) => Some(output),
            Either::Right(((), _)) => None,
        }
    }
}

/// The time until the deadline; `None` if it has passed.
fn remaining(now: Timestamp, deadline: Timestamp) -> Option<Duration> {
    Duration::try_from(deadline.duration_since(now)).ok().filter(|left| !left.is_zero())
}

fn timed_out(request: &Request) -> SessionError {
    XanoError::Http(HttpError::TimedOut(request.total_timeout())).into()
}

fn rate_limited(now: Timestamp, retry_at: Timestamp) -> SessionError {
    metrics::RATE_LIMITED.count(&[]);
    let retry_after = Some(remaining(now, retry_at).unwrap_or_default());
    XanoError::RateLimited { retry_after }.into()
}
