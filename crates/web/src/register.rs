//! `POST /register` (RFC 7591 §3).

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use http::StatusCode;
use snappy_oauth::client::register::RegisterError;

use crate::App;
use crate::limits::{Action, Sender};
use crate::reply::{json_error, too_many};

pub(crate) async fn post(
    State(app): State<App>,
    Extension(Sender(sender)): Extension<Sender>,
    body: Bytes,
) -> Response {
    if !app.limiter().count(Action::Register, &sender) {
        return too_many("too many registrations from this address: try again in a minute");
    }
    match app.oauth.register(&body).await {
        Ok(answer) => (StatusCode::CREATED, Json(answer)).into_response(),
        Err(error) => {
            let status = match error {
                RegisterError::Storage(_) => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::BAD_REQUEST,
            };
            tracing::info!(error = error.code(), "Registration refused: {error}");
            json_error(status, error.code(), &error.to_string()).into_response()
        }
    }
}
