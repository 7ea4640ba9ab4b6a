//! `/oauth-callback`: the way back from a sign-in on Xano's own page (`<account origin>/login?
//! dest=cli&callback=…`, as the official command line does it). Xano appends the token to the
//! address; it is checked at once, kept sealed, and the browser is sent on to an address without it,
//! whatever comes of it. The `state` in the path proves that this browser was sent there by us, for
//! this very request, so that two sign-ins side by side are not mixed up.

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::{HeaderMap, header};
use snappy_domain::{Keyring, TokenHash};
use snappy_oauth::Site;
use snappy_oauth::form::Form;
use snappy_xano::SignInError;
use subtle::ConstantTimeEq as _;

use crate::App;
use crate::browser::{self, Browser};
use crate::limits::Sender;
use crate::login::{self, Finished};
use crate::pages::{Problem, problem};
use crate::pending;
use crate::reply::see_other;

/// What stands in the cookie when the sign-in belongs to no new connection.
const RENEWAL: &str = "renewal";
const MAX_AGE_SECONDS: u32 = 1800;
const PURPOSE: &str = "xano return";

/// Sends the browser to Xano's page. The pending request waits in a cookie of its own.
pub(crate) fn start(app: &App, site: &Site, browser: &Browser, sealed: Option<&str>) -> Response {
    let waiting = sealed.unwrap_or(RENEWAL);
    let state = written(&app.keys.hash(PURPOSE, &bound(browser, waiting)));
    let back = site.url(&format!("/oauth-callback/{state}"));
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("dest", "cli")
        .append_pair("callback", &back)
        .finish();
    let mut response = see_other(&format!("{}/login?{query}", app.account_origin));
    let cookie = browser::set_cookie(site, &cookie_of(&state), waiting, MAX_AGE_SECONDS);
    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    response
}

/// Takes the browser back.
pub(crate) async fn get(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    Extension(Sender(sender)): Extension<Sender>,
    Path(state): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let cookie = cookie_of(&state);
    let waiting = browser::cookie(&headers, &browser::cookie_name(&site, &cookie));
    let (Some(browser), Some(waiting)) = (Browser::of(&headers, &site), waiting) else {
        return problem(&Problem::NotThisBrowser);
    };
    if !is_state(&app.keys, &browser, waiting, &state) {
        return problem(&Problem::NotThisBrowser);
    }
    let form = Form::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let Finished { to, session } =
        next(&app, &site, &sender, &headers, &browser, waiting, &form).await;
    let removed = browser::set_cookie(&site, &cookie, "", 0);
    let mut response = see_other(&to);
    for cookie in [removed, session].into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Without a state it was not us who sent the browser.
pub(crate) async fn without_state() -> Response {
    problem(&Problem::NotThisBrowser)
}

/// Where the browser goes on: an address without the token.
async fn next(
    app: &App,
    site: &Site,
    sender: &str,
    headers: &HeaderMap,
    browser: &Browser,
    waiting: &str,
    form: &Form,
) -> Finished {
    let go = |to: String| Finished { to, session: None };
    let login = match waiting {
        RENEWAL => "/login?".to_owned(),
        sealed => format!("{}&", pending::address("/login", sealed)),
    };
    let request = match waiting {
        RENEWAL => None,
        sealed => match pending::open(app, site, headers, sealed) {
            Ok((_, pending)) => Some(pending),
            // The login page says what is wrong with it.
            Err(_) => return go(login),
        },
    };
    let failed = |why: &str| go(format!("{login}failed={why}"));
    let Some(token) = form.secret("token") else { return failed("nothing") };
    let signed_in = match app.xano.check_token(token).await {
        Ok(signed_in) => signed_in,
        Err(error) => {
            login::failed("xano", &error, sender);
            let refused = error == SignInError::Refused;
            return failed(if refused { "refused" } else { "unavailable" });
        }
    };
    let finished = login::finish(app, site, browser, request, &signed_in).await;
    finished.unwrap_or_else(|_| failed("unavailable"))
}

fn bound(browser: &Browser, waiting: &str) -> String {
    format!("{}\n{waiting}", browser.as_str())
}

fn written(hash: &TokenHash) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(hash.as_bytes())
}

/// The cookie of one flow. A state that is not one of ours names a cookie that is not there.
fn cookie_of(state: &str) -> String {
    let plain = state.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    format!("pending-{}", plain.take(12).collect::<String>())
}

/// Whether the state is the one for this browser and request, made with any configured key.
fn is_state(keys: &Keyring, browser: &Browser, waiting: &str, presented: &str) -> bool {
    keys.hashes(PURPOSE, &bound(browser, waiting))
        .iter()
        .any(|hash| written(hash).as_bytes().ct_eq(presented.as_bytes()).into())
}
