//! The metadata of Xano's OAuth server (RFC 8414), checked.

use serde_json::Value;
use url::Url;

use super::error::OAuthError;
use crate::HostPolicy;

/// What this client uses of the document, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerMetadata {
    pub issuer: String,
    pub authorization_endpoint: Url,
    pub token_endpoint: Url,
    pub registration_endpoint: Option<Url>,
    pub revocation_endpoint: Option<Url>,
    /// `scopes_supported`; `None` when the document does not say.
    pub scopes: Option<Vec<String>>,
    /// Whether the redirect names the issuer (RFC 9207 §3).
    pub sends_iss: bool,
}

impl ServerMetadata {
    /// Reads a document under the rules of RFC 8414 §3.3. Every endpoint must be on the account's own host, or
    /// one that the operator allows.
    ///
    /// # Errors
    /// See [`OAuthError`].
    pub fn read(policy: &HostPolicy, document: &Value) -> Result<Self, OAuthError> {
        let text = |field: &str| document.get(field).and_then(Value::as_str);
        let issuer = text("issuer").ok_or(OAuthError::Metadata("it has no issuer"))?;
        if issuer.strip_suffix('/').unwrap_or(issuer) != policy.account().as_str() {
            return Err(OAuthError::OtherIssuer(issuer.chars().take(200).collect()));
        }
        let endpoint = |field: &'static str| match text(field) {
            None => Ok(None),
            Some(url) => policy.endpoint(url).map(Some).ok_or(OAuthError::ForeignEndpoint(field)),
        };
        let lists = |field: &str, value: &str| {
            let list = document.get(field).and_then(Value::as_array);
            list.is_none_or(|list| list.iter().any(|one| one.as_str() == Some(value)))
        };
        if !lists("code_challenge_methods_supported", "S256") {
            return Err(OAuthError::Metadata("it does not list the PKCE method S256"));
        }
        if !lists("response_types_supported", "code") {
            return Err(OAuthError::Metadata("it does not list the response type code"));
        }
        let missing = |what| OAuthError::Metadata(what);
        let scopes = document.get("scopes_supported").and_then(Value::as_array);
        Ok(Self {
            issuer: issuer.to_owned(),
            authorization_endpoint: endpoint("authorization_endpoint")?
                .ok_or(missing("it has no authorization_endpoint"))?,
            token_endpoint: endpoint("token_endpoint")?
                .ok_or(missing("it has no token_endpoint"))?,
            registration_endpoint: endpoint("registration_endpoint")?,
            revocation_endpoint: endpoint("revocation_endpoint")?,
            scopes: scopes
                .map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
            sends_iss: document
                .get("authorization_response_iss_parameter_supported")
                .and_then(Value::as_bool)
                .unwrap_or(false),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        json!({
            "issuer": "https://app.xano.com",
            "authorization_endpoint": "https://app.xano.com/oauth2/authorize",
            "token_endpoint": "https://app.xano.com/api:master/oauth/token",
            "registration_endpoint": "https://app.xano.com/api:master/oauth/register",
            "revocation_endpoint": "https://app.xano.com/api:master/oauth/revoke",
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["offline_access", "workspace:read"],
            "authorization_response_iss_parameter_supported": true,
        })
    }

    fn read(changes: &[(&str, Value)], extra: &[&str]) -> Result<ServerMetadata, OAuthError> {
        let extra =
            extra.iter().map(|host| crate::origin::ExtraHost::parse(host).unwrap()).collect();
        let policy = HostPolicy::new("https://app.xano.com", extra).unwrap();
        let mut document = document();
        for (field, value) in changes {
            document[*field] = value.clone();
        }
        ServerMetadata::read(&policy, &document)
    }

    #[test]
    fn a_usable_document_is_read() {
        let metadata = read(&[], &[]).unwrap();
        assert_eq!(metadata.token_endpoint.path(), "/api:master/oauth/token");
        assert!(metadata.sends_iss && metadata.registration_endpoint.is_some());
        let sparse = read(&[("scopes_supported", json!(null))], &[]).unwrap();
        assert_eq!(sparse.scopes, None);
        assert!(read(&[("issuer", json!("https://app.xano.com/"))], &[]).is_ok());
    }

    #[test]
    fn another_issuer_is_refused() {
        for issuer in ["https://evil.example", "https://app.xano.com/tenant", "http://app.xano.com"]
        {
            let read = read(&[("issuer", json!(issuer))], &[]);
            assert_eq!(read, Err(OAuthError::OtherIssuer(issuer.into())));
        }
        assert!(matches!(read(&[("issuer", json!(1))], &[]), Err(OAuthError::Metadata(_))));
    }

    #[test]
    fn endpoints_are_on_the_accounts_own_host() {
        for endpoint in [
            "http://app.xano.com/token",
            "https://evil.example/token",
            "https://app.xano.com.evil.example/token",
            "https://app.xano.com:8443/token",
            "https://user@app.xano.com/token",
            "https://x1.n7.xano.io/token",
            "//app.xano.com/token",
            "javascript:alert(1)",
            "",
        ] {
            for field in ["token_endpoint", "registration_endpoint", "revocation_endpoint"] {
                let read = read(&[(field, json!(endpoint))], &[]);
                assert_eq!(read, Err(OAuthError::ForeignEndpoint(field)), "{endpoint}");
            }
        }
        let named = [("token_endpoint", json!("https://login.acme.example/token"))];
        assert!(read(&named, &["login.acme.example"]).is_ok());
    }

    #[test]
    fn pkce_with_s256_is_required() {
        let plain = [("code_challenge_methods_supported", json!(["plain"]))];
        assert!(matches!(read(&plain, &[]), Err(OAuthError::Metadata(_))));
        let none = [("token_endpoint", json!(null))];
        assert!(matches!(read(&none, &[]), Err(OAuthError::Metadata(_))));
    }
}
