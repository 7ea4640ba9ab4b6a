//! Exchanging an authorization code for a grant (RFC 6749 §4.1.3).

use snappy_domain::{ClientId, GrantId, PersonId, Scopes};
use snappy_store::{
    Applied, AuthorizationCode, Client, CodeState, NewGrant, RevocationReason, StoreResult,
    TokenRef, repeat,
};

use super::error::TokenError;
use super::issue::{Subject, TokenResponse, response};
use super::resource::OtherResource;
use super::token::GrantType;
use super::{pkce, resource};
use crate::form::Form;
use crate::tokens::TokenKind;
use crate::{AuthorizationServer, Site};

impl AuthorizationServer {
    pub(super) async fn exchange_code(
        &self,
        site: &Site,
        client: &Client,
        form: &Form,
    ) -> Result<TokenResponse, TokenError> {
        let presented = form.secret("code").ok_or(TokenError::Missing("code"))?;
        let verifier = form.get("code_verifier").ok_or(TokenError::Missing("code_verifier"))?;
        let code = self
            .store
            .code(&self.token_ref(TokenKind::Code, presented))
            .await?
            .filter(|code| code.client == client.id)
            .ok_or(TokenError::InvalidCode)?;
        if code.expires_at <= self.now() && code.state == CodeState::Issued {
            return Err(TokenError::InvalidCode);
        }
        if form.get("redirect_uri").is_some_and(|uri| uri != code.redirect_uri) {
            return Err(TokenError::RedirectUriMismatch);
        }
        if !pkce::verify(&code.code_challenge, verifier) {
            return Err(TokenError::WrongVerifier);
        }
        // Only whoever has the verifier can have redeemed it: nobody else can end a grant with a code
        // from a browser history or a log.
        if let CodeState::Redeemed(grant) = code.state {
            return Err(self.code_replayed(code.person, grant, &client.id).await?);
        }
        // A code of another address of this server would give tokens that never work.
        if resource::canonical(site, form.get("resource"))? != code.resource {
            return Err(OtherResource(code.resource).into());
        }
        let scopes = self.narrowed(&code.scopes, form.get("scope"))?;
        self.redeem(&code, scopes).await
    }

    /// Nothing was changed up to here: a wrong attempt never uses a code up.
    async fn redeem(
        &self,
        code: &AuthorizationCode,
        scopes: Scopes,
    ) -> Result<TokenResponse, TokenError> {
        let now = self.now();
        let person = code.person;
        let grant = self.new_grant(
            &Subject {
                client: &code.client,
                person,
                credentials: &code.credentials,
                resource: &code.resource,
                scopes: &code.scopes,
                limits: &code.limits,
            },
            now,
        );
        let (refresh, hash) = self.new_token(TokenKind::Refresh, person);
        let access = self.new_access_token(&grant, scopes, now);
        let new = NewGrant {
            refresh: self.refresh_record(&grant, hash, now),
            access: access.record.clone(),
            grant,
        };
        // A code whose redemption was stored, and the answer lost, would look like a replay.
        let redeem = || self.store.redeem(&code.hash, &new);
        match repeat(&*self.runtime.timer, redeem).await? {
            Applied::Yes => {
                self.audit_new_grant(&new.grant, GrantType::AuthorizationCode.as_str());
                Ok(response(&access, Some(&refresh), now))
            }
            // Somebody redeemed it between our read and our change.
            Applied::No => {
                let again = TokenRef { person: Some(person), hashes: vec![code.hash] };
                match self.store.code(&again).await? {
                    Some(AuthorizationCode { state: CodeState::Redeemed(grant), .. }) => {
                        Err(self.code_replayed(person, grant, &code.client).await?)
                    }
                    _ => Err(TokenError::InvalidCode),
                }
            }
        }
    }

    async fn code_replayed(
        &self,
        person: PersonId,
        grant: GrantId,
        client: &ClientId,
    ) -> StoreResult<TokenError> {
        self.revoke(person, grant, client, RevocationReason::CodeReplay).await?;
        Ok(TokenError::CodeReplayed)
    }
}
