//! Discovery documents (RFC 8414, RFC 9728). Copies stand wherever a client is known to look.

use axum::extract::State;
use axum::response::IntoResponse;
use axum::{Extension, Json};
use http::header::CACHE_CONTROL;
use snappy_oauth::{Site, metadata};

use crate::App;

const SHORTLY: [(http::HeaderName, &str); 1] = [(CACHE_CONTROL, "public, max-age=300")];

pub(crate) async fn protected_resource(
    State(app): State<App>,
    Extension(site): Extension<Site>,
) -> impl IntoResponse {
    (SHORTLY, Json(metadata::protected_resource(&site, &app.oauth.config().service)))
}

pub(crate) async fn authorization_server(
    State(app): State<App>,
    Extension(site): Extension<Site>,
) -> impl IntoResponse {
    (SHORTLY, Json(metadata::authorization_server(&site, app.oauth.config())))
}
