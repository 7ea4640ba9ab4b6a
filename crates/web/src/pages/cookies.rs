//! Cookies of this server.

use http::{HeaderMap, HeaderValue, header};
use snappy_oauth::Site;

/// The full name of a cookie: bound to the host over TLS (`__Host-`), plain on loopback.
fn full_name(site: &Site, name: &str) -> String {
    if site.is_https() { format!("__Host-snappy-{name}") } else { format!("snappy-{name}") }
}

/// The value of a cookie in a request.
pub(super) fn get<'a>(headers: &'a HeaderMap, site: &Site, name: &str) -> Option<&'a str> {
    let name = full_name(site, name);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// A `Set-Cookie` header; `max_age` 0 removes the cookie.
pub(super) fn set(site: &Site, name: &str, value: &str, max_age: u32) -> Option<HeaderValue> {
    let secure = if site.is_https() { "; Secure" } else { "" };
    let name = full_name(site, name);
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}");
    HeaderValue::try_from(text).ok()
}
