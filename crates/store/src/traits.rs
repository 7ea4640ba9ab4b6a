//! The storage traits, one for each aggregate.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use snappy_domain::{ClientId, CredentialId, GrantId, PersonId, Timestamp, TokenHash};

use crate::{
    AccessToken, Admitted, AuthorizationCode, Client, Credential, CredentialKind, CredentialSecret,
    Fork, Grant, Identity, KeySet, Lease, NewCredential, NewGrant, RefreshToken, RefreshView,
    RevocationReason, Rotation, ServiceAccount, StoreResult, TokenRef, UpstreamClient,
};

/// Whether a conditional change was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Applied {
    /// The condition held, now or when the same change was made before; the change is durable.
    Yes,
    /// Somebody else was first, or the thing is gone; nothing was changed. Read again and decide.
    No,
}

impl Applied {
    /// `Yes` when a condition held.
    pub const fn when(held: bool) -> Self {
        if held { Self::Yes } else { Self::No }
    }
}

/// Maps identities to people.
#[async_trait]
pub trait Directory: Send + Sync + Debug {
    /// The person of an identity: the one that is known, or a new one with the id `proposed`.
    async fn person(
        &self,
        identity: &Identity,
        proposed: PersonId,
        at: Timestamp,
    ) -> StoreResult<PersonId>;
}

/// OAuth clients, and what belongs to one: its key set, the assertions that it has used.
#[async_trait]
pub trait ClientStore: Send + Sync + Debug {
    /// Keeps a new client. Its id must be new.
    async fn add_client(&self, client: &Client) -> StoreResult<()>;
    /// Keeps a client as it is now, except for its first use, which stays.
    async fn put_client(&self, client: &Client) -> StoreResult<()>;
    async fn client(&self, id: &ClientId) -> StoreResult<Option<Client>>;
    /// Removes a client and revokes its grants; `No` when there is none.
    async fn remove_client(&self, id: &ClientId, at: Timestamp) -> StoreResult<Applied>;
    /// Remembers that a person uses this client, so that it is never cleaned up and its grants can be
    /// found; `No` when there is no such client. Called before a code or a grant is made.
    async fn note_client_use(
        &self,
        id: &ClientId,
        person: PersonId,
        at: Timestamp,
    ) -> StoreResult<Applied>;
    /// Keeps another hash of the same secret, if the stored one is still `seen`.
    async fn rehash_secret(
        &self,
        id: &ClientId,
        seen: &TokenHash,
        hash: &TokenHash,
    ) -> StoreResult<Applied>;
    /// Replaces the client's service account, if it is still `seen`.
    async fn replace_service_account(
        &self,
        id: &ClientId,
        seen: &ServiceAccount,
        new: &ServiceAccount,
    ) -> StoreResult<Applied>;
    /// What is known of the key set at a URL of the client.
    async fn key_set(&self, client: &ClientId, uri: &str) -> StoreResult<KeySet>;
    /// Notes that a URL is about to be requested for its key set, unless it was after `since`.
    async fn ask_key_set(
        &self,
        client: &ClientId,
        uri: &str,
        since: Timestamp,
        at: Timestamp,
    ) -> StoreResult<Applied>;
    /// Keeps the key set that was read; `None` when there is none at the URL.
    async fn put_key_set(
        &self,
        client: &ClientId,
        uri: &str,
        set: Option<&Value>,
        at: Timestamp,
    ) -> StoreResult<()>;
    /// Remembers an assertion (RFC 7523 §3, `jti`) until `until`; `No` when another `request` used it
    /// before.
    async fn use_assertion(
        &self,
        client: &ClientId,
        assertion: &TokenHash,
        request: &TokenHash,
        until: Timestamp,
    ) -> StoreResult<Applied>;
}

/// The credentials of a person.
#[async_trait]
pub trait CredentialStore: Send + Sync + Debug {
    /// Keeps what a completed sign-in gave: makes a credential (with `new_id`) or, when it renews one
    /// ([`NewCredential::renews`]), replaces its secrets and revives it. The version always grows.
    async fn sign_in(
        &self,
        person: PersonId,
        new_id: CredentialId,
        new: &NewCredential,
    ) -> StoreResult<Credential>;
    /// The person's credentials, except removed ones, oldest first.
    async fn credentials_of(&self, person: PersonId) -> StoreResult<Vec<Credential>>;
    /// Removes a credential of version `seen` with its secrets; `No` when there is none of that version. A
    /// credential that is removed already stays so (`Yes`). The record is kept for [`REMOVED_KEPT`](crate::REMOVED_KEPT),
    /// and while a grant has it as its first. The next sign-in makes another one.
    async fn remove_credential(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
        at: Timestamp,
    ) -> StoreResult<Applied>;
    /// The person's credential with this id.
    async fn credential(
        &self,
        person: PersonId,
        id: CredentialId,
    ) -> StoreResult<Option<Credential>>;
    /// Takes the right to refresh the credential of version `seen`, until `until`, unless somebody
    /// else has it at `now`. A lease that lasts longer than `until` by more than [`LEASE_SLACK`](crate::LEASE_SLACK) was
    /// taken by a wrong clock, and does not count.
    async fn lease_refresh(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
        now: Timestamp,
        until: Timestamp,
    ) -> StoreResult<Lease>;
    /// Extends the lease of this fence to `until`, if it is still held.
    async fn extend_lease(
        &self,
        person: PersonId,
        id: CredentialId,
        fence: u64,
        until: Timestamp,
    ) -> StoreResult<Applied>;
    /// Gives the lease of this fence back, if it is still held.
    async fn release_lease(
        &self,
        person: PersonId,
        id: CredentialId,
        fence: u64,
    ) -> StoreResult<()>;
    /// Replaces the secrets if the version is still `seen` and nobody has taken the lease since
    /// `fence`; the version becomes `seen + 1` and the lease is given back. Without a fence the version alone
    /// decides: for secrets whose predecessors can't be used any more, whoever holds the lease.
    async fn replace_credential(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
        fence: Option<u64>,
        secret: &CredentialSecret,
        at: Timestamp,
    ) -> StoreResult<Applied>;
    /// Marks the credential as needing a sign-in, under the same conditions.
    async fn require_sign_in(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
        fence: u64,
        at: Timestamp,
    ) -> StoreResult<Applied>;
    /// Waits until somebody else may have changed the credential or given its lease back, for at most
    /// `at_most`. May return sooner for no reason.
    async fn wait_for_credential(
        &self,
        person: PersonId,
        id: CredentialId,
        at_most: Duration,
    ) -> StoreResult<()>;
    /// Shortens the life of the credential's bearer to end at `until`, whatever the version.
    async fn limit_credential_life(
        &self,
        person: PersonId,
        id: CredentialId,
        until: Timestamp,
    ) -> StoreResult<()>;
}

/// The grants of a person: authorization codes, grants, and the tokens of a grant.
#[async_trait]
pub trait GrantStore: Send + Sync + Debug {
    /// Keeps a new code.
    async fn add_code(&self, code: &AuthorizationCode) -> StoreResult<()>;
    async fn code(&self, code: &TokenRef) -> StoreResult<Option<AuthorizationCode>>;
    /// Redeems a code that was not redeemed before: marks it and keeps the grant with its first tokens,
    /// all or nothing.
    async fn redeem(&self, code: &TokenHash, grant: &NewGrant) -> StoreResult<Applied>;
    /// The person's grant with this id.
    async fn grant(&self, person: PersonId, id: GrantId) -> StoreResult<Option<Grant>>;
    /// The person's valid grants that have not expired at `now`, newest first.
    async fn grants_of(&self, person: PersonId, now: Timestamp) -> StoreResult<Vec<Grant>>;
    /// Changes which credentials a valid grant may use; there must be at least one.
    async fn set_grant_credentials(
        &self,
        person: PersonId,
        id: GrantId,
        credentials: &[CredentialId],
    ) -> StoreResult<Applied>;
    /// Remembers when a grant was used.
    async fn touch_grant(&self, person: PersonId, id: GrantId, at: Timestamp) -> StoreResult<()>;
    /// Remembers whether the grant's client opens URLs for the person ([`Grant::elicits_urls`]).
    async fn note_elicitation(
        &self,
        person: PersonId,
        id: GrantId,
        elicits_urls: bool,
    ) -> StoreResult<()>;
    /// Remembers that two parties used a refresh token of the grant, in place of an earlier time ([`Grant::fork`]).
    async fn note_fork(&self, person: PersonId, id: GrantId, fork: &Fork) -> StoreResult<()>;
    async fn refresh_token(&self, token: &TokenRef) -> StoreResult<Option<RefreshView>>;
    /// Makes a successor of the current refresh token of a valid grant: all or nothing.
    async fn rotate(&self, person: PersonId, rotation: &Rotation) -> StoreResult<Applied>;
    /// The client's valid grant for the same person, credentials and resource with the same scopes and
    /// limits that lasts beyond `until`; `grant` is kept and given when there is none. `None` when
    /// the client is gone.
    async fn service_grant(&self, grant: &Grant, until: Timestamp) -> StoreResult<Option<Grant>>;
    /// Keeps another access token of a valid grant. With more than [the limit](crate::MAX_ACCESS_TOKENS_PER_GRANT),
    /// those that end first are dropped; so it is wherever an access token is kept.
    async fn add_access_token(&self, person: PersonId, token: &AccessToken)
    -> StoreResult<Applied>;
    /// Keeps an access token that a superseded refresh token of a valid grant was answered with;
    /// the superseded one's `reused_at` and `expires_at` become those of `reused`.
    async fn reuse(
        &self,
        person: PersonId,
        reused: &RefreshToken,
        at: Timestamp,
        access: &AccessToken,
    ) -> StoreResult<Applied>;
    /// The access token with its grant and the grant's credentials: all that a call needs, in one read when
    /// there is one credential.
    async fn admit(&self, token: &TokenRef) -> StoreResult<Option<Admitted>>;
    /// Shortens the life of an access token to end at `until`.
    async fn limit_access_life(
        &self,
        person: PersonId,
        token: &TokenHash,
        until: Timestamp,
    ) -> StoreResult<()>;
    async fn remove_access_token(&self, person: PersonId, token: &TokenHash) -> StoreResult<()>;
    /// Revokes a grant with all its tokens; `No` when it was revoked before, with the first reason.
    async fn revoke_grant(
        &self,
        person: PersonId,
        id: GrantId,
        reason: RevocationReason,
        at: Timestamp,
    ) -> StoreResult<Applied>;
}

/// The clients that this deployment is at authorization servers of upstreams.
#[async_trait]
pub trait UpstreamClientStore: Send + Sync + Debug {
    /// The client for an authorization server and a redirect URI.
    async fn upstream_client(
        &self,
        issuer: &str,
        redirect_uri: &str,
    ) -> StoreResult<Option<UpstreamClient>>;
    /// Keeps a client, if the one that is kept still has the id `seen` (`None`: there is none).
    async fn replace_upstream_client(
        &self,
        seen: Option<&str>,
        new: &UpstreamClient,
    ) -> StoreResult<Applied>;
    /// Forgets the client with this id at an authorization server; `No` when there is none.
    async fn forget_upstream_client(&self, issuer: &str, client_id: &str) -> StoreResult<Applied>;
}

/// Which credentials [`Sweeps::expiring_credentials`] finds.
#[derive(Debug, Clone, Copy)]
pub struct Expiring {
    pub kind: CredentialKind,
    /// Their bearer ends at this time or later.
    pub from: Timestamp,
    /// Their bearer ends before this time.
    pub before: Timestamp,
    /// A grant of their person was used since.
    pub used_since: Timestamp,
}

/// Work over the whole deployment. Everything that may be long is done in parts of at most `most`
/// records: repeat a call until it does less.
#[async_trait]
pub trait Sweeps: Send + Sync + Debug {
    /// All clients, oldest first.
    async fn clients(&self) -> StoreResult<Vec<Client>>;
    async fn owner_of_grant(&self, id: GrantId) -> StoreResult<Option<PersonId>>;
    /// Usable, renewable credentials that end soon, with their versions: those that end first.
    async fn expiring_credentials(
        &self,
        which: &Expiring,
        most: u32,
    ) -> StoreResult<Vec<(PersonId, CredentialId, u64)>>;
    /// Credentials of a kind that the service refused after `since`, with their versions: those refused last.
    async fn refused_credentials(
        &self,
        kind: CredentialKind,
        since: Timestamp,
        most: u32,
    ) -> StoreResult<Vec<(PersonId, CredentialId, u64)>>;
    /// Removes clients that were registered before `before` without the operator and that nobody ever
    /// used; gives how many.
    async fn purge_unused_clients(&self, before: Timestamp, most: u32) -> StoreResult<u64>;
    /// Removes what has expired before `now` and can never matter again; gives how many records.
    async fn purge_expired(&self, now: Timestamp, most: u32) -> StoreResult<u64>;
    /// Revokes valid grants; gives how many.
    async fn revoke_grants(
        &self,
        reason: RevocationReason,
        at: Timestamp,
        most: u32,
    ) -> StoreResult<u64>;
    /// Re-encrypts with the newest key what an older one has sealed, for the credentials behind
    /// `after` in the order of their ids.
    async fn reseal(&self, after: Option<CredentialId>, most: u32) -> StoreResult<Resealed>;
}

/// The result of re-encrypting some credentials.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Credentials that an older key had sealed.
    pub renewed: u64,
    /// Credentials that the newest key had sealed already.
    pub already: u64,
    /// Credentials that none of the keys opens: their people must sign in again.
    pub lost: u64,
    /// The last one that was looked at; `None` when there were none left.
    pub last: Option<CredentialId>,
}

/// A whole backend.
#[async_trait]
pub trait Store:
    Directory + ClientStore + CredentialStore + GrantStore + UpstreamClientStore + Sweeps
{
    /// Whether the storage answers and can be written.
    async fn check(&self) -> StoreResult<()>;
    /// Ends after what is in progress; nothing works afterwards.
    async fn close(&self);
}
