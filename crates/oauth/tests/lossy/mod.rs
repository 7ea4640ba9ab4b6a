//! An in-memory store that makes changes of grants and does not answer.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use snappy_domain::{ClientId, CredentialId, GrantId, PersonId, Timestamp, TokenHash};
use snappy_store::*;

#[derive(Debug)]
pub(crate) struct Lossy {
    inner: MemoryStore,
    lost: AtomicUsize,
}

impl Lossy {
    pub(crate) fn new(inner: MemoryStore) -> Self {
        Self { inner, lost: AtomicUsize::new(0) }
    }

    /// The next so many answers to `redeem` and `rotate` are lost.
    pub(crate) fn lose_answers(&self, times: usize) {
        self.lost.store(times, Ordering::SeqCst);
    }

    fn answer<T>(&self, answer: StoreResult<T>) -> StoreResult<T> {
        let lose = |left: usize| left.checked_sub(1);
        match self.lost.fetch_update(Ordering::SeqCst, Ordering::SeqCst, lose) {
            Ok(_) => Err(StoreError::Unavailable("the answer was lost".into())),
            Err(_) => answer,
        }
    }
}

#[async_trait]
impl Directory for Lossy {
    async fn person(
        &self,
        identity: &Identity,
        proposed: PersonId,
        at: Timestamp,
    ) -> StoreResult<PersonId> {
        self.inner.person(identity, proposed, at).await
    }
}

#[async_trait]
impl ClientStore for Lossy {
    async fn add_client(&self, client: &Client) -> StoreResult<()> {
        self.inner.add_client(client).await
    }
    async fn put_client(&self, client: &Client) -> StoreResult<()> {
        self.inner.put_client(client).await
    }
    async fn client(&self, id: &ClientId) -> StoreResult<Option<Client>> {
        self.inner.client(id).await
    }
    async fn remove_client(&self, id: &ClientId, at: Timestamp) -> StoreResult<Applied> {
        self.inner.remove_client(id, at).await
    }
    async fn note_client_use(
        &self,
        id: &ClientId,
        person: PersonId,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        self.inner.note_client_use(id, person, at).await
    }
    async fn rehash_secret(
        &self,
        id: &ClientId,
        seen: &TokenHash,
        hash: &TokenHash,
    ) -> StoreResult<Applied> {
        self.inner.rehash_secret(id, seen, hash).await
    }
    async fn replace_service_account(
        &self,
        id: &ClientId,
        seen: &ServiceAccount,
        new: &ServiceAccount,
    ) -> StoreResult<Applied> {
        self.inner.replace_service_account(id, seen, new).await
    }
    async fn key_set(&self, client: &ClientId, uri: &str) -> StoreResult<KeySet> {
        self.inner.key_set(client, uri).await
    }
    async fn ask_key_set(
        &self,
        client: &ClientId,
        uri: &str,
        since: Timestamp,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        self.inner.ask_key_set(client, uri, since, at).await
    }
    async fn put_key_set(
        &self,
        client: &ClientId,
        uri: &str,
        set: Option<&Value>,
        at: Timestamp,
    ) -> StoreResult<()> {
        self.inner.put_key_set(client, uri, set, at).await
    }
    async fn use_assertion(
        &self,
        client: &ClientId,
        assertion: &TokenHash,
        request: &TokenHash,
        until: Timestamp,
    ) -> StoreResult<Applied> {
        self.inner.use_assertion(client, assertion, request, until).await
    }
}

#[async_trait]
impl CredentialStore for Lossy {
    async fn sign_in(
        &self,
        person: PersonId,
        new_id: CredentialId,
        new: &NewCredential,
    ) -> StoreResult<Credential> {
        self.inner.sign_in(person, new_id, new).await
    }
    async fn credentials_of(&self, person: PersonId) -> StoreResult<Vec<Credential>> {
        self.inner.credentials_of(person).await
    }
    async fn remove_credential(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        self.inner.remove_credential(person, id, seen, at).await
    }
    async fn credential(
        &self,
        person: PersonId,
        id: CredentialId,
    ) -> StoreResult<Option<Credential>> {
        self.inner.credential(person, id).await
    }
    async fn lease_refresh(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
        now: Timestamp,
        until: Timestamp,
    ) -> StoreResult<Lease> {
        self.inner.lease_refresh(person, id, seen, now, until).await
    }
    async fn extend_lease(
        &self,
        person: PersonId,
        id: CredentialId,
        fence: u64,
        until: Timestamp,
    ) -> StoreResult<Applied> {
        self.inner.extend_lease(person, id, fence, until).await
    }
    async fn release_lease(
        &self,
        person: PersonId,
        id: CredentialId,
        fence: u64,
    ) -> StoreResult<()> {
        self.inner.release_lease(person, id, fence).await
    }
    async fn replace_credential(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
        fence: Option<u64>,
        secret: &CredentialSecret,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        self.inner.replace_credential(person, id, seen, fence, secret, at).await
    }
    async fn require_sign_in(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
        fence: u64,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        self.inner.require_sign_in(person, id, seen, fence, at).await
    }
    async fn wait_for_credential(
        &self,
        person: PersonId,
        id: CredentialId,
        at_most: Duration,
    ) -> StoreResult<()> {
        self.inner.wait_for_credential(person, id, at_most).await
    }
    async fn limit_credential_life(
        &self,
        person: PersonId,
        id: CredentialId,
        until: Timestamp,
    ) -> StoreResult<()> {
        self.inner.limit_credential_life(person, id, until).await
    }
}

#[async_trait]
impl GrantStore for Lossy {
    async fn add_code(&self, code: &AuthorizationCode) -> StoreResult<()> {
        self.inner.add_code(code).await
    }
    async fn code(&self, code: &TokenRef) -> StoreResult<Option<AuthorizationCode>> {
        self.inner.code(code).await
    }
    async fn redeem(&self, code: &TokenHash, grant: &NewGrant) -> StoreResult<Applied> {
        self.answer(self.inner.redeem(code, grant).await)
    }
    async fn grant(&self, person: PersonId, id: GrantId) -> StoreResult<Option<Grant>> {
        self.inner.grant(person, id).await
    }
    async fn grants_of(&self, person: PersonId, now: Timestamp) -> StoreResult<Vec<Grant>> {
        self.inner.grants_of(person, now).await
    }
    async fn set_grant_credentials(
        &self,
        person: PersonId,
        id: GrantId,
        credentials: &[CredentialId],
    ) -> StoreResult<Applied> {
        self.inner.set_grant_credentials(person, id, credentials).await
    }
    async fn touch_grant(&self, person: PersonId, id: GrantId, at: Timestamp) -> StoreResult<()> {
        self.inner.touch_grant(person, id, at).await
    }
    async fn note_elicitation(
        &self,
        person: PersonId,
        id: GrantId,
        elicits_urls: bool,
    ) -> StoreResult<()> {
        self.inner.note_elicitation(person, id, elicits_urls).await
    }
    async fn note_fork(&self, person: PersonId, id: GrantId, fork: &Fork) -> StoreResult<()> {
        self.inner.note_fork(person, id, fork).await
    }
    async fn refresh_token(&self, token: &TokenRef) -> StoreResult<Option<RefreshView>> {
        self.inner.refresh_token(token).await
    }
    async fn rotate(&self, person: PersonId, rotation: &Rotation) -> StoreResult<Applied> {
        self.answer(self.inner.rotate(person, rotation).await)
    }
    async fn service_grant(&self, grant: &Grant, until: Timestamp) -> StoreResult<Option<Grant>> {
        self.inner.service_grant(grant, until).await
    }
    async fn add_access_token(
        &self,
        person: PersonId,
        token: &AccessToken,
    ) -> StoreResult<Applied> {
        self.inner.add_access_token(person, token).await
    }
    async fn reuse(
        &self,
        person: PersonId,
        reused: &RefreshToken,
        at: Timestamp,
        access: &AccessToken,
    ) -> StoreResult<Applied> {
        self.inner.reuse(person, reused, at, access).await
    }
    async fn admit(&self, token: &TokenRef) -> StoreResult<Option<Admitted>> {
        self.inner.admit(token).await
    }
    async fn limit_access_life(
        &self,
        person: PersonId,
        token: &TokenHash,
        until: Timestamp,
    ) -> StoreResult<()> {
        self.inner.limit_access_life(person, token, until).await
    }
    async fn remove_access_token(&self, person: PersonId, token: &TokenHash) -> StoreResult<()> {
        self.inner.remove_access_token(person, token).await
    }
    async fn revoke_grant(
        &self,
        person: PersonId,
        id: GrantId,
        reason: RevocationReason,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        self.inner.revoke_grant(person, id, reason, at).await
    }
}

#[async_trait]
impl UpstreamClientStore for Lossy {
    async fn upstream_client(
        &self,
        issuer: &str,
        redirect_uri: &str,
    ) -> StoreResult<Option<UpstreamClient>> {
        self.inner.upstream_client(issuer, redirect_uri).await
    }
    async fn replace_upstream_client(
        &self,
        seen: Option<&str>,
        new: &UpstreamClient,
    ) -> StoreResult<Applied> {
        self.inner.replace_upstream_client(seen, new).await
    }
    async fn forget_upstream_client(&self, issuer: &str, client_id: &str) -> StoreResult<Applied> {
        self.inner.forget_upstream_client(issuer, client_id).await
    }
}

#[async_trait]
impl Sweeps for Lossy {
    async fn clients(&self) -> StoreResult<Vec<Client>> {
        self.inner.clients().await
    }
    async fn owner_of_grant(&self, id: GrantId) -> StoreResult<Option<PersonId>> {
        self.inner.owner_of_grant(id).await
    }
    async fn expiring_credentials(
        &self,
        which: &Expiring,
        most: u32,
    ) -> StoreResult<Vec<(PersonId, CredentialId, u64)>> {
        self.inner.expiring_credentials(which, most).await
    }
    async fn refused_credentials(
        &self,
        kind: CredentialKind,
        since: Timestamp,
        most: u32,
    ) -> StoreResult<Vec<(PersonId, CredentialId, u64)>> {
        self.inner.refused_credentials(kind, since, most).await
    }
    async fn purge_unused_clients(&self, before: Timestamp, most: u32) -> StoreResult<u64> {
        self.inner.purge_unused_clients(before, most).await
    }
    async fn purge_expired(&self, now: Timestamp, most: u32) -> StoreResult<u64> {
        self.inner.purge_expired(now, most).await
    }
    async fn revoke_grants(
        &self,
        reason: RevocationReason,
        at: Timestamp,
        most: u32,
    ) -> StoreResult<u64> {
        self.inner.revoke_grants(reason, at, most).await
    }
    async fn reseal(&self, after: Option<CredentialId>, most: u32) -> StoreResult<Resealed> {
        self.inner.reseal(after, most).await
    }
}

#[async_trait]
impl Store for Lossy {
    async fn check(&self) -> StoreResult<()> {
        self.inner.check().await
    }
    async fn close(&self) {
        self.inner.close().await;
    }
}
