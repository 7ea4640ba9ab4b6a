//! `GET /status`: the caller's own sign-in, as JSON. Needs a bearer.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use http::HeaderMap;
use snappy_oauth::{BearerError, Site};

use crate::{App, caller};

pub(crate) async fn get(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    headers: HeaderMap,
) -> Response {
    let caller = match caller::authenticate(&app, &site, &headers).await {
        Ok(caller) if caller.needs_sign_in() => {
            return caller::refuse(&site, &BearerError::SignInRequired);
        }
        Ok(caller) => caller,
        Err(error) => return caller::refuse(&site, &error),
    };
    match caller::status(&app, &caller).await {
        Ok(status) => Json(status).into_response(),
        Err(error) => caller::refuse(&site, &BearerError::Storage(error)),
    }
}
