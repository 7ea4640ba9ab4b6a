//! `POST /token` (RFC 6749 §3.2) and `POST /refresh`.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use http::HeaderMap;
use http::header::USER_AGENT;
use snappy_oauth::Site;
use snappy_oauth::grant::token::GrantType;
use snappy_store::Party;

use super::token_request::{authorization, check_content_type, error_response};
use crate::app::App;
use crate::middleware::remote_address::RemoteAddress;

/// The token endpoint.
pub(crate) async fn token(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    Extension(address): Extension<RemoteAddress>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    issue(&app, &site, &address, &headers, &body, None).await
}

/// The token endpoint restricted to the grant type `refresh_token`.
pub(crate) async fn refresh(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    Extension(address): Extension<RemoteAddress>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    issue(&app, &site, &address, &headers, &body, Some(GrantType::RefreshToken)).await
}

/// Who sent the request. A long user agent is cut.
fn party(RemoteAddress(address): &RemoteAddress, headers: &HeaderMap) -> Party {
    let agent = headers.get(USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
    let user_agent = agent.unwrap_or_default().chars().take(200).collect();
    Party { address: address.clone(), user_agent }
}

async fn issue(
    app: &App,
    site: &Site,
    address: &RemoteAddress,
    headers: &HeaderMap,
    body: &[u8],
    only: Option<GrantType>,
) -> Response {
    if let Err(response) = check_content_type(headers) {
        return *response;
    }
    let by = party(address, headers);
    match app.oauth.token(site, authorization(headers), body, only, &by).await {
        Ok(tokens) => Json(tokens).into_response(),
        Err(error) => error_response(app, address, &error),
    }
}
