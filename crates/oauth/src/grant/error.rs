//! Why no token is given.

use http::StatusCode;
use snappy_domain::Scopes;
use snappy_domain::keys::KeyError;
use snappy_store::StoreError;

use super::resource::OtherResource;
use crate::client::error::ClientAuthError;
use crate::form::Repeated;

/// Why no token is given (RFC 6749 §5.2).
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// A parameter came twice.
    #[error(transparent)]
    Repeated(#[from] Repeated),
    /// A parameter is missing.
    #[error("the parameter {0} is missing")]
    Missing(&'static str),
    /// The client is not authenticated.
    #[error(transparent)]
    Client(#[from] ClientAuthError),
    /// A grant type that is not supported.
    #[error("grant_type must be authorization_code, refresh_token or client_credentials")]
    UnsupportedGrantType,
    /// A client without a service account asks for a token without a person.
    #[error(
        "this client may not have tokens without a person; the operator can register one that may"
    )]
    UnauthorizedClient,
    /// The code is unknown, another client's, or expired.
    #[error("the authorization code is not valid")]
    InvalidCode,
    /// The code was presented a second time; what it gave is revoked.
    #[error("the authorization code was used before")]
    CodeReplayed,
    /// The redirect URI is not that of the authorization request.
    #[error("redirect_uri is not that of the authorization request")]
    RedirectUriMismatch,
    /// The PKCE verifier does not fit the challenge.
    #[error("code_verifier does not match the code_challenge")]
    WrongVerifier,
    /// The refresh token is unknown, another client's, expired, or revoked.
    #[error("the refresh token is not valid")]
    InvalidRefreshToken,
    /// A refresh token that was superseded long ago was presented; the whole grant is revoked.
    #[error("the refresh token was superseded long ago, so the authorization is revoked")]
    RefreshTokenReused,
    /// The credential behind the grant needs a sign-in of the person.
    #[error("the sign-in behind this authorization has ended: sign in again")]
    SignInRequired,
    /// The credential behind a service account is no longer accepted.
    #[error("the token stored with this service account has ended: the operator must replace it")]
    ServiceCredentialEnded,
    /// The resource is another server's (RFC 8707 §2).
    #[error(transparent)]
    OtherResource(#[from] OtherResource),
    /// More scope than the grant has.
    #[error("the scope exceeds what was granted: {0}")]
    WiderScope(Scopes),
    /// The storage failed; the same request works once it is back.
    #[error("the storage is not available, try again")]
    Storage(#[from] StoreError),
    /// A token could not be sealed.
    #[error("the token could not be created, try again")]
    Sealing(#[from] KeyError),
}

impl TokenError {
    /// The error code of RFC 6749 §5.2 and RFC 8707 §2. A storage failure is
    /// `temporarily_unavailable`, which clients retry, and never `server_error`, at which they
    /// throw their tokens away.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Repeated(_) | Self::Missing(_) => "invalid_request",
            Self::Client(error) => match error {
                ClientAuthError::Missing | ClientAuthError::TwoMethods => "invalid_request",
                ClientAuthError::MalformedBasic
                | ClientAuthError::Unknown { .. }
                | ClientAuthError::Failed { .. }
                | ClientAuthError::Assertion(_)
                | ClientAuthError::Keys(_) => "invalid_client",
                // Not `invalid_client`, at which clients throw their registration away.
                ClientAuthError::KeysUnreachable | ClientAuthError::Storage(_) => {
                    "temporarily_unavailable"
                }
            },
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::InvalidCode
            | Self::CodeReplayed
            | Self::RedirectUriMismatch
            | Self::WrongVerifier
            | Self::InvalidRefreshToken
            | Self::RefreshTokenReused
            | Self::SignInRequired
            | Self::ServiceCredentialEnded => "invalid_grant",
            Self::OtherResource(_) => "invalid_target",
            Self::WiderScope(_) => "invalid_scope",
            Self::Storage(_) | Self::Sealing(_) => "temporarily_unavailable",
        }
    }

    /// The status that goes with the code.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self.code() {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            "temporarily_unavailable" => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// Whether the answer must carry a Basic challenge (RFC 6749 §5.2).
    #[must_use]
    pub const fn wants_basic_challenge(&self) -> bool {
        matches!(
            self,
            Self::Client(
                ClientAuthError::MalformedBasic
                    | ClientAuthError::Unknown { basic: true }
                    | ClientAuthError::Failed { basic: true, .. }
            )
        )
    }
}
