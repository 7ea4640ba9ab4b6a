//! The session of the account page: an encrypted cookie that is bound to the browser in which somebody
//! signed in, and that expires.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderValue};
use snappy_domain::clock::after;
use snappy_domain::keys::SealContext;
use snappy_domain::{CredentialId, PersonId};
use snappy_oauth::Site;
use snappy_store::Credential;

use super::browser::Browser;
use super::cookies;
use crate::app::App;

const COOKIE: &str = "session";
const LIFETIME: Duration = Duration::from_secs(1800);

/// A person who is signed in.
pub(super) struct Session {
    pub(super) browser: Browser,
    pub(super) person: PersonId,
    /// The credential that the person signed in with.
    pub(super) credential: CredentialId,
}

fn context(browser: &Browser) -> SealContext<'_> {
    SealContext { table: "session", row: browser.as_str().as_bytes(), column: "person" }
}

/// The cookie that starts a session.
pub(super) fn start(
    app: &App,
    site: &Site,
    browser: &Browser,
    credential: &Credential,
) -> Option<HeaderValue> {
    let expires_at = after(app.runtime.clock.now(), LIFETIME).as_second();
    let text = format!("{} {} {expires_at}", credential.person, credential.id);
    let encrypted = app.keys.seal(&*app.runtime.random, context(browser), text.as_bytes()).ok()?;
    let max_age = u32::try_from(LIFETIME.as_secs()).unwrap_or(0);
    cookies::set(site, COOKIE, &BASE64_URL_SAFE_NO_PAD.encode(encrypted), max_age)
}

/// The cookie that ends the session.
pub(super) fn end(site: &Site) -> Option<HeaderValue> {
    cookies::set(site, COOKIE, "", 0)
}

/// The session of the browser that sent a request.
pub(super) fn get(app: &App, site: &Site, headers: &HeaderMap) -> Option<Session> {
    let browser = Browser::from_headers(headers, site)?;
    let encrypted = BASE64_URL_SAFE_NO_PAD.decode(cookies::get(headers, site, COOKIE)?).ok()?;
    let text = app.keys.open(context(&browser), &encrypted).ok()?;
    let mut parts = text.expose().split(' ');
    let person = parts.next()?.parse().ok()?;
    let credential = parts.next()?.parse().ok()?;
    let expires_at = parts.next()?.parse().ok()?;
    let is_active = app.runtime.clock.now().as_second() < expires_at;
    is_active.then_some(Session { browser, person, credential })
}
