//! The grant `refresh_token`.

use serde_json::Value;

use crate::call::Call;
use crate::oauth::error::OauthError;
use crate::oauth::fields::Fields;
use crate::oauth::settings::OauthSettings;
use crate::oauth::sign_ins::{Presented, SignIns};
use crate::oauth::{issue, scopes};

/// Replaces the tokens of a sign-in. A used refresh token ends the sign-in instead.
pub(crate) fn refresh(
    sign_ins: &mut SignIns,
    fields: &Fields,
    client_id: &str,
    origin: &str,
    settings: &OauthSettings,
    call: &Call,
) -> Result<Value, OauthError> {
    let token = fields.get("refresh_token");
    let token =
        token.ok_or(OauthError::bad_request("invalid_request", "refresh_token is missing"))?;
    let number = match sign_ins.present(call.seed, token, client_id) {
        Presented::Newest(number) => number,
        Presented::Refused => return Err(OauthError::invalid_grant()),
        Presented::Replayed(number) => {
            if settings.replay_ends_access {
                sign_ins.end_access(number);
            }
            return Err(OauthError::replayed());
        }
    };
    let granted = sign_ins.get(number).ok_or_else(OauthError::invalid_grant)?.scope.clone();
    let scope = fields.get("scope").unwrap_or(&granted);
    if !scopes::split(scope).all(|wanted| scopes::contains(&granted, wanted)) {
        return Err(OauthError::bad_request("invalid_scope", "more than was granted"));
    }
    let answer = issue::tokens(sign_ins, number, scope, origin, settings, call)?;
    sign_ins.count_refresh(number);
    Ok(answer)
}
