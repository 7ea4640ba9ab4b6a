//! The credential coordinator: keeps one account's key fresh, whoever and however many ask, in however
//! many processes.
//!
//! A refresh is asked for with the version of the credential that failed. In each process one task
//! at a time goes on; those who waited meanwhile get the same outcome, also when it is a failure. That
//! task looks at the store first: another version means that the work is done. Otherwise it takes the
//! account's lease, asks Xano once, and stores the answer under the condition that version and fence
//! are still the same; only then it answers. Where another process has the lease, it waits for what
//! that one finds. A process that dies holds nobody up for longer than the lease.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures::future::{Either, select};
use snappy_domain::clock::after;
use snappy_domain::metrics::timed_store;
use snappy_domain::{AccountId, Held, Host, Secret, Timestamp, audit, metrics};
use snappy_store::{
    Account, AccountKind, AccountState, AccountStore, Applied, Credential, Lease, StoreError,
};
use tokio::sync::Mutex;

use crate::signin::{self, SignInError};
use crate::{HostPolicy, SignInApi, XanoApi, expiry};

/// How long the right to refresh lasts unless it is extended: what a process that dies costs others.
const LEASE: Duration = Duration::from_secs(4);
/// How often it is extended while Xano is asked.
const EXTEND: Duration = Duration::from_secs(1);
/// How long a process waits for another one, which extends its lease while Xano is slow.
const PATIENCE: Duration = Duration::from_secs(40);
/// The pause between refreshes that nobody waits for.
const BETWEEN: Duration = Duration::from_millis(200);
/// The least wait for another process, whatever the clocks say.
const SHORTLY: Duration = Duration::from_millis(50);

/// A key that can be used now, and the version it belongs to.
#[derive(Debug, Clone)]
pub struct Usable {
    /// The Metadata API key.
    pub key: Secret,
    /// The version of the credential; give it back when the key fails.
    pub version: u64,
    /// When it ends for good, where that is known of a key that can't be renewed.
    pub ends_at: Option<Timestamp>,
}

/// How a refresh ended. Also the name of its metric.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Xano gave a key.
    Refreshed(Usable),
    /// There was a newer one already, or (for a pasted token) the same one is still good.
    AlreadyFresh(Usable),
    /// Xano could not be asked, or gave no proper answer; the account is as it was.
    UpstreamUnavailable(String),
    /// Xano refused the person. Nothing but a new sign-in helps.
    SignInRequired,
}

impl Outcome {
    /// The name it is logged under.
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
    store: Arc<dyn AccountStore>,
    host: Host,
    api: XanoApi,
    policy: HostPolicy,
    signin: Option<SignInApi>,
    attempts: Held<AccountId, Attempts>,
    /// The rights to refresh that attempts of this process took and, broken off in the middle, did not
    /// give back.
    left_behind: std::sync::Mutex<HashMap<AccountId, u64>>,
}

/// The attempts to refresh one account.
#[derive(Debug, Default)]
struct Attempts {
    /// How many have ended.
    ended: AtomicU64,
    /// Held during an attempt. Keeps how the last one ended, with the version it was about.
    running: Mutex<Option<(u64, Result<Outcome, String>)>>,
}

impl Coordinator {
    /// A coordinator over a store. Without `signin` only pasted tokens can be kept.
    #[must_use]
    pub fn new(
        store: Arc<dyn AccountStore>,
        host: Host,
        api: XanoApi,
        policy: HostPolicy,
        signin: Option<SignInApi>,
    ) -> Self {
        let (attempts, left_behind) = Default::default();
        Self { store, host, api, policy, signin, attempts, left_behind }
    }

    /// The key to use now; refreshed first when its end is known and has come.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn current(&self, id: AccountId) -> Result<Outcome, StoreError> {
        let looking = timed_store(&*self.host.clock, "account", self.store.account(id));
        let Some(account) = looking.await? else {
            return Ok(Outcome::SignInRequired);
        };
        if account.state != AccountState::Usable {
            return Ok(Outcome::SignInRequired);
        }
        let ended =
            account.credential.key_expires_at.is_some_and(|ends| ends <= self.host.clock.now());
        let usable = usable(&account);
        if !ended || !account.kind.can_be_renewed() {
            return Ok(Outcome::AlreadyFresh(usable));
        }
        tracing::info!(account_id = %id, "The key's time is over - refreshing ahead of the call");
        Ok(match self.refresh(id, account.version).await? {
            // The end is a hint; Xano may still take the key.
            Outcome::UpstreamUnavailable(_) => Outcome::AlreadyFresh(usable),
            other => other,
        })
    }

    /// Refreshes keys whose end is known and comes from `from` on and before `before`, if they were
    /// used since `since`: at most `most` of them, one after the other with a pause. Gives how many
    /// were tried.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn refresh_ahead(
        &self,
        from: Timestamp,
        before: Timestamp,
        since: Timestamp,
        most: u32,
    ) -> Result<u32, StoreError> {
        let mut tried = 0;
        for (id, version) in self.store.ending_keys(from, before, since, most).await? {
            if tried > 0 {
                self.host.timer.sleep(BETWEEN).await;
            }
            // Trouble with one is logged, and no reason to leave the others.
            let _ = self.refresh(id, version).await;
            tried += 1;
        }
        Ok(tried)
    }

    /// A newer key than the one of version `seen`, which failed.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn refresh(&self, id: AccountId, seen: u64) -> Result<Outcome, StoreError> {
        let _waiting = metrics::KEY_REFRESH_WAITERS.enter();
        let began = self.host.clock.now();
        let attempts = self.attempts.get(id);
        let ended_before = attempts.ended.load(Ordering::Acquire);
        let mut last = attempts.running.lock().await;
        let waited_for_one = attempts.ended.load(Ordering::Acquire) > ended_before;
        if let Some((version, outcome)) = &*last
            && waited_for_one
            && *version == seen
        {
            return outcome.clone().map_err(StoreError::Unavailable);
        }
        let outcome = self.attempt(id, seen).await;
        let shared = outcome.as_ref().map_err(ToString::to_string).cloned();
        *last = Some((seen, shared));
        attempts.ended.fetch_add(1, Ordering::Release);
        let ended = outcome.as_ref().map_or("storage_trouble", Outcome::as_str);
        metrics::KEY_REFRESHES.count(&[ended]);
        metrics::KEY_REFRESH_DURATION.time(&*self.host.clock, began, &[ended]);
        audit::KEY_REFRESHED.record(audit::Fields {
            account_id: Some(id),
            outcome: Some(ended),
            ..Default::default()
        });
        match &outcome {
            Ok(Outcome::Refreshed(_)) => {
                tracing::info!(account_id = %id, "User profile successfully refreshed");
            }
            Ok(Outcome::UpstreamUnavailable(why)) => {
                tracing::warn!(account_id = %id, "Token refresh failed: {why}");
            }
            Ok(Outcome::SignInRequired) => {
                tracing::warn!(account_id = %id, "Token refresh failed: a person must sign in");
            }
            Err(error) => tracing::error!(account_id = %id, "Token refresh failed: {error}"),
            Ok(Outcome::AlreadyFresh(_)) => {}
        }
        outcome
    }

    /// One process at a time asks Xano; the others wait for what it finds.
    async fn attempt(&self, id: AccountId, seen: u64) -> Result<Outcome, StoreError> {
        let patience_ends = after(self.host.clock.now(), PATIENCE);
        loop {
            let Some(account) = self.store.account(id).await? else {
                return Ok(Outcome::SignInRequired);
            };
            if account.state != AccountState::Usable {
                return Ok(Outcome::SignInRequired);
            }
            if account.version != seen {
                return Ok(Outcome::AlreadyFresh(usable(&account)));
            }
            let now = self.host.clock.now();
            match self.lease(id, seen, now).await? {
                Lease::Moved => {}
                Lease::Taken { fence } => {
                    self.left_behind().insert(id, fence);
                    let outcome = self.ask_and_keep(&account, fence).await?;
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
                    self.store.wait_for_account(id, left.clamp(SHORTLY, LEASE)).await?;
                }
            }
        }
    }

    fn left_behind(&self) -> std::sync::MutexGuard<'_, HashMap<AccountId, u64>> {
        self.left_behind.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The right to refresh: the one that an attempt of this process left behind, if it still counts.
    async fn lease(&self, id: AccountId, seen: u64, now: Timestamp) -> Result<Lease, StoreError> {
        let until = after(now, LEASE);
        let left_behind = self.left_behind().remove(&id);
        if let Some(fence) = left_behind
            && self.store.extend_lease(id, fence, until).await? == Applied::Yes
        {
            return Ok(Lease::Taken { fence });
        }
        self.store.lease_refresh(id, seen, now, until).await
    }

    /// Asks Xano while the right to do so is kept; `None` when it was lost, and somebody else (another
    /// process, a new sign-in of the person) is or was at it: theirs counts.
    async fn ask_and_keep(
        &self,
        account: &Account,
        fence: u64,
    ) -> Result<Option<Outcome>, StoreError> {
        let asking = async {
            match account.kind {
                AccountKind::Profile => self.ask_for_the_current_key(account).await,
                AccountKind::Token | AccountKind::Machine => {
                    self.ask_whether_the_token_is_good(account).await
                }
            }
        };
        let asked = match select(pin!(asking), pin!(self.keep_lease(account.id, fence))).await {
            Either::Left((asked, _)) => asked,
            Either::Right(((), _)) => return Ok(None),
        };
        match asked {
            Ok(Some(credential)) => self.keep(account, fence, &credential).await,
            Err(SignInError::Refused | SignInError::WrongCredentials) => {
                self.require_sign_in(account, fence).await
            }
            Ok(None) => {
                self.store.release_lease(account.id, fence).await?;
                Ok(Some(Outcome::AlreadyFresh(usable(account))))
            }
            Err(error) => {
                self.store.release_lease(account.id, fence).await?;
                Ok(Some(Outcome::UpstreamUnavailable(error.to_string())))
            }
        }
    }

    /// Keeps the right to refresh for as long as it can be kept.
    async fn keep_lease(&self, id: AccountId, fence: u64) {
        loop {
            self.host.timer.sleep(EXTEND).await;
            let until = after(self.host.clock.now(), LEASE);
            match self.store.extend_lease(id, fence, until).await {
                Ok(Applied::Yes) => {}
                Ok(Applied::No) => return,
                // The right goes on until its end; what was asked for is kept only if it is still ours.
                Err(error) => tracing::warn!(account_id = %id, "A lease was not extended: {error}"),
            }
        }
    }

    /// The person's current key; `None` when only the session has ended and the key is still good.
    async fn ask_for_the_current_key(
        &self,
        account: &Account,
    ) -> Result<Option<Credential>, SignInError> {
        let another = || SignInError::AnotherXano(account.authority.clone());
        let signin = self.signin.as_ref().ok_or_else(another)?;
        if signin.backend().as_str() != account.authority {
            return Err(another());
        }
        let Some(session) = &account.credential.session else { return Err(SignInError::Refused) };
        let me = match signin.me(session).await {
            Ok(me) => me,
            // Sessions end sooner than keys: nobody is sent away while the key still opens Xano.
            Err(SignInError::Refused) => {
                // Xano's word on the session counts, unless it clearly says that the key is good.
                if self.is_the_key_good(account).await.is_err() {
                    return Err(SignInError::Refused);
                }
                // A supposed end of the key that has passed was wrong: forget it.
                let credential = &account.credential;
                return Ok(credential
                    .key_expires_at
                    .filter(|ends| *ends <= self.host.clock.now())
                    .map(|_| Credential { key_expires_at: None, ..credential.clone() }));
            }
            Err(error) => return Err(error),
        };
        if me.profile.user_id != account.profile.user_id {
            // Never take another person's key, whatever went wrong over there.
            tracing::error!(account_id = %account.id, "auth/me answered for another person");
            return Err(SignInError::AnotherPerson);
        }
        Ok(Some(Credential {
            key_expires_at: expiry::of_token(&me.key),
            key: me.key,
            session: Some(session.clone()),
        }))
    }

    /// A pasted token can't be renewed, but one instance's 401 does not mean that it is dead.
    async fn ask_whether_the_token_is_good(
        &self,
        account: &Account,
    ) -> Result<Option<Credential>, SignInError> {
        if self.policy.account().as_str() != account.authority {
            return Err(SignInError::AnotherXano(account.authority.clone()));
        }
        self.is_the_key_good(account).await
    }

    async fn is_the_key_good(&self, account: &Account) -> Result<Option<Credential>, SignInError> {
        signin::whose(&self.api, &self.policy, &account.credential.key).await.map(|_| None)
    }

    async fn keep(
        &self,
        account: &Account,
        fence: u64,
        credential: &Credential,
    ) -> Result<Option<Outcome>, StoreError> {
        let (id, version) = (account.id, account.version);
        let now = self.host.clock.now();
        let keeping = self.store.replace_credential(id, version, fence, credential, now);
        let kept = timed_store(&*self.host.clock, "replace_credential", keeping).await?;
        let usable = Usable { key: credential.key.clone(), version: version + 1, ends_at: None };
        Ok((kept == Applied::Yes).then_some(Outcome::Refreshed(usable)))
    }

    async fn require_sign_in(
        &self,
        account: &Account,
        fence: u64,
    ) -> Result<Option<Outcome>, StoreError> {
        let now = self.host.clock.now();
        let (id, version) = (account.id, account.version);
        let kept = self.store.require_sign_in(id, version, fence, now).await?;
        Ok((kept == Applied::Yes).then_some(Outcome::SignInRequired))
    }
}

fn usable(account: &Account) -> Usable {
    Usable {
        key: account.credential.key.clone(),
        version: account.version,
        ends_at: account.credential.key_expires_at.filter(|_| !account.kind.can_be_renewed()),
    }
}
