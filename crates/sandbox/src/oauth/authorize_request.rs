//! The checks of an authorization request.

use crate::oauth::clients::Clients;
use crate::oauth::fields::Fields;
use crate::oauth::scopes;

/// The parameters of a request, which the form carries.
pub(crate) const PARAMETERS: [&str; 7] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
];

/// Base64url characters of a SHA-256 hash.
const CHALLENGE_LENGTH: usize = 43;

/// A request that a person can decide.
#[derive(Debug)]
pub(crate) struct AuthorizeRequest {
    pub(crate) client_id: String,
    pub(crate) client_name: String,
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) scope: String,
    pub(crate) challenge: String,
}

/// Why a request is refused.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The browser must not be sent anywhere. The text is for the person.
    Page(&'static str),
    /// The client is told, with this code.
    Redirect { redirect_uri: String, state: Option<String>, error: &'static str },
}

/// Checks where the answer goes first, then the rest.
pub(crate) fn check(clients: &Clients, fields: &Fields) -> Result<AuthorizeRequest, Refusal> {
    let client_id = fields.get("client_id").unwrap_or_default();
    let client = clients.get(client_id).ok_or(Refusal::Page("This application is not known."))?;
    let redirect_uri = fields.get("redirect_uri").unwrap_or_default();
    if !client.redirect_uris.iter().any(|known| known == redirect_uri) {
        return Err(Refusal::Page("This application has not registered the address to return to."));
    }
    let state = fields.get("state").map(str::to_owned);
    let refuse = |error| Refusal::Redirect {
        redirect_uri: redirect_uri.to_owned(),
        state: state.clone(),
        error,
    };
    match fields.get("response_type") {
        Some("code") => {}
        Some(_) => return Err(refuse("unsupported_response_type")),
        None => return Err(refuse("invalid_request")),
    }
    let challenge = fields.get("code_challenge").unwrap_or_default();
    if challenge.len() != CHALLENGE_LENGTH || fields.get("code_challenge_method") != Some("S256") {
        return Err(refuse("invalid_request"));
    }
    let scope = fields.get("scope").unwrap_or_default();
    let allowed = |wanted: &str| {
        scopes::SUPPORTED.contains(&wanted) && client.scopes.iter().any(|known| known == wanted)
    };
    if scopes::split(scope).next().is_none() || !scopes::split(scope).all(allowed) {
        return Err(refuse("invalid_scope"));
    }
    Ok(AuthorizeRequest {
        client_id: client_id.to_owned(),
        client_name: client.name.clone().unwrap_or_else(|| "An application".to_owned()),
        redirect_uri: redirect_uri.to_owned(),
        state,
        scope: scope.to_owned(),
        challenge: challenge.to_owned(),
    })
}
