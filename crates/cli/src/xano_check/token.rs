//! What the first tokens say: names of claims, hosts and times, and nothing of the tokens themselves.

use serde_json::Value;
use snappy_domain::clock::seconds_until;
use snappy_xano::XanoOrigin;
use snappy_xano::oauth::Claims;
use url::Url;

use super::checker::Checker;
use super::report::Report;
use super::response::{host, list, shown};
use super::sign_in::SignedIn;

const CLAIMS: [&str; 8] = ["aud", "client_id", "exp", "iat", "iss", "jti", "scope", "sub"];
const LIFE: u64 = 900;
const USUAL_LENGTH: usize = 2_048;

/// Compares the tokens. Returns the origin of the instance, if it may receive the token.
pub(super) fn check(
    checker: &Checker,
    report: &mut Report<'_>,
    signed_in: &SignedIn,
) -> Option<XanoOrigin> {
    report.group("Tokens");
    let claims = Claims::of(&signed_in.access);
    let names = claims.names();
    let kind = match (names.is_empty(), Claims::header_type(&signed_in.access)) {
        (true, _) => "no readable JWT".to_owned(),
        (false, Some(kind)) => format!("a JWT of type {}", shown(&kind)),
        (false, None) => "a JWT without a type".to_owned(),
    };
    let expected = "a JWT of type at+jwt";
    report.known("Access token", kind == expected, expected, kind);
    report.guessed("Claims", names == CLAIMS, list(CLAIMS), list(names));
    let length = signed_in.access.expose().len();
    let found = format!("{length} bytes");
    let expected = format!("at most {USUAL_LENGTH} bytes");
    report.guessed("Length of the access token", length <= USUAL_LENGTH, expected, found);
    let instance = audience(checker, report, &claims);
    let seconds = signed_in.expires_in.as_ref().and_then(Value::as_u64);
    let found = match (&signed_in.expires_in, seconds) {
        (_, Some(seconds)) => format!("{seconds} seconds"),
        (None, _) => "nothing".to_owned(),
        (Some(_), None) => "not a number".to_owned(),
    };
    let expected = format!("{LIFE} seconds");
    report.guessed("expires_in", seconds == Some(LIFE), expected, found);
    let has_refresh = signed_in.refresh.is_some();
    report.known("Refresh token", has_refresh, "one", if has_refresh { "one" } else { "none" });
    let end = signed_in.tokens.refresh_expires_at;
    let now = checker.runtime.clock.now();
    let found = end.map_or_else(
        || "not announced".to_owned(),
        |end| format!("in about {} seconds", seconds_until(now, end)),
    );
    if has_refresh {
        report.guessed("End of the refresh token", end.is_none(), "not announced", found);
    }
    let granted = signed_in.tokens.scope.as_deref();
    let is_so = granted == Some(&signed_in.scope);
    report.guessed(
        "Granted scopes",
        is_so,
        &*signed_in.scope,
        granted.map_or("nothing".into(), shown),
    );
    instance
}

fn audience(checker: &Checker, report: &mut Report<'_>, claims: &Claims) -> Option<XanoOrigin> {
    let audience = claims.audience();
    let instance = audience.and_then(|audience| checker.hosts.audience(audience));
    let host = audience.map(|audience| match Url::parse(audience) {
        Ok(url) => format!("host {}", host(&url)),
        Err(_) => "no URL".to_owned(),
    });
    let mut found = match (claims.get("aud"), host) {
        (None, _) => "none".to_owned(),
        (Some(Value::Array(all)), Some(host)) => format!("a list of {}, first {host}", all.len()),
        (Some(Value::String(_)), Some(host)) => host,
        _ => "neither a text nor a list of texts".to_owned(),
    };
    if audience.is_some() && instance.is_none() {
        found.push_str(", which may not receive a Xano token");
    }
    let is_so = instance.is_some() && claims.get("aud").is_some_and(Value::is_string);
    report.known("aud", is_so, "the origin of the instance", found);
    instance
}
