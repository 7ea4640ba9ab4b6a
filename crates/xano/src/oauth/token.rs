//! The token endpoint of Xano's OAuth server: exchanging a code, refreshing, revoking.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use snappy_credentials::{HeldLease, UpstreamError};
use snappy_domain::clock::after;
use snappy_domain::http::{Answer, HttpError};
use snappy_domain::{Secret, Timestamp};
use snappy_store::OAuthTokens;

use super::client::XanoOAuth;
use super::error::{self, OAuthError};
use super::server_metadata::ServerMetadata;
use crate::XanoError;
use crate::claims::Claims;

/// The longest token, in bytes. Tokens of 2 kB are usual; headers of more than this are refused everywhere.
const MAX_TOKEN: usize = 16 * 1024;
/// The longest life that is believed.
const MAX_LIFE: Duration = Duration::from_secs(365 * 86_400);
/// How often a refresh is sent when its response is lost.
const TRIES: u32 = 2;

/// A response of the token endpoint (RFC 6749 §5.1).
#[derive(Debug, Clone)]
pub struct TokenResponse {
    pub access_token: Secret,
    pub refresh_token: Option<Secret>,
    /// When the access token ends.
    pub expires_at: Option<Timestamp>,
    /// When the refresh token ends, if the server says so.
    pub refresh_expires_at: Option<Timestamp>,
    /// The granted scopes, if the server says so.
    pub scope: Option<String>,
}

/// Why the token endpoint gave no tokens.
#[derive(Debug)]
pub(super) enum TokenError {
    /// The code or the refresh token is not valid.
    InvalidGrant,
    /// The server does not know the client.
    ClientUnknown,
    /// A token is too long to be sent.
    TooLong,
    /// The request may have been carried out, and its response was not received.
    Lost(XanoError),
    /// The request was refused without a code that says why.
    Refused(XanoError),
    /// The request was not carried out.
    Other(XanoError),
}

impl XanoOAuth {
    pub(super) async fn request_tokens(
        &self,
        server: &ServerMetadata,
        form: &[(&str, &str)],
    ) -> Result<TokenResponse, TokenError> {
        let now = self.runtime.clock.now();
        let answer = self.send_form(server.token_endpoint.clone(), form).await;
        let answer = answer.map_err(|error| match error {
            HttpError::Unreachable(_) | HttpError::Refused(_) => TokenError::Other(error.into()),
            error => TokenError::Lost(error.into()),
        })?;
        read(&answer, now)
    }

    /// Exchanges the refresh token for the next pair. It is sent only while the lease is held, and once more
    /// at once when the response was lost: the request may not have arrived.
    pub(crate) async fn refresh(
        &self,
        tokens: &OAuthTokens,
        lease: &HeldLease<'_>,
    ) -> Result<OAuthTokens, UpstreamError> {
        let unavailable =
            |error: &dyn std::fmt::Display| UpstreamError::Unavailable(error.to_string());
        let refresh_token = tokens.refresh_token.as_ref().ok_or(UpstreamError::Rejected)?;
        let server = self.metadata().await.map_err(|error| unavailable(&error))?;
        let form = refreshing(&tokens.client_id, refresh_token);
        let mut tries = 1;
        loop {
            if !lease.is_held() {
                return Err(UpstreamError::LeaseLost);
            }
            match self.request_tokens(&server, &form).await {
                Ok(response) => return renewed(tokens, response),
                Err(TokenError::InvalidGrant) => return Err(UpstreamError::Rejected),
                Err(TokenError::Lost(error)) if tries < TRIES => {
                    tries += 1;
                    tracing::warn!("The response to a refresh was lost: {error}; asking once more");
                }
                Err(TokenError::Lost(error) | TokenError::Other(error)) => {
                    return Err(unavailable(&error));
                }
                // The refresh token is used up, and the next one can't be kept.
                Err(TokenError::TooLong) => return Err(UpstreamError::Rejected),
                // A server that forgets clients for a moment must not end every sign-in.
                Err(TokenError::ClientUnknown) => {
                    self.forget_client(&server, &tokens.client_id).await;
                    return Err(UpstreamError::Unclear(OAuthError::ClientUnknown.to_string()));
                }
                Err(TokenError::Refused(error)) => {
                    return Err(UpstreamError::Unclear(error.to_string()));
                }
            }
        }
    }

    /// Revokes the sign-in of a credential at Xano (RFC 7009). Returns whether Xano confirmed it.
    pub async fn revoke(&self, tokens: &OAuthTokens) -> bool {
        match &tokens.refresh_token {
            Some(refresh_token) => self.revoke_token(&tokens.client_id, refresh_token).await,
            None => false,
        }
    }

    pub(super) async fn revoke_token(&self, client_id: &str, refresh_token: &Secret) -> bool {
        let Ok(server) = self.metadata().await else { return false };
        let Some(endpoint) = server.revocation_endpoint.clone() else { return false };
        match self.send_form(endpoint, &revoking(client_id, refresh_token)).await {
            Ok(answer) if answer.status.is_success() => true,
            Ok(answer) => {
                tracing::warn!("A sign-in could not be revoked at Xano: {}", answer.status);
                false
            }
            Err(error) => {
                tracing::warn!("A sign-in could not be revoked at Xano: {error}");
                false
            }
        }
    }
}

/// The token request for the next pair.
pub(super) fn refreshing<'a>(
    client_id: &'a str,
    token: &'a Secret,
) -> [(&'static str, &'a str); 3] {
    [("grant_type", "refresh_token"), ("refresh_token", token.expose()), ("client_id", client_id)]
}

/// The request to revoke a sign-in.
pub(super) fn revoking<'a>(client_id: &'a str, token: &'a Secret) -> [(&'static str, &'a str); 3] {
    [("token", token.expose()), ("token_type_hint", "refresh_token"), ("client_id", client_id)]
}

/// The next tokens of a sign-in.
fn renewed(old: &OAuthTokens, new: TokenResponse) -> Result<OAuthTokens, UpstreamError> {
    let owner = |token: &Secret| Claims::of(token).subject().map(str::to_owned);
    let (before, after) = (owner(&old.access_token), owner(&new.access_token));
    if before.is_some() && after.is_some() && before != after {
        // Another person's token must never be used, whatever the cause.
        tracing::error!("Xano returned another person's token");
        return Err(UpstreamError::Rejected);
    }
    Ok(OAuthTokens {
        access_token: new.access_token,
        // A server that does not rotate sends none (RFC 6749 §6).
        refresh_token: new.refresh_token.or_else(|| old.refresh_token.clone()),
        expires_at: new.expires_at,
        refresh_expires_at: new.refresh_expires_at.or(old.refresh_expires_at),
        client_id: old.client_id.clone(),
        coverage: old.coverage.clone(),
    })
}

pub(super) fn read(answer: &Answer, now: Timestamp) -> Result<TokenResponse, TokenError> {
    let body = serde_json::from_slice::<Value>(&answer.body).ok();
    let status = answer.status.as_u16();
    if !answer.status.is_success() {
        // The text of the response is not passed on: it may quote the request, which is secret.
        let code = body.as_ref().map(|body| error::code(body).unwrap_or_default());
        let said = code.map(|code| json!({"message": code}));
        let error = XanoError::from_response(answer.status, said.as_ref(), None);
        if answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS {
            return Err(TokenError::Other(error));
        }
        return Err(match body.as_ref().and_then(error::code) {
            Some("invalid_grant") => TokenError::InvalidGrant,
            Some("invalid_client" | "unauthorized_client") => TokenError::ClientUnknown,
            _ => TokenError::Refused(error),
        });
    }
    // The tokens were issued: whatever is missing now is lost.
    let lost = |why| TokenError::Lost(XanoError::InvalidResponse { status, why });
    let body = body.ok_or_else(|| lost("not JSON, or was cut off"))?;
    let text =
        |field: &str| body.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
    let is_bearer = text("token_type").is_none_or(|kind| kind.eq_ignore_ascii_case("bearer"));
    if !is_bearer {
        return Err(lost("for another type of token than a bearer token"));
    }
    let access_token = text("access_token").ok_or_else(|| lost("without an access_token"))?;
    let refresh_token = text("refresh_token");
    if access_token.len().max(refresh_token.unwrap_or_default().len()) > MAX_TOKEN {
        return Err(TokenError::TooLong);
    }
    let ends = |field: &str| {
        let seconds = match body.get(field)? {
            Value::String(text) => text.trim().parse().ok()?,
            number => number.as_u64().or_else(|| number.as_f64().map(|life| life as u64))?,
        };
        Some(after(now, Duration::from_secs(seconds).min(MAX_LIFE)))
    };
    let access_token = Secret::new(access_token);
    Ok(TokenResponse {
        expires_at: ends("expires_in").or_else(|| Claims::of(&access_token).expires_at()),
        access_token,
        refresh_token: refresh_token.map(Secret::new),
        refresh_expires_at: ends("refresh_expires_in").or_else(|| ends("refresh_token_expires_in")),
        scope: text("scope").map(str::to_owned),
    })
}
