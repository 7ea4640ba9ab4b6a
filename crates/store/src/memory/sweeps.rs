//! Work over everything in memory.

use std::collections::HashSet;

use async_trait::async_trait;
use snappy_domain::clock::before;
use snappy_domain::{CredentialId, GrantId, PersonId, Timestamp};

use super::MemoryStore;
use crate::{
    Client, CodeState, Credential, CredentialKind, CredentialState, Expiring, GrantState,
    KEY_SETS_KEPT, REMOVED_KEPT, RefreshState, Registration, Resealed, RevocationReason,
    StoreResult, Sweeps,
};

fn at_most(most: u32) -> usize {
    usize::try_from(most).unwrap_or(usize::MAX)
}

#[async_trait]
impl Sweeps for MemoryStore {
    async fn clients(&self) -> StoreResult<Vec<Client>> {
        let mut clients: Vec<_> = self.tables().clients.values().cloned().collect();
        clients.sort_by_key(|client| (client.created_at, client.id.clone()));
        Ok(clients)
    }

    async fn owner_of_grant(&self, id: GrantId) -> StoreResult<Option<PersonId>> {
        Ok(self.tables().grants.get(&id).map(|grant| grant.person))
    }

    async fn expiring_credentials(
        &self,
        which: &Expiring,
        most: u32,
    ) -> StoreResult<Vec<(PersonId, CredentialId, u64)>> {
        let tables = self.tables();
        let in_use = |credential: &Credential| {
            tables.grants.values().any(|grant| {
                grant.person == credential.person
                    && grant.state == GrantState::Active
                    && grant.used_at.is_some_and(|used| used >= which.used_since)
            })
        };
        let ends = |credential: &Credential| credential.secret.expires_at();
        let mut expiring: Vec<_> = tables
            .credentials
            .values()
            .filter(|one| one.secret.kind() == which.kind && one.secret.is_renewable())
            .filter(|one| one.state == CredentialState::Usable)
            .filter(|one| ends(one).is_some_and(|at| at >= which.from && at < which.before))
            .filter(|one| in_use(one))
            .collect();
        expiring.sort_by_key(|one| ends(one));
        let expiring = expiring.iter().take(at_most(most));
        Ok(expiring.map(|one| (one.person, one.id, one.version)).collect())
    }

    async fn refused_credentials(
        &self,
        kind: CredentialKind,
        since: Timestamp,
        most: u32,
    ) -> StoreResult<Vec<(PersonId, CredentialId, u64)>> {
        let tables = self.tables();
        let refused_at = |one: &Credential| match one.state {
            CredentialState::SignInRequired { since } => Some(since),
            CredentialState::Usable | CredentialState::Removed { .. } => None,
        };
        let mut refused: Vec<_> = tables
            .credentials
            .values()
            .filter(|one| one.secret.kind() == kind)
            .filter(|one| refused_at(one).is_some_and(|at| at > since))
            .collect();
        refused.sort_by_key(|one| std::cmp::Reverse(refused_at(one)));
        let refused = refused.iter().take(at_most(most));
        Ok(refused.map(|one| (one.person, one.id, one.version)).collect())
    }

    async fn purge_unused_clients(&self, before: Timestamp, most: u32) -> StoreResult<u64> {
        let clients = &mut self.tables().clients;
        let unused: Vec<_> = clients
            .values()
            .filter(|client| {
                client.registration != Registration::PreRegistered
                    && client.used_at.is_none()
                    && client.created_at < before
            })
            .take(at_most(most))
            .map(|client| client.id.clone())
            .collect();
        for id in &unused {
            clients.remove(id);
        }
        Ok(unused.len() as u64)
    }

    async fn purge_expired(&self, now: Timestamp, _: u32) -> StoreResult<u64> {
        let tables = &mut *self.tables();
        let count = |tables: &super::Tables| {
            tables.codes.len()
                + tables.access.len()
                + tables.refresh.len()
                + tables.grants.len()
                + tables.assertions.len()
                + tables.key_sets.len()
                + tables.credentials.len()
        };
        let had = count(tables);
        tables.assertions.retain(|_, (_, until)| *until >= now);
        let recently = before(now, KEY_SETS_KEPT);
        tables.key_sets.retain(|_, set| set.asked_at.is_some_and(|asked| asked >= recently));
        tables.access.retain(|_, token| token.expires_at >= now);
        tables.grants.retain(|_, grant| grant.expires_at >= now);
        let grants = &tables.grants;
        // A successor stays as long as its predecessor, whose decision depends on it.
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
        let removed_before = before(now, REMOVED_KEPT);
        let named: HashSet<_> =
            tables.grants.values().filter_map(|grant| grant.credentials.first().copied()).collect();
        tables.credentials.retain(|id, one| match one.state {
            CredentialState::Removed { at } => at >= removed_before || named.contains(id),
            _ => true,
        });
        Ok((had - count(tables)) as u64)
    }

    async fn revoke_grants(
        &self,
        reason: RevocationReason,
        at: Timestamp,
        most: u32,
    ) -> StoreResult<u64> {
        let mut revoked = 0;
        let tables = &mut *self.tables();
        let active = tables.grants.values_mut().filter(|one| one.state == GrantState::Active);
        for grant in active.take(at_most(most)) {
            grant.state = GrantState::Revoked { at, reason };
            revoked += 1;
        }
        Ok(revoked)
    }

    async fn reseal(&self, after: Option<CredentialId>, most: u32) -> StoreResult<Resealed> {
        // Nothing is sealed here.
        let mut ids: Vec<_> = self.tables().credentials.keys().copied().collect();
        ids.sort_unstable();
        ids.retain(|id| after.is_none_or(|after| *id > after));
        ids.truncate(at_most(most));
        let already = ids.len() as u64;
        Ok(Resealed { already, last: ids.last().copied(), ..Resealed::default() })
    }
}
