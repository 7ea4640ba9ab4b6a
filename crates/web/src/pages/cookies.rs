//! Cookies of this server.

use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, header};
use snappy_oauth::Site;

/// The full name of a cookie: bound to the host over TLS (`__Host-`), plain on loopback.
pub(super) fn full_name(site: &Site, name: &str) -> String {
    if site.is_https() { format!("__Host-snappy-{name}") } else { format!("snappy-{name}") }
}

/// The value of a cookie in a request.
pub(super) fn get(headers: &HeaderMap, site: &Site, name: &str) -> Option<String> {
    let name = full_name(site, name);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find_map(|cookie| (cookie.name() == name).then(|| cookie.value().to_owned()))
}

/// A `Set-Cookie` header. A `max_age` of 0 seconds removes the cookie.
pub(super) fn set(site: &Site, name: &str, value: &str, max_age: u32) -> Option<HeaderValue> {
    let cookie = Cookie::build((full_name(site, name), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(site.is_https())
        .max_age(Duration::seconds(max_age.into()));
    HeaderValue::try_from(cookie.to_string()).ok()
}
