//! The in-memory backend: for tests, and the reference for the other backends.

mod clients;
mod credentials;
mod grants;
mod sweeps;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use snappy_domain::{ClientId, CredentialId, GrantId, PersonId, Timestamp, TokenHash};

use crate::{
    AccessToken, Applied, AuthorizationCode, Client, Credential, Directory, Grant, GrantState,
    Identity, KeySet, MAX_ACCESS_TOKENS_PER_GRANT, RefreshToken, Store, StoreError, StoreResult,
    UpstreamClient, UpstreamClientStore,
};

/// Everything in one process's memory, behind one lock.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Tables>);

#[derive(Debug, Default)]
struct Tables {
    people: HashMap<Identity, PersonId>,
    clients: HashMap<ClientId, Client>,
    credentials: HashMap<CredentialId, Credential>,
    codes: HashMap<TokenHash, AuthorizationCode>,
    grants: HashMap<GrantId, Grant>,
    refresh: HashMap<TokenHash, RefreshToken>,
    access: HashMap<TokenHash, AccessToken>,
    /// By client and assertion: the request that used it, and until when that is remembered.
    assertions: HashMap<(ClientId, TokenHash), (TokenHash, Timestamp)>,
    key_sets: HashMap<(ClientId, String), KeySet>,
    /// The newest fence of a credential's lease, and until when it is held.
    leases: HashMap<CredentialId, (u64, Option<Timestamp>)>,
    /// By issuer and redirect URI.
    upstream_clients: HashMap<(String, String), UpstreamClient>,
}

impl Tables {
    fn active_grant(&self, id: GrantId) -> bool {
        self.grants.get(&id).is_some_and(|grant| grant.state == GrantState::Active)
    }

    /// The credential, if its version and its newest fence are these.
    fn leased(&mut self, id: CredentialId, seen: u64, fence: u64) -> Option<&mut Credential> {
        let newest = self.leases.get(&id).is_some_and(|(newest, _)| *newest == fence);
        self.credentials.get_mut(&id).filter(|credential| newest && credential.version == seen)
    }

    fn release(&mut self, id: CredentialId, fence: u64) {
        if let Some((newest, held)) = self.leases.get_mut(&id)
            && *newest == fence
        {
            *held = None;
        }
    }

    fn keep_access(&mut self, token: &AccessToken) {
        let of_grant =
            |other: &&AccessToken| other.grant == token.grant && other.hash != token.hash;
        let mut others: Vec<_> = self.access.values().filter(of_grant).collect();
        others.sort_by_key(|other| std::cmp::Reverse(other.expires_at));
        let dropped = others.iter().skip(MAX_ACCESS_TOKENS_PER_GRANT - 1);
        for hash in dropped.map(|other| other.hash).collect::<Vec<_>>() {
            self.access.remove(&hash);
        }
        self.access.insert(token.hash, token.clone());
    }

    fn grant_with_credentials(&self, id: GrantId) -> StoreResult<(Grant, Vec<Credential>)> {
        let missing = |what| StoreError::Corrupt { what, why: "its parent is missing".into() };
        let grant = self.grants.get(&id).ok_or_else(|| missing("token"))?;
        let credentials = grant.credentials.iter().filter_map(|id| self.credentials.get(id));
        let credentials: Vec<_> = credentials.cloned().collect();
        if credentials.is_empty() {
            return Err(missing("grant"));
        }
        Ok((grant.clone(), credentials))
    }
}

impl MemoryStore {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Directory for MemoryStore {
    async fn person(
        &self,
        identity: &Identity,
        proposed: PersonId,
        _: Timestamp,
    ) -> StoreResult<PersonId> {
        Ok(*self.tables().people.entry(identity.clone()).or_insert(proposed))
    }
}

#[async_trait]
impl UpstreamClientStore for MemoryStore {
    async fn upstream_client(
        &self,
        issuer: &str,
        redirect_uri: &str,
    ) -> StoreResult<Option<UpstreamClient>> {
        let key = (issuer.to_owned(), redirect_uri.to_owned());
        Ok(self.tables().upstream_clients.get(&key).cloned())
    }

    async fn replace_upstream_client(
        &self,
        seen: Option<&str>,
        new: &UpstreamClient,
    ) -> StoreResult<Applied> {
        let known = &mut self.tables().upstream_clients;
        let key = (new.issuer.clone(), new.redirect_uri.clone());
        let is = known.get(&key).map(|is| is.client_id.as_str());
        if is == Some(&new.client_id) {
            return Ok(Applied::Yes);
        }
        if is != seen {
            return Ok(Applied::No);
        }
        known.insert(key, new.clone());
        Ok(Applied::Yes)
    }

    async fn forget_upstream_client(&self, issuer: &str, client_id: &str) -> StoreResult<Applied> {
        let known = &mut self.tables().upstream_clients;
        let had = known.len();
        known.retain(|_, client| client.issuer != issuer || client.client_id != client_id);
        Ok(Applied::when(known.len() < had))
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn check(&self) -> StoreResult<()> {
        Ok(())
    }

    async fn close(&self) {}
}
