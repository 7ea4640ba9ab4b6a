//! Ending grants and tokens (RFC 7009). A refresh token ends its whole grant; an access token only itself.

use snappy_domain::{ClientId, GrantId, PersonId, Secret, audit};
use snappy_store::{Applied, Grant, RevocationReason, StoreResult};

use super::error::TokenError;
use crate::form::Form;
use crate::tokens::TokenKind;
use crate::{AuthorizationServer, Site};

impl AuthorizationServer {
    /// Answers a revocation request. A token that is unknown or another client's is left alone, and the
    /// answer is the same (RFC 7009 §2.2).
    ///
    /// # Errors
    /// When the client is not authenticated, no token is given, or the storage fails.
    pub async fn revoke_token(
        &self,
        site: &Site,
        authorization: Option<&str>,
        body: &[u8],
    ) -> Result<(), TokenError> {
        let form = Form::parse(body)?;
        let client = self.authenticate_client(site, authorization, &form).await?;
        let token: &Secret = form.secret("token").ok_or(TokenError::Missing("token"))?;
        // The hint only says where to look first; both look-ups are cheap.
        let refresh = self.store.refresh_token(&self.token_ref(TokenKind::Refresh, token)).await?;
        if let Some(view) = refresh.filter(|view| view.grant.client == client.id) {
            self.revoke_grant(&view.grant, RevocationReason::Client).await?;
            return Ok(());
        }
        let access = self.store.admit(&self.token_ref(TokenKind::Access, token)).await?;
        if let Some(found) = access.filter(|found| found.grant.client == client.id) {
            self.store.remove_access_token(found.grant.person, &found.token.hash).await?;
            audit::ACCESS_TOKEN_REVOKED.record(audit::Fields {
                grant_id: Some(found.grant.id),
                client_id: Some(&client.id),
                ..Default::default()
            });
        }
        Ok(())
    }

    /// Revokes a grant; `false` when it was revoked before.
    pub(crate) async fn revoke_grant(
        &self,
        grant: &Grant,
        reason: RevocationReason,
    ) -> StoreResult<bool> {
        self.revoke(grant.person, grant.id, &grant.client, reason).await
    }

    /// The one place where grants are revoked, with the audit event.
    pub(super) async fn revoke(
        &self,
        person: PersonId,
        id: GrantId,
        client: &ClientId,
        reason: RevocationReason,
    ) -> StoreResult<bool> {
        let revoked =
            self.store.revoke_grant(person, id, reason, self.now()).await? == Applied::Yes;
        if revoked {
            audit::GRANT_REVOKED.record(audit::Fields {
                grant_id: Some(id),
                client_id: Some(client),
                reason: Some(reason.as_str()),
                ..Default::default()
            });
        }
        Ok(revoked)
    }
}
