//! The sign-in at Xano's OAuth server, and `/oauth-callback`, where Xano sends the browser back. What was begun is
//! kept in an encrypted cookie, bound to the browser; its `state` proves that this server sent this browser there.

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use snappy_domain::keys::SealContext;
use snappy_domain::{GrantId, Scopes, TokenHash};
use snappy_oauth::Site;
use snappy_oauth::form::Form;
use snappy_xano::oauth::{Authorization, AuthorizationAnswer, RequestedAccess};
use snappy_xano::{OAuthError, scopes};
use subtle::ConstantTimeEq as _;

use super::browser::Browser;
use super::in_progress::InProgress;
use super::login::complete::{Completed, Then, complete};
use super::login::messages;
use super::pending;
use super::problem::Problem;
use crate::app::App;
use crate::middleware::remote_address::RemoteAddress;
use crate::rate_limits::Action;
use crate::responses::{add_cookie, add_cookies, see_other};

const IN_PROGRESS: InProgress = InProgress("xano");
const PURPOSE: &str = "xano sign-in";

/// What a sign-in at Xano is begun for.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Begin<'a> {
    /// The encrypted authorization request.
    pub(super) request: Option<&'a str>,
    /// The connection that may use the new credential.
    pub(super) grant: Option<GrantId>,
    /// Whether the sign-in only reads.
    pub(super) only_reads: bool,
}

/// A sign-in that was begun, as the cookie keeps it.
#[derive(Serialize, Deserialize)]
struct Begun {
    authorization: Authorization,
    grant: Option<GrantId>,
    only_reads: bool,
    /// The hash of the authorization request, which the cookie contains beside this.
    request: Option<String>,
}

fn context(browser: &Browser) -> SealContext<'_> {
    SealContext { table: PURPOSE, row: browser.as_str().as_bytes(), column: "begun" }
}

fn encode(hash: &TokenHash) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(hash.as_bytes())
}

/// Whether a connection with these scopes only reads, so that its sign-in at Xano needs no more.
pub(crate) fn only_reads(app: &App, scopes: &Scopes) -> bool {
    app.is_read_only() || scopes.names().all(|name| name == scopes::READ.name)
}

/// The path of the login page for a connection.
pub(crate) fn login_path(grant: GrantId, only_reads: bool) -> String {
    let access = if only_reads { "&access=read" } else { "" };
    format!("/login?grant={grant}{access}")
}

/// Sends the browser to Xano.
pub(super) async fn start(
    app: &App,
    site: &Site,
    headers: &HeaderMap,
    browser: &Browser,
    begin: Begin<'_>,
) -> Result<Response, OAuthError> {
    let access = match begin.only_reads {
        true => RequestedAccess::ReadOnly,
        false => RequestedAccess::Full,
    };
    let begun = app.xano.oauth().start(&site.url("/oauth-callback"), access).await;
    let (url, authorization) = begun.inspect_err(|error| {
        tracing::warn!("The sign-in at Xano can't be offered: {error}. {}.", error.advice());
    })?;
    let state = authorization.state.clone();
    let request = begin.request.map(|request| encode(&app.keys.hash(PURPOSE, request)));
    let Begin { grant, only_reads, .. } = begin;
    let begun = Begun { authorization, grant, only_reads, request };
    let text = serde_json::to_vec(&begun).unwrap_or_default();
    let Ok(sealed) = app.keys.seal(&*app.runtime.random, context(browser), &text) else {
        return Ok(Problem::ServerError.page());
    };
    let sealed = BASE64_URL_SAFE_NO_PAD.encode(sealed);
    let value = format!("{sealed}.{}", begin.request.unwrap_or_default());
    let now = app.runtime.clock.now();
    let Some(cookies) = IN_PROGRESS.keep(site, headers, now, &state, &value) else {
        return Ok(Problem::RequestTooLong.page());
    };
    let response = add_cookie(see_other(url.as_str()), browser.set_cookie(site));
    Ok(add_cookies(response, cookies))
}

/// What this browser began under a state, with the encrypted authorization request.
fn begun(
    app: &App,
    site: &Site,
    headers: &HeaderMap,
    state: &str,
) -> Option<(Browser, Begun, Option<String>)> {
    let browser = Browser::from_headers(headers, site)?;
    let cookie = IN_PROGRESS.find(site, headers, state)?;
    let (sealed, request) = cookie.split_once('.')?;
    let sealed = BASE64_URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let text = app.keys.open(context(&browser), &sealed).ok()?;
    let begun: Begun = serde_json::from_str(text.expose()).ok()?;
    let request = (!request.is_empty()).then(|| request.to_owned());
    let is_request = match (&begun.request, &request) {
        (Some(hash), Some(request)) => {
            app.keys.hashes(PURPOSE, request).iter().any(|one| encode(one) == *hash)
        }
        (None, None) => true,
        _ => false,
    };
    let is_state = bool::from(begun.authorization.state.as_bytes().ct_eq(state.as_bytes()));
    (is_state && is_request).then_some((browser, begun, request))
}

/// `GET /oauth-callback`: completes the sign-in. When it was tried, the browser is redirected to an address without
/// the code.
pub(crate) async fn callback(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    Extension(RemoteAddress(address)): Extension<RemoteAddress>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    // Each code is tried at Xano.
    if !app.limiter().count(Action::Login, &address) {
        return Problem::TooManyRequests.page();
    }
    let form = Form::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let state = form.get("state").unwrap_or_default();
    let Some((browser, begun, request)) = begun(&app, &site, &headers, state) else {
        return Problem::WrongBrowser.page();
    };
    let answer = AuthorizationAnswer {
        code: form.get("code"),
        iss: form.get("iss"),
        error: form.get("error"),
    };
    let visit = Visit { headers: &headers, address: &address, browser: &browser };
    let done = finish(&app, &site, visit, &begun, request.as_deref(), answer);
    let response = match done.await {
        Ok(Completed { location, session }) => add_cookie(see_other(&location), session),
        Err(Failed::Problem(problem)) => problem.page(),
        Err(Failed::Xano(error)) => {
            messages::record_oauth_failure(&error, &address);
            let failed = messages::oauth_error_name(&error);
            see_other(&match (&request, begun.grant) {
                (Some(request), _) => {
                    format!("{}&failed={failed}", pending::address("/login", request))
                }
                (None, Some(grant)) => {
                    format!("{}&failed={failed}", login_path(grant, begun.only_reads))
                }
                (None, None) if begun.only_reads => format!("/login?access=read&failed={failed}"),
                (None, None) => format!("/login?failed={failed}"),
            })
        }
    };
    add_cookies(response, IN_PROGRESS.forget(&site, &headers, state))
}

enum Failed {
    Problem(Problem<'static>),
    Xano(OAuthError),
}

/// The request with which the browser comes back.
#[derive(Clone, Copy)]
struct Visit<'a> {
    headers: &'a HeaderMap,
    address: &'a str,
    browser: &'a Browser,
}

async fn finish(
    app: &App,
    site: &Site,
    Visit { headers, address, browser }: Visit<'_>,
    begun: &Begun,
    request: Option<&str>,
    answer: AuthorizationAnswer<'_>,
) -> Result<Completed, Failed> {
    let pending = match request.map(|encrypted| pending::open(app, site, headers, encrypted)) {
        None => None,
        Some(Ok((_, pending))) => Some(pending),
        // Nothing is asked of Xano for a request that has expired.
        Some(Err(_)) => return Err(Failed::Problem(Problem::Expired)),
    };
    let then = Then::of(pending, begun.grant);
    let signed_in = app.xano.oauth().finish(&begun.authorization, answer).await;
    let signed_in = signed_in.map_err(Failed::Xano)?;
    complete(app, site, browser, address, then, &signed_in).await.map_err(Failed::Problem)
}
