//! Tokens for service accounts, without a person (RFC 6749 §4.4; MCP's extension
//! `io.modelcontextprotocol/oauth-client-credentials`): a client that the operator registered opens the
//! service with the credential that the operator stored with it.

use snappy_domain::clock::after;
use snappy_domain::{Timestamp, audit};
use snappy_store::{Applied, Client, ClientProof, CredentialState, Grant, ServiceAccount, repeat};

use super::error::TokenError;
use super::issue::{Subject, TokenResponse, response};
use super::resource;
use super::token::GrantType;
use crate::form::Form;
use crate::{AuthorizationServer, Site};

/// A grant that was just found or made can only be gone when somebody revoked it in between.
const TRIES: usize = 3;

impl AuthorizationServer {
    pub(super) async fn client_credentials(
        &self,
        site: &Site,
        client: &Client,
        form: &Form,
    ) -> Result<TokenResponse, TokenError> {
        // A client that may come without authentication is not known well enough.
        let authenticates = match &client.proof {
            ClientProof::Public => false,
            ClientProof::Secret { .. } => true,
            ClientProof::Keys { also_public, .. } => !also_public,
        };
        let account = client.service_account.as_ref().filter(|_| authenticates);
        let account = account.ok_or(TokenError::UnauthorizedClient)?;
        let resource = resource::canonical(site, form.get("resource"))?;
        let scopes = self.narrowed(&account.scopes, form.get("scope"))?;
        let person = account.person();
        let credential = self.store.credential(person, account.credential).await?;
        if credential.is_none_or(|credential| credential.state != CredentialState::Usable) {
            return Err(TokenError::ServiceCredentialEnded);
        }
        let now = self.now();
        for _ in 0..TRIES {
            let grant = self.service_grant(client, account, &resource, now).await?;
            let access = self.new_access_token(&grant, scopes.clone(), now);
            let add = || self.store.add_access_token(person, &access.record);
            if repeat(&*self.runtime.timer, add).await? == Applied::Yes {
                audit::ACCESS_TOKEN_ISSUED.record(audit::Fields {
                    grant_id: Some(grant.id),
                    client_id: Some(&client.id),
                    person_id: Some(person),
                    ..Default::default()
                });
                // No refresh token: the client asks again (RFC 6749 §4.4.3).
                return Ok(response(&access, None, now));
            }
        }
        Err(TokenError::UnauthorizedClient)
    }

    /// The grant that the tokens belong to: one for each resource, as long as nothing about the service
    /// account changes, so that it can be listed and ended as one.
    async fn service_grant(
        &self,
        client: &Client,
        account: &ServiceAccount,
        resource: &str,
        now: Timestamp,
    ) -> Result<Grant, TokenError> {
        let grant = self.new_grant(
            &Subject {
                client: &client.id,
                person: account.person(),
                credentials: &[account.credential],
                resource,
                scopes: &account.scopes,
                limits: &account.limits,
            },
            now,
        );
        // A token never lives longer than its grant, so the grant must have some life left.
        let until = after(now, self.config.lifetimes.access / 2);
        let kept = self.store.service_grant(&grant, until).await?;
        // The operator has just removed the client.
        let kept = kept.ok_or(TokenError::UnauthorizedClient)?;
        if kept.id == grant.id {
            self.audit_new_grant(&grant, GrantType::ClientCredentials.as_str());
            let _ = self.store.note_client_use(&client.id, grant.person, now).await?;
        }
        Ok(kept)
    }
}
