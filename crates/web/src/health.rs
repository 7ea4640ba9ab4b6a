//! `GET /health`: whether the process responds and its store is writable.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde_json::json;

use crate::app::App;

pub(crate) async fn get(State(app): State<App>) -> Response {
    let version = env!("CARGO_PKG_VERSION");
    match app.oauth.check_storage().await {
        Ok(()) => Json(json!({"status": "ok", "store": "ok", "version": version})).into_response(),
        Err(error) => {
            tracing::error!("Health check failed: {error}");
            let body = json!({"status": "failing", "store": "unavailable", "version": version});
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    }
}
