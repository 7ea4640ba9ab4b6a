//! Credentials in memory.

use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use snappy_domain::clock::after;
use snappy_domain::{CredentialId, PersonId, Timestamp};

use super::MemoryStore;
use crate::sealing::lost_secret;
use crate::{
    Applied, Credential, CredentialSecret, CredentialState, CredentialStore, LEASE_SLACK, Lease,
    NewCredential, StoreResult,
};

#[async_trait]
impl CredentialStore for MemoryStore {
    async fn sign_in(
        &self,
        person: PersonId,
        new_id: CredentialId,
        new: &NewCredential,
    ) -> StoreResult<Credential> {
        let tables = &mut *self.tables();
        let credentials = &mut tables.credentials;
        let known = new.renews(credentials.values().filter(|one| one.person == person));
        let credential = Credential {
            id: known.map_or(new_id, |known| known.id),
            person,
            authority: new.authority.clone(),
            profile: new.profile.clone(),
            secret: new.secret.clone(),
            version: known.map_or(1, |known| known.version + 1),
            state: CredentialState::Usable,
            refreshed_at: new.at,
        };
        credentials.insert(credential.id, credential.clone());
        // Whoever was refreshing the older secrets is too late.
        if let Some((fence, held)) = tables.leases.get_mut(&credential.id) {
            *fence += 1;
            *held = None;
        }
        Ok(credential)
    }

    async fn credentials_of(&self, person: PersonId) -> StoreResult<Vec<Credential>> {
        let tables = self.tables();
        let own = tables.credentials.values().filter(|one| {
            one.person == person && !matches!(one.state, CredentialState::Removed { .. })
        });
        let mut own: Vec<_> = own.cloned().collect();
        own.sort_by_key(|one| one.id);
        Ok(own)
    }

    async fn remove_credential(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let tables = &mut *self.tables();
        let Some(credential) = tables.credentials.get_mut(&id).filter(|one| one.person == person)
        else {
            return Ok(Applied::No);
        };
        if matches!(credential.state, CredentialState::Removed { .. }) {
            return Ok(Applied::Yes);
        }
        if credential.version != seen {
            return Ok(Applied::No);
        }
        let coverage = credential.secret.coverage().cloned();
        credential.secret = lost_secret(credential.secret.kind(), coverage);
        credential.state = CredentialState::Removed { at };
        credential.version += 1;
        // Whoever is refreshing the removed secrets is too late.
        if let Some((fence, held)) = tables.leases.get_mut(&id) {
            *fence += 1;
            *held = None;
        }
        Ok(Applied::Yes)
    }

    async fn credential(
        &self,
        person: PersonId,
        id: CredentialId,
    ) -> StoreResult<Option<Credential>> {
        Ok(self.tables().credentials.get(&id).filter(|one| one.person == person).cloned())
    }

    async fn lease_refresh(
        &self,
        _: PersonId,
        id: CredentialId,
        seen: u64,
        now: Timestamp,
        until: Timestamp,
    ) -> StoreResult<Lease> {
        let tables = &mut *self.tables();
        let usable =
            |one: &&Credential| one.version == seen && one.state == CredentialState::Usable;
        if tables.credentials.get(&id).filter(usable).is_none() {
            return Ok(Lease::Moved);
        }
        let (fence, held) = tables.leases.entry(id).or_default();
        match held {
            Some(held) if *held > now && *held <= after(until, LEASE_SLACK) => {
                Ok(Lease::Held { until: *held })
            }
            _ => {
                *fence += 1;
                Ok(Lease::Taken { fence: *fence, abandoned: held.replace(until) })
            }
        }
    }

    async fn extend_lease(
        &self,
        _: PersonId,
        id: CredentialId,
        fence: u64,
        until: Timestamp,
    ) -> StoreResult<Applied> {
        match self.tables().leases.get_mut(&id) {
            Some((newest, held @ Some(_))) if *newest == fence => {
                *held = Some(until);
                Ok(Applied::Yes)
            }
            _ => Ok(Applied::No),
        }
    }

    async fn release_lease(&self, _: PersonId, id: CredentialId, fence: u64) -> StoreResult<()> {
        self.tables().release(id, fence);
        Ok(())
    }

    async fn replace_credential(
        &self,
        _: PersonId,
        id: CredentialId,
        seen: u64,
        fence: Option<u64>,
        secret: &CredentialSecret,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let tables = &mut *self.tables();
        let Some(newest) = tables.leases.get(&id).map(|(newest, _)| *newest) else {
            return Ok(Applied::No);
        };
        let fence = fence.unwrap_or(newest);
        if let Some(credential) = tables.leased(id, seen + 1, fence)
            && credential.secret == *secret
        {
            return Ok(Applied::Yes);
        }
        let Some(credential) = tables.leased(id, seen, fence) else { return Ok(Applied::No) };
        credential.secret = secret.clone();
        credential.version = seen + 1;
        credential.state = CredentialState::Usable;
        credential.refreshed_at = at;
        tables.release(id, fence);
        Ok(Applied::Yes)
    }

    async fn require_sign_in(
        &self,
        _: PersonId,
        id: CredentialId,
        seen: u64,
        fence: u64,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let tables = &mut *self.tables();
        let Some(credential) = tables.leased(id, seen, fence) else { return Ok(Applied::No) };
        credential.state = CredentialState::SignInRequired { since: at };
        tables.release(id, fence);
        Ok(Applied::Yes)
    }

    async fn wait_for_credential(
        &self,
        _: PersonId,
        _: CredentialId,
        _: Duration,
    ) -> StoreResult<()> {
        // There is nobody else but tasks of this process, which go on when this one gives way.
        let mut gave_way = false;
        std::future::poll_fn(|context| {
            if std::mem::replace(&mut gave_way, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        Ok(())
    }

    async fn limit_credential_life(
        &self,
        _: PersonId,
        id: CredentialId,
        until: Timestamp,
    ) -> StoreResult<()> {
        if let Some(credential) = self.tables().credentials.get_mut(&id) {
            let ends = credential.secret.expires_at().map_or(until, |ends| ends.min(until));
            credential.secret = credential.secret.clone().with_expires_at(Some(ends));
        }
        Ok(())
    }
}
