//! `POST /token` (RFC 6749 §3.2) and `POST /refresh`.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use http::HeaderMap;
use snappy_oauth::Site;
use snappy_oauth::grant::token::GrantType;

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
    match app.oauth.token(site, authorization(headers), body, only).await {
        Ok(tokens) => Json(tokens).into_response(),
        Err(error) => error_response(app, address, &error),
    }
}
