//! Why a sign-in or a refresh at Xano's OAuth server failed.

use snappy_store::StoreError;

use crate::XanoError;

/// Why a sign-in at Xano's OAuth server failed. Nothing is stored then.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum OAuthError {
    /// There is no OAuth server at the account origin, as with a self-hosted Xano.
    #[error("Xano offers no OAuth sign-in at {0}")]
    NotOffered(String),
    /// The metadata document is not one of an OAuth server that this client can use.
    #[error("the metadata of Xano's OAuth server is not usable: {0}")]
    Metadata(&'static str),
    /// The metadata names another issuer than the account origin (RFC 8414 §3.3).
    #[error("the metadata of Xano's OAuth server names another issuer: {0}")]
    OtherIssuer(String),
    /// An endpoint is not on the account's own host.
    #[error(
        "the {0} of Xano's OAuth server is on another host; XANO_EXTRA_HOSTS can allow that host"
    )]
    ForeignEndpoint(&'static str),
    /// The server does not let clients register, and no client ID is configured.
    #[error("Xano's OAuth server does not register clients; set XANO_OAUTH_CLIENT_ID")]
    NoRegistration,
    /// The server refused to register this client, for example because of its redirect URI.
    #[error("Xano's OAuth server refused to register this server: {0}")]
    RegistrationRefused(String),
    /// Too many registrations.
    #[error("Xano's OAuth server registers no more clients right now")]
    RegistrationLimited,
    /// The person declined at Xano.
    #[error("the sign-in was cancelled at Xano")]
    Denied,
    /// Xano reported another error through the browser.
    #[error("Xano reported an error: {0}")]
    Reported(String),
    /// The redirect has no `iss`, although the server announced it (RFC 9207).
    #[error("the response does not name the server that it comes from (iss)")]
    MissingIssuer,
    /// The redirect names another issuer (RFC 9207).
    #[error("the response comes from another server")]
    WrongIssuer,
    /// The redirect has no code.
    #[error("the response has no code")]
    NoCode,
    /// Xano does not accept the code: it expired, was used, or belongs to another client.
    #[error("Xano does not accept the code of this sign-in")]
    CodeRefused,
    /// Xano no longer knows this client. The next sign-in registers again.
    #[error("Xano no longer knows this server's registration")]
    ClientUnknown,
    /// The access token names no instance (`aud`).
    #[error("Xano's access token does not say which instance it is for")]
    NoAudience,
    /// The access token is for a host that may not receive a Xano token.
    #[error("Xano's access token is for {0}, a host that this server may not send it to")]
    ForeignAudience(String),
    /// The person's list of instances has none with that host.
    #[error("your Xano account has no instance at {0}")]
    UnlistedInstance(String),
    /// Xano does not say which workspace the person picked.
    #[error("Xano does not say which workspace this sign-in is for")]
    NoWorkspace,
    /// Xano does not accept the token that it has just issued.
    #[error("Xano refuses the access token that it has just issued")]
    TokenRefused,
    /// A token is longer than any that can be sent.
    #[error("Xano's token is too long to be used")]
    TokenTooLong,
    /// Xano's request limit was reached.
    #[error("Xano's request limit was reached")]
    RateLimited,
    /// Xano could not be reached, or its response was invalid.
    #[error("Xano can't be reached: {0}")]
    Unavailable(XanoError),
    /// The storage failed.
    #[error("this server's storage is not available: {0}")]
    Storage(StoreError),
}

impl From<XanoError> for OAuthError {
    fn from(error: XanoError) -> Self {
        match error {
            XanoError::RateLimited { .. } => Self::RateLimited,
            other => Self::Unavailable(other),
        }
    }
}

impl From<StoreError> for OAuthError {
    fn from(error: StoreError) -> Self {
        Self::Storage(error)
    }
}

impl OAuthError {
    /// Whether another way to sign in may work now, because this one is not to be had here.
    #[must_use]
    pub const fn is_about_this_server(&self) -> bool {
        matches!(
            self,
            Self::NotOffered(_)
                | Self::Metadata(_)
                | Self::OtherIssuer(_)
                | Self::ForeignEndpoint(_)
                | Self::NoRegistration
                | Self::RegistrationRefused(_)
                | Self::RegistrationLimited
        )
    }

    /// What the operator can do about it.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::NotOffered(_) => "If this Xano has no OAuth server, set XANO_OAUTH=false",
            Self::RegistrationRefused(_) | Self::NoRegistration => {
                "Ask Xano for an OAuth client with this server's redirect URI, and set \
                 XANO_OAUTH_CLIENT_ID"
            }
            Self::RegistrationLimited => "Wait an hour, or set XANO_OAUTH_CLIENT_ID",
            _ => "Run `snappy-mcp xano check` to see what differs from what is expected",
        }
    }
}

/// The error code of RFC 6749 §5.2 in a response, in either of its two forms: OAuth's own
/// (`{"error": "invalid_grant"}`) and Xano's (`{"code": "ERROR_CODE_UNAUTHORIZED", "message":
/// "invalid_grant: refresh token replayed"}`). Other texts are never taken for a code.
pub(super) fn code(body: &serde_json::Value) -> Option<&'static str> {
    const CODES: [&str; 8] = [
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
        "invalid_redirect_uri",
        "invalid_client_metadata",
    ];
    ["error", "message", "code"].into_iter().find_map(|field| {
        let text = body.get(field)?.as_str()?;
        let head = text.split(':').next()?;
        CODES.into_iter().find(|code| *code == head)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::code;

    #[test]
    fn both_forms_of_an_error_are_read_and_free_text_is_not() {
        for body in [
            json!({"error": "invalid_grant", "error_description": "no"}),
            json!({"code": "ERROR_CODE_UNAUTHORIZED", "message": "invalid_grant"}),
            json!({"code": "ERROR_CODE_UNAUTHORIZED", "message": "invalid_grant: refresh token replayed"}),
            json!({"message": "Unauthorized", "code": "invalid_grant"}),
        ] {
            assert_eq!(code(&body), Some("invalid_grant"), "{body}");
        }
        for body in [
            json!({"message": "the invalid_grant was reported"}),
            json!({"message": "invalid_grant was reported"}),
            json!({"message": " invalid_grant"}),
            json!({"code": "ERROR_CODE_UNAUTHORIZED", "message": "Unauthorized"}),
            json!({"error": 1}),
            json!(null),
        ] {
            assert_eq!(code(&body), None, "{body}");
        }
    }
}
