//! The sign-in with a browser, up to the first tokens.

use std::io::Write;

use serde_json::Value;
use snappy_domain::Secret;
use snappy_xano::oauth::{RequestedAccess, ServerMetadata, TokenResponse};

use super::callback::{Callback, WAIT};
use super::checker::Checker;
use super::registration::Client;
use super::report::Report;
use super::response::{json, list, members, no_response, outcome, shown};

/// The members of a response of the token endpoint that are known.
const MEMBERS: [&str; 5] = ["access_token", "token_type", "expires_in", "refresh_token", "scope"];

/// A sign-in and its newest tokens.
pub(super) struct SignedIn {
    pub(super) client_id: String,
    /// The scopes that were requested.
    pub(super) scope: String,
    pub(super) access: Secret,
    pub(super) refresh: Option<Secret>,
    pub(super) tokens: TokenResponse,
    /// `expires_in` as Xano wrote it.
    pub(super) expires_in: Option<Value>,
}

pub(super) async fn check(
    checker: &Checker,
    report: &mut Report<'_>,
    server: &ServerMetadata,
    client: &Client,
    callback: Callback,
    prompt: &mut impl Write,
) -> Option<SignedIn> {
    let access = RequestedAccess::Full;
    let (client_id, redirect_uri) = (client.id.clone(), &client.redirect_uri);
    let (url, begun) = checker.oauth.authorization(server, client_id, redirect_uri, access);
    let minutes = WAIT.as_secs() / 60;
    let asked = writeln!(
        prompt,
        "Open this address in a browser, choose a workspace and allow access. This waits for \
         {minutes} minutes.\n\n  {url}\n"
    );
    if asked.and_then(|()| prompt.flush()).is_err() {
        report.failed("Redirect", "an answer from the browser", "no terminal to show the address");
        return None;
    }
    let returned = callback.wait(&checker.runtime, &begun.state).await;
    let Some(returned) = returned else {
        let found = format!("none with the state of this sign-in within {minutes} minutes");
        report.failed("Redirect", "an answer from the browser", found);
        return None;
    };
    let said = match &returned.iss {
        Some(iss) => shown(iss),
        None if server.sends_iss => "none, with which this server refuses a sign-in".to_owned(),
        None => "none".to_owned(),
    };
    let is_own = returned.iss.as_ref() == Some(&server.issuer);
    report.known("iss in the redirect", is_own, shown(&server.issuer), said);
    if let Some(error) = &returned.error {
        let is_code = error.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        let said = if is_code { shown(error) } else { "another text".to_owned() };
        report.failed("Redirect", "a code", format!("the error {said}"));
        return None;
    }
    if returned.iss.is_some() && !is_own {
        report.failed("Exchange of the code", "200", "not sent: another server may have issued it");
        return None;
    }
    let Some(code) = returned.code else {
        report.failed("Redirect", "a code", "none");
        return None;
    };
    let answer = match checker.oauth.exchange_answer(server, &begun, &code).await {
        Ok(answer) => answer,
        Err(error) => {
            report.failed("Exchange of the code", "200", no_response(&error));
            return None;
        }
    };
    let said = outcome(&answer, &[&code]);
    let Some(tokens) = checker.oauth.tokens_of(&answer) else {
        report.failed("Exchange of the code", "200, with tokens that this server can use", said);
        return None;
    };
    report.known("Exchange of the code", answer.status.as_u16() == 200, "200", said);
    let body = json(&answer);
    let found = members(&body);
    let is_so = found.len() == MEMBERS.len() && found.iter().all(|name| MEMBERS.contains(name));
    report.guessed("Members of the response", is_so, list(MEMBERS), list(found));
    Some(SignedIn {
        client_id: client.id.clone(),
        scope: begun.scope().to_owned(),
        access: tokens.access_token.clone(),
        refresh: tokens.refresh_token.clone(),
        tokens,
        expires_in: body.get("expires_in").cloned(),
    })
}
