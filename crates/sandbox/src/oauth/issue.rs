//! The tokens of a sign-in, as the token endpoint answers them.

use serde_json::{Value, json};

use crate::call::Call;
use crate::oauth::access_token::{self, Details};
use crate::oauth::error::OauthError;
use crate::oauth::scopes;
use crate::oauth::settings::OauthSettings;
use crate::oauth::sign_ins::{Access, SignIns};
use crate::token;

/// Issues an access token with the given scope, and the next refresh token if the sign-in has them.
pub(crate) fn tokens(
    sign_ins: &mut SignIns,
    number: u64,
    scope: &str,
    origin: &str,
    settings: &OauthSettings,
    call: &Call,
) -> Result<Value, OauthError> {
    let Call { seed, now_ms, .. } = *call;
    let access_number = sign_ins.next_access();
    let sign_in = sign_ins.get(number).ok_or_else(OauthError::invalid_grant)?;
    let offline = scopes::contains(&sign_in.scope, scopes::OFFLINE);
    let details = Details { seed, origin, number: access_number, scope, now_ms };
    let access_token = access_token::text(sign_in, details, settings);
    let access = Access {
        sign_in: number,
        scope: scope.to_owned(),
        ends_ms: now_ms.saturating_add(settings.access_life_ms),
    };
    sign_ins.keep_access(token::digest(&access_token), access, now_ms);
    let mut answer = json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": settings.access_life_ms / 1000,
    });
    if offline
        && !settings.without_refresh_token
        && let Some(refresh_token) = sign_ins.next_refresh_token(seed, number)
    {
        add(&mut answer, "refresh_token", json!(refresh_token));
    }
    add(&mut answer, "scope", json!(scope));
    Ok(answer)
}

fn add(answer: &mut Value, name: &str, value: Value) {
    if let Some(members) = answer.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}
