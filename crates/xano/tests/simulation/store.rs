//! The store that the processes share: calls interleave, and may fail before or after they take effect.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use snappy_domain::{CredentialId, PersonId, Timestamp};
use snappy_store::{
    Applied, Credential, CredentialSecret, CredentialStore, Lease, MemoryStore, NewCredential,
    StoreError, StoreResult,
};

use crate::dice::Dice;
use crate::time::{Time, step};

/// How often in a row storing a new secret may fail. A store that fails for one process only, and for longer
/// than others wait before they use a refresh token of an abandoned lease, costs a sign-in.
const MAX_FAILED: u32 = 2;

/// The connection of one process to the shared store.
#[derive(Debug)]
pub struct Shared {
    pub inner: Arc<MemoryStore>,
    pub people: Arc<HashMap<CredentialId, u64>>,
    pub time: Time,
    pub dice: Dice,
    /// A call fails once in `failing` times.
    pub failing: u64,
    /// Every call fails while this is set.
    pub is_down: Arc<AtomicBool>,
    /// So many of a hundred extensions of a lease fail, besides.
    pub extensions_failing: u64,
    /// The answer to a request for a lease takes long once in so many times.
    pub late_leases: u64,
    /// How often in a row a new secret could not be stored, by credential.
    pub failed: Mutex<HashMap<CredentialId, u32>>,
    pub fences: Arc<Mutex<HashMap<u64, u64>>>,
}

impl Shared {
    async fn with_faults<T>(&self, call: impl Future<Output = StoreResult<T>>) -> StoreResult<T> {
        step().await;
        let is_down = self.is_down.load(Ordering::SeqCst);
        if is_down || self.dice.once_in(self.failing) {
            return Err(StoreError::Unavailable("before".into()));
        }
        let result = call.await;
        step().await;
        if self.dice.once_in(self.failing) {
            return Err(StoreError::Unavailable("after".into()));
        }
        result
    }
}

#[async_trait]
impl CredentialStore for Shared {
    async fn sign_in(
        &self,
        person: PersonId,
        id: CredentialId,
        new: &NewCredential,
    ) -> StoreResult<Credential> {
        self.with_faults(self.inner.sign_in(person, id, new)).await
    }

    async fn credentials_of(&self, person: PersonId) -> StoreResult<Vec<Credential>> {
        self.with_faults(self.inner.credentials_of(person)).await
    }

    async fn remove_credential(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        self.with_faults(self.inner.remove_credential(person, id, seen, at)).await
    }

    async fn credential(
        &self,
        person: PersonId,
        id: CredentialId,
    ) -> StoreResult<Option<Credential>> {
        self.with_faults(self.inner.credential(person, id)).await
    }

    async fn lease_refresh(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
        now: Timestamp,
        until: Timestamp,
    ) -> StoreResult<Lease> {
        let lease =
            self.with_faults(self.inner.lease_refresh(person, id, seen, now, until)).await?;
        if self.dice.once_in(self.late_leases) {
            let wait = i64::try_from(self.dice.roll(30_000)).unwrap();
            self.time.until(self.time.now() + wait).await;
        }
        if let Lease::Taken { fence, .. } = lease {
            self.fences.lock().unwrap().insert(self.people[&id], fence);
        }
        Ok(lease)
    }

    async fn extend_lease(
        &self,
        person: PersonId,
        id: CredentialId,
        fence: u64,
        until: Timestamp,
    ) -> StoreResult<Applied> {
        if self.dice.roll(100) < self.extensions_failing {
            step().await;
            return Err(StoreError::Unavailable("no extension".into()));
        }
        self.with_faults(self.inner.extend_lease(person, id, fence, until)).await
    }

    async fn release_lease(
        &self,
        person: PersonId,
        id: CredentialId,
        fence: u64,
    ) -> StoreResult<()> {
        self.with_faults(self.inner.release_lease(person, id, fence)).await
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
        let change = self.inner.replace_credential(person, id, seen, fence, secret, at);
        let failed = self.failed.lock().unwrap().get(&id).copied().unwrap_or_default();
        if failed >= MAX_FAILED {
            self.failed.lock().unwrap().remove(&id);
            step().await;
            return change.await;
        }
        let changed = self.with_faults(change).await;
        match &changed {
            Ok(_) => self.failed.lock().unwrap().remove(&id),
            Err(_) => self.failed.lock().unwrap().insert(id, failed + 1),
        };
        changed
    }

    async fn require_sign_in(
        &self,
        person: PersonId,
        id: CredentialId,
        seen: u64,
        fence: u64,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        self.with_faults(self.inner.require_sign_in(person, id, seen, fence, at)).await
    }

    async fn wait_for_credential(
        &self,
        _: PersonId,
        _: CredentialId,
        at_most: Duration,
    ) -> StoreResult<()> {
        // A notification may arrive at any time, or be lost.
        let most = u64::try_from(at_most.as_millis()).unwrap().min(500);
        let wait = i64::try_from(self.dice.roll(most + 1)).unwrap();
        self.time.until(self.time.now() + wait).await;
        Ok(())
    }

    async fn limit_credential_life(
        &self,
        person: PersonId,
        id: CredentialId,
        until: Timestamp,
    ) -> StoreResult<()> {
        self.with_faults(self.inner.limit_credential_life(person, id, until)).await
    }
}
