//! The expiry of a token that is a signed JWT (`exp`, RFC 7519 §4.1.4). Xano's own tokens are encrypted,
//! so their expiry is unknown.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;
use snappy_domain::{Secret, Timestamp};

/// The `exp` of a signed JWT. It is only a hint about when to refresh, so the signature is not checked.
pub(crate) fn of_token(token: &Secret) -> Option<Timestamp> {
    let parts: Vec<_> = token.expose().split('.').collect();
    let [_, payload, _] = parts.as_slice() else {
        return None;
    };
    let payload = BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?;
    let payload: Value = serde_json::from_slice(&payload).ok()?;
    Timestamp::from_second(payload.get("exp")?.as_i64()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_readable_jwt_has_a_known_expiry() {
        let payload = BASE64_URL_SAFE_NO_PAD.encode(r#"{"exp":1767225600}"#);
        let jwt = Secret::new(format!("e30.{payload}.sig"));
        assert_eq!(of_token(&jwt).unwrap().as_second(), 1_767_225_600);
        for opaque in ["", "abc", "a.b.c", "a.b.c.d.e", "e30.e30.sig"] {
            assert_eq!(of_token(&Secret::new(opaque)), None, "{opaque}");
        }
    }
}
