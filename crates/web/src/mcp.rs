//! `/mcp`: Origin, bearer, then rmcp. The bearer comes before anything about the message, because
//! clients take a 400 without a challenge for a broken server.

use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde::de::IgnoredAny;
use serde_json::json;
use snappy_oauth::Site;
use snappy_xano::origin::is_loopback_name;
use url::Url;

use crate::reply::json_error;
use crate::{App, MAX_MESSAGE, caller};

/// Every method; rmcp answers the ones that do not exist.
pub(crate) async fn any(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    request: Request,
) -> Response {
    if !origin_is_allowed(&app, &site, request.headers()) {
        let why = "the Origin may not call this server; see SNAPPY_ALLOWED_ORIGINS";
        return json_error(StatusCode::FORBIDDEN, "invalid_origin", why).into_response();
    }
    let caller = match caller::authenticate(&app, &site, request.headers()).await {
        Ok(caller) => caller,
        Err(error) => return caller::refuse(&site, &error),
    };
    let (mut parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MAX_MESSAGE).await else {
        let why = "the message is larger than 4 MiB, or was not sent whole";
        return json_error(StatusCode::PAYLOAD_TOO_LARGE, "invalid_request", why).into_response();
    };
    if parts.method == Method::POST {
        if let Some((code, why)) = not_a_message(&body) {
            return not_understood(code, why);
        }
        accept_both(&mut parts.headers);
    }
    parts.extensions.insert(caller::tool_context(&app, &site, caller));
    let request = http::Request::from_parts(parts, Body::from(body));
    app.mcp().handle(request).await.map(Body::new)
}

/// A browser says where a script comes from; programs say nothing. Taken are this server's own
/// pages, apps on the same computer, and what the operator lists.
fn origin_is_allowed(app: &App, site: &Site, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    let loopback = || {
        let url = Url::parse(origin).ok()?;
        url.host_str().map(is_loopback_name)
    };
    origin == site.issuer()
        || app.allowed_origins.iter().any(|allowed| allowed == origin)
        || loopback().unwrap_or(false)
}

/// Why a body can be no JSON-RPC message, with JSON-RPC's code.
fn not_a_message(body: &[u8]) -> Option<(i32, &'static str)> {
    if serde_json::from_slice::<IgnoredAny>(body).is_err() {
        return Some((-32700, "Parse error: the body is not JSON"));
    }
    match body.iter().find(|b| !b.is_ascii_whitespace()) {
        Some(b'{') => None,
        Some(b'[') => Some((-32600, "Invalid request: batches are not taken, send one message")),
        _ => Some((-32600, "Invalid request: the body is not a JSON-RPC message")),
    }
}

fn not_understood(code: i32, message: &str) -> Response {
    let error = json!({"jsonrpc": "2.0", "id": null, "error": {"code": code, "message": message}});
    (StatusCode::BAD_REQUEST, axum::Json(error)).into_response()
}

/// The transport asks clients to accept both kinds of answer. Ours is JSON nearly always, so a client
/// that accepts anything, or only JSON, is served as well.
fn accept_both(headers: &mut HeaderMap) {
    let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let json = accepts.is_none_or(|accept| {
        ["*/*", "application/*", "application/json"].iter().any(|media| accept.contains(media))
    });
    if json {
        let both = HeaderValue::from_static("application/json, text/event-stream");
        headers.insert(header::ACCEPT, both);
    }
}
