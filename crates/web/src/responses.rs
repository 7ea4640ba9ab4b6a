//! Responses that several routes use.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

/// An error as JSON (RFC 6749 §5.2). With status 503 it has a `Retry-After` header.
pub(crate) fn json_error(status: StatusCode, code: &str, description: &str) -> impl IntoResponse {
    let mut response =
        (status, Json(json!({"error": code, "error_description": description}))).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}

/// A rate limit is reached (RFC 6585 §4).
pub(crate) fn too_many_requests(why: &str) -> Response {
    let mut response =
        json_error(StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable", why).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    response
}

/// A redirect. It is always 303, so that the browser does not repeat a POST at the new address.
pub(crate) fn see_other(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(to) => (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response(),
        Err(_) => {
            let why = "the redirect address is not valid";
            json_error(StatusCode::INTERNAL_SERVER_ERROR, "server_error", why).into_response()
        }
    }
}

/// The response for an unknown path.
pub(crate) async fn not_found() -> impl IntoResponse {
    let why = "there is nothing at this address; the MCP endpoint is /mcp";
    json_error(StatusCode::NOT_FOUND, "not_found", why)
}

/// Adds a `Set-Cookie` header to a response.
pub(crate) fn add_cookies(response: Response, cookies: Vec<HeaderValue>) -> Response {
    cookies.into_iter().fold(response, |response, cookie| add_cookie(response, Some(cookie)))
}

pub(crate) fn add_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
