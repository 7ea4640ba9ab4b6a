//! The home page, and the style sheet of all pages.

use askama::Template;
use axum::Extension;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use snappy_oauth::Site;

use super::render::render;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    mcp_url: &'a str,
}

/// `GET /`: what this server is and how to connect.
pub(crate) async fn home(Extension(site): Extension<Site>) -> Response {
    render(StatusCode::OK, &HomePage { mcp_url: &site.resource() })
}

/// `GET /style.css`.
pub(crate) async fn style() -> Response {
    let headers = [(CONTENT_TYPE, "text/css"), (CACHE_CONTROL, "public, max-age=3600")];
    (headers, include_str!("../../templates/style.css")).into_response()
}
