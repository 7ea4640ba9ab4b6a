//! `/oauth-callback`: the way back from a sign-in on Xano's own page (`<account origin>/login?
//! dest=cli&callback=…`, as the official command line does it). Xano appends the token to the
//! address; it is checked at once, kept sealed, and the browser is sent on to an address without it.
//! The `state` in the path proves that this browser was sent there by us.

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::{HeaderMap, header};
use snappy_domain::Keyring;
use snappy_oauth::Site;
use snappy_oauth::form::Form;

use crate::App;
use crate::browser::{self, Browser};
use crate::login;
use crate::pages::{Problem, problem};
use crate::pending;
use crate::reply::see_other;

/// Keeps the pending request while the person is at Xano.
const COOKIE: &str = "pending";
const MAX_AGE_SECONDS: u32 = 1800;

/// Sends the browser to Xano's page.
pub(crate) fn start(app: &App, site: &Site, browser: &Browser, sealed: Option<&str>) -> Response {
    let back = site.url(&format!("/oauth-callback/{}", state(&app.oauth.keys, browser)));
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("dest", "cli")
        .append_pair("callback", &back)
        .finish();
    let mut response = see_other(&format!("{}/login?{query}", app.account_origin));
    let cookie = browser::set_cookie(site, COOKIE, sealed.unwrap_or_default(), MAX_AGE_SECONDS);
    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    response
}

/// Takes the browser back.
pub(crate) async fn get(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    Path(presented): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(browser) = Browser::of(&headers, &site) else {
        return problem(&Problem::NotThisBrowser);
    };
    if presented != state(&app.oauth.keys, &browser) {
        return problem(&Problem::NotThisBrowser);
    }
    let sealed = browser::cookie(&headers, &browser::cookie_name(&site, COOKIE));
    let request = match sealed.filter(|sealed| !sealed.is_empty()) {
        Some(sealed) => match pending::open(&app, &site, &headers, sealed) {
            Ok((_, pending)) => Some(pending),
            Err(page) => return *page,
        },
        None => None,
    };
    let form = Form::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let Some(token) = form.secret("token") else {
        return problem(&Problem::XanoGaveNothing);
    };
    let mut response = match app.xano.check_token(token).await {
        Ok(account) => login::finish(&app, &browser, request, &account).await,
        Err(error) => {
            tracing::info!(reason = %error, "Sign-in on Xano's page failed");
            problem(&Problem::SignIn(login::explain(&error)))
        }
    };
    let removed = browser::set_cookie(&site, COOKIE, "", 0);
    response.headers_mut().extend(removed.map(|cookie| (header::SET_COOKIE, cookie)));
    response
}

/// Without a state it was not us who sent the browser.
pub(crate) async fn without_state() -> Response {
    problem(&Problem::NotThisBrowser)
}

fn state(keys: &Keyring, browser: &Browser) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(keys.hash("xano return", browser.as_str()).as_bytes())
}
