//! `/sse` and `/messages`: the HTTP+SSE transport of MCP 2024-11-05, which this server does not support.
//! The response names the MCP endpoint.

use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::StatusCode;
use serde_json::json;
use snappy_oauth::Site;

pub(crate) async fn gone(Extension(site): Extension<Site>) -> Response {
    let mcp = site.resource();
    let body = json!({
        "error": "gone",
        "error_description": format!(
            "The HTTP+SSE transport is not supported. Use the streamable HTTP endpoint: {mcp}"
        ),
        "mcp_url": mcp,
    });
    (StatusCode::GONE, Json(body)).into_response()
}
