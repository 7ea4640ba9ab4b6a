//! Buffering of small request bodies. A server that responds before it has read the body must close the
//! connection. A client that has already sent its next request on that connection then gets an error,
//! and a person may see their sign-in fail.

use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;

use crate::responses::json_error;

/// The size of a small body, in bytes: more than nearly every form and MCP message. Handlers read
/// larger bodies themselves.
const SMALL: usize = 256 * 1024;

/// Reads the body of a request if its declared size is small.
pub(crate) async fn buffer_small(request: Request, next: Next) -> Response {
    let small = request.body().size_hint().upper().is_some_and(|upper| upper <= SMALL as u64);
    if !small {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match axum::body::to_bytes(body, SMALL).await {
        Ok(body) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(_) => {
            let why = "the request body is incomplete";
            json_error(StatusCode::BAD_REQUEST, "invalid_request", why).into_response()
        }
    }
}
