//! Signing people in.

use snappy_domain::{CredentialId, GrantId, PersonId, audit};
use snappy_store::{Applied, Credential, CredentialState, Identity, NewCredential, StoreResult};

use crate::AuthorizationServer;

impl AuthorizationServer {
    /// Keeps what a completed sign-in gave: finds or makes the person, and stores the credential.
    /// `method` says in the audit trail how the person signed in.
    ///
    /// # Errors
    /// When the storage fails; the person then signs in again.
    pub async fn sign_in(
        &self,
        identity: &Identity,
        new: &NewCredential,
        method: &str,
    ) -> StoreResult<Credential> {
        let (clock, random) = (&*self.runtime.clock, &*self.runtime.random);
        let proposed = PersonId::generate(clock, random);
        let person = self.store.person(identity, proposed, clock.now()).await?;
        let id = CredentialId::generate(clock, random);
        let credential = self.store.sign_in(person, id, new).await?;
        audit::SIGN_IN.record(audit::Fields {
            person_id: Some(person),
            credential_id: Some(credential.id),
            method: Some(method),
            ..Default::default()
        });
        Ok(credential)
    }

    /// A person's credentials, oldest first.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn credentials(&self, person: PersonId) -> StoreResult<Vec<Credential>> {
        self.store.credentials_of(person).await
    }

    /// Removes a person's credential with its secrets: calls that need it fail from now on. Gives it as it
    /// was, so that it can be revoked at the service; `None` when there is none.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn remove_credential(
        &self,
        person: PersonId,
        id: CredentialId,
    ) -> StoreResult<Option<Credential>> {
        let credential = loop {
            let Some(is) = self.store.credential(person, id).await? else { return Ok(None) };
            if matches!(is.state, CredentialState::Removed { .. }) {
                return Ok(None);
            }
            // What is given must be what was removed: it may be renewed meanwhile.
            let removed = self.store.remove_credential(person, id, is.version, self.now()).await?;
            if removed == Applied::Yes {
                break is;
            }
        };
        audit::CREDENTIAL_REMOVED.record(audit::Fields {
            person_id: Some(person),
            credential_id: Some(id),
            ..Default::default()
        });
        Ok(Some(credential))
    }

    /// Changes which of a person's credentials one of their grants may use. Unknown and removed ones are left
    /// out; `No` when none is left, or there is no such valid grant.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn set_grant_credentials(
        &self,
        person: PersonId,
        grant: GrantId,
        credentials: &[CredentialId],
    ) -> StoreResult<Applied> {
        let own = self.store.credentials_of(person).await?;
        let is_own = |id: &&CredentialId| own.iter().any(|one| one.id == **id);
        let credentials: Vec<_> = credentials.iter().filter(is_own).copied().collect();
        if credentials.is_empty() {
            return Ok(Applied::No);
        }
        let changed = self.store.set_grant_credentials(person, grant, &credentials).await?;
        if changed == Applied::Yes {
            audit::GRANT_CREDENTIALS_CHANGED.record(audit::Fields {
                grant_id: Some(grant),
                person_id: Some(person),
                ..Default::default()
            });
        }
        Ok(changed)
    }

    /// A person's credential.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn credential(
        &self,
        person: PersonId,
        id: CredentialId,
    ) -> StoreResult<Option<Credential>> {
        self.store.credential(person, id).await
    }
}
