//! The token endpoint.

use http::StatusCode;
use serde_json::Value;

use crate::answer::Message;
use crate::call::Call;
use crate::oauth::error::OauthError;
use crate::oauth::exchange::exchange;
use crate::oauth::fields::Fields;
use crate::oauth::refresh::refresh;
use crate::oauth::settings::OauthSettings;
use crate::server::Server;

/// `POST /api:master/oauth/token` with a form.
pub(crate) fn token(server: &Server, call: &Call) -> Message {
    let settings = server.settings().oauth.clone();
    let outcome = grant(server, call, &settings);
    // A refused request may have ended a sign-in or used up a code.
    server.changed();
    match outcome {
        Ok(answer) => Message::json(StatusCode::OK, &answer),
        Err(error) => error.message(settings.errors),
    }
}

fn grant(server: &Server, call: &Call, settings: &OauthSettings) -> Result<Value, OauthError> {
    let fields = Fields::of_form(call);
    let grant_type = fields.get("grant_type").unwrap_or_default();
    if !matches!(grant_type, "authorization_code" | "refresh_token") {
        let detail = "use authorization_code or refresh_token";
        return Err(OauthError::bad_request("unsupported_grant_type", detail));
    }
    let mut state = server.oauth();
    let client_id = fields.get("client_id").unwrap_or_default();
    state.clients.get(client_id).ok_or_else(OauthError::invalid_client)?;
    let origin = &server.origin;
    if grant_type == "authorization_code" {
        exchange(&mut state, &fields, client_id, origin, settings, call)
    } else {
        refresh(&mut state.sign_ins, &fields, client_id, origin, settings, call)
    }
}
