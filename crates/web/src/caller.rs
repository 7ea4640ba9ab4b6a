//! The caller of a protected route: the bearer check, what tools may use, and what may be told about
//! the caller's own sign-in.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, header};
use serde_json::{Value, json};
use snappy_domain::clock::seconds_until;
use snappy_domain::{Cancelled, ErrorCode, Timestamp, ToolError};
use snappy_mcp_server::{ClientCapabilities, SignInState};
use snappy_oauth::{BearerError, Caller, Site};
use snappy_store::{CredentialState, StoreResult};
use snappy_tools::{CallerTools, GrantControl, ToolContext};

use crate::App;
use crate::reply::json_error;

/// Checks the bearer of a request.
pub(crate) async fn authenticate(
    app: &App,
    site: &Site,
    headers: &HeaderMap,
) -> Result<Caller, BearerError> {
    let authorization = headers.get_all(header::AUTHORIZATION).iter().map(HeaderValue::as_bytes);
    app.oauth.check_bearer(site, authorization).await
}

/// The answer to a request that is not let in.
pub(crate) fn refuse(site: &Site, error: &BearerError) -> Response {
    if !matches!(error, BearerError::Missing) {
        tracing::info!(error = error.code(), "Bearer refused: {error}");
    }
    let code = error.code().unwrap_or("unauthorized");
    let mut response = json_error(error.status(), code, &error.to_string()).into_response();
    let declared = &snappy_xano::scopes::ALL;
    let challenge =
        error.challenge(site, declared).and_then(|text| HeaderValue::try_from(text).ok());
    response.headers_mut().extend(challenge.map(|challenge| (header::WWW_AUTHENTICATE, challenge)));
    response
}

/// The caller as the dispatch knows one.
pub(crate) fn of_messages(
    app: &App,
    site: &Site,
    caller: Caller,
    cancelled: Cancelled,
) -> snappy_mcp_server::Caller {
    let sign_in = if caller.needs_sign_in() { SignInState::Required } else { SignInState::Active };
    let grant = Arc::new(OwnGrant { app: app.clone(), caller: caller.clone() });
    let mut session = app.xano.session(caller.credential.clone());
    session.cancelled = cancelled;
    let context = ToolContext {
        session,
        grant: grant.clone(),
        scopes: caller.scopes.clone(),
        limits: caller.grant.limits.clone(),
        sign_in_url: site.url("/login"),
    };
    snappy_mcp_server::Caller {
        sign_in,
        scopes: caller.scopes.clone(),
        elicits_urls: caller.grant.elicits_urls,
        capabilities: grant,
        tools: Arc::new(CallerTools { inventory: app.inventory.clone(), context }),
        sign_in_url: site.url("/login"),
    }
}

/// Who calls, with which client, how long it lasts, and whether Xano still takes the sign-in.
pub(crate) async fn status(app: &App, caller: &Caller) -> StoreResult<Value> {
    let now = app.runtime.clock.now();
    let (grant, credential) = (&caller.grant, &caller.credential);
    let client = app.oauth.client(&grant.client).await?;
    let (state, since) = match credential.state {
        CredentialState::Usable => ("usable", None),
        CredentialState::SignInRequired { since } => ("sign_in_required", Some(since)),
    };
    Ok(json!({
        "person": {
            "id": credential.person,
            "user_id": credential.profile.subject,
            "email": credential.profile.email,
            "name": credential.profile.name,
        },
        "credential": {
            "id": credential.id,
            "kind": credential.secret.kind().as_str(),
            "xano": credential.authority,
            "state": state,
            "since": since,
            "refreshed_at": credential.refreshed_at,
            "expires_at": credential.secret.expires_at(),
        },
        "client": {
            "client_id": grant.client,
            "name": client.and_then(|client| client.name),
        },
        "grant": {
            "id": grant.id,
            "scope": grant.scopes.to_string(),
            "limits": grant.limits,
            "resource": grant.resource,
            "created_at": grant.created_at,
            "expires_at": grant.expires_at,
        },
        "access_token": {
            "scope": caller.scopes.to_string(),
            "expires_at": caller.expires_at,
            "expires_in": seconds_until(now, caller.expires_at),
        },
    }))
}

/// The caller's own grant, for the debug tools.
#[derive(Debug)]
struct OwnGrant {
    app: App,
    caller: Caller,
}

fn storage_trouble(error: impl std::fmt::Display) -> ToolError {
    tracing::error!("The caller's grant can't be read: {error}");
    let message = "This server's storage is not available.";
    ToolError::new(ErrorCode::TemporarilyUnavailable, message, "Try again in a minute.")
}

#[async_trait]
impl GrantControl for OwnGrant {
    async fn status(&self) -> Result<Value, ToolError> {
        status(&self.app, &self.caller).await.map_err(storage_trouble)
    }

    async fn limit_access_token(&self, left: Duration) -> Result<Timestamp, ToolError> {
        self.app.oauth.limit_access_token(&self.caller, left).await.map_err(storage_trouble)
    }
}

#[async_trait]
impl ClientCapabilities for OwnGrant {
    async fn note_elicitation(&self, elicits_urls: bool) {
        if let Err(error) = self.app.oauth.note_elicitation(&self.caller, elicits_urls).await {
            tracing::warn!("The client's capability can't be stored: {error}");
        }
    }
}
