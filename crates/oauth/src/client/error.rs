//! Why a client's authentication fails.

use snappy_store::{StoreError, TokenEndpointAuth};

/// The `client_assertion_type` of RFC 7523 §2.2.
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

pub(super) const MAX_KEYS: usize = 20;

/// Why a client is not authenticated.
#[derive(Debug, thiserror::Error)]
pub enum ClientAuthError {
    /// No client id at all.
    #[error("client_id is missing")]
    Missing,
    /// More than one authentication method at once (RFC 6749 §2.3).
    #[error("the client authenticates in more than one way")]
    TwoMethods,
    /// An `Authorization` header that is not Basic with an id and a secret.
    #[error("the Authorization header is not Basic with an encoded id and secret")]
    MalformedBasic,
    /// Nobody registered the id.
    #[error("no client is registered under this client_id")]
    Unknown {
        /// Whether `Authorization: Basic` was tried, so that the answer must carry a challenge.
        basic: bool,
    },
    /// The proof is missing, wrong, or not of the registered method.
    #[error("the client must authenticate with {}", .expected.as_str())]
    Failed {
        /// The method that the client registered.
        expected: TokenEndpointAuth,
        /// Whether `Authorization: Basic` was tried.
        basic: bool,
    },
    /// The assertion is not accepted.
    #[error("the client_assertion is not accepted: {0}")]
    Assertion(#[from] AssertionError),
    /// The client's keys can't be used.
    #[error("the client's jwks {0}")]
    Keys(#[from] KeysError),
    /// The client's keys can't be fetched from its `jwks_uri` now. The reason is for the log alone: it
    /// would tell strangers about the network.
    #[error("the client's keys can't be fetched right now")]
    KeysUnreachable,
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StoreError),
}

/// Why an assertion is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AssertionError {
    /// `client_assertion_type` is missing or another one.
    #[error("client_assertion_type must be {ASSERTION_TYPE}")]
    Type,
    /// It is not a signed JWT with the claims it needs.
    #[error("it is not a signed JWT with iss, sub, aud, exp and jti")]
    Malformed,
    /// Its `alg` is not accepted; `none` and symmetric algorithms never are.
    #[error("its alg must be RS256 or ES256, as the client registered")]
    Algorithm,
    /// `crit` names an extension that is not supported (RFC 7515 §4.1.11).
    #[error("its header has crit, which is not supported")]
    Critical,
    /// `iss` and `sub` are not both the client's id.
    #[error("its iss and sub must both be the client_id")]
    Party,
    /// `aud` is not this server alone.
    #[error("its aud must be this server's issuer or token endpoint, and nothing else")]
    Audience,
    /// `exp` is in the past.
    #[error("it has expired")]
    Expired,
    /// `exp` is too far ahead.
    #[error("it may be valid for 5 minutes at most")]
    TooLong,
    /// `nbf` or `iat` is in the future.
    #[error("it is from the future: check the client's clock")]
    NotYet,
    /// No key of the client made the signature.
    #[error("it is not signed with a key that the client registered")]
    Signature,
    /// It was used before.
    #[error("it was used before: each request needs a new jti")]
    Replayed,
}

/// Why a JWK Set can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// It is not a JWK Set.
    #[error("is not a JWK Set: an object with a list \"keys\"")]
    NotASet,
    /// It has too many keys.
    #[error("has more than {MAX_KEYS} keys")]
    TooMany,
    /// It gives a private or symmetric key away.
    #[error("has a private or a symmetric key: whoever reads it could sign with it")]
    Private,
    /// None of its keys is for an accepted algorithm.
    #[error("has no public key for RS256 or ES256 signatures")]
    NoneUsable,
    /// Both `jwks` and `jwks_uri`, or neither (RFC 7591 §2).
    #[error("must be given as either jwks or jwks_uri, for private_key_jwt")]
    NotOne,
    /// A `jwks_uri` that is not a plain https URL.
    #[error("must be served at a plain https:// URL")]
    Url,
}
