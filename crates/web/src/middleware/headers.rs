//! The security headers of every response, and CORS for the endpoints that clients in browsers call.

use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderName, HeaderValue, Method};
use tower_http::cors::{Any, CorsLayer};

/// No scripts, no frames, and nothing from other origins. There is no `form-action`, because Chromium
/// applies it to the whole chain of redirects, and the consent page redirects to the client.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

/// Sets the security headers, and `no-store` unless the handler set another `Cache-Control`.
pub(crate) async fn set_security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_FRAME_OPTIONS, "DENY"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Any origin, but no credentials: these endpoints read no cookies.
pub(crate) fn cors() -> CorsLayer {
    let name = HeaderName::from_static;
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers([
            AUTHORIZATION,
            CONTENT_TYPE,
            name("mcp-protocol-version"),
            name("mcp-method"),
            name("mcp-name"),
            name("mcp-session-id"),
            name("last-event-id"),
        ])
        .expose_headers([
            WWW_AUTHENTICATE,
            name("mcp-session-id"),
            name("mcp-protocol-version"),
            name("x-request-id"),
        ])
        .max_age(Duration::from_secs(3600))
}
