//! The claims of Xano's access tokens (RFC 9068). They are hints: the signature is not checked, and what they
//! say is checked against Xano's own answers.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;
use snappy_domain::{Secret, Timestamp};

/// The claims of a signed JWT.
#[derive(Debug, Clone, Default)]
pub struct Claims(Value);

impl Claims {
    /// The claims of a token; none when it is not a signed JWT.
    #[must_use]
    pub fn of(token: &Secret) -> Self {
        let parts: Vec<_> = token.expose().split('.').collect();
        let [_, payload, _] = parts.as_slice() else { return Self::default() };
        let payload = BASE64_URL_SAFE_NO_PAD.decode(payload.trim_end_matches('='));
        let claims = payload.ok().and_then(|payload| serde_json::from_slice(&payload).ok());
        Self(claims.unwrap_or_default())
    }

    /// One claim as it is.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The names of all claims, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let members = self.0.as_object().into_iter().flatten();
        let mut names: Vec<_> = members.map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names
    }

    /// `typ` in the header of a signed JWT.
    #[must_use]
    pub fn header_type(token: &Secret) -> Option<String> {
        let (header, _) = token.expose().split_once('.')?;
        let header = BASE64_URL_SAFE_NO_PAD.decode(header.trim_end_matches('=')).ok()?;
        let header: Value = serde_json::from_slice(&header).ok()?;
        header.get("typ")?.as_str().map(str::to_owned)
    }

    /// `exp`.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        Timestamp::from_second(self.0.get("exp")?.as_i64()?).ok()
    }

    /// `sub`: the person, as the issuer knows them.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.0.get("sub")?.as_str().filter(|subject| !subject.is_empty())
    }

    /// `aud`: the instance's origin. Of several, the first.
    #[must_use]
    pub fn audience(&self) -> Option<&str> {
        match self.0.get("aud")? {
            Value::Array(several) => several.first()?.as_str(),
            one => one.as_str(),
        }
        .filter(|audience| !audience.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(payload: &Value) -> Claims {
        let payload = BASE64_URL_SAFE_NO_PAD.encode(payload.to_string());
        Claims::of(&Secret::new(format!("e30.{payload}.sig")))
    }

    #[test]
    fn only_a_readable_jwt_has_claims() {
        let read = claims(&json!({"exp": 1_767_225_600, "sub": "7", "aud": "https://x1.xano.io"}));
        assert_eq!(read.expires_at().unwrap().as_second(), 1_767_225_600);
        assert_eq!((read.subject(), read.audience()), (Some("7"), Some("https://x1.xano.io")));
        for opaque in ["", "abc", "a.b.c", "a.b.c.d.e", "e30.e30.sig", "..", "e30.bnVsbA.sig"] {
            let claims = Claims::of(&Secret::new(opaque));
            assert_eq!(claims.expires_at(), None, "{opaque}");
            assert_eq!((claims.subject(), claims.audience()), (None, None), "{opaque}");
        }
    }

    #[test]
    fn claims_have_names_and_a_header_has_a_type() {
        let read = claims(&json!({"sub": "7", "aud": 1}));
        assert_eq!(read.names(), ["aud", "sub"]);
        assert_eq!((read.get("aud"), read.get("exp")), (Some(&json!(1)), None));
        assert!(claims(&json!([1])).names().is_empty());
        let header = BASE64_URL_SAFE_NO_PAD.encode(r#"{"typ":"at+jwt"}"#);
        let kind = |token: &str| Claims::header_type(&Secret::new(token));
        assert_eq!(kind(&format!("{header}.e30.sig")).as_deref(), Some("at+jwt"));
        for none in ["", "abc", "e30.e30.sig", "a.b.c"] {
            assert_eq!(kind(none), None, "{none}");
        }
    }

    #[test]
    fn an_audience_may_be_a_list() {
        assert_eq!(
            claims(&json!({"aud": ["https://a", "https://b"]})).audience(),
            Some("https://a")
        );
        for none in [json!([]), json!(7), json!(""), json!([7]), json!({"a": 1})] {
            assert_eq!(claims(&json!({ "aud": none })).audience(), None);
        }
    }
}
