//! One account's way to Xano: the key from the coordinator, the call, and after a 401 one refresh
//! and one repetition. Nothing else repeats a call.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use serde_json::Value;
use snappy_domain::{AccountId, Clock, Held, Secret, Timer};
use snappy_store::{Account, AccountStore, StoreError};

use crate::instances::{self, Cache, Lookup};
use crate::signin::{self, SignInError};
use crate::{
    Coordinator, Expect, HostPolicy, Instance, Operation, Outcome, SignInApi, XanoApi, XanoError,
    XanoOrigin,
};

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
    /// The storage failed; nothing was sent to Xano.
    #[error(transparent)]
    Storage(#[from] StoreError),
}

/// Everything that all accounts share.
#[derive(Debug)]
pub struct Xano {
    api: XanoApi,
    policy: HostPolicy,
    signin: Option<SignInApi>,
    store: Arc<dyn AccountStore>,
    clock: Arc<dyn Clock>,
    coordinator: Coordinator,
    instances: Cache,
    changing: Held<String, tokio::sync::Mutex<()>>,
}

impl Xano {
    /// The Xano side over a client, a policy and a store.
    #[must_use]
    pub fn new(
        api: XanoApi,
        policy: HostPolicy,
        signin: Option<SignInApi>,
        store: Arc<dyn AccountStore>,
        clock: Arc<dyn Clock>,
        timer: Arc<dyn Timer>,
    ) -> Self {
        let coordinator = Coordinator::new(
            Arc::clone(&store),
            Arc::clone(&clock),
            api.clone(),
            policy.clone(),
            signin.clone(),
            timer,
        );
        Self {
            api,
            policy,
            signin,
            store,
            clock,
            coordinator,
            instances: Cache::default(),
            changing: Held::default(),
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
    pub async fn sign_in(
        &self,
        email: &str,
        password: &Secret,
    ) -> Result<snappy_store::NewAccount, SignInError> {
        let signin = self.signin.as_ref().ok_or(SignInError::Refused)?;
        signin.sign_in(email, password, self.clock.now()).await
    }

    /// Checks a pasted access token.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn check_token(
        &self,
        token: &Secret,
    ) -> Result<snappy_store::NewAccount, SignInError> {
        signin::check_token(&self.api, &self.policy, token, self.clock.now()).await
    }

    /// One account's way to Xano.
    #[must_use]
    pub fn session(self: &Arc<Self>, account: AccountId) -> Session {
        Session { xano: Arc::clone(self), account }
    }
}

/// One account's way to Xano.
#[derive(Debug, Clone)]
pub struct Session {
    xano: Arc<Xano>,
    account: AccountId,
}

impl Session {
    /// The account as it is stored.
    ///
    /// # Errors
    /// When the storage fails, or the account is gone.
    pub async fn account(&self) -> Result<Account, SessionError> {
        let account = self.xano.store.account(self.account).await?;
        account.ok_or(SessionError::SignInRequired)
    }

    /// Lets the cached key count for `left` more at most; `false` for a pasted token, which can't
    /// be renewed.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn limit_key(&self, left: Duration) -> Result<bool, SessionError> {
        let account = self.account().await?;
        if !account.kind.can_be_renewed() {
            return Ok(false);
        }
        let until = snappy_domain::clock::after(self.xano.clock.now(), left);
        self.xano.store.limit_key_life(self.account, until).await?;
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
    /// When the storage fails, or the account is gone.
    pub async fn refresh_now(&self) -> Result<Outcome, SessionError> {
        let version = self.account().await?.version;
        Ok(self.xano.coordinator.refresh(self.account, version).await?)
    }

    /// Sends `operation` to an origin with the account's key. A 401 refreshes the key and repeats
    /// the call once: Xano has not carried out what it answers 401 to.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn send(
        &self,
        origin: &XanoOrigin,
        operation: &Operation,
    ) -> Result<Value, SessionError> {
        let coordinator = &self.xano.coordinator;
        let (Outcome::Refreshed(used) | Outcome::AlreadyFresh(used)) =
            coordinator.current(self.account).await?
        else {
            return Err(SessionError::SignInRequired);
        };
        let refusal = match self.xano.api.call(origin, &used.key, operation).await {
            Err(XanoError::Unauthorized(refusal)) => refusal,
            other => return Ok(other?),
        };
        tracing::info!(
            account_id = %self.account, operation = operation.id,
            "Got 401 Unauthorized - attempting automatic token refresh...",
        );
        let newer = match coordinator.refresh(self.account, used.version).await? {
            Outcome::Refreshed(newer) | Outcome::AlreadyFresh(newer) => newer,
            failed => {
                tracing::warn!(
                    account_id = %self.account,
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
            account_id = %self.account, operation = operation.id,
            "Token refresh successful - retrying original request",
        );
        match self.xano.api.call(origin, &newer.key, operation).await {
            Err(XanoError::Unauthorized(refusal)) => {
                tracing::warn!(
                    account_id = %self.account, operation = operation.id,
                    "Xano refuses the key it has just given",
                );
                Err(SessionError::StillUnauthorized(refusal))
            }
            Err(error) => Err(error.into()),
            Ok(answer) => {
                tracing::info!(
                    account_id = %self.account, operation = operation.id,
                    "Retry request successful after token refresh",
                );
                Ok(answer)
            }
        }
    }

    /// The account's instances, asked for now.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn list_instances(&self) -> Result<Arc<[Instance]>, SessionError> {
        self.list_by(instances_operation()?).await
    }

    /// The same, for a page: gives up after `limit`.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn list_instances_within(
        &self,
        limit: Duration,
    ) -> Result<Arc<[Instance]>, SessionError> {
        self.list_by(instances_operation()?.within(limit)).await
    }

    async fn list_by(&self, operation: Operation) -> Result<Arc<[Instance]>, SessionError> {
        let slot = self.xano.instances.slot(self.account);
        let mut slot = slot.lock().await;
        let list = self.fetch_instances(&operation).await?;
        *slot = Some((self.xano.clock.now(), Arc::clone(&list)));
        Ok(list)
    }

    /// The instance that a name means.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn find_instance(&self, wanted: &str) -> Result<Lookup, SessionError> {
        let slot = self.xano.instances.slot(self.account);
        let mut slot = slot.lock().await;
        let now = self.xano.clock.now();
        if let Some((fetched, list)) = &*slot
            && instances::is_fresh(*fetched, now)
        {
            let found = instances::find(list, wanted);
            let known = !matches!(found, Lookup::Unknown(_));
            if known || instances::is_brand_new(*fetched, now) {
                return Ok(found);
            }
        }
        match self.fetch_instances(&instances_operation()?).await {
            Ok(list) => {
                let found = instances::find(&list, wanted);
                *slot = Some((now, list));
                Ok(found)
            }
            // The account API may be in trouble while the instance is not: where instances are
            // changes so rarely that yesterday's list will do.
            Err(error) => match (&error, &*slot) {
                (SessionError::Xano(trouble), Some((_, list))) if trouble.is_passing() => {
                    match instances::find(list, wanted) {
                        Lookup::Unknown(_) => Err(error),
                        found => Ok(found),
                    }
                }
                _ => Err(error),
            },
        }
    }

    async fn fetch_instances(
        &self,
        operation: &Operation,
    ) -> Result<Arc<[Instance]>, SessionError> {
        let policy = &self.xano.policy;
        let answer = self.send(policy.account(), operation).await?;
        let records = answer.as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(records.iter().filter_map(|record| Instance::read(policy, record)).collect())
    }
}

fn instances_operation() -> Result<Operation, XanoError> {
    Ok(Operation::new("list_instances", Method::GET, &["instance"], Expect::Array)?)
}
