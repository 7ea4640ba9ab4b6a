//! Sign-in on Xano's own page (`<account origin>/login?dest=cli&callback=…`, as the official command line
//! does it), and `/oauth-callback`, where Xano sends the browser back with a token in the query. The
//! token is checked at once and stored encrypted, and the browser is always redirected to an address
//! without it. The `state` in the path proves that this server sent this browser there for this request,
//! so that two sign-ins at the same time are not mixed up.

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::HeaderMap;
use snappy_domain::{GrantId, Keyring, TokenHash};
use snappy_oauth::Site;
use snappy_oauth::form::Form;
use snappy_xano::SignInError;
use subtle::ConstantTimeEq as _;

use super::attempt::record_failure;
use super::complete::{Completed, Then, complete};
use crate::app::App;
use crate::middleware::remote_address::RemoteAddress;
use crate::pages::browser::Browser;
use crate::pages::in_progress::InProgress;
use crate::pages::pending;
use crate::pages::problem::Problem;
use crate::rate_limits::Action;
use crate::responses::{add_cookie, add_cookies, see_other};

/// The value of the cookie when the sign-in belongs to no authorization request; `renewal.` with a connection's id when
/// its app asked for the sign-in. Encrypted requests contain no dot.
const RENEWAL: &str = "renewal";
const IN_PROGRESS: InProgress = InProgress("pending");
const PURPOSE: &str = "xano return";

/// Sends the browser to Xano's page. A cookie keeps the encrypted authorization request until it returns.
pub(super) fn start(
    app: &App,
    site: &Site,
    headers: &HeaderMap,
    browser: &Browser,
    encrypted: Option<&str>,
    grant: Option<GrantId>,
) -> Response {
    let renewal = || grant.map_or_else(|| RENEWAL.to_owned(), |grant| format!("{RENEWAL}.{grant}"));
    let request = &encrypted.map_or_else(renewal, str::to_owned);
    let state = encode(&app.keys.hash(PURPOSE, &state_input(browser, request)));
    let callback = site.url(&format!("/oauth-callback/{state}"));
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("dest", "cli")
        .append_pair("callback", &callback)
        .finish();
    let response = see_other(&format!("{}/login?{query}", app.account_origin));
    let now = app.runtime.clock.now();
    match IN_PROGRESS.keep(site, headers, now, &state, request) {
        Some(cookies) => add_cookies(response, cookies),
        None => Problem::RequestTooLong.page(),
    }
}

/// `GET /oauth-callback/{state}`: completes the sign-in.
pub(crate) async fn callback(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    Extension(RemoteAddress(address)): Extension<RemoteAddress>,
    Path(state): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    // Each token is tried at Xano.
    if !app.limiter().count(Action::Login, &address) {
        return Problem::TooManyRequests.page();
    }
    let request = IN_PROGRESS.find(&site, &headers, &state);
    let (Some(browser), Some(request)) = (Browser::from_headers(&headers, &site), request) else {
        return Problem::WrongBrowser.page();
    };
    if !is_valid_state(&app.keys, &browser, &request, &state) {
        return Problem::WrongBrowser.page();
    }
    let form = Form::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let Completed { location, session } =
        sign_in(&app, &site, &address, &headers, &browser, &request, &form).await;
    let response = add_cookies(see_other(&location), IN_PROGRESS.forget(&site, &headers, &state));
    add_cookie(response, session)
}

/// Checks the token and stores the sign-in. The result is an address without the token: that of the next
/// page, or of the login page with the name of an error.
async fn sign_in(
    app: &App,
    site: &Site,
    address: &str,
    headers: &HeaderMap,
    browser: &Browser,
    request: &str,
    form: &Form,
) -> Completed {
    let redirect = |location: String| Completed { location, session: None };
    let renewal = request.strip_prefix(RENEWAL);
    let grant = renewal.and_then(|grant| grant.strip_prefix('.')?.parse().ok());
    let login = match (renewal, grant) {
        (None, _) => format!("{}&", pending::address("/login", request)),
        (Some(_), None) => "/login?".to_owned(),
        (Some(_), Some::<GrantId>(grant)) => format!("/login?grant={grant}&"),
    };
    let pending = match renewal {
        Some(_) => None,
        None => match pending::open(app, site, headers, request) {
            Ok((_, pending)) => Some(pending),
            // The login page reports the problem.
            Err(_) => return redirect(login),
        },
    };
    let failed = |name: &str| redirect(format!("{login}failed={name}"));
    let Some(token) = form.secret("token") else { return failed("no_token") };
    let signed_in = match app.xano.check_token(token).await {
        Ok(signed_in) => signed_in,
        Err(error) => {
            record_failure("xano", &error, address);
            let rejected = error == SignInError::Refused;
            return failed(if rejected { "rejected" } else { "unavailable" });
        }
    };
    let then = Then::of(pending, grant);
    let completed = complete(app, site, browser, address, then, &signed_in).await;
    completed.unwrap_or_else(|problem| match problem {
        Problem::PersonNotAllowed => failed("not_allowed"),
        _ => failed("unavailable"),
    })
}

/// What the state authenticates: the browser and the request.
fn state_input(browser: &Browser, request: &str) -> String {
    format!("{}\n{request}", browser.as_str())
}

fn encode(hash: &TokenHash) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(hash.as_bytes())
}

/// Whether the state was made for this browser and request, with any configured key.
fn is_valid_state(keys: &Keyring, browser: &Browser, request: &str, state: &str) -> bool {
    keys.hashes(PURPOSE, &state_input(browser, request))
        .iter()
        .any(|hash| encode(hash).as_bytes().ct_eq(state.as_bytes()).into())
}
