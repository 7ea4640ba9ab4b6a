//! Settings of the OAuth server: what is not known of the real one, and mistakes that clients must survive.

use serde_json::Value;

/// The form of the errors of registration and of the token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OauthErrors {
    /// `{"code": "ERROR_CODE_UNAUTHORIZED", "message": "invalid_grant"}` with status 401, and other codes
    /// with status 400. The message begins with OAuth's code; a detail follows after a colon.
    #[default]
    Xano,
    /// `{"error": "invalid_grant", "error_description": …}` with status 400, as in RFC 6749.
    Rfc,
}

/// All settings of the OAuth server.
#[derive(Debug, Clone)]
pub(crate) struct OauthSettings {
    pub(crate) errors: OauthErrors,
    pub(crate) https_redirects: bool,
    /// Whether the list of instances can be read with an access token.
    pub(crate) account_api: bool,
    /// The issuer in the metadata; `None` means the origin.
    pub(crate) issuer: Option<String>,
    /// The whole metadata document.
    pub(crate) metadata: Option<Value>,
    pub(crate) without_refresh_token: bool,
    /// The audience of new access tokens: `None` means the origin, null means that there is no `aud`.
    pub(crate) audience: Option<Value>,
    pub(crate) without_iss: bool,
    /// The issuer in redirects; `None` means the origin.
    pub(crate) redirect_issuer: Option<String>,
    /// The length of an additional claim in access tokens.
    pub(crate) padding: usize,
    pub(crate) access_life_ms: i64,
    pub(crate) replay_ends_access: bool,
}

impl Default for OauthSettings {
    fn default() -> Self {
        Self {
            errors: OauthErrors::default(),
            https_redirects: true,
            account_api: true,
            issuer: None,
            metadata: None,
            without_refresh_token: false,
            audience: None,
            without_iss: false,
            redirect_issuer: None,
            padding: 0,
            access_life_ms: 15 * 60 * 1000,
            replay_ends_access: false,
        }
    }
}
