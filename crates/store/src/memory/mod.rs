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
    AccessToken, AuthorizationCode, Client, Credential, Directory, Grant, GrantState, Identity,
    KeySet, MAX_ACCESS_TOKENS_PER_GRANT, RefreshToken, Store, StoreError, StoreResult,
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

    fn grant_with_credential(&self, id: GrantId) -> StoreResult<(Grant, Credential)> {
        let missing = |what| StoreError::Corrupt { what, why: "its parent is missing".into() };
        let grant = self.grants.get(&id).ok_or_else(|| missing("token"))?;
        let credential = self.credentials.get(&grant.credential).ok_or_else(|| missing("grant"))?;
        Ok((grant.clone(), credential.clone()))
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
impl Store for MemoryStore {
    async fn check(&self) -> StoreResult<()> {
        Ok(())
    }

    async fn close(&self) {}
}
