//! The routes and the middlewares around them.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get, post};
use snappy_oauth::Admission;

use crate::app::{App, Parts};
use crate::mcp::{debug_oauth, endpoint, sse, status};
use crate::middleware::{body, headers, remote_address, site, trace};
use crate::oauth::{authorize, metadata, register, revoke, token};
use crate::pages::{account, connection, consent, home, login, xano_oauth};
use crate::{health, responses};

/// The size limit of a form or a registration, in bytes.
const MAX_FORM: usize = 64 * 1024;

/// The router of the whole server.
pub fn router(parts: Parts) -> Router {
    let debug_oauth = parts.debug_oauth;
    let registration = parts.oauth.config().admission == Admission::Open;
    let app = App::new(parts);

    // Clients in browsers may call these from any origin; none of them reads a cookie.
    let mut cross_origin = Router::new()
        .route("/.well-known/oauth-protected-resource", get(metadata::protected_resource))
        .route("/.well-known/oauth-protected-resource/mcp", get(metadata::protected_resource))
        .route("/.well-known/oauth-authorization-server", get(metadata::authorization_server))
        .route("/.well-known/oauth-authorization-server/mcp", get(metadata::authorization_server))
        .route("/.well-known/openid-configuration", get(metadata::authorization_server))
        .route("/.well-known/openid-configuration/mcp", get(metadata::authorization_server))
        .route("/mcp/.well-known/openid-configuration", get(metadata::authorization_server))
        .route("/token", post(token::token))
        .route("/refresh", post(token::refresh))
        .route("/revoke", post(revoke::revoke))
        .route("/mcp", any(endpoint::handle))
        .route("/mcp/", any(endpoint::handle))
        .route("/sse", any(sse::gone))
        .route("/messages", any(sse::gone));
    if registration {
        cross_origin = cross_origin.route("/register", post(register::register));
    }

    let mut router = Router::new()
        .merge(cross_origin.layer(headers::cors()))
        .route("/", get(home::home))
        .route("/style.css", get(home::style))
        .route("/authorize", get(authorize::authorize))
        .route("/login", get(login::get).post(login::post))
        .route("/account", get(account::get).post(account::post))
        .route("/account/connection", get(connection::get).post(connection::post))
        .route("/account/workspace", get(connection::add_workspace))
        .route("/consent", get(consent::get).post(consent::post))
        .route("/oauth-callback", get(xano_oauth::callback))
        .route("/oauth-callback/{state}", get(login::xano_page::callback))
        .route("/status", get(status::get))
        .fallback(responses::not_found);
    if debug_oauth {
        router = router.route("/debug-oauth", any(debug_oauth::handle));
    }
    router
        .layer(from_fn_with_state(app.clone(), site::resolve))
        .layer(from_fn_with_state(app.clone(), remote_address::resolve))
        // Outside the check of the Host header, because health probes use the bare address.
        .route("/health", get(health::get))
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .layer(from_fn(body::buffer_small))
        .layer(from_fn(headers::set_security_headers))
        .layer(from_fn_with_state(app.clone(), trace::trace))
        .with_state(app)
}
