//! `POST /register` (RFC 7591 §3).

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use http::StatusCode;
use snappy_oauth::client::register::RegisterError;

use crate::app::App;
use crate::middleware::remote_address::RemoteAddress;
use crate::rate_limits::Action;
use crate::responses::{json_error, too_many_requests};

pub(crate) async fn register(
    State(app): State<App>,
    Extension(RemoteAddress(address)): Extension<RemoteAddress>,
    body: Bytes,
) -> Response {
    if !app.limiter().count(Action::Register, &address) {
        return too_many_requests(
            "too many registrations from this address: try again in a minute",
        );
    }
    match app.oauth.register(&body).await {
        Ok(client) => (StatusCode::CREATED, Json(client)).into_response(),
        Err(error) => {
            let status = match error {
                RegisterError::Storage(_) => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::BAD_REQUEST,
            };
            tracing::info!(error = error.code(), "Registration rejected: {error}");
            json_error(status, error.code(), &error.to_string()).into_response()
        }
    }
}
