//! `POST /revoke` (RFC 7009).

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use snappy_oauth::Site;

use super::token_request::{authorization, check_content_type, error_response};
use crate::app::App;
use crate::middleware::remote_address::RemoteAddress;

pub(crate) async fn revoke(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    Extension(address): Extension<RemoteAddress>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Err(response) = check_content_type(&headers) {
        return *response;
    }
    match app.oauth.revoke_token(&site, authorization(&headers), &body).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => error_response(&app, &address, &error),
    }
}
