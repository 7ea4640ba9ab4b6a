//! A request ID for every request, in the response and on every log line, and one log line at the end of
//! the request. Query strings are never logged, because they contain codes and states.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::HeaderValue;
use snappy_domain::random;
use tracing::Instrument as _;

use crate::app::App;

/// Runs the request in a span with its ID.
pub(crate) async fn trace(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<9>(&*app.runtime.random));
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("(none)", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", request_id = %id);
    let method = request.method().clone();
    let started_at = app.runtime.clock.now();
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    let elapsed = app.runtime.clock.now().duration_since(started_at);
    span.in_scope(|| {
        let status = response.status().as_u16();
        let millis = i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX);
        if status >= 500 {
            tracing::warn!(%method, route, status, millis, "Request failed");
        } else {
            tracing::info!(%method, route, status, millis, "Request completed");
        }
    });
    response
}
