//! The browser in front of the pages: a random cookie that binds a sign-in to it, and the CSRF token
//! that follows from the cookie.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderValue, header};
use snappy_domain::clock::after;
use snappy_domain::keys::SealContext;
use snappy_domain::{CredentialId, Keyring, PersonId, Random, random};
use snappy_oauth::Site;
use snappy_store::Credential;
use subtle::ConstantTimeEq as _;

use crate::App;

/// How long a browser is remembered. It covers the slowest sign-in.
const MAX_AGE_SECONDS: u32 = 3600;

/// One browser.
#[derive(Clone)]
pub(crate) struct Browser(String);

impl Browser {
    /// The browser that sent the request, if it was here before.
    pub(crate) fn of(headers: &HeaderMap, site: &Site) -> Option<Self> {
        let value = cookie(headers, cookie_name(site, "browser").as_str())?;
        let plausible = value.len() == 43
            && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        plausible.then(|| Self(value.to_owned()))
    }

    /// A new browser.
    pub(crate) fn new(random: &dyn Random) -> Self {
        Self(BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<32>(random)))
    }

    /// What a pending request is sealed for.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The header that makes the browser come back with it.
    pub(crate) fn set_cookie(&self, site: &Site) -> Option<HeaderValue> {
        set_cookie(site, "browser", &self.0, MAX_AGE_SECONDS)
    }

    /// The token that our own forms carry, and nobody else's can.
    pub(crate) fn csrf(&self, keys: &Keyring) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(keys.hash("csrf", &self.0).as_bytes())
    }

    /// Whether a form is one of ours, for this browser. Any configured key will do.
    pub(crate) fn sent(&self, keys: &Keyring, csrf: Option<&str>) -> bool {
        let Some(csrf) = csrf else { return false };
        keys.hashes("csrf", &self.0).iter().any(|hash| {
            let own = BASE64_URL_SAFE_NO_PAD.encode(hash.as_bytes());
            own.as_bytes().ct_eq(csrf.as_bytes()).into()
        })
    }
}

/// How long the account page stays open after a sign-in.
const SESSION: Duration = Duration::from_secs(1800);
const SESSION_COOKIE: &str = "session";

fn session_context(browser: &Browser) -> SealContext<'_> {
    SealContext { table: "session", row: browser.0.as_bytes(), column: "person" }
}

/// The cookie that opens the account page to the browser in which somebody has just signed in. It is
/// sealed for that browser, and says until when it counts.
pub(crate) fn open_session(
    app: &App,
    site: &Site,
    browser: &Browser,
    credential: &Credential,
) -> Option<HeaderValue> {
    let until = after(app.runtime.clock.now(), SESSION);
    let text = format!("{} {} {}", credential.person, credential.id, until.as_second());
    let context = session_context(browser);
    let sealed = app.keys.seal(&*app.runtime.random, context, text.as_bytes()).ok()?;
    let age = u32::try_from(SESSION.as_secs()).unwrap_or(0);
    set_cookie(site, SESSION_COOKIE, &BASE64_URL_SAFE_NO_PAD.encode(sealed), age)
}

/// Ends the session.
pub(crate) fn close_session(site: &Site) -> Option<HeaderValue> {
    set_cookie(site, SESSION_COOKIE, "", 0)
}

/// Who is signed in in a browser, and with which credential.
pub(crate) struct SignedIn {
    pub(crate) browser: Browser,
    pub(crate) person: PersonId,
    pub(crate) credential: CredentialId,
}

/// Who is signed in in the browser that sent the request.
pub(crate) fn session(app: &App, site: &Site, headers: &HeaderMap) -> Option<SignedIn> {
    let browser = Browser::of(headers, site)?;
    let sealed = cookie(headers, &cookie_name(site, SESSION_COOKIE))?;
    let sealed = BASE64_URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let text = app.keys.open(session_context(&browser), &sealed).ok()?;
    let mut parts = text.expose().split(' ');
    let person = parts.next()?.parse().ok()?;
    let credential = parts.next()?.parse().ok()?;
    let until = parts.next()?.parse().ok()?;
    let valid = app.runtime.clock.now().as_second() < until;
    valid.then_some(SignedIn { browser, person, credential })
}

/// A cookie's name: bound to the host over TLS (`__Host-`), plain on loopback.
pub(crate) fn cookie_name(site: &Site, name: &str) -> String {
    if site.is_https() { format!("__Host-snappy-{name}") } else { format!("snappy-{name}") }
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// A `Set-Cookie` header; `max_age` 0 removes the cookie.
pub(crate) fn set_cookie(
    site: &Site,
    name: &str,
    value: &str,
    max_age: u32,
) -> Option<HeaderValue> {
    let secure = if site.is_https() { "; Secure" } else { "" };
    let name = cookie_name(site, name);
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}");
    HeaderValue::try_from(text).ok()
}
