//! The discovery documents (RFC 8414, RFC 9728). They are served at every address where clients look
//! for them.

use axum::extract::State;
use axum::response::IntoResponse;
use axum::{Extension, Json};
use http::HeaderName;
use http::header::CACHE_CONTROL;
use snappy_oauth::{Site, metadata};

use crate::app::App;

const CACHE_FIVE_MINUTES: [(HeaderName, &str); 1] = [(CACHE_CONTROL, "public, max-age=300")];

pub(crate) async fn protected_resource(
    State(app): State<App>,
    Extension(site): Extension<Site>,
) -> impl IntoResponse {
    (CACHE_FIVE_MINUTES, Json(metadata::protected_resource(&site, &app.oauth.config().service)))
}

pub(crate) async fn authorization_server(
    State(app): State<App>,
    Extension(site): Extension<Site>,
) -> impl IntoResponse {
    (CACHE_FIVE_MINUTES, Json(metadata::authorization_server(&site, app.oauth.config())))
}
