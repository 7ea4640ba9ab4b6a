//! Tokens for machines, without a person (RFC 6749 §4.4; MCP's extension
//! `io.modelcontextprotocol/oauth-client-credentials`): a client that the operator registered gets
//! access to the Xano credential that the operator stored with it.

use snappy_domain::clock::after;
use snappy_domain::{GrantId, Timestamp, audit};
use snappy_store::{AccountState, Applied, Client, Grant, GrantState, Machine};

use crate::form::Form;
use crate::refresh::narrowed;
use crate::token::{TokenError, TokenResponse};
use crate::{AuthorizationServer, Site, resource};

/// A grant that was just found or made can only be gone when somebody revoked it in between.
const TRIES: usize = 3;

impl AuthorizationServer {
    pub(crate) async fn client_credentials(
        &self,
        site: &Site,
        client: &Client,
        form: &Form,
    ) -> Result<TokenResponse, TokenError> {
        // Whoever needs no proof is not known well enough.
        let proven = client.auth != snappy_store::TokenEndpointAuth::None && !client.also_public;
        let machine =
            client.machine.as_ref().filter(|_| proven).ok_or(TokenError::UnauthorizedClient)?;
        let resource = resource::canonical(site, form.get("resource"))?;
        let scopes = narrowed(&machine.scopes, form.get("scope"))?;
        let account = self.store.account(machine.account).await?;
        if account.is_none_or(|account| account.state != AccountState::Usable) {
            return Err(TokenError::MachineSignInRequired);
        }
        let now = self.clock.now();
        for _ in 0..TRIES {
            let grant = self.machine_grant(client, machine, &resource, now).await?;
            let access = self.mint_access(&grant, scopes.clone(), now);
            if self.store.add_access_token(&access.record).await? == Applied::Yes {
                audit::TOKEN_ISSUED.record(audit::Fields {
                    grant_id: Some(grant.id),
                    client_id: Some(&client.id),
                    account_id: Some(machine.account),
                    ..Default::default()
                });
                // No refresh token: the machine asks again (RFC 6749 §4.4.3).
                return Ok(self.response(&access, None, now));
            }
        }
        Err(TokenError::UnauthorizedClient)
    }

    /// The grant that the machine's tokens belong to: one for each resource, as long as nothing about
    /// it changes, so that it can be listed and ended as one.
    async fn machine_grant(
        &self,
        client: &Client,
        machine: &Machine,
        resource: &str,
        now: Timestamp,
    ) -> Result<Grant, TokenError> {
        let grant = Grant {
            id: GrantId::generate(&*self.clock, &*self.random),
            client: client.id.clone(),
            account: machine.account,
            resource: resource.to_owned(),
            scopes: machine.scopes.clone(),
            limits: machine.limits.clone(),
            created_at: now,
            expires_at: after(now, self.lifetimes.grant),
            used_at: None,
            state: GrantState::Active,
        };
        // A token is never longer than its grant, so the grant must have some life left.
        let until = after(now, self.lifetimes.access / 2);
        let kept = self.store.machine_grant(&grant, until).await?;
        // The operator has just removed it.
        let kept = kept.ok_or(TokenError::UnauthorizedClient)?;
        if kept.id == grant.id {
            self.grant_made(&grant, "client_credentials");
            self.store.mark_client_used(&client.id, now).await?;
        }
        Ok(kept)
    }
}
