//! A person's grants as the person sees them, and ending grants from pages and commands.

use snappy_domain::{GrantId, PersonId, audit};
use snappy_store::{Grant, RevocationReason, StoreResult, housekeeping};

use crate::AuthorizationServer;

/// The most grants that one statement revokes.
const BATCH: u32 = 500;

/// A grant with the name of its client.
#[derive(Debug, Clone)]
pub struct Connection {
    pub grant: Grant,
    /// The client's name, as the client says of itself.
    pub client_name: Option<String>,
}

impl AuthorizationServer {
    /// A person's valid grants, newest first.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn connections(&self, person: PersonId) -> StoreResult<Vec<Connection>> {
        let mut connections = Vec::new();
        for grant in self.store.grants_of(person, self.now()).await? {
            let client = self.store.client(&grant.client).await?;
            let client_name = client.and_then(|client| client.name);
            connections.push(Connection { grant, client_name });
        }
        Ok(connections)
    }

    /// Ends one of a person's own grants, or all of them; gives how many.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn end_connections(
        &self,
        person: PersonId,
        only: Option<GrantId>,
    ) -> StoreResult<usize> {
        let mut ended = 0;
        for grant in self.store.grants_of(person, self.now()).await? {
            let meant = only.is_none_or(|only| only == grant.id);
            if meant && self.revoke_grant(&grant, RevocationReason::Person).await? {
                ended += 1;
            }
        }
        Ok(ended)
    }

    /// Ends a grant for the operator: `None` when there is none, `Some(false)` when it had ended before.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn end_grant(&self, id: GrantId) -> StoreResult<Option<bool>> {
        let Some(person) = self.store.owner_of_grant(id).await? else { return Ok(None) };
        let Some(grant) = self.store.grant(person, id).await? else { return Ok(None) };
        self.revoke_grant(&grant, RevocationReason::Operator).await.map(Some)
    }

    /// Ends all grants for the operator; gives how many.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn end_all_grants(&self) -> StoreResult<u64> {
        let (reason, now) = (RevocationReason::Operator, self.now());
        let ended = housekeeping::all(|| self.store.revoke_grants(reason, now, BATCH)).await?;
        let reason = Some(reason.as_str());
        audit::GRANTS_REVOKED.record(audit::Fields { reason, ..Default::default() });
        Ok(ended)
    }
}
