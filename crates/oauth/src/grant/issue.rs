//! Issuing tokens: new tokens with the records that they are stored as, and the answer of the token
//! endpoint.

use serde::Serialize;
use snappy_domain::clock::{after, seconds_until};
use snappy_domain::{
    AccessLimits, ClientId, CredentialId, GrantId, PersonId, Scopes, Secret, Timestamp, TokenHash,
    audit,
};
use snappy_store::{AccessToken, Grant, GrantState, RefreshState, RefreshToken};

use super::error::TokenError;
use crate::AuthorizationServer;
use crate::tokens::TokenKind;

/// A token response (RFC 6749 §5.1).
#[derive(Serialize)]
pub struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    scope: String,
}

impl std::fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TokenResponse(scope {:?}, expires in {})", self.scope, self.expires_in)
    }
}

/// A new access token, with what it is stored as.
pub(super) struct NewAccessToken {
    pub(super) secret: Secret,
    pub(super) record: AccessToken,
}

/// What a new grant is for.
pub(super) struct Subject<'a> {
    pub(super) client: &'a ClientId,
    pub(super) person: PersonId,
    pub(super) credentials: &'a [CredentialId],
    pub(super) resource: &'a str,
    pub(super) scopes: &'a Scopes,
    pub(super) limits: &'a AccessLimits,
}

impl AuthorizationServer {
    /// A new grant. It is not kept yet.
    pub(super) fn new_grant(&self, subject: &Subject<'_>, now: Timestamp) -> Grant {
        Grant {
            id: GrantId::generate(&*self.runtime.clock, &*self.runtime.random),
            client: subject.client.clone(),
            person: subject.person,
            credentials: subject.credentials.to_vec(),
            resource: subject.resource.to_owned(),
            scopes: subject.scopes.clone(),
            limits: subject.limits.clone(),
            created_at: now,
            expires_at: after(now, self.config.lifetimes.grant),
            used_at: None,
            elicits_urls: false,
            fork: None,
            state: GrantState::Active,
        }
    }

    /// Records a new grant in the audit trail.
    pub(super) fn audit_new_grant(&self, grant: &Grant, method: &str) {
        audit::GRANT_CREATED.record(audit::Fields {
            grant_id: Some(grant.id),
            client_id: Some(&grant.client),
            person_id: Some(grant.person),
            method: Some(method),
            ..Default::default()
        });
    }

    /// A new access token of a grant, which lives no longer than the grant.
    pub(super) fn new_access_token(
        &self,
        grant: &Grant,
        scopes: Scopes,
        now: Timestamp,
    ) -> NewAccessToken {
        let (secret, hash) = self.new_token(TokenKind::Access, grant.person);
        let expires_at = after(now, self.config.lifetimes.access).min(grant.expires_at);
        NewAccessToken { secret, record: AccessToken { hash, grant: grant.id, scopes, expires_at } }
    }

    /// A refresh token's record, which lives no longer than the grant.
    pub(super) fn refresh_record(
        &self,
        grant: &Grant,
        hash: TokenHash,
        now: Timestamp,
    ) -> RefreshToken {
        RefreshToken {
            hash,
            grant: grant.id,
            expires_at: after(now, self.config.lifetimes.refresh_idle).min(grant.expires_at),
            reused_at: None,
            state: RefreshState::Current,
        }
    }

    /// The scopes of a new access token: the grant's, or fewer when fewer are asked for (RFC 6749 §6).
    pub(super) fn narrowed(
        &self,
        granted: &Scopes,
        asked: Option<&str>,
    ) -> Result<Scopes, TokenError> {
        let asked = Scopes::select(self.config.service.scopes, asked.unwrap_or_default());
        if asked.is_empty() {
            return Ok(granted.clone());
        }
        if asked.intersection(granted) == asked {
            Ok(asked)
        } else {
            Err(TokenError::WiderScope(granted.clone()))
        }
    }
}

/// The answer for tokens that are stored.
pub(super) fn response(
    access: &NewAccessToken,
    refresh: Option<&Secret>,
    now: Timestamp,
) -> TokenResponse {
    TokenResponse {
        access_token: access.secret.expose().into(),
        token_type: "Bearer",
        expires_in: seconds_until(now, access.record.expires_at),
        refresh_token: refresh.map(|token| token.expose().into()),
        scope: access.record.scopes.to_string(),
    }
}
