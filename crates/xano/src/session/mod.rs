//! Calls with one credential: the bearer from the coordinator, the call, and what is done when it does not
//! work at once. Nothing else repeats a call.

mod instances;

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::{Either, select};
use serde_json::Value;
use snappy_credentials::{Coordinator, Outcome, Usable};
use snappy_domain::clock::after;
use snappy_domain::http::HttpError;
use snappy_domain::{Cancelled, Clock, KeyedLocks, Runtime, Secret, Timestamp, metrics, random};
use snappy_store::{Credential, CredentialStore, StoreError, StoreResult};

use crate::budget::{self, Budgets};
use crate::instances::Lists;
use crate::signin::{self, SignInError};
use crate::upstream::XanoUpstream;
use crate::{HostPolicy, Request, SignInApi, SignedIn, XanoApi, XanoError, XanoOrigin};

/// How long one tool call may take with everything it asks Xano for. Clients give up after a minute.
const LONGEST_CALL: Duration = Duration::from_secs(55);
/// How long a call waits for an instance to take requests again: a window and a little.
const LONGEST_QUEUE: Duration = Duration::from_secs(25);
/// How long ahead the end of a key is announced that only a person can replace.
pub const ANNOUNCED: Duration = Duration::from_secs(3 * 86_400);
/// How often a read is repeated.
const REPETITIONS: u32 = 2;
/// The most that is waited before the first repetition; each further one doubles it.
const FIRST_PAUSE: Duration = Duration::from_millis(400);

/// Why a call did not work.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// Xano refused the person; somebody must sign in again.
    #[error("the sign-in at Xano has ended")]
    SignInRequired,
    /// The key was refused and no new one could be had now.
    #[error("Xano refused the key, and a new one could not be fetched: {0}")]
    RefreshUnavailable(String),
    /// Xano refuses even the key it has just given.
    #[error("Xano refuses the current key: {0}")]
    StillUnauthorized(String),
    /// Xano said no, or nothing.
    #[error(transparent)]
    Xano(#[from] XanoError),
    /// The client disconnected before a change was sent; nothing was changed.
    #[error("the client disconnected before the change was sent")]
    ClientDisconnected,
    /// The storage failed; nothing was sent to Xano.
    #[error(transparent)]
    Storage(#[from] StoreError),
}

/// Everything that all credentials share.
#[derive(Debug)]
pub struct Xano {
    api: XanoApi,
    policy: HostPolicy,
    signin: Option<SignInApi>,
    store: Arc<dyn CredentialStore>,
    runtime: Runtime,
    coordinator: Coordinator,
    instances: Lists,
    budgets: Budgets,
    changing: KeyedLocks<String, tokio::sync::Mutex<()>>,
}

impl Xano {
    /// The Xano side over a client, a policy and a store.
    #[must_use]
    pub fn new(
        api: XanoApi,
        policy: HostPolicy,
        signin: Option<SignInApi>,
        store: Arc<dyn CredentialStore>,
        runtime: Runtime,
    ) -> Self {
        let upstream =
            XanoUpstream { api: api.clone(), policy: policy.clone(), signin: signin.clone() };
        let coordinator = Coordinator::new(Arc::clone(&store), runtime.clone(), Arc::new(upstream));
        Self {
            api,
            policy,
            signin,
            store,
            runtime,
            coordinator,
            instances: Lists::default(),
            budgets: Budgets::default(),
            changing: KeyedLocks::default(),
        }
    }

    /// Whether people can sign in with e-mail and password.
    #[must_use]
    pub const fn offers_password(&self) -> bool {
        self.signin.is_some()
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

    /// What keeps the credentials fresh.
    #[must_use]
    pub const fn coordinator(&self) -> &Coordinator {
        &self.coordinator
    }

    /// Calls with a credential, as it was just read.
    #[must_use]
    pub fn session(self: &Arc<Self>, credential: Credential) -> Session {
        let ends = after(self.runtime.clock.now(), LONGEST_CALL);
        Session {
            xano: Arc::clone(self),
            credential: Arc::new(credential),
            ends,
            used: Arc::default(),
            cancelled: Cancelled::default(),
        }
    }
}

/// Calls with one credential, such as those of one tool call.
#[derive(Debug, Clone)]
pub struct Session {
    xano: Arc<Xano>,
    /// As it was when the session began.
    credential: Arc<Credential>,
    /// When everything that is done with it must be done.
    ends: Timestamp,
    /// The bearer that was last used.
    used: Arc<Mutex<Option<Usable>>>,
    /// Whether somebody still waits. A write that has not begun is not begun for nobody: the client
    /// has given up and may have called again.
    pub cancelled: Cancelled,
}

impl Session {
    /// The credential as it is stored now.
    async fn stored(&self) -> Result<Credential, SessionError> {
        let Credential { person, id, .. } = *self.credential;
        let stored = self.xano.store.credential(person, id).await?;
        stored.ok_or(SessionError::SignInRequired)
    }

    fn used(&self) -> std::sync::MutexGuard<'_, Option<Usable>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the bearer that was used ends, if that is soon and only a person can replace it.
    #[must_use]
    pub fn key_ends_soon(&self) -> Option<Timestamp> {
        let ends = self.used().as_ref().and_then(|used| used.ends_at);
        ends.filter(|ends| *ends <= after(self.clock().now(), ANNOUNCED))
    }

    /// The time.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.xano.runtime.clock
    }

    /// Lets the cached key count for `left` more at most; `false` for a pasted token, which can't
    /// be renewed.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn limit_key(&self, left: Duration) -> Result<bool, SessionError> {
        let Credential { person, id, .. } = *self.credential;
        if !self.credential.secret.kind().is_renewable() {
            return Ok(false);
        }
        let until = after(self.xano.runtime.clock.now(), left);
        self.xano.store.limit_credential_life(person, id, until).await?;
        Ok(true)
    }

    /// A lock for read-change-write on one thing at an origin, so that calls that arrive together
    /// do not undo each other. It holds within this process.
    #[must_use]
    pub fn changing(&self, origin: &XanoOrigin, what: &str) -> Arc<tokio::sync::Mutex<()>> {
        self.xano.changing.get(format!("{origin}/{what}"))
    }

    /// Asks for a new key now, and says how that ended.
    ///
    /// # Errors
    /// When the storage fails, or the credential is gone.
    pub async fn refresh_now(&self) -> Result<Outcome, SessionError> {
        let Credential { person, id, version, .. } = self.stored().await?;
        self.outcome(self.xano.coordinator.refresh(person, id, version), self.ends).await
    }

    /// Sends `request` to an origin with the credential's bearer.
    ///
    /// A 401 refreshes the key and repeats the call once: Xano has not carried out what it answers
    /// 401 to. Nothing else repeats a write. A read is repeated after trouble of a gateway or of the
    /// connection, and after a 429 when the instance takes requests again in time.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn send(
        &self,
        origin: &XanoOrigin,
        request: &Request,
    ) -> Result<Value, SessionError> {
        self.send_within(&(None, origin.clone()), request).await
    }

    /// Sends `request` to a budget's origin, once the budget has room.
    async fn send_within(
        &self,
        budget: &budget::Key,
        request: &Request,
    ) -> Result<Value, SessionError> {
        let Runtime { clock, .. } = &self.xano.runtime;
        let (_, origin) = budget;
        let ends = self.ends.min(after(clock.now(), request.total_timeout()));
        let is_read = request.spec().is_safe();
        let mut used = self.current_key(ends).await?;
        let (mut is_renewed, mut repeated) = (false, 0);
        loop {
            self.wait_for_turn(budget, request, ends).await?;
            if !is_read && self.cancelled.now() {
                return Err(SessionError::ClientDisconnected);
            }
            let left = time_left(clock.now(), ends).ok_or_else(|| out_of_time(request))?;
            let timeout = request.timeout().min(left);
            let began = clock.now();
            let answer = self.xano.api.call(origin, &used.bearer, request, timeout).await;
            let status = answer.as_ref().map_or_else(XanoError::status, |_| Some(200));
            let status = status.map_or("none".to_owned(), |status| status.to_string());
            metrics::UPSTREAM_REQUEST_DURATION.time(&**clock, began, &[request.spec().id, &status]);
            let error = match answer {
                Ok(answer) => {
                    self.log_renewed(is_renewed, request);
                    return Ok(answer);
                }
                Err(error) => error,
            };
            match error {
                XanoError::Unauthorized(refusal) if !is_renewed => {
                    used = self.renewed_key(&used, refusal, request, ends).await?;
                    is_renewed = true;
                }
                XanoError::Unauthorized(refusal) => {
                    tracing::warn!(
                        credential_id = %self.credential.id, operation = request.spec().id,
                        "Xano refuses the key it has just given",
                    );
                    return Err(SessionError::StillUnauthorized(refusal));
                }
                XanoError::RateLimited { retry_after } => {
                    let now = clock.now();
                    let opens = self.xano.budgets.refused(budget, retry_after, now);
                    if !is_read || repeated >= REPETITIONS {
                        return Err(rate_limited(now, opens));
                    }
                    repeated += 1;
                }
                error if is_read && error.is_worth_repeating() && repeated < REPETITIONS => {
                    let pause = self.pause(repeated);
                    if time_left(after(clock.now(), pause), ends).is_none() {
                        return Err(error.into());
                    }
                    tracing::info!(
                        credential_id = %self.credential.id, operation = request.spec().id,
                        "A read is repeated: {error}",
                    );
                    repeated += 1;
                    self.xano.runtime.timer.sleep(pause).await;
                }
                error => return Err(error.into()),
            }
        }
    }

    /// Waits until the instance takes a request, if that is soon.
    async fn wait_for_turn(
        &self,
        budget: &budget::Key,
        request: &Request,
        ends: Timestamp,
    ) -> Result<(), SessionError> {
        let Runtime { clock, timer, .. } = &self.xano.runtime;
        let gives_up = ends.min(after(clock.now(), LONGEST_QUEUE));
        loop {
            let now = clock.now();
            let Err(opens) = self.xano.budgets.take(budget, now) else { return Ok(()) };
            if opens > gives_up {
                return Err(rate_limited(now, opens));
            }
            tracing::info!(
                credential_id = %self.credential.id, operation = request.spec().id,
                "Waiting for the instance's request limit",
            );
            timer.sleep(time_left(now, opens).unwrap_or_default()).await;
            metrics::RATE_LIMIT_WAIT.time(&**clock, now, &[]);
        }
    }

    /// How long to wait before a repetition: longer each time, and never the same for two.
    fn pause(&self, repeated: u32) -> Duration {
        let most = FIRST_PAUSE * 2_u32.saturating_pow(repeated);
        let [share] = random::bytes::<1>(&*self.xano.runtime.random);
        most / 2 + (most / 2).mul_f64(f64::from(share) / 255.0)
    }

    /// The key to begin with.
    async fn current_key(&self, ends: Timestamp) -> Result<Usable, SessionError> {
        if let Some(used) = self.used().clone() {
            return Ok(used);
        }
        let current = self.xano.coordinator.current(&self.credential);
        match self.outcome(current, ends).await? {
            Outcome::Refreshed(used) | Outcome::AlreadyFresh(used) => {
                *self.used() = Some(used.clone());
                Ok(used)
            }
            Outcome::SignInRequired => Err(SessionError::SignInRequired),
            Outcome::UpstreamUnavailable(why) => Err(SessionError::RefreshUnavailable(why)),
        }
    }

    /// A newer key than the one that was refused.
    async fn renewed_key(
        &self,
        used: &Usable,
        refusal: String,
        request: &Request,
        ends: Timestamp,
    ) -> Result<Usable, SessionError> {
        tracing::info!(
            credential_id = %self.credential.id, operation = request.spec().id,
            "Got 401 Unauthorized - attempting automatic token refresh...",
        );
        let Credential { person, id, .. } = *self.credential;
        let refresh = self.xano.coordinator.refresh(person, id, used.version);
        let newer = match self.outcome(refresh, ends).await? {
            Outcome::Refreshed(newer) | Outcome::AlreadyFresh(newer) => newer,
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
        if newer.version == used.version {
            return Err(SessionError::StillUnauthorized(refusal));
        }
        tracing::info!(
            credential_id = %self.credential.id, operation = request.spec().id,
            "Token refresh successful - retrying original request",
        );
        *self.used() = Some(newer.clone());
        Ok(newer)
    }

    fn log_renewed(&self, is_renewed: bool, request: &Request) {
        if is_renewed {
            tracing::info!(
                credential_id = %self.credential.id, operation = request.spec().id,
                "Retry request successful after token refresh",
            );
        }
    }

    /// What the coordinator found, if it did so in time.
    async fn outcome(
        &self,
        work: impl Future<Output = StoreResult<Outcome>>,
        ends: Timestamp,
    ) -> Result<Outcome, SessionError> {
        let too_long = || Ok(Outcome::UpstreamUnavailable("it took too long".into()));
        Ok(self.in_time(work, ends).await.unwrap_or_else(too_long)?)
    }

    /// What a future gives, if it does so in time.
    async fn in_time<T>(&self, work: impl Future<Output = T>, ends: Timestamp) -> Option<T> {
        let Runtime { clock, timer, .. } = &self.xano.runtime;
        let left = time_left(clock.now(), ends)?;
        match select(pin!(work), timer.sleep(left)).await {
            Either::Left((done, _)) => Some(done),
            Either::Right(((), _)) => None,
        }
    }
}

fn time_left(now: Timestamp, ends: Timestamp) -> Option<Duration> {
    Duration::try_from(ends.duration_since(now)).ok().filter(|left| !left.is_zero())
}

fn out_of_time(request: &Request) -> SessionError {
    XanoError::Http(HttpError::TimedOut(request.total_timeout())).into()
}

fn rate_limited(now: Timestamp, opens: Timestamp) -> SessionError {
    metrics::RATE_LIMITED.count(&[]);
    let retry_after = Some(time_left(now, opens).unwrap_or_default());
    XanoError::RateLimited { retry_after }.into()
}
