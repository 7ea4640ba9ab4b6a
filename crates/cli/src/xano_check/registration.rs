//! Registration, and the clients of the next steps.

use http::StatusCode;
use serde_json::Value;
use snappy_xano::oauth::{RequestedAccess, ServerMetadata, scopes};

use super::checker::Checker;
use super::report::Report;
use super::response::{json, list, members, no_response, outcome, shown};

/// The members of a response that are known.
const ECHOED: [&str; 7] = [
    "client_id",
    "client_name",
    "redirect_uris",
    "grant_types",
    "response_types",
    "token_endpoint_auth_method",
    "scopes",
];

/// The redirect URIs to check.
pub(super) struct Redirects {
    pub(super) loopback: String,
    pub(super) https: Option<String>,
}

/// A client with a redirect URI that should be accepted.
pub(super) struct Client {
    pub(super) id: String,
    pub(super) redirect_uri: String,
    pub(super) is_loopback: bool,
}

/// Registers a client for each redirect URI, or takes the configured one. The first is for loopback, if there
/// is one.
pub(super) async fn check(
    checker: &Checker,
    report: &mut Report<'_>,
    server: &ServerMetadata,
    redirects: Redirects,
    register: bool,
) -> Vec<Client> {
    report.group("Registration");
    let Redirects { loopback, https } = redirects;
    let uris = [(Some(loopback), true), (https, false)];
    let uris = uris.into_iter().filter_map(|(uri, is_loopback)| Some((uri?, is_loopback)));
    if register {
        let mut clients = Vec::new();
        let mut has_https = false;
        for (redirect_uri, is_loopback) in uris {
            has_https |= !is_loopback;
            if let Some(id) = one(checker, report, server, &redirect_uri, is_loopback).await {
                clients.push(Client { id, redirect_uri, is_loopback });
            }
        }
        if !has_https {
            let why = "pass --redirect with a URL, or set SNAPPY_PUBLIC_URL";
            report.not_tried("https redirect URI", why);
        }
        return clients;
    }
    let why = "pass --register; Xano registers only about ten clients an hour";
    report.not_tried("Registration", why);
    let Some(id) = &checker.client_id else {
        report.not_tried("Client", "the next steps need --register or XANO_OAUTH_CLIENT_ID");
        return Vec::new();
    };
    let client = |(redirect_uri, is_loopback)| Client { id: id.clone(), redirect_uri, is_loopback };
    uris.map(client).collect()
}

async fn one(
    checker: &Checker,
    report: &mut Report<'_>,
    server: &ServerMetadata,
    redirect_uri: &str,
    is_loopback: bool,
) -> Option<String> {
    let kind = if is_loopback { "Loopback" } else { "https" };
    let subject = format!("{kind} redirect URI");
    let expected = "200";
    let answer = match checker.oauth.registration_answer(server, redirect_uri).await {
        Ok(Some(answer)) => answer,
        Ok(None) => {
            report.failed(subject, expected, "no registration endpoint");
            return None;
        }
        Err(error) => {
            report.failed(subject, expected, no_response(&error));
            return None;
        }
    };
    let said = outcome(&answer, &[]);
    if answer.status == StatusCode::TOO_MANY_REQUESTS && !is_loopback {
        report.not_tried(subject, format!("Xano registers no more clients right now: {said}"));
        return None;
    }
    let is_so = answer.status == StatusCode::OK;
    match (answer.status.is_success(), is_loopback) {
        (false, true) => report.failed(subject, expected, said),
        (_, true) => report.known(subject, is_so, expected, said),
        (_, false) => report.guessed(subject, is_so, expected, said),
    }
    if !answer.status.is_success() {
        return None;
    }
    let body = json(&answer);
    let id = body.get("client_id").and_then(Value::as_str).filter(|id| !id.is_empty());
    let Some(id) = id else {
        report.failed(format!("{kind} client"), "a client_id", "none");
        return None;
    };
    // A client ID is no secret, and using it again spares registrations.
    report.known(format!("{kind} client"), true, "a client_id", shown(id));
    if is_loopback {
        echoed(report, server, &body);
    }
    Some(id.to_owned())
}

fn echoed(report: &mut Report<'_>, server: &ServerMetadata, body: &Value) {
    let found = members(body);
    let is_so = found.len() == ECHOED.len() && found.iter().all(|name| ECHOED.contains(name));
    report.guessed("Echoed members", is_so, list(ECHOED), list(found));
    let texts = |value: &Value| match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(text) => text.split_whitespace().map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let requested = scopes(server, RequestedAccess::Full);
    let [plural, singular] = ["scopes", "scope"].map(|name| body.get(name).map(texts));
    let found: Vec<_> = [("scopes", &plural), ("scope", &singular)]
        .into_iter()
        .filter_map(|(name, scopes)| Some(format!("{name} {}", scopes.as_ref()?.join(" "))))
        .collect();
    let is_so = plural.as_ref() == Some(&requested);
    report.guessed("Echoed scopes", is_so, format!("scopes {}", requested.join(" ")), list(found));
}
