//! The sign-in API group.

use serde_json::json;

use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::server::Server;
use crate::settings::{BadCredentials, LoginShape};

/// The path segment of the sign-in API group.
pub const SIGN_IN_GROUP: &str = "api:e6emygx3";

/// `POST auth/login` with `{email, password}`.
pub(crate) fn login(server: &Server, call: &Call) -> Outcome {
    let input = call.input()?;
    let email = input.required_text("email")?;
    let password = input.text("password")?.ok_or_else(|| Failure::missing("password"))?;
    let (shape, form) = {
        let settings = server.settings();
        (settings.login_shape, settings.bad_credentials)
    };
    let mut accounts = server.accounts();
    let refused = || match form {
        BadCredentials::Forbidden403 => Failure::credentials_denied(),
        BadCredentials::Fatal500 => Failure::credentials_fatal(),
    };
    let person = accounts.by_password(email, password).ok_or_else(refused)?;
    let (session, renewed) = accounts.valid_session(person.email).ok_or_else(refused)?;
    let (answer, minted) = match shape {
        LoginShape::AuthToken => (json!({ "authToken": session }), false),
        LoginShape::ApiKey => {
            let (key, minted) = accounts.valid_key(person.email).ok_or_else(refused)?;
            (json!({ "api_key": key }), minted)
        }
    };
    if renewed || minted {
        server.changed();
    }
    Ok(answer)
}

/// `GET auth/me`: the user row with the Metadata key. An invalid key is replaced first.
pub(crate) fn auth_me(server: &Server, call: &Call) -> Outcome {
    let (shape, without_key) = {
        let settings = server.settings();
        (settings.login_shape, settings.me_without_key)
    };
    let token = call.bearer.as_deref().ok_or_else(Failure::unauthorized)?;
    let mut accounts = server.accounts();
    let person = accounts
        .by_session(token, shape == LoginShape::ApiKey)
        .ok_or_else(Failure::unauthorized)?;
    let mut row = json!({
        "id": person.id,
        "created_at": person.created_at_ms,
        "name": person.name,
        "email": person.email,
    });
    if !without_key {
        let (key, minted) = accounts.valid_key(person.email).ok_or_else(Failure::unauthorized)?;
        if minted {
            server.changed();
        }
        if let Some(members) = row.as_object_mut() {
            members.insert("api_key".to_owned(), json!(key));
        }
    }
    Ok(row)
}
