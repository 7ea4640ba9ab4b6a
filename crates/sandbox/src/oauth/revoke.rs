//! The revocation endpoint.

use http::StatusCode;
use serde_json::json;

use crate::answer::Message;
use crate::call::Call;
use crate::oauth::fields::Fields;
use crate::oauth::refresh_token;
use crate::server::Server;

/// `POST /api:master/oauth/revoke` with a form: ends the sign-in of a refresh token of the client. Answers
/// 200 also if there is nothing to end.
pub(crate) fn revoke(server: &Server, call: &Call) -> Message {
    let fields = Fields::of_form(call);
    let token = fields.get("token").unwrap_or_default();
    if let Some((number, _)) = refresh_token::parse(call.seed, token) {
        let mut state = server.oauth();
        let owner = state.sign_ins.get(number).map(|sign_in| sign_in.client_id.as_str());
        if owner.is_some() && owner == fields.get("client_id") {
            state.sign_ins.end(number);
            server.changed();
        }
    }
    Message::json(StatusCode::OK, &json!({}))
}
