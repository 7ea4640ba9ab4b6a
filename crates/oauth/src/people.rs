//! Signing people in.

use snappy_domain::{CredentialId, PersonId, audit};
use snappy_store::{Credential, Identity, NewCredential, StoreResult};

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
