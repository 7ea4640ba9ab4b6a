//! `/mcp`: Origin, bearer, then rmcp. The bearer comes before anything about the message, because
//! clients take a 400 without a challenge for a broken server.

use std::borrow::Cow;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;
use snappy_domain::{Scope, audit};
use snappy_oauth::grant::bearer;
use snappy_oauth::{BearerError, Caller, Site};
use snappy_tools::OpensUrls;
use snappy_xano::origin::is_loopback_name;
use snappy_xano::scopes;
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
    let opens_urls = app.opens_urls().of(&caller, &body);
    if caller.needs_sign_in() && opens_urls == OpensUrls::No {
        return caller::refuse(&site, &BearerError::SignInRequired);
    }
    if parts.method == Method::POST {
        if let Some((code, why)) = not_a_message(&body) {
            return not_understood(code, why);
        }
        if let Some(needed) = missing_scope(&app, &caller, &body) {
            return step_up(&site, &caller, needed);
        }
        accept_both(&mut parts.headers);
    }
    parts.extensions.insert(caller::tool_context(&app, &site, caller, opens_urls));
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

/// The scope that a tool call needs and the token has not.
fn missing_scope(app: &App, caller: &Caller, body: &[u8]) -> Option<Scope> {
    #[derive(Deserialize)]
    struct Params<'a> {
        #[serde(borrow)]
        name: Cow<'a, str>,
    }
    #[derive(Deserialize)]
    struct Message<'a> {
        #[serde(borrow)]
        method: Cow<'a, str>,
        #[serde(borrow)]
        params: Params<'a>,
    }
    let message: Message<'_> = serde_json::from_slice(body).ok()?;
    let tool =
        app.inventory.get(&message.params.name).filter(|_| message.method == "tools/call")?;
    (!caller.scopes.allow(tool.scope)).then_some(tool.scope)
}

/// Asks the client to have more allowed (RFC 6750 §3.1). The answer comes before the call, so that
/// clients which know how can step up by themselves.
fn step_up(site: &Site, caller: &Caller, needed: Scope) -> Response {
    audit::INSUFFICIENT_SCOPE.record(audit::Fields {
        grant_id: Some(caller.grant.id),
        client_id: Some(&caller.grant.client),
        reason: Some(needed.name),
        ..Default::default()
    });
    let why =
        format!("this connection may not do that: it needs {needed}; connect again to allow it");
    let mut response =
        json_error(StatusCode::FORBIDDEN, "insufficient_scope", &why).into_response();
    let challenge = bearer::insufficient_scope(site, &scopes::ALL, &caller.scopes, needed);
    let challenge = HeaderValue::try_from(challenge).ok();
    response.headers_mut().extend(challenge.map(|challenge| (header::WWW_AUTHENTICATE, challenge)));
    response
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
