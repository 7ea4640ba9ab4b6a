//! `POST /token`, `POST /refresh` (RFC 6749 §3.2) and `POST /revoke` (RFC 7009).

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use snappy_oauth::Site;
use snappy_oauth::grant::error::TokenError;
use snappy_oauth::grant::token::GrantType;

use crate::App;
use crate::limits::{Action, Sender};
use crate::reply::{json_error, too_many};

/// The token endpoint.
pub(crate) async fn token(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    Extension(sender): Extension<Sender>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(&app, &site, &sender, &headers, &body, None).await
}

/// The refresh endpoint: the token endpoint for the refresh grant alone.
pub(crate) async fn refresh(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    Extension(sender): Extension<Sender>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(&app, &site, &sender, &headers, &body, Some(GrantType::RefreshToken)).await
}

/// The revocation endpoint.
pub(crate) async fn revoke(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    Extension(sender): Extension<Sender>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Err(response) = check_form(&headers) {
        return *response;
    }
    match app.oauth.revoke_token(&site, authorization(&headers), &body).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => refuse(&app, &sender, &error),
    }
}

async fn answer(
    app: &App,
    site: &Site,
    sender: &Sender,
    headers: &HeaderMap,
    body: &[u8],
    only: Option<GrantType>,
) -> Response {
    if let Err(response) = check_form(headers) {
        return *response;
    }
    match app.oauth.token(site, authorization(headers), body, only).await {
        Ok(tokens) => Json(tokens).into_response(),
        Err(error) => refuse(app, sender, &error),
    }
}

/// The `Authorization` header; one that is no text counts as malformed further on.
fn authorization(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default())
}

/// Token requests are forms (RFC 6749 §4.1.3); anything else is told what is taken.
fn check_form(headers: &HeaderMap) -> Result<(), Box<Response>> {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media = media.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Ok(());
    }
    let why = "the body must be a form: application/x-www-form-urlencoded";
    Err(Box::new(json_error(StatusCode::BAD_REQUEST, "invalid_request", why).into_response()))
}

fn refuse(app: &App, Sender(sender): &Sender, error: &TokenError) -> Response {
    tracing::info!(error = error.code(), "Token request refused: {error}");
    // Only what is refused is counted, so a valid refresh is never turned away.
    let guessing = error.status().is_client_error();
    if guessing && !app.limiter().count(Action::TokenFailure, sender) {
        return too_many("too many refused requests from this address: try again in a minute");
    }
    let mut response = json_error(error.status(), error.code(), &error.to_string()).into_response();
    if error.wants_basic_challenge() {
        let challenge = HeaderValue::from_static("Basic realm=\"snappy-mcp\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}
