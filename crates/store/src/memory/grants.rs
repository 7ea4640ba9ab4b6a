//! Codes, grants and tokens in memory.

use std::collections::HashSet;

use async_trait::async_trait;
use snappy_domain::clock::before;
use snappy_domain::{AccountId, GrantId, Timestamp, TokenHash};

use super::MemoryStore;
use crate::{
    AccessToken, AccessView, Applied, AuthorizationCode, CodeState, Grant, GrantState, GrantStore,
    KEY_SETS_KEPT, NewGrant, RefreshState, RefreshToken, RefreshView, RevocationReason, Rotation,
    StoreResult,
};

#[async_trait]
impl GrantStore for MemoryStore {
    async fn add_code(&self, code: &AuthorizationCode) -> StoreResult<()> {
        self.tables().codes.insert(code.hash, code.clone());
        Ok(())
    }

    async fn code(&self, hashes: &[TokenHash]) -> StoreResult<Option<AuthorizationCode>> {
        let tables = self.tables();
        Ok(hashes.iter().find_map(|hash| tables.codes.get(hash)).cloned())
    }

    async fn redeem(&self, code: &TokenHash, new: &NewGrant) -> StoreResult<Applied> {
        let tables = &mut *self.tables();
        let Some(code) = tables.codes.get_mut(code).filter(|code| code.state == CodeState::Issued)
        else {
            return Ok(Applied::No);
        };
        code.state = CodeState::Redeemed(new.grant.id);
        tables.grants.insert(new.grant.id, new.grant.clone());
        tables.refresh.insert(new.refresh.hash, new.refresh.clone());
        tables.keep_access(&new.access);
        Ok(Applied::Yes)
    }

    async fn grant(&self, id: GrantId) -> StoreResult<Option<Grant>> {
        Ok(self.tables().grants.get(&id).cloned())
    }

    async fn grants_of(&self, account: AccountId, now: Timestamp) -> StoreResult<Vec<Grant>> {
        let tables = self.tables();
        let own = tables.grants.values().filter(|grant| {
            grant.account == account && grant.state == GrantState::Active && grant.expires_at > now
        });
        let mut own: Vec<_> = own.cloned().collect();
        own.sort_by_key(|grant| std::cmp::Reverse((grant.created_at, grant.id)));
        Ok(own)
    }

    async fn touch_grant(&self, id: GrantId, at: Timestamp) -> StoreResult<()> {
        if let Some(grant) = self.tables().grants.get_mut(&id) {
            grant.used_at = Some(at);
        }
        Ok(())
    }

    async fn refresh_token(&self, hashes: &[TokenHash]) -> StoreResult<Option<RefreshView>> {
        let tables = self.tables();
        let Some(token) = hashes.iter().find_map(|hash| tables.refresh.get(hash)) else {
            return Ok(None);
        };
        let (grant, account) = tables.grant_with_account(token.grant)?;
        let successor_used_at = match &token.state {
            RefreshState::Current => None,
            RefreshState::Rotated { successor, .. } => {
                match tables.refresh.get(successor).map(|successor| &successor.state) {
                    Some(RefreshState::Rotated { at, .. }) => Some(*at),
                    Some(RefreshState::Current) | None => None,
                }
            }
        };
        Ok(Some(RefreshView { token: token.clone(), grant, account, successor_used_at }))
    }

    async fn rotate(&self, rotation: &Rotation) -> StoreResult<Applied> {
        let tables = &mut *self.tables();
        if !tables.active_grant(rotation.successor.grant) {
            return Ok(Applied::No);
        }
        let Some(presented) = tables
            .refresh
            .get_mut(&rotation.presented)
            .filter(|token| token.state == RefreshState::Current)
        else {
            return Ok(Applied::No);
        };
        presented.state = RefreshState::Rotated {
            at: rotation.at,
            successor: rotation.successor.hash,
            sealed_successor: rotation.sealed_successor.clone(),
        };
        tables.refresh.insert(rotation.successor.hash, rotation.successor.clone());
        tables.keep_access(&rotation.access);
        Ok(Applied::Yes)
    }

    async fn machine_grant(&self, grant: &Grant, until: Timestamp) -> StoreResult<Option<Grant>> {
        let tables = &mut *self.tables();
        if !tables.clients.contains_key(&grant.client) {
            return Ok(None);
        }
        let same = tables.grants.values().find(|known| {
            known.state == GrantState::Active
                && known.expires_at > until
                && (&known.client, known.account, &known.resource, &known.scopes, &known.limits)
                    == (&grant.client, grant.account, &grant.resource, &grant.scopes, &grant.limits)
        });
        let grant = same.unwrap_or(grant).clone();
        tables.grants.insert(grant.id, grant.clone());
        Ok(Some(grant))
    }

    async fn add_access_token(&self, token: &AccessToken) -> StoreResult<Applied> {
        let tables = &mut *self.tables();
        if !tables.active_grant(token.grant) {
            return Ok(Applied::No);
        }
        tables.keep_access(token);
        Ok(Applied::Yes)
    }

    async fn reuse(
        &self,
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

    async fn access_token(&self, hashes: &[TokenHash]) -> StoreResult<Option<AccessView>> {
        let tables = self.tables();
        let Some(token) = hashes.iter().find_map(|hash| tables.access.get(hash)) else {
            return Ok(None);
        };
        let (grant, account) = tables.grant_with_account(token.grant)?;
        Ok(Some(AccessView { token: token.clone(), grant, account }))
    }

    async fn limit_access_life(&self, token: &TokenHash, until: Timestamp) -> StoreResult<()> {
        if let Some(token) = self.tables().access.get_mut(token) {
            token.expires_at = token.expires_at.min(until);
        }
        Ok(())
    }

    async fn remove_access_token(&self, token: &TokenHash) -> StoreResult<()> {
        self.tables().access.remove(token);
        Ok(())
    }

    async fn revoke_grant(
        &self,
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

    async fn revoke_all_grants(&self, reason: RevocationReason, at: Timestamp) -> StoreResult<u64> {
        let mut ended = 0;
        for grant in self.tables().grants.values_mut() {
            if grant.state == GrantState::Active {
                grant.state = GrantState::Revoked { at, reason };
                ended += 1;
            }
        }
        Ok(ended)
    }

    async fn purge_expired(&self, now: Timestamp) -> StoreResult<u64> {
        let tables = &mut *self.tables();
        tables.assertions.retain(|_, until| *until >= now);
        let recently = before(now, KEY_SETS_KEPT);
        tables.key_sets.retain(|_, set| set.asked_at.is_some_and(|asked| asked >= recently));
        let had = tables.codes.len() + tables.access.len() + tables.refresh.len();
        tables.access.retain(|_, token| token.expires_at >= now);
        tables.grants.retain(|_, grant| grant.expires_at >= now);
        let grants = &tables.grants;
        // A successor stays as long as its predecessor, whose fate it decides.
        let alive = tables.refresh.values().filter(|token| token.expires_at >= now);
        let needed: HashSet<_> = alive
            .filter_map(|token| match &token.state {
                RefreshState::Rotated { successor, .. } => Some(*successor),
                RefreshState::Current => None,
            })
            .collect();
        tables.refresh.retain(|hash, token| {
            grants.contains_key(&token.grant) && (token.expires_at >= now || needed.contains(hash))
        });
        tables.access.retain(|_, token| grants.contains_key(&token.grant));
        tables.codes.retain(|_, code| match code.state {
            CodeState::Issued => code.expires_at >= now,
            CodeState::Redeemed(grant) => grants.contains_key(&grant),
        });
        let left = tables.codes.len() + tables.access.len() + tables.refresh.len();
        Ok((had - left) as u64)
    }
}
