//! `/mcp`: the streamable HTTP transport. It checks the Origin and the bearer token, and passes the message
//! to the dispatch.

use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use snappy_domain::spawn::run_to_end;
use snappy_domain::{Scope, audit};
use snappy_mcp_server::{Answer, Challenge};
use snappy_oauth::{BearerError, Caller, Site};
use snappy_xano::origin::is_loopback_name;
use url::Url;

use super::{bearer, caller};
use crate::app::App;
use crate::responses::json_error;

/// The size limit of an MCP message, in bytes.
const MAX_MESSAGE: usize = 4 * 1024 * 1024;

/// Handles every HTTP method, because each must be authenticated first.
pub(crate) async fn handle(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    request: Request,
) -> Response {
    if !origin_is_allowed(&app, &site, request.headers()) {
        let why = "requests from this Origin are not allowed; see SNAPPY_ALLOWED_ORIGINS";
        return json_error(StatusCode::FORBIDDEN, "invalid_origin", why).into_response();
    }
    let caller = match bearer::authenticate(&app, &site, request.headers()).await {
        Ok(caller) => caller,
        Err(error) => return bearer::reject(&site, &error),
    };
    if !caller.credentials.iter().all(|one| app.admission.allow_credential(one)) {
        let why = "the operator of this server has limited it to other people";
        return json_error(StatusCode::FORBIDDEN, "access_denied", why).into_response();
    }
    if request.method() != Method::POST {
        return match caller.needs_sign_in() {
            true => bearer::reject(&site, &BearerError::SignInRequired),
            false => method_not_allowed(),
        };
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MAX_MESSAGE).await else {
        let why = "the message is larger than 4 MiB or incomplete";
        return json_error(StatusCode::PAYLOAD_TOO_LARGE, "invalid_request", why).into_response();
    };
    // When the client disconnects, the server drops the future of this function. A change that was already sent
    // to Xano must still be completed.
    let answer = run_to_end(&*app.runtime.spawner, |cancelled| {
        let (app, site, caller) = (app.clone(), site.clone(), caller.clone());
        async move {
            let caller = caller::dispatch_caller(&app, &site, caller, cancelled);
            app.mcp().handle(&body, Some(&parts.headers), caller).await
        }
    });
    match answer.await {
        Some(Answer::Response { status, json }) => {
            (status, [(header::CONTENT_TYPE, "application/json")], json).into_response()
        }
        Some(Answer::Accepted) => StatusCode::ACCEPTED.into_response(),
        Some(Answer::Challenge(Challenge::SignIn)) => {
            bearer::reject(&site, &BearerError::SignInRequired)
        }
        Some(Answer::Challenge(Challenge::Scope(needed))) => step_up(&site, &caller, needed),
        Some(Answer::Refused { status, reason }) => plain(status, reason),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn plain(status: StatusCode, reason: impl Into<Body>) -> Response {
    let mut response = Response::new(reason.into());
    *response.status_mut() = status;
    response
}

fn method_not_allowed() -> Response {
    let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    response
}

/// Whether the Origin header is absent (no browser), or names this server, a loopback address, or an
/// origin that the operator allows.
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

/// Rejects a call before it runs, so that clients that support it can request the scope and retry.
fn step_up(site: &Site, caller: &Caller, needed: Scope) -> Response {
    audit::INSUFFICIENT_SCOPE.record(audit::Fields {
        grant_id: Some(caller.grant.id),
        client_id: Some(&caller.grant.client),
        reason: Some(needed.name),
        ..Default::default()
    });
    bearer::insufficient_scope(site, caller, needed)
}
