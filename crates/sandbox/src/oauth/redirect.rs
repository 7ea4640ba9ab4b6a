//! The way back to the client.

use crate::answer::Message;
use crate::oauth::settings::OauthSettings;

/// Redirects to the client with a parameter, the client's `state`, and the issuer.
pub(crate) fn back(
    redirect_uri: &str,
    parameter: (&str, &str),
    state: Option<&str>,
    origin: &str,
    settings: &OauthSettings,
) -> Message {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair(parameter.0, parameter.1);
    if let Some(state) = state {
        query.append_pair("state", state);
    }
    if !settings.without_iss {
        query.append_pair("iss", settings.redirect_issuer.as_deref().unwrap_or(origin));
    }
    let separator = if redirect_uri.contains('?') { '&' } else { '?' };
    Message::redirect(format!("{redirect_uri}{separator}{}", query.finish()))
}
