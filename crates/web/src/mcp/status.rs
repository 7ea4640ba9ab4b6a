//! `GET /status`: the caller's person, credentials, client, grant and access token, as JSON. It requires
//! a bearer token.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use http::HeaderMap;
use serde_json::{Value, json};
use snappy_domain::clock::seconds_until;
use snappy_oauth::{BearerError, Caller, Site};
use snappy_store::{Credential, CredentialState, StoreResult};

use super::bearer;
use crate::app::App;

pub(crate) async fn get(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    headers: HeaderMap,
) -> Response {
    let caller = match bearer::authenticate(&app, &site, &headers).await {
        Ok(caller) if caller.needs_sign_in() => {
            return bearer::reject(&site, &BearerError::SignInRequired);
        }
        Ok(caller) => caller,
        Err(error) => return bearer::reject(&site, &error),
    };
    match describe(&app, &caller).await {
        Ok(status) => Json(status).into_response(),
        Err(error) => bearer::reject(&site, &BearerError::Storage(error)),
    }
}

/// The status of a caller, including whether Xano still accepts each credential.
pub(super) async fn describe(app: &App, caller: &Caller) -> StoreResult<Value> {
    let now = app.runtime.clock.now();
    let grant = &caller.grant;
    let client = app.oauth.client(&grant.client).await?;
    let profile = caller.credentials.first().map(|credential| &credential.profile);
    let credentials: Vec<_> = caller.credentials.iter().map(describe_credential).collect();
    Ok(json!({
        "person": {
            "id": grant.person,
            "user_id": profile.map(|profile| &profile.subject),
            "email": profile.and_then(|profile| profile.email.as_ref()),
            "name": profile.and_then(|profile| profile.name.as_ref()),
        },
        "credentials": credentials,
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

fn describe_credential(credential: &Credential) -> Value {
    let (state, since) = match credential.state {
        CredentialState::Usable => ("usable", None),
        CredentialState::SignInRequired { since } => ("sign_in_required", Some(since)),
        CredentialState::Removed { at } => ("removed", Some(at)),
    };
    let secret = &credential.secret;
    json!({
        "id": credential.id,
        "kind": secret.kind().as_str(),
        "xano": credential.authority,
        "reaches": secret.coverage().map(|coverage| json!({
            "instance": coverage.instance,
            "workspace": coverage.workspace,
            "name": coverage.label(),
            "scope": coverage.scope,
        })),
        "state": state,
        "since": since,
        "renews_itself": secret.is_renewable(),
        "refreshed_at": credential.refreshed_at,
        "expires_at": secret.expires_at(),
    })
}
