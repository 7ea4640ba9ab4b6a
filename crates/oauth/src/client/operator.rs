//! What the operator may do with clients.

use snappy_domain::{AccessLimits, ClientId, CredentialId, PersonId, Scopes, audit};
use snappy_store::{
    Applied, Client, Credential, NewCredential, RevocationReason, ServiceAccount, StoreError,
    StoreResult, repeat,
};

use crate::AuthorizationServer;

/// Why a service account did not get another credential.
#[derive(Debug, thiserror::Error)]
pub enum ServiceAccountError {
    /// There is no such client, or it has no service account.
    #[error("there is no service account {0}; `snappy-mcp client list` shows them")]
    Unknown(ClientId),
    /// Somebody else changed it at the same time.
    #[error("{0} was changed by somebody else just now; look at it and try again")]
    Changed(ClientId),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StoreError),
}

impl AuthorizationServer {
    /// All clients, oldest first.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn clients(&self) -> StoreResult<Vec<Client>> {
        self.store.clients().await
    }

    /// Removes a client and ends its grants; `false` when there is none.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn remove_client(&self, id: &ClientId) -> StoreResult<bool> {
        let removed = self.store.remove_client(id, self.now()).await? == Applied::Yes;
        if removed {
            let client_id = Some(id);
            audit::CLIENT_REMOVED.record(audit::Fields { client_id, ..Default::default() });
        }
        Ok(removed)
    }

    /// A service account for a credential that the operator brings: a person of its own.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn new_service_account(
        &self,
        new: &NewCredential,
        scopes: Scopes,
        limits: AccessLimits,
    ) -> StoreResult<ServiceAccount> {
        let person = PersonId::generate(&*self.runtime.clock, &*self.runtime.random);
        let credential = self.keep_service_credential(person, new).await?;
        Ok(ServiceAccount::new(person, credential.id, scopes, limits))
    }

    /// Gives a service account another credential. Grants that use the older one end.
    ///
    /// # Errors
    /// See [`ServiceAccountError`].
    pub async fn replace_service_credential(
        &self,
        id: &ClientId,
        new: &NewCredential,
    ) -> Result<(), ServiceAccountError> {
        let client = self.store.client(id).await?;
        let account = client.and_then(|client| client.service_account);
        let older = account.ok_or_else(|| ServiceAccountError::Unknown(id.clone()))?;
        let person = older.person();
        let credential = self.keep_service_credential(person, new).await?.id;
        if credential == older.credential {
            return Ok(());
        }
        let (scopes, limits) = (older.scopes.clone(), older.limits.clone());
        let newer = ServiceAccount::new(person, credential, scopes, limits);
        let replace = || self.store.replace_service_account(id, &older, &newer);
        if repeat(&*self.runtime.timer, replace).await? == Applied::No {
            return Err(ServiceAccountError::Changed(id.clone()));
        }
        for grant in self.store.grants_of(person, self.now()).await? {
            if grant.credentials == [older.credential] && grant.client == *id {
                self.revoke_grant(&grant, RevocationReason::Operator).await?;
            }
        }
        Ok(())
    }

    async fn keep_service_credential(
        &self,
        person: PersonId,
        new: &NewCredential,
    ) -> StoreResult<Credential> {
        let id = CredentialId::generate(&*self.runtime.clock, &*self.runtime.random);
        self.store.sign_in(person, id, new).await
    }
}
