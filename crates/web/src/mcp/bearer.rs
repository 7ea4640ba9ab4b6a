//! The bearer check of protected routes (RFC 6750).

use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use snappy_domain::Scope;
use snappy_oauth::grant::bearer;
use snappy_oauth::{BearerError, Caller, Site};
use snappy_xano::scopes;

use crate::app::App;
use crate::responses::json_error;

/// Checks the bearer token of a request.
pub(super) async fn authenticate(
    app: &App,
    site: &Site,
    headers: &HeaderMap,
) -> Result<Caller, BearerError> {
    let authorization = headers.get_all(header::AUTHORIZATION).iter().map(HeaderValue::as_bytes);
    app.oauth.check_bearer(site, authorization).await
}

/// The response to a request whose bearer check failed.
pub(super) fn reject(site: &Site, error: &BearerError) -> Response {
    if !matches!(error, BearerError::Missing) {
        tracing::info!(error = error.code(), "Bearer token rejected: {error}");
    }
    let code = error.code().unwrap_or("unauthorized");
    let response = json_error(error.status(), code, &error.to_string()).into_response();
    with_challenge(response, error.challenge(site, &scopes::ALL))
}

/// Asks the client to request more scopes (RFC 6750 §3.1).
pub(super) fn insufficient_scope(site: &Site, caller: &Caller, needed: Scope) -> Response {
    let why = format!(
        "this call needs the scope {needed}, which this connection does not have; connect again \
         to allow it"
    );
    let response = json_error(StatusCode::FORBIDDEN, "insufficient_scope", &why).into_response();
    let challenge = bearer::insufficient_scope(site, &scopes::ALL, &caller.scopes, needed);
    with_challenge(response, Some(challenge))
}

fn with_challenge(mut response: Response, challenge: Option<String>) -> Response {
    let challenge = challenge.and_then(|text| HeaderValue::try_from(text).ok());
    response.headers_mut().extend(challenge.map(|challenge| (header::WWW_AUTHENTICATE, challenge)));
    response
}
