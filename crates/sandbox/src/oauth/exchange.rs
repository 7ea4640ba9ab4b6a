//! The grant `authorization_code`.

use serde_json::Value;

use crate::call::Call;
use crate::oauth::error::OauthError;
use crate::oauth::fields::Fields;
use crate::oauth::issue;
use crate::oauth::settings::OauthSettings;
use crate::oauth::sign_ins::SignIn;
use crate::oauth::state::OauthState;
use crate::token;

/// Redeems a code. With the right client it can't be redeemed again, even if the rest is wrong.
pub(crate) fn exchange(
    state: &mut OauthState,
    fields: &Fields,
    client_id: &str,
    origin: &str,
    settings: &OauthSettings,
    call: &Call,
) -> Result<Value, OauthError> {
    let missing = |detail| OauthError::bad_request("invalid_request", detail);
    let code = fields.get("code").ok_or(missing("code is missing"))?;
    let redirect_uri = fields.get("redirect_uri").ok_or(missing("redirect_uri is missing"))?;
    let verifier = fields.get("code_verifier").ok_or(missing("code_verifier is missing"))?;
    let allowed = state.codes.redeem(code, client_id, call.now_ms);
    let allowed = allowed.ok_or_else(OauthError::invalid_grant)?;
    if allowed.redirect_uri != redirect_uri || allowed.challenge != token::digest(verifier) {
        return Err(OauthError::invalid_grant());
    }
    let scope = allowed.scope.clone();
    let number = state.sign_ins.start(SignIn::new(allowed));
    issue::tokens(&mut state.sign_ins, number, &scope, origin, settings, call)
}
