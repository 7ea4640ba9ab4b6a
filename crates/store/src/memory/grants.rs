//! Codes, grants and tokens in memory.

use async_trait::async_trait;
use snappy_domain::{CredentialId, GrantId, PersonId, Timestamp, TokenHash};

use super::MemoryStore;
use crate::{
    AccessToken, Admitted, Applied, AuthorizationCode, CodeState, CredentialState, Fork, Grant,
    GrantState, GrantStore, NewGrant, RefreshState, RefreshToken, RefreshView, RevocationReason,
    Rotation, StoreResult, TokenRef,
};

#[async_trait]
impl GrantStore for MemoryStore {
    async fn add_code(&self, code: &AuthorizationCode) -> StoreResult<()> {
        self.tables().codes.insert(code.hash, code.clone());
        Ok(())
    }

    async fn code(&self, code: &TokenRef) -> StoreResult<Option<AuthorizationCode>> {
        let tables = self.tables();
        Ok(code.hashes.iter().find_map(|hash| tables.codes.get(hash)).cloned())
    }

    async fn redeem(&self, code: &TokenHash, new: &NewGrant) -> StoreResult<Applied> {
        let tables = &mut *self.tables();
        let Some(code) = tables.codes.get_mut(code) else { return Ok(Applied::No) };
        match code.state {
            CodeState::Issued => {}
            CodeState::Redeemed(grant) => return Ok(Applied::when(grant == new.grant.id)),
        }
        code.state = CodeState::Redeemed(new.grant.id);
        tables.grants.insert(new.grant.id, new.grant.clone());
        tables.refresh.insert(new.refresh.hash, new.refresh.clone());
        tables.keep_access(&new.access);
        Ok(Applied::Yes)
    }

    async fn grant(&self, person: PersonId, id: GrantId) -> StoreResult<Option<Grant>> {
        Ok(self.tables().grants.get(&id).filter(|grant| grant.person == person).cloned())
    }

    async fn grants_of(&self, person: PersonId, now: Timestamp) -> StoreResult<Vec<Grant>> {
        let tables = self.tables();
        let own = tables.grants.values().filter(|grant| {
            grant.person == person && grant.state == GrantState::Active && grant.expires_at > now
        });
        let mut own: Vec<_> = own.cloned().collect();
        own.sort_by_key(|grant| std::cmp::Reverse((grant.created_at, grant.id)));
        Ok(own)
    }

    async fn set_grant_credentials(
        &self,
        person: PersonId,
        id: GrantId,
        credentials: &[CredentialId],
    ) -> StoreResult<Applied> {
        let grants = &mut self.tables().grants;
        let own = |grant: &&mut Grant| grant.person == person && grant.state == GrantState::Active;
        let Some(grant) = grants.get_mut(&id).filter(own) else { return Ok(Applied::No) };
        grant.credentials = credentials.to_vec();
        Ok(Applied::Yes)
    }

    async fn touch_grant(&self, _: PersonId, id: GrantId, at: Timestamp) -> StoreResult<()> {
        if let Some(grant) = self.tables().grants.get_mut(&id) {
            grant.used_at = Some(at);
        }
        Ok(())
    }

    async fn note_elicitation(
        &self,
        _: PersonId,
        id: GrantId,
        elicits_urls: bool,
    ) -> StoreResult<()> {
        if let Some(grant) = self.tables().grants.get_mut(&id) {
            grant.elicits_urls = elicits_urls;
        }
        Ok(())
    }

    async fn refresh_token(&self, token: &TokenRef) -> StoreResult<Option<RefreshView>> {
        let tables = self.tables();
        let Some(token) = token.hashes.iter().find_map(|hash| tables.refresh.get(hash)) else {
            return Ok(None);
        };
        let (grant, credentials) = tables.grant_with_credentials(token.grant)?;
        let needs_sign_in = credentials.iter().all(|one| one.state != CredentialState::Usable);
        let successor_used_at = match &token.state {
            RefreshState::Current => None,
            RefreshState::Rotated { successor, .. } => {
                match tables.refresh.get(successor).map(|successor| &successor.state) {
                    Some(RefreshState::Rotated { at, .. }) => Some(*at),
                    Some(RefreshState::Current) | None => None,
                }
            }
        };
        Ok(Some(RefreshView { token: token.clone(), grant, needs_sign_in, successor_used_at }))
    }

    async fn note_fork(&self, _: PersonId, id: GrantId, fork: &Fork) -> StoreResult<()> {
        if let Some(grant) = self.tables().grants.get_mut(&id) {
            grant.fork = Some(fork.clone());
        }
        Ok(())
    }

    async fn rotate(&self, _: PersonId, rotation: &Rotation) -> StoreResult<Applied> {
        let tables = &mut *self.tables();
        if !tables.active_grant(rotation.successor.grant) {
            return Ok(Applied::No);
        }
        let Some(presented) = tables.refresh.get_mut(&rotation.presented) else {
            return Ok(Applied::No);
        };
        if let RefreshState::Rotated { successor, .. } = &presented.state {
            return Ok(Applied::when(*successor == rotation.successor.hash));
        }
        presented.state = RefreshState::Rotated {
            at: rotation.at,
            successor: rotation.successor.hash,
            sealed_successor: rotation.sealed_successor.clone(),
            by: Some(rotation.by.clone()),
        };
        tables.refresh.insert(rotation.successor.hash, rotation.successor.clone());
        tables.keep_access(&rotation.access);
        Ok(Applied::Yes)
    }

    async fn service_grant(&self, grant: &Grant, until: Timestamp) -> StoreResult<Option<Grant>> {
        let tables = &mut *self.tables();
        if !tables.clients.contains_key(&grant.client) {
            return Ok(None);
        }
        let same = tables.grants.values().find(|known| {
            known.state == GrantState::Active
                && known.expires_at > until
                && (&known.client, &known.credentials) == (&grant.client, &grant.credentials)
                && (&known.resource, &known.scopes, &known.limits)
                    == (&grant.resource, &grant.scopes, &grant.limits)
        });
        let grant = same.unwrap_or(grant).clone();
        tables.grants.insert(grant.id, grant.clone());
        Ok(Some(grant))
    }

    async fn add_access_token(&self, _: PersonId, token: &AccessToken) -> StoreResult<Applied> {
        let tables = &mut *self.tables();
        if !tables.active_grant(token.grant) {
            return Ok(Applied::No);
        }
        tables.keep_access(token);
        Ok(Applied::Yes)
    }

    async fn reuse(
        &self,
        _: PersonId,
        reused: &RefreshToken,
        at: Timestamp,
        access: &AccessToken,
    ) -> StoreResult<Applied> {
        let tables = &mut *self.tables();
        if !tables.active_grant(access.grant) {
            return Ok(Applied::No);
        }
        let Some(token) = tables.refresh.get_mut(&reused.hash) else { return Ok(Applied::No) };
        token.reused_at = Some(at);
        token.expires_at = reused.expires_at;
        tables.keep_access(access);
        Ok(Applied::Yes)
    }

    async fn admit(&self, token: &TokenRef) -> StoreResult<Option<Admitted>> {
        let tables = self.tables();
        let Some(token) = token.hashes.iter().find_map(|hash| tables.access.get(hash)) else {
            return Ok(None);
        };
        let (grant, credentials) = tables.grant_with_credentials(token.grant)?;
        Ok(Some(Admitted { token: token.clone(), grant, credentials }))
    }

    async fn limit_access_life(
        &self,
        _: PersonId,
        token: &TokenHash,
        until: Timestamp,
    ) -> StoreResult<()> {
        if let Some(token) = self.tables().access.get_mut(token) {
            token.expires_at = token.expires_at.min(until);
        }
        Ok(())
    }

    async fn remove_access_token(&self, _: PersonId, token: &TokenHash) -> StoreResult<()> {
        self.tables().access.remove(token);
        Ok(())
    }

    async fn revoke_grant(
        &self,
        _: PersonId,
        id: GrantId,
        reason: RevocationReason,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let grants = &mut self.tables().grants;
        let active = |grant: &&mut Grant| grant.state == GrantState::Active;
        let Some(grant) = grants.get_mut(&id).filter(active) else { return Ok(Applied::No) };
        grant.state = GrantState::Revoked { at, reason };
        Ok(Applied::Yes)
    }
}
