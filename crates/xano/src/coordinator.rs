//! The credential coordinator: keeps one account's key fresh, whoever and however many ask.
//!
//! A refresh is asked for with the version of the credential that failed. Whoever holds the
//! account's lock looks at the store first: a newer version means that the work is done. Otherwise
//! it asks Xano once, stores the answer under the condition that the version is still the same, and
//! only then answers. Those who waited meanwhile get the same outcome, also when it is a failure.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use snappy_domain::{AccountId, Clock, Secret, audit};
use snappy_store::{
    Account, AccountKind, AccountState, AccountStore, Applied, Credential, StoreError,
};
use tokio::sync::Mutex;

use crate::locks::Held;
use crate::signin::{self, SignInError};
use crate::{HostPolicy, SignInApi, XanoApi, expiry};

/// A key that can be used now, and the version it belongs to.
#[derive(Debug, Clone)]
pub struct Usable {
    /// The Metadata API key.
    pub key: Secret,
    /// The version of the credential; give it back when the key fails.
    pub version: u64,
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
    clock: Arc<dyn Clock>,
    api: XanoApi,
    policy: HostPolicy,
    signin: Option<SignInApi>,
    attempts: Held<AccountId, Attempts>,
}

/// The attempts to refresh one account.
#[derive(Debug, Default)]
struct Attempts {
    /// How many have ended.
    ended: AtomicU64,
    /// Held during an attempt. Keeps how the last one ended, with the version it was about.
    running: Mutex<Option<(u64, Outcome)>>,
}

impl Coordinator {
    /// A coordinator over a store. Without `signin` only pasted tokens can be kept.
    #[must_use]
    pub fn new(
        store: Arc<dyn AccountStore>,
        clock: Arc<dyn Clock>,
        api: XanoApi,
        policy: HostPolicy,
        signin: Option<SignInApi>,
    ) -> Self {
        Self { store, clock, api, policy, signin, attempts: Held::default() }
    }

    /// The key to use now; refreshed first when its end is known and has come.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn current(&self, id: AccountId) -> Result<Outcome, StoreError> {
        let Some(account) = self.store.account(id).await? else {
            return Ok(Outcome::SignInRequired);
        };
        if account.state != AccountState::Usable {
            return Ok(Outcome::SignInRequired);
        }
        let ended = account.credential.key_expires_at.is_some_and(|ends| ends <= self.clock.now());
        let usable = usable(&account);
        if !ended || account.kind == AccountKind::Token {
            return Ok(Outcome::AlreadyFresh(usable));
        }
        tracing::info!(account_id = %id, "The key's time is over - refreshing ahead of the call");
        Ok(match self.refresh(id, account.version).await? {
            // The end is a hint; Xano may still take the key.
            Outcome::UpstreamUnavailable(_) => Outcome::AlreadyFresh(usable),
            other => other,
        })
    }

    /// A newer key than the one of version `seen`, which failed.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn refresh(&self, id: AccountId, seen: u64) -> Result<Outcome, StoreError> {
        let attempts = self.attempts.get(id);
        let ended_before = attempts.ended.load(Ordering::Acquire);
        let mut last = attempts.running.lock().await;
        let waited_for_one = attempts.ended.load(Ordering::Acquire) > ended_before;
        if let Some((version, outcome)) = &*last
            && waited_for_one
            && *version == seen
        {
            return Ok(outcome.clone());
        }
        let outcome = self.attempt(id, seen).await;
        *last = outcome.as_ref().ok().map(|outcome| (seen, outcome.clone()));
        attempts.ended.fetch_add(1, Ordering::Release);
        audit::KEY_REFRESHED.record(audit::Fields {
            account_id: Some(id),
            outcome: Some(outcome.as_ref().map_or("storage_trouble", Outcome::as_str)),
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

    async fn attempt(&self, id: AccountId, seen: u64) -> Result<Outcome, StoreError> {
        let Some(account) = self.store.account(id).await? else {
            return Ok(Outcome::SignInRequired);
        };
        if account.state != AccountState::Usable {
            return Ok(Outcome::SignInRequired);
        }
        if account.version > seen {
            return Ok(Outcome::AlreadyFresh(usable(&account)));
        }
        let asked = match account.kind {
            AccountKind::Profile => self.ask_for_the_current_key(&account).await,
            AccountKind::Token => self.ask_whether_the_token_is_good(&account).await,
        };
        match asked {
            Ok(None) => Ok(Outcome::AlreadyFresh(usable(&account))),
            Ok(Some(credential)) => self.keep(&account, &credential).await,
            Err(SignInError::Refused | SignInError::WrongCredentials) => {
                self.require_sign_in(&account).await
            }
            Err(error) => Ok(Outcome::UpstreamUnavailable(error.to_string())),
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
                    .filter(|ends| *ends <= self.clock.now())
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
        credential: &Credential,
    ) -> Result<Outcome, StoreError> {
        let now = self.clock.now();
        let version = account.version;
        match self.store.replace_credential(account.id, version, credential, now).await? {
            Applied::Yes => {
                Ok(Outcome::Refreshed(Usable { key: credential.key.clone(), version: version + 1 }))
            }
            Applied::No => self.look_again(account.id).await,
        }
    }

    async fn require_sign_in(&self, account: &Account) -> Result<Outcome, StoreError> {
        let now = self.clock.now();
        match self.store.require_sign_in(account.id, account.version, now).await? {
            Applied::Yes => Ok(Outcome::SignInRequired),
            Applied::No => self.look_again(account.id).await,
        }
    }

    /// Somebody else (another process, a new sign-in) was first: theirs counts.
    async fn look_again(&self, id: AccountId) -> Result<Outcome, StoreError> {
        Ok(match self.store.account(id).await? {
            Some(account) if account.state == AccountState::Usable => {
                Outcome::AlreadyFresh(usable(&account))
            }
            _ => Outcome::SignInRequired,
        })
    }
}

fn usable(account: &Account) -> Usable {
    Usable { key: account.credential.key.clone(), version: account.version }
}
