//! Token revocation (RFC 7009). A refresh token ends its whole grant; an access token only itself.

use snappy_domain::Secret;
use snappy_store::RevocationReason;

use crate::AuthorizationServer;
use crate::form::Form;
use crate::secrets::Kind;
use crate::token::TokenError;

impl AuthorizationServer {
    /// Revokes a token of the client that asks. A token that is unknown or another client's is left
    /// alone and the answer is the same (RFC 7009 §2.2).
    ///
    /// # Errors
    /// When the client is not proven, no token is given, or the storage fails.
    pub async fn revoke(&self, authorization: Option<&str>, body: &[u8]) -> Result<(), TokenError> {
        let form = Form::parse(body)?;
        let client = self.authenticate_client(authorization, &form).await?;
        let token: &Secret = form.secret("token").ok_or(TokenError::Missing("token"))?;
        // The hint only says where to look first; both places are cheap.
        let now = self.clock.now();
        let refresh = self.store.refresh_token(&self.hashes(Kind::RefreshToken, token)).await?;
        if let Some(view) = refresh.filter(|view| view.grant.client == client.id) {
            let id = view.grant.id;
            self.store.revoke_grant(id, RevocationReason::Client, now).await?;
            tracing::info!(grant_id = %id, client_id = %client.id, "Grant revoked by its client");
            return Ok(());
        }
        let access = self.store.access_token(&self.hashes(Kind::AccessToken, token)).await?;
        if let Some(view) = access.filter(|view| view.grant.client == client.id) {
            self.store.remove_access_token(&view.token.hash).await?;
            let id = view.grant.id;
            tracing::info!(grant_id = %id, client_id = %client.id, "Access token revoked");
        }
        Ok(())
    }
}
