//! Token revocation (RFC 7009). A refresh token ends its whole grant; an access token only itself.

use snappy_domain::{GrantId, Secret, audit};
use snappy_store::{Applied, Client, RevocationReason};

use crate::form::Form;
use crate::secrets::Kind;
use crate::token::TokenError;
use crate::{AuthorizationServer, Site};

impl AuthorizationServer {
    /// Revokes a token of the client that asks. A token that is unknown or another client's is left
    /// alone and the answer is the same (RFC 7009 §2.2).
    ///
    /// # Errors
    /// When the client is not proven, no token is given, or the storage fails.
    pub async fn revoke(
        &self,
        site: &Site,
        authorization: Option<&str>,
        body: &[u8],
    ) -> Result<(), TokenError> {
        let form = Form::parse(body)?;
        let client = self.authenticate_client(site, authorization, &form).await?;
        let token: &Secret = form.secret("token").ok_or(TokenError::Missing("token"))?;
        // The hint only says where to look first; both places are cheap.
        let now = self.clock.now();
        let refresh = self.store.refresh_token(&self.hashes(Kind::RefreshToken, token)).await?;
        if let Some(view) = refresh.filter(|view| view.grant.client == client.id) {
            let id = view.grant.id;
            let reason = RevocationReason::Client;
            if self.store.revoke_grant(id, reason, now).await? == Applied::Yes {
                let reason = Some(reason.as_str());
                audit::GRANT_REVOKED.record(audit::Fields { reason, ..about(id, &client) });
            }
            return Ok(());
        }
        let access = self.store.access_token(&self.hashes(Kind::AccessToken, token)).await?;
        if let Some(view) = access.filter(|view| view.grant.client == client.id) {
            self.store.remove_access_token(&view.token.hash).await?;
            audit::TOKEN_REVOKED.record(about(view.grant.id, &client));
        }
        Ok(())
    }
}

fn about(grant: GrantId, client: &Client) -> audit::Fields<'_> {
    audit::Fields { grant_id: Some(grant), client_id: Some(&client.id), ..Default::default() }
}
