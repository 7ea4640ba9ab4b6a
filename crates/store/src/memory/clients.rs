//! OAuth clients in memory.

use async_trait::async_trait;
use serde_json::Value;
use snappy_domain::{ClientId, PersonId, Timestamp, TokenHash};

use super::MemoryStore;
use crate::{
    Applied, Client, ClientProof, ClientStore, GrantState, KeySet, RevocationReason,
    ServiceAccount, StoreResult,
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

    async fn note_client_use(
        &self,
        id: &ClientId,
        _: PersonId,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let clients = &mut self.tables().clients;
        let Some(client) = clients.get_mut(id) else { return Ok(Applied::No) };
        client.used_at.get_or_insert(at);
        Ok(Applied::Yes)
    }

    async fn rehash_secret(
        &self,
        id: &ClientId,
        seen: &TokenHash,
        hash: &TokenHash,
    ) -> StoreResult<Applied> {
        let clients = &mut self.tables().clients;
        match clients.get_mut(id).map(|client| &mut client.proof) {
            Some(ClientProof::Secret { hash: is, .. }) if *is == *seen || *is == *hash => {
                *is = *hash;
                Ok(Applied::Yes)
            }
            _ => Ok(Applied::No),
        }
    }

    async fn replace_service_account(
        &self,
        id: &ClientId,
        seen: &ServiceAccount,
        new: &ServiceAccount,
    ) -> StoreResult<Applied> {
        let clients = &mut self.tables().clients;
        let known = |client: &&mut Client| {
            let is = client.service_account.as_ref();
            is == Some(seen) || is == Some(new)
        };
        let Some(client) = clients.get_mut(id).filter(known) else { return Ok(Applied::No) };
        client.service_account = Some(new.clone());
        Ok(Applied::Yes)
    }

    async fn key_set(&self, client: &ClientId, uri: &str) -> StoreResult<KeySet> {
        let key = (client.clone(), uri.to_owned());
        Ok(self.tables().key_sets.get(&key).cloned().unwrap_or_default())
    }

    async fn ask_key_set(
        &self,
        client: &ClientId,
        uri: &str,
        since: Timestamp,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let key_sets = &mut self.tables().key_sets;
        let set = key_sets.entry((client.clone(), uri.to_owned())).or_default();
        if set.asked_at.is_some_and(|asked| asked > since) {
            return Ok(Applied::No);
        }
        set.asked_at = Some(at);
        Ok(Applied::Yes)
    }

    async fn put_key_set(
        &self,
        client: &ClientId,
        uri: &str,
        set: Option<&Value>,
        at: Timestamp,
    ) -> StoreResult<()> {
        let read = set.map(|set| (set.clone(), at));
        let known = KeySet { read, asked_at: Some(at) };
        self.tables().key_sets.insert((client.clone(), uri.to_owned()), known);
        Ok(())
    }

    async fn use_assertion(
        &self,
        client: &ClientId,
        assertion: &TokenHash,
        request: &TokenHash,
        until: Timestamp,
    ) -> StoreResult<Applied> {
        let assertions = &mut self.tables().assertions;
        let (used_by, _) =
            assertions.entry((client.clone(), *assertion)).or_insert((*request, until));
        Ok(Applied::when(used_by == request))
    }
}
