//! Registration of clients.

use http::{StatusCode, Uri};
use serde_json::{Value, json};

use crate::answer::Message;
use crate::call::Call;
use crate::failure::Failure;
use crate::input::Input;
use crate::oauth::clients::Client;
use crate::oauth::error::OauthError;
use crate::server::Server;

/// `POST /api:master/oauth/register` with JSON. Like Xano, it answers 200 and reads the array `scopes`, not
/// the text `scope`.
pub(crate) fn register(server: &Server, call: &Call) -> Message {
    let settings = server.settings().oauth.clone();
    let mut state = server.oauth();
    if !state.clients.admit(call.now_ms) {
        return Message::outcome(Err(Failure::too_many_registrations()));
    }
    let input = match call.input() {
        Ok(input) => input,
        Err(failure) => return Message::outcome(Err(failure)),
    };
    let client = match client(&input, settings.https_redirects) {
        Ok(client) => client,
        Err(error) => return error.message(settings.errors),
    };
    let mut answer = json!({
        "client_id": "",
        "client_name": client.name,
        "redirect_uris": client.redirect_uris,
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "scopes": client.scopes,
    });
    let id = state.clients.add(call.seed, call.now_ms, client);
    server.changed();
    if let Some(member) = answer.get_mut("client_id") {
        *member = json!(id);
    }
    Message::json(StatusCode::OK, &answer)
}

fn client(input: &Input, https: bool) -> Result<Client, OauthError> {
    let redirect_uris = texts(input, "redirect_uris");
    let refused = |detail| OauthError::bad_request("invalid_redirect_uri", detail);
    if redirect_uris.is_empty() {
        return Err(refused("redirect_uris is missing"));
    }
    for uri in &redirect_uris {
        check(uri, https).map_err(refused)?;
    }
    let method = input.get("token_endpoint_auth_method").and_then(Value::as_str);
    if method.is_some_and(|method| method != "none") {
        let detail = "token_endpoint_auth_method must be none";
        return Err(OauthError::bad_request("invalid_client_metadata", detail));
    }
    let name = input.get("client_name").and_then(Value::as_str).map(str::to_owned);
    Ok(Client { name, redirect_uris, scopes: texts(input, "scopes") })
}

/// The strings of an array; none if the member is something else. Other entries count as empty strings.
fn texts(input: &Input, name: &str) -> Vec<String> {
    let list = input.get(name).and_then(Value::as_array);
    list.into_iter().flatten().map(|text| text.as_str().unwrap_or_default().to_owned()).collect()
}

fn check(redirect_uri: &str, https: bool) -> Result<(), &'static str> {
    let relative = "a redirect URI must be absolute and without a fragment";
    if redirect_uri.contains('#') {
        return Err(relative);
    }
    let uri: Uri = redirect_uri.parse().map_err(|_| relative)?;
    let host = uri.host().ok_or(relative)?;
    match uri.scheme_str() {
        None => Err(relative),
        Some("https") if https => Ok(()),
        Some("https") => Err("https is not allowed"),
        Some("http") if matches!(host, "127.0.0.1" | "[::1]" | "localhost") => Ok(()),
        Some(_) => Err("a redirect URI must be https, or http on loopback"),
    }
}
