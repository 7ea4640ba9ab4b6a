//! What a response is, in words that contain no secret.

use serde_json::Value;
use snappy_domain::Secret;
use snappy_domain::http::{Answer, HttpError};
use url::Url;

/// Longer words in a message of Xano may be secrets.
const LONGEST_WORD: usize = 30;

/// A text from outside: short, and without control characters.
pub(super) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// Names in one line, or "none".
pub(super) fn list<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| shown(name.as_ref())).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// The body as JSON; null if it is none.
pub(super) fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// The names of the members of an object, in its order.
pub(super) fn members(body: &Value) -> Vec<&str> {
    body.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect()
}

/// The host of a URL, with a port that is not the usual one.
pub(super) fn host(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    shown(&format!("{}{port}", url.host_str().unwrap_or("(none)")))
}

/// The host and the path of a URL, and nothing else of it.
pub(super) fn place(url: &Url) -> String {
    shown(&format!("{}{}", host(url), url.path()))
}

pub(super) fn no_response(error: &HttpError) -> String {
    format!("no response: {}", shown(&error.to_string()))
}

/// The status, and for an error the form of its body. `sent` are the secrets of the request.
pub(super) fn outcome(answer: &Answer, sent: &[&Secret]) -> String {
    let status = answer.status.as_u16();
    if !answer.status.is_client_error() && !answer.status.is_server_error() {
        return status.to_string();
    }
    let body = json(answer);
    let known = ["code", "message", "error", "error_description"];
    let said = known.into_iter().filter_map(|name| {
        let text = plain(body.get(name)?.as_str()?, sent);
        Some(format!(", {name} {text:?}"))
    });
    let said: String = said.collect();
    match (said.is_empty(), body.is_null()) {
        (false, _) => format!("{status}{said}"),
        (true, true) => format!("{status}, not JSON"),
        (true, false) => format!("{status}, with the members {}", list(members(&body))),
    }
}

/// A message of Xano, unless it may contain a secret.
fn plain(text: &str, sent: &[&Secret]) -> String {
    let has_secret = sent.iter().any(|secret| !secret.is_empty() && text.contains(secret.expose()));
    let has_long_word = text.split_whitespace().any(|word| word.len() > LONGEST_WORD);
    if has_secret || has_long_word { "(hidden)".to_owned() } else { shown(text) }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, StatusCode};

    use super::*;

    #[test]
    fn errors_are_described_without_secrets() {
        let sent = Secret::new("short-1");
        let long = "x".repeat(31);
        for (body, said) in [
            (
                r#"{"code":"E","message":"invalid_grant: no"}"#.to_owned(),
                r#"401, code "E", message "invalid_grant: no""#,
            ),
            (r#"{"error":"invalid_grant"}"#.to_owned(), r#"401, error "invalid_grant""#),
            (r#"{"message":"no short-1 here"}"#.to_owned(), r#"401, message "(hidden)""#),
            (format!(r#"{{"message":"no {long}"}}"#), r#"401, message "(hidden)""#),
            (r#"{"a":1,"b":2}"#.to_owned(), "401, with the members a, b"),
            ("<html>".to_owned(), "401, not JSON"),
        ] {
            let (status, headers) = (StatusCode::UNAUTHORIZED, HeaderMap::new());
            let answer = Answer { status, headers, body: Bytes::from(body) };
            assert_eq!(outcome(&answer, &[&sent]), said);
        }
    }

    #[test]
    fn a_url_is_shown_without_its_query() {
        let url = Url::parse("https://user:pw@app.xano.com:8443/login?code=secret#token").unwrap();
        assert_eq!(place(&url), "app.xano.com:8443/login");
    }
}
