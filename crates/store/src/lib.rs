//! Storage traits, one for each aggregate, the records they keep, an in-memory backend, and the
//! contract that every backend must pass.
//!
//! The traits deal in plain records. Sealing and encoding are the backend's business; deciding is
//! the caller's: a method either reads, or makes one conditional change in one transaction and says
//! whether the condition held ([`Applied`]). So the rules live in one place and not in each SQL
//! dialect, and a lost race is an ordinary value.
//!
//! To add an aggregate: a record module, a trait here, the in-memory backend, the contract's cases,
//! then the SQL backends. To add a backend: implement [`Store`] and call `contract_tests!`.

pub mod account;
pub mod client;
#[cfg(feature = "contract")]
pub mod contract;
pub mod grant;
pub mod housekeeping;
pub mod memory;

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use snappy_domain::{AccountId, ClientId, GrantId, Timestamp, TokenHash};

pub use account::{
    Account, AccountKind, AccountState, Credential, LEASE_SLACK, Lease, NewAccount, Profile,
};
pub use client::{
    Client, ClientKeys, KEY_SETS_KEPT, KeySet, Machine, Registration, TokenEndpointAuth,
};
pub use grant::{
    ACCESS_TOKENS_OF_A_GRANT, AccessToken, AccessView, AuthorizationCode, CodeState, Grant,
    GrantState, NewGrant, RefreshState, RefreshToken, RefreshView, RevocationReason, Rotation,
};
pub use memory::MemoryStore;

/// Why storage could not answer. Always the operator's trouble, never the caller's.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The storage is out of reach or overloaded; trying again may work.
    #[error("the storage is not available: {0}")]
    Unavailable(String),
    /// A record is not what this program writes; trying again will not help.
    #[error("a stored {what} can't be read: {why}")]
    Corrupt {
        /// Which kind of record.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

impl StoreError {
    /// A record of a kind that can't be read.
    #[must_use]
    pub fn corrupt(what: &'static str, why: impl ToString) -> Self {
        Self::Corrupt { what, why: why.to_string() }
    }
}

/// What a storage call gives.
pub type StoreResult<T> = Result<T, StoreError>;

/// Whether a conditional change was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Applied {
    /// The condition held; the change is durable.
    Yes,
    /// Somebody else was first, or the thing is gone; nothing was changed. Read again and decide.
    No,
}

/// OAuth clients.
#[async_trait]
pub trait ClientStore: Send + Sync + Debug {
    /// Keeps a new client. Its id must be new.
    async fn add_client(&self, client: &Client) -> StoreResult<()>;
    /// Keeps a client as it is now; when it was first used stays.
    async fn put_client(&self, client: &Client) -> StoreResult<()>;
    /// The client with this id.
    async fn client(&self, id: &ClientId) -> StoreResult<Option<Client>>;
    /// All clients, oldest first.
    async fn clients(&self) -> StoreResult<Vec<Client>>;
    /// Removes a client and revokes its grants; `No` when there is none.
    async fn remove_client(&self, id: &ClientId, at: Timestamp) -> StoreResult<Applied>;
    /// Remembers that a person has authorized this client, so that it is never cleaned up.
    async fn mark_client_used(&self, id: &ClientId, at: Timestamp) -> StoreResult<()>;
    /// Removes clients that came by themselves before `before` and that nobody ever authorized, and
    /// says how many.
    async fn purge_unused_clients(&self, before: Timestamp) -> StoreResult<u64>;
    /// Keeps another hash of the same secret, if the stored one is still `seen`.
    async fn rehash_secret(
        &self,
        id: &ClientId,
        seen: &TokenHash,
        hash: &TokenHash,
    ) -> StoreResult<Applied>;
    /// Puts `machine` in the place of what the client may have for itself, if that is still `seen`.
    async fn replace_machine(
        &self,
        id: &ClientId,
        seen: &Machine,
        machine: &Machine,
    ) -> StoreResult<Applied>;
    /// What is known of the key set at an address.
    async fn key_set(&self, uri: &str) -> StoreResult<KeySet>;
    /// Notes that an address is about to be asked for its key set, unless it was after `since`.
    async fn ask_key_set(&self, uri: &str, since: Timestamp, at: Timestamp)
    -> StoreResult<Applied>;
    /// Keeps the key set that was read; `None` when what stands there is none.
    async fn put_key_set(&self, uri: &str, set: Option<&Value>, at: Timestamp) -> StoreResult<()>;
    /// Remembers an assertion's id (RFC 7523 §3, `jti`) until `until`; `No` when it was seen before.
    async fn use_assertion(&self, id: &TokenHash, until: Timestamp) -> StoreResult<Applied>;
}

/// Connected Xano accounts and their credentials.
#[async_trait]
pub trait AccountStore: Send + Sync + Debug {
    /// Keeps what a completed sign-in gave: makes the account (with `new_id`) or, when it renews one
    /// ([`NewAccount::renews`]), replaces the credential and revives it. The version always grows.
    async fn sign_in(&self, new_id: AccountId, account: &NewAccount) -> StoreResult<Account>;
    /// The account with this id.
    async fn account(&self, id: AccountId) -> StoreResult<Option<Account>>;
    /// Takes the right to refresh the credential of version `seen`, until `until`, unless somebody
    /// else has it at `now`. A right that lasts longer than `until` by more than [`LEASE_SLACK`] was
    /// given by a clock that is wrong, and does not count.
    async fn lease_refresh(
        &self,
        id: AccountId,
        seen: u64,
        now: Timestamp,
        until: Timestamp,
    ) -> StoreResult<Lease>;
    /// Keeps the right until `until`, if it is still the one of that fence.
    async fn extend_lease(
        &self,
        id: AccountId,
        fence: u64,
        until: Timestamp,
    ) -> StoreResult<Applied>;
    /// Gives the right back, if it is still the one of that fence.
    async fn release_lease(&self, id: AccountId, fence: u64) -> StoreResult<()>;
    /// Replaces the credential if the version is still `seen` and nobody has taken the right to
    /// refresh since `fence`; the version becomes `seen + 1` and the right is given back.
    async fn replace_credential(
        &self,
        id: AccountId,
        seen: u64,
        fence: u64,
        credential: &Credential,
        at: Timestamp,
    ) -> StoreResult<Applied>;
    /// Marks the account as needing a person, under the same conditions.
    async fn require_sign_in(
        &self,
        id: AccountId,
        seen: u64,
        fence: u64,
        at: Timestamp,
    ) -> StoreResult<Applied>;
    /// Waits until somebody else may have changed the account or given its right back, `at_most` so
    /// long. May come back sooner for no reason.
    async fn wait_for_account(&self, id: AccountId, at_most: Duration) -> StoreResult<()>;
    /// Usable accounts of people whose key can be renewed and ends from `from` on and before
    /// `before`, with their versions, if a connection of theirs was used since `since`: those that end first, at most
    /// `most`.
    async fn ending_keys(
        &self,
        from: Timestamp,
        before: Timestamp,
        since: Timestamp,
        most: u32,
    ) -> StoreResult<Vec<(AccountId, u64)>>;
    /// Shortens the life of the credential's key to end at `until`, whatever the version.
    async fn limit_key_life(&self, id: AccountId, until: Timestamp) -> StoreResult<()>;
}

/// Authorization codes, grants, and the tokens of a grant.
#[async_trait]
pub trait GrantStore: Send + Sync + Debug {
    /// Keeps a new code.
    async fn add_code(&self, code: &AuthorizationCode) -> StoreResult<()>;
    /// The code stored under one of these hashes.
    async fn code(&self, hashes: &[TokenHash]) -> StoreResult<Option<AuthorizationCode>>;
    /// Redeems a code that was not redeemed before: marks it and keeps the grant with its first
    /// tokens, all or nothing.
    async fn redeem(&self, code: &TokenHash, grant: &NewGrant) -> StoreResult<Applied>;
    /// The grant with this id.
    async fn grant(&self, id: GrantId) -> StoreResult<Option<Grant>>;
    /// The active grants of an account that have not expired at `now`, newest first.
    async fn grants_of(&self, account: AccountId, now: Timestamp) -> StoreResult<Vec<Grant>>;
    /// Remembers that a grant is in use.
    async fn touch_grant(&self, id: GrantId, at: Timestamp) -> StoreResult<()>;
    /// The refresh token stored under one of these hashes, with its grant.
    async fn refresh_token(&self, hashes: &[TokenHash]) -> StoreResult<Option<RefreshView>>;
    /// Makes a successor of the current refresh token of an active grant: all or nothing.
    async fn rotate(&self, rotation: &Rotation) -> StoreResult<Applied>;
    /// The client's active grant for the same account and resource with the same scopes and limits
    /// that lasts beyond `until`; `grant` is kept and given when there is none. `None` when the
    /// client is gone.
    async fn machine_grant(&self, grant: &Grant, until: Timestamp) -> StoreResult<Option<Grant>>;
    /// Keeps another access token of an active grant. With more than [`ACCESS_TOKENS_OF_A_GRANT`],
    /// those that end first are dropped; so it is wherever an access token is kept.
    async fn add_access_token(&self, token: &AccessToken) -> StoreResult<Applied>;
    /// Keeps an access token that a superseded refresh token of an active grant was answered with;
    /// the superseded one's `reused_at` and `expires_at` become those of `reused`.
    async fn reuse(
        &self,
        reused: &RefreshToken,
        at: Timestamp,
        access: &AccessToken,
    ) -> StoreResult<Applied>;
    /// The access token stored under one of these hashes, with its grant and its account's state.
    async fn access_token(&self, hashes: &[TokenHash]) -> StoreResult<Option<AccessView>>;
    /// Shortens the life of an access token to end at `until`.
    async fn limit_access_life(&self, token: &TokenHash, until: Timestamp) -> StoreResult<()>;
    /// Removes one access token.
    async fn remove_access_token(&self, token: &TokenHash) -> StoreResult<()>;
    /// Revokes a grant with all its tokens. Revoking twice keeps the first reason.
    async fn revoke_grant(
        &self,
        id: GrantId,
        reason: RevocationReason,
        at: Timestamp,
    ) -> StoreResult<Applied>;
    /// Revokes all active grants, and says how many.
    async fn revoke_all_grants(&self, reason: RevocationReason, at: Timestamp) -> StoreResult<u64>;
    /// Removes what has expired before `now` and can never matter again, and says how many rows.
    async fn purge_expired(&self, now: Timestamp) -> StoreResult<u64>;
}

/// What came of sealing everything anew.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Accounts that an older key had sealed.
    pub renewed: u64,
    /// Accounts that the newest key had sealed.
    pub already: u64,
    /// Accounts that none of the keys opens: their people sign in again.
    pub lost: u64,
}

/// A whole backend.
#[async_trait]
pub trait Store: ClientStore + AccountStore + GrantStore {
    /// Whether the storage answers and can be written.
    async fn check(&self) -> StoreResult<()>;
    /// Seals with the newest key what an older one has sealed, while everything goes on.
    async fn reseal(&self) -> StoreResult<Resealed>;
    /// Ends after what is under way; nothing works afterwards.
    async fn close(&self);
}
