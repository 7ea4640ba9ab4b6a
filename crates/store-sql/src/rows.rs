//! Rows as the engines give them, and the records they stand for. Nullable columns become the state
//! enums here, and a combination that this program never writes is an error, not a guess.

use std::str::FromStr;

use snappy_domain::{AccountId, ClientId, Limits, Scopes, Secret, Timestamp, TokenHash};
use snappy_store::{
    AccessToken, Account, AccountKind, AccountState, AuthorizationCode, Client, CodeState,
    Credential, Grant, GrantState, KeySet, Lease, Profile, RefreshState, RefreshToken, Resealed,
    RevocationReason, StoreError, StoreResult,
};
use sqlx::FromRow;

use crate::seal::{Opened, Sealer};

/// The columns of [`AccountRow`]. They are named, never `*`: a newer version may add some while this one
/// runs, and PostgreSQL then refuses statements that it had prepared.
macro_rules! account_columns {
    () => {
        "id, kind, authority, user_id, sealed_profile, sealed_credential, key_expires_at, version,
         sign_in_required_since, refreshed_at"
    };
}

/// The columns of [`CodeRow`].
macro_rules! code_columns {
    () => {
        "hash, client_id, redirect_uri, code_challenge, resource, scopes, limits, account_id,
         expires_at, grant_id"
    };
}

pub(crate) use {account_columns, code_columns};

/// The columns of [`GrantRow`], of a table `g`.
macro_rules! grant_columns {
    () => {
        "g.id AS grant_id, g.client_id, g.account_id, g.resource, g.scopes AS grant_scopes, g.limits,
         g.created_at, g.expires_at AS grant_expires_at, g.used_at, g.revoked_at, g.revocation_reason"
    };
}

pub(crate) use grant_columns;

fn time(what: &'static str, millis: i64) -> StoreResult<Timestamp> {
    Timestamp::from_millisecond(millis).map_err(|error| StoreError::corrupt(what, error))
}

fn hash(what: &'static str, bytes: &[u8]) -> StoreResult<TokenHash> {
    TokenHash::from_slice(bytes)
        .ok_or_else(|| StoreError::corrupt(what, "a hash has another length"))
}

fn id<T: FromStr>(what: &'static str, text: &str) -> StoreResult<T> {
    text.parse().map_err(|_| StoreError::corrupt(what, "an id has another form"))
}

fn limits(what: &'static str, json: &str) -> StoreResult<Limits> {
    serde_json::from_str(json).map_err(|error| StoreError::corrupt(what, error))
}

/// Limits as they are stored: JSON.
pub(crate) fn limits_json(limits: &Limits) -> StoreResult<String> {
    serde_json::to_string(limits).map_err(|error| StoreError::corrupt("grant", error))
}

/// A time as it is stored: epoch milliseconds.
pub(crate) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// A version or a fence as it is stored. They grow by one at a time from 0, so they always fit.
pub(crate) fn number(number: u64) -> StoreResult<i64> {
    i64::try_from(number).map_err(|error| StoreError::corrupt("account", error))
}

/// An account's id and version as they were stored.
pub(crate) fn account_version(account: &str, version: i64) -> StoreResult<(AccountId, u64)> {
    Ok((id("account", account)?, fence(version)?))
}

/// A fence (or a version) that was stored.
pub(crate) fn fence(stored: i64) -> StoreResult<u64> {
    u64::try_from(stored).map_err(|error| StoreError::corrupt("account", error))
}

/// How the right to refresh stands that could not be taken: `held` is the account's `lease_until`, if
/// there is an account to refresh.
pub(crate) fn lease(held: Option<(Option<i64>,)>, now: Timestamp) -> StoreResult<Lease> {
    Ok(match held {
        None => Lease::Moved,
        Some((Some(until),)) => Lease::Held { until: time("account", until)? },
        // It was given back between the two looks.
        Some((None,)) => Lease::Held { until: now },
    })
}

fn account_state(since: Option<i64>) -> StoreResult<AccountState> {
    Ok(match since {
        None => AccountState::Usable,
        Some(since) => AccountState::SignInRequired { since: time("account", since)? },
    })
}

#[derive(FromRow)]
pub(crate) struct ClientRow {
    record: String,
    secret_hash: Option<Vec<u8>>,
    used_at: Option<i64>,
}

impl ClientRow {
    pub(crate) fn decode(self) -> StoreResult<Client> {
        let mut client: Client = serde_json::from_str(&self.record)
            .map_err(|error| StoreError::corrupt("client", error))?;
        client.secret =
            self.secret_hash.as_deref().map(|bytes| hash("client", bytes)).transpose()?;
        client.used_at = self.used_at.map(|at| time("client", at)).transpose()?;
        Ok(client)
    }
}

/// A client as it is stored: JSON, but for its secret's hash and its use.
pub(crate) fn client_json(client: &Client) -> StoreResult<String> {
    serde_json::to_string(client).map_err(|error| StoreError::corrupt("client", error))
}

#[derive(FromRow)]
pub(crate) struct KeySetRow {
    keys: Option<String>,
    read_at: Option<i64>,
    asked_at: i64,
}

impl KeySetRow {
    pub(crate) fn decode(self) -> StoreResult<KeySet> {
        let read = match (self.keys, self.read_at) {
            (Some(keys), Some(at)) => {
                let keys = serde_json::from_str(&keys);
                let keys = keys.map_err(|error| StoreError::corrupt("key set", error))?;
                Some((keys, time("key set", at)?))
            }
            _ => None,
        };
        Ok(KeySet { read, asked_at: Some(time("key set", self.asked_at)?) })
    }
}

#[derive(FromRow)]
pub(crate) struct AccountRow {
    id: String,
    kind: String,
    authority: String,
    user_id: String,
    sealed_profile: Vec<u8>,
    sealed_credential: Vec<u8>,
    key_expires_at: Option<i64>,
    version: i64,
    sign_in_required_since: Option<i64>,
    refreshed_at: i64,
}

/// The sealed columns of an account.
#[derive(FromRow)]
pub(crate) struct SealedRow {
    pub(crate) id: String,
    pub(crate) sealed_profile: Vec<u8>,
    pub(crate) sealed_credential: Vec<u8>,
}

impl SealedRow {
    /// The same with the newest key, where an older one sealed it; counts what else was found.
    pub(crate) fn sealed_anew(
        &self,
        sealer: &Sealer,
        done: &mut Resealed,
    ) -> StoreResult<Option<Self>> {
        let anew = |column, sealed: &[u8]| sealer.seal_anew(&self.id, column, sealed);
        match (anew("profile", &self.sealed_profile)?, anew("credential", &self.sealed_credential)?)
        {
            (Opened::Value(None), Opened::Value(None)) => {
                done.already += 1;
                Ok(None)
            }
            (Opened::Value(profile), Opened::Value(credential)) => Ok(Some(Self {
                id: self.id.clone(),
                sealed_profile: profile.unwrap_or_else(|| self.sealed_profile.clone()),
                sealed_credential: credential.unwrap_or_else(|| self.sealed_credential.clone()),
            })),
            _ => {
                done.lost += 1;
                Ok(None)
            }
        }
    }
}

impl AccountRow {
    pub(crate) fn decode(self, sealer: &Sealer) -> StoreResult<Account> {
        let refreshed_at = time("account", self.refreshed_at)?;
        let expires = self.key_expires_at.map(|at| time("account", at)).transpose()?;
        let mut state = account_state(self.sign_in_required_since)?;
        let profile = match sealer.open_profile(&self.id, &self.sealed_profile)? {
            Opened::Value(profile) => profile,
            Opened::KeyGone => Profile { user_id: self.user_id, ..Profile::default() },
        };
        let credential = match sealer.open_credential(&self.id, &self.sealed_credential, expires)? {
            Opened::Value(credential) => credential,
            // Losing a key costs a sign-in, not an outage.
            Opened::KeyGone => {
                state = AccountState::SignInRequired { since: refreshed_at };
                Credential { key: Secret::new(""), session: None, key_expires_at: None }
            }
        };
        Ok(Account {
            id: id("account", &self.id)?,
            kind: AccountKind::parse(&self.kind)
                .ok_or_else(|| StoreError::corrupt("account", "its kind is unknown"))?,
            authority: self.authority,
            profile,
            credential,
            version: u64::try_from(self.version)
                .map_err(|error| StoreError::corrupt("account", error))?,
            state,
            refreshed_at,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct GrantRow {
    grant_id: String,
    client_id: String,
    account_id: String,
    resource: String,
    grant_scopes: String,
    limits: String,
    created_at: i64,
    grant_expires_at: i64,
    used_at: Option<i64>,
    revoked_at: Option<i64>,
    revocation_reason: Option<String>,
}

impl GrantRow {
    pub(crate) fn decode(self) -> StoreResult<Grant> {
        let state = match (self.revoked_at, self.revocation_reason) {
            (None, None) => GrantState::Active,
            (Some(at), Some(reason)) => GrantState::Revoked {
                at: time("grant", at)?,
                reason: RevocationReason::parse(&reason).ok_or_else(|| {
                    StoreError::corrupt("grant", "its revocation has an unknown reason")
                })?,
            },
            _ => {
                return Err(StoreError::corrupt("grant", "its revocation is half written"));
            }
        };
        Ok(Grant {
            id: id("grant", &self.grant_id)?,
            client: ClientId::new(self.client_id),
            account: id("grant", &self.account_id)?,
            resource: self.resource,
            scopes: Scopes::parse(&self.grant_scopes),
            limits: limits("grant", &self.limits)?,
            created_at: time("grant", self.created_at)?,
            expires_at: time("grant", self.grant_expires_at)?,
            used_at: self.used_at.map(|at| time("grant", at)).transpose()?,
            state,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct CodeRow {
    hash: Vec<u8>,
    client_id: String,
    redirect_uri: String,
    code_challenge: String,
    resource: String,
    scopes: String,
    limits: String,
    account_id: String,
    expires_at: i64,
    grant_id: Option<String>,
}

impl CodeRow {
    pub(crate) fn decode(self) -> StoreResult<AuthorizationCode> {
        Ok(AuthorizationCode {
            hash: hash("code", &self.hash)?,
            client: ClientId::new(self.client_id),
            redirect_uri: self.redirect_uri,
            code_challenge: self.code_challenge,
            resource: self.resource,
            scopes: Scopes::parse(&self.scopes),
            limits: limits("code", &self.limits)?,
            account: id("code", &self.account_id)?,
            expires_at: time("code", self.expires_at)?,
            state: match self.grant_id {
                None => CodeState::Issued,
                Some(grant) => CodeState::Redeemed(id("code", &grant)?),
            },
        })
    }
}

#[derive(FromRow)]
pub(crate) struct RefreshRow {
    hash: Vec<u8>,
    expires_at: i64,
    rotated_at: Option<i64>,
    reused_at: Option<i64>,
    successor_hash: Option<Vec<u8>>,
    sealed_successor: Option<Vec<u8>>,
    successor_used_at: Option<i64>,
    sign_in_required_since: Option<i64>,
    #[sqlx(flatten)]
    grant: GrantRow,
}

impl RefreshRow {
    pub(crate) fn decode(self) -> StoreResult<snappy_store::RefreshView> {
        let state = match (self.rotated_at, self.successor_hash, self.sealed_successor) {
            (None, None, None) => RefreshState::Current,
            (Some(at), Some(successor), Some(sealed_successor)) => RefreshState::Rotated {
                at: time("refresh token", at)?,
                successor: hash("refresh token", &successor)?,
                sealed_successor,
            },
            _ => {
                return Err(StoreError::corrupt("refresh token", "its rotation is half written"));
            }
        };
        let grant = self.grant.decode()?;
        Ok(snappy_store::RefreshView {
            token: RefreshToken {
                hash: hash("refresh token", &self.hash)?,
                grant: grant.id,
                expires_at: time("refresh token", self.expires_at)?,
                reused_at: self.reused_at.map(|at| time("refresh token", at)).transpose()?,
                state,
            },
            grant,
            account: account_state(self.sign_in_required_since)?,
            successor_used_at: self
                .successor_used_at
                .map(|at| time("refresh token", at))
                .transpose()?,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct AccessRow {
    hash: Vec<u8>,
    scopes: String,
    expires_at: i64,
    sign_in_required_since: Option<i64>,
    #[sqlx(flatten)]
    grant: GrantRow,
}

impl AccessRow {
    pub(crate) fn decode(self) -> StoreResult<snappy_store::AccessView> {
        let grant = self.grant.decode()?;
        Ok(snappy_store::AccessView {
            token: AccessToken {
                hash: hash("access token", &self.hash)?,
                grant: grant.id,
                scopes: Scopes::parse(&self.scopes),
                expires_at: time("access token", self.expires_at)?,
            },
            grant,
            account: account_state(self.sign_in_required_since)?,
        })
    }
}
