//! What the token and the revocation endpoint share: both take a form from a client that authenticates,
//! and report errors in the same way (RFC 6749 §5.2, RFC 7009 §2.2.1).

use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use snappy_oauth::grant::error::TokenError;

use crate::app::App;
use crate::middleware::remote_address::RemoteAddress;
use crate::rate_limits::Action;
use crate::responses::{json_error, too_many_requests};

/// Checks that the body is declared as a form (RFC 6749 §4.1.3).
pub(super) fn check_content_type(headers: &HeaderMap) -> Result<(), Box<Response>> {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media = media.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Ok(());
    }
    let why = "the body must be a form: application/x-www-form-urlencoded";
    Err(Box::new(json_error(StatusCode::BAD_REQUEST, "invalid_request", why).into_response()))
}

/// The `Authorization` header. One that is not text becomes the empty string, which is malformed.
pub(super) fn authorization(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default())
}

/// The response to a rejected request.
pub(super) fn error_response(
    app: &App,
    RemoteAddress(address): &RemoteAddress,
    error: &TokenError,
) -> Response {
    tracing::info!(error = error.code(), "Token request rejected: {error}");
    // Only rejected requests count, so that a valid refresh is never limited.
    let is_rejected = error.status().is_client_error();
    if is_rejected && !app.limiter().count(Action::TokenFailure, address) {
        return too_many_requests(
            "too many rejected requests from this address: try again in a minute",
        );
    }
    let mut response = json_error(error.status(), error.code(), &error.to_string()).into_response();
    if error.wants_basic_challenge() {
        let challenge = HeaderValue::from_static("Basic realm=\"snappy-mcp\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}
