//! OAuth clients in memory.

use async_trait::async_trait;
use serde_json::Value;
use snappy_domain::{ClientId, Timestamp, TokenHash};

use super::MemoryStore;
use crate::{
    Applied, Client, ClientStore, GrantState, KeySet, Machine, Registration, RevocationReason,
    StoreResult,
};

#[async_trait]
impl ClientStore for MemoryStore {
    async fn add_client(&self, client: &Client) -> StoreResult<()> {
        self.tables().clients.insert(client.id.clone(), client.clone());
        Ok(())
    }

    async fn put_client(&self, client: &Client) -> StoreResult<()> {
        let clients = &mut self.tables().clients;
        let used_at = clients.get(&client.id).and_then(|known| known.used_at).or(client.used_at);
        clients.insert(client.id.clone(), Client { used_at, ..client.clone() });
        Ok(())
    }

    async fn client(&self, id: &ClientId) -> StoreResult<Option<Client>> {
        Ok(self.tables().clients.get(id).cloned())
    }

    async fn clients(&self) -> StoreResult<Vec<Client>> {
        let mut clients: Vec<_> = self.tables().clients.values().cloned().collect();
        clients.sort_by_key(|client| (client.created_at, client.id.clone()));
        Ok(clients)
    }

    async fn remove_client(&self, id: &ClientId, at: Timestamp) -> StoreResult<Applied> {
        let tables = &mut *self.tables();
        if tables.clients.remove(id).is_none() {
            return Ok(Applied::No);
        }
        for grant in tables.grants.values_mut().filter(|grant| grant.client == *id) {
            if grant.state == GrantState::Active {
                grant.state = GrantState::Revoked { at, reason: RevocationReason::ClientRemoved };
            }
        }
        Ok(Applied::Yes)
    }

    async fn mark_client_used(&self, id: &ClientId, at: Timestamp) -> StoreResult<()> {
        if let Some(client) = self.tables().clients.get_mut(id) {
            client.used_at.get_or_insert(at);
        }
        Ok(())
    }

    async fn purge_unused_clients(&self, before: Timestamp) -> StoreResult<u64> {
        let clients = &mut self.tables().clients;
        let had = clients.len();
        clients.retain(|_, client| {
            client.registration == Registration::PreRegistered
                || client.used_at.is_some()
                || client.created_at >= before
        });
        Ok((had - clients.len()) as u64)
    }

    async fn rehash_secret(
        &self,
        id: &ClientId,
        seen: &TokenHash,
        hash: &TokenHash,
    ) -> StoreResult<Applied> {
        let clients = &mut self.tables().clients;
        let client = clients.get_mut(id).filter(|client| client.secret.as_ref() == Some(seen));
        let Some(client) = client else { return Ok(Applied::No) };
        client.secret = Some(*hash);
        Ok(Applied::Yes)
    }

    async fn replace_machine(
        &self,
        id: &ClientId,
        seen: &Machine,
        machine: &Machine,
    ) -> StoreResult<Applied> {
        let clients = &mut self.tables().clients;
        let client = clients.get_mut(id).filter(|client| client.machine.as_ref() == Some(seen));
        let Some(client) = client else { return Ok(Applied::No) };
        client.machine = Some(machine.clone());
        Ok(Applied::Yes)
    }

    async fn key_set(&self, uri: &str) -> StoreResult<KeySet> {
        Ok(self.tables().key_sets.get(uri).cloned().unwrap_or_default())
    }

    async fn ask_key_set(
        &self,
        uri: &str,
        since: Timestamp,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let key_sets = &mut self.tables().key_sets;
        let set = key_sets.entry(uri.to_owned()).or_default();
        if set.asked_at.is_some_and(|asked| asked > since) {
            return Ok(Applied::No);
        }
        set.asked_at = Some(at);
        Ok(Applied::Yes)
    }

    async fn put_key_set(&self, uri: &str, set: Option<&Value>, at: Timestamp) -> StoreResult<()> {
        let read = set.map(|set| (set.clone(), at));
        let known = KeySet { read, asked_at: Some(at) };
        self.tables().key_sets.insert(uri.to_owned(), known);
        Ok(())
    }

    async fn use_assertion(&self, id: &TokenHash, until: Timestamp) -> StoreResult<Applied> {
        let seen = self.tables().assertions.insert(*id, until).is_some();
        Ok(if seen { Applied::No } else { Applied::Yes })
    }
}
