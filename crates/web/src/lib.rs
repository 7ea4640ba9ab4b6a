//! The HTTP face: OAuth endpoints, pages, the MCP endpoint, status and health, as one axum router
//! that does not know which host or store it runs on.
//!
//! What every request passes, outermost first: request id and log line (`trace`), security headers
//! (`headers`), small bodies read whole (`body`), who sent it (`limits`), the Host check that also
//! decides which [`Site`] is addressed ([`site`]); then its route.

mod account;
mod authorize;
mod body;
mod browser;
mod caller;
mod consent;
mod debug_oauth;
mod headers;
mod health;
mod limits;
mod login;
mod mcp;
mod oauth_callback;
mod pages;
mod pending;
mod register;
mod reply;
pub mod site;
mod sse;
mod status;
mod token;
mod trace;
mod well_known;

use std::sync::Arc;

pub use limits::{Peer, RateLimits};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{any, get, post};
use limits::Limiter;
use snappy_domain::{Keyring, Runtime};
use snappy_mcp_server::Dispatch;
use snappy_oauth::{Admission, AuthorizationServer, Site};
use snappy_tools::{Inventory, SERVER_INFO};
use snappy_xano::Xano;

/// The most bytes of a form or a registration.
const MAX_FORM: usize = 64 * 1024;
/// The most bytes of an MCP message.
const MAX_MESSAGE: usize = 4 * 1024 * 1024;

/// What the router is made of.
#[derive(Debug)]
pub struct Parts {
    /// The authorization server.
    pub oauth: AuthorizationServer,
    /// Seals what browsers carry.
    pub keys: Arc<Keyring>,
    /// Time, waiting and randomness.
    pub runtime: Runtime,
    /// The Xano side.
    pub xano: Arc<Xano>,
    /// The tools on offer.
    pub inventory: Inventory,
    /// Where the server is reached; `None` means at whatever loopback address a request names.
    pub public: Option<Site>,
    /// Web origins that may call the MCP endpoint besides the server's own and loopback ones.
    pub allowed_origins: Vec<String>,
    /// The account-level Xano, for the link to its own sign-in page.
    pub account_origin: String,
    /// Whether `/debug-oauth` exists.
    pub debug_oauth: bool,
    /// How often things may be tried.
    pub limits: RateLimits,
}

/// The state that all handlers share.
#[derive(Clone)]
pub(crate) struct App(Arc<Shared>);

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("App")
    }
}

pub(crate) struct Shared {
    parts: Parts,
    limiter: Limiter,
    mcp: Dispatch,
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}

impl App {
    fn mcp(&self) -> &Dispatch {
        &self.0.mcp
    }

    fn limiter(&self) -> &Limiter {
        &self.0.limiter
    }
}

/// The whole server.
pub fn router(parts: Parts) -> Router {
    let mcp = Dispatch::new(SERVER_INFO);
    let debug_oauth = parts.debug_oauth;
    let registration = parts.oauth.config().admission == Admission::Open;
    let limiter = Limiter::new(parts.limits, Arc::clone(&parts.runtime.clock));
    let app = App(Arc::new(Shared { parts, limiter, mcp }));

    // Clients in browsers may call these; no cookie is ever looked at here.
    let mut cross_origin = Router::new()
        .route("/.well-known/oauth-protected-resource", get(well_known::protected_resource))
        .route("/.well-known/oauth-protected-resource/mcp", get(well_known::protected_resource))
        .route("/.well-known/oauth-authorization-server", get(well_known::authorization_server))
        .route("/.well-known/oauth-authorization-server/mcp", get(well_known::authorization_server))
        .route("/.well-known/openid-configuration", get(well_known::authorization_server))
        .route("/.well-known/openid-configuration/mcp", get(well_known::authorization_server))
        .route("/mcp/.well-known/openid-configuration", get(well_known::authorization_server))
        .route("/token", post(token::token))
        .route("/refresh", post(token::refresh))
        .route("/revoke", post(token::revoke))
        .route("/mcp", any(mcp::any))
        .route("/mcp/", any(mcp::any))
        .route("/sse", any(sse::gone))
        .route("/messages", any(sse::gone));
    if registration {
        cross_origin = cross_origin.route("/register", post(register::post));
    }

    let mut router = Router::new()
        .merge(cross_origin.layer(headers::cors()))
        .route("/", get(pages::home))
        .route("/style.css", get(pages::style))
        .route("/authorize", get(authorize::get))
        .route("/login", get(login::get).post(login::post))
        .route("/account", get(account::get).post(account::post))
        .route("/consent", get(consent::get).post(consent::post))
        .route("/oauth-callback", get(oauth_callback::without_state))
        .route("/oauth-callback/{state}", get(oauth_callback::get))
        .route("/status", get(status::get))
        .fallback(reply::no_such_address);
    if debug_oauth {
        router = router.route("/debug-oauth", any(debug_oauth::any));
    }
    router
        .layer(middleware::from_fn_with_state(app.clone(), site::check))
        .layer(middleware::from_fn_with_state(app.clone(), limits::identify))
        // Health probes come by address, whatever the Host.
        .route("/health", get(health::get))
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .layer(middleware::from_fn(body::read_whole))
        .layer(middleware::from_fn(headers::secure))
        .layer(middleware::from_fn_with_state(app.clone(), trace::request))
        .with_state(app)
}
