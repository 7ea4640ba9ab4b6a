//! The text of an access token: a JWT in the format of RFC 9068. The signature is only bytes of the right
//! length, since nothing in this project verifies it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::oauth::settings::OauthSettings;
use crate::oauth::sign_ins::SignIn;
use crate::token;

const HEADER: &str = r#"{"alg":"RS256","typ":"at+jwt"}"#;
/// Bytes of a signature with a key of 2048 bits.
const SIGNATURE: usize = 256;

/// What is in a token besides the sign-in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Details<'a> {
    pub(crate) seed: u64,
    pub(crate) origin: &'a str,
    /// Counts the access tokens.
    pub(crate) number: u64,
    pub(crate) scope: &'a str,
    pub(crate) now_ms: i64,
}

pub(crate) fn text(sign_in: &SignIn, details: Details<'_>, settings: &OauthSettings) -> String {
    let Details { seed, number, .. } = details;
    let claims = Value::Object(claims(sign_in, details, settings)).to_string();
    let signature = token::opaque(seed, &format!("oauth/signature/{number}"), SIGNATURE);
    format!("{}.{}.{signature}", URL_SAFE_NO_PAD.encode(HEADER), URL_SAFE_NO_PAD.encode(claims))
}

fn claims(sign_in: &SignIn, details: Details<'_>, settings: &OauthSettings) -> Map<String, Value> {
    let Details { seed, origin, number, scope, now_ms } = details;
    let mut claims = Map::new();
    let mut add = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    add("iss", json!(origin));
    add("sub", json!(sign_in.person.to_string()));
    match &settings.audience {
        None => add("aud", json!(origin)),
        Some(Value::Null) => None,
        Some(audience) => add("aud", audience.clone()),
    };
    add("exp", json!(now_ms.saturating_add(settings.access_life_ms) / 1000));
    add("iat", json!(now_ms / 1000));
    add("client_id", json!(sign_in.client_id));
    add("scope", json!(scope));
    add("jti", json!(token::guid(seed, &format!("oauth/access/{number}"))));
    if settings.padding > 0 {
        add("padding", json!("x".repeat(settings.padding)));
    }
    claims
}
