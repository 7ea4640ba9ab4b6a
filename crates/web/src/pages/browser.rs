//! The browser that uses the pages: a random cookie that a sign-in is bound to, and the CSRF token
//! derived from it.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderValue};
use snappy_domain::{Keyring, Random, random};
use snappy_oauth::Site;
use subtle::ConstantTimeEq as _;

use super::cookies;

const COOKIE: &str = "browser";
/// The lifetime of the cookie: longer than a sign-in may take.
const MAX_AGE_SECONDS: u32 = 3600;

/// A browser, by the value of its cookie.
#[derive(Clone)]
pub(crate) struct Browser(String);

impl Browser {
    /// The browser that sent a request, if the request has the cookie.
    pub(crate) fn from_headers(headers: &HeaderMap, site: &Site) -> Option<Self> {
        let value = cookies::get(headers, site, COOKIE)?;
        let is_valid = value.len() == 43
            && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        is_valid.then_some(Self(value))
    }

    pub(crate) fn new(random: &dyn Random) -> Self {
        Self(BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<32>(random)))
    }

    /// The value of the cookie.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The header that stores the cookie in the browser.
    pub(crate) fn set_cookie(&self, site: &Site) -> Option<HeaderValue> {
        cookies::set(site, COOKIE, &self.0, MAX_AGE_SECONDS)
    }

    /// The CSRF token of this server's forms in this browser.
    pub(super) fn csrf_token(&self, keys: &Keyring) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(keys.hash("csrf", &self.0).as_bytes())
    }

    /// Whether a submitted CSRF token belongs to this browser. It may be made with any configured key.
    pub(super) fn has_csrf_token(&self, keys: &Keyring, submitted: Option<&str>) -> bool {
        let Some(submitted) = submitted else { return false };
        keys.hashes("csrf", &self.0).iter().any(|hash| {
            let expected = BASE64_URL_SAFE_NO_PAD.encode(hash.as_bytes());
            expected.as_bytes().ct_eq(submitted.as_bytes()).into()
        })
    }
}
