//! The metadata document.

use std::collections::BTreeSet;

use serde_json::Value;
use snappy_xano::oauth::ServerMetadata;
use url::Url;

use super::checker::Checker;
use super::report::Report;
use super::response::{json, list, members, no_response, outcome, shown};

const ENDPOINTS: [(&str, &str); 4] = [
    ("authorization_endpoint", "/oauth2/authorize"),
    ("token_endpoint", "/api:master/oauth/token"),
    ("registration_endpoint", "/api:master/oauth/register"),
    ("revocation_endpoint", "/api:master/oauth/revoke"),
];
const LISTS: [(&str, &[&str]); 5] = [
    ("response_types_supported", &["code"]),
    ("grant_types_supported", &["authorization_code", "refresh_token"]),
    ("code_challenge_methods_supported", &["S256"]),
    ("token_endpoint_auth_methods_supported", &["none"]),
    ("scopes_supported", &["offline_access", "workspace:read", "workspace:write", "xano:dev"]),
];
const ISSUER: &str = "issuer";
const SENDS_ISS: &str = "authorization_response_iss_parameter_supported";

/// Compares the document. Returns it if the next steps can use it.
pub(super) async fn check(checker: &Checker, report: &mut Report<'_>) -> Option<ServerMetadata> {
    report.group("Discovery");
    let answer = match checker.oauth.metadata_answer().await {
        Ok(answer) => answer,
        Err(error) => {
            report.failed("Status", "200", no_response(&error));
            return None;
        }
    };
    report.known("Status", answer.status.as_u16() == 200, "200", outcome(&answer, &[]));
    let document = json(&answer);
    if answer.status.is_success() && document.is_object() {
        compare(checker, report, &document);
    }
    match ServerMetadata::read(&checker.hosts, &document) {
        Ok(server) if answer.status.is_success() => Some(server),
        Ok(_) => {
            report.failed("Use", "metadata that this server can use", "none");
            None
        }
        Err(error) => {
            report.failed("Use", "metadata that this server can use", shown(&error.to_string()));
            None
        }
    }
}

fn compare(checker: &Checker, report: &mut Report<'_>, document: &Value) {
    let account = checker.hosts.account().as_str();
    let issuer = document.get(ISSUER).and_then(Value::as_str);
    let found = issuer.map_or_else(|| "none".to_owned(), shown);
    report.known("Issuer", issuer == Some(account), account, found);
    for (name, path) in ENDPOINTS {
        let expected = format!("{account}{path}");
        let found = document.get(name).and_then(Value::as_str);
        let said = match found {
            None => "none".to_owned(),
            Some(url) => endpoint(checker, url),
        };
        report.known(name, found == Some(&expected), expected, said);
    }
    for (name, expected) in LISTS {
        let found = document.get(name).and_then(Value::as_array);
        let found: Option<Vec<_>> =
            found.map(|list| list.iter().filter_map(Value::as_str).collect());
        let set = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect::<BTreeSet<_>>();
        let is_so = found.as_ref().is_some_and(|found| set(found) == set(expected));
        let said = found.map_or_else(|| "no list".to_owned(), list);
        report.known(name, is_so, list(expected), said);
    }
    let sends_iss = document.get(SENDS_ISS);
    let said = match sends_iss {
        None => "nothing".to_owned(),
        Some(value) => shown(&value.to_string()),
    };
    report.known(SENDS_ISS, sends_iss == Some(&Value::Bool(true)), "true", said);
    let known = |name: &&str| {
        *name == ISSUER
            || *name == SENDS_ISS
            || ENDPOINTS.iter().any(|(known, _)| known == name)
            || LISTS.iter().any(|(known, _)| known == name)
    };
    let others: Vec<_> = members(document).into_iter().filter(|name| !known(name)).collect();
    report.guessed("Other members", others.is_empty(), "none", list(others));
}

/// An endpoint, and what is wrong with it.
fn endpoint(checker: &Checker, text: &str) -> String {
    let wrong = match Url::parse(text) {
        Err(_) => " (not a URL)",
        Ok(_) if checker.hosts.endpoint(text).is_some() => "",
        Ok(url) if url.scheme() != "https" => " (not https)",
        Ok(_) => " (another host, or more than a plain URL; XANO_EXTRA_HOSTS can allow a host)",
    };
    format!("{}{wrong}", shown(text))
}
