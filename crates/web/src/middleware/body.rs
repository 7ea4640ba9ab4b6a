//! Small bodies are read whole before anything is decided. A server that answers first, and then
//! finds a body that it has not read, must close the connection; a client that has already begun its
//! next request there sees it break, and people see a sign-in fail.

use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;

use crate::responses::json_error;

/// Nearly every form and MCP message. Larger ones are read where they are wanted.
const SMALL: usize = 256 * 1024;

/// Reads the body of a request if it says that it is small.
pub(crate) async fn buffer_small(request: Request, next: Next) -> Response {
    let small = request.body().size_hint().upper().is_some_and(|upper| upper <= SMALL as u64);
    if !small {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match axum::body::to_bytes(body, SMALL).await {
        Ok(body) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(_) => {
            let why = "the body was not sent whole";
            json_error(StatusCode::BAD_REQUEST, "invalid_request", why).into_response()
        }
    }
}
