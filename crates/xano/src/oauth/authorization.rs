//! The authorization request at Xano, and the answer through the browser (OAuth 2.1 §4.1, RFC 7636, RFC 9207).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use snappy_domain::{Secret, random};
use snappy_store::Coverage;
use url::Url;

use super::client::XanoOAuth;
use super::error::OAuthError;
use super::server_metadata::ServerMetadata;
use super::token::TokenError;
use crate::SignedIn;

/// The scopes of a sign-in that may change something. They are those of the official SDK.
const FULL: [&str; 4] = ["offline_access", "workspace:read", WRITE, "xano:dev"];
const WRITE: &str = "workspace:write";
/// The scopes of a sign-in that only reads. Whether Xano's Metadata API takes a token without `xano:dev` is not known.
const READ: [&str; 2] = ["offline_access", "workspace:read"];

/// What a sign-in at Xano is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestedAccess {
    Full,
    ReadOnly,
}

/// The scopes to request: those that the server lists.
#[must_use]
pub fn scopes(server: &ServerMetadata, access: RequestedAccess) -> Vec<String> {
    let wanted: &[&str] = match access {
        RequestedAccess::Full => &FULL,
        RequestedAccess::ReadOnly => &READ,
    };
    let is_listed = |scope: &&&str| match &server.scopes {
        Some(listed) if !listed.is_empty() => listed.iter().any(|one| one == **scope),
        _ => true,
    };
    wanted.iter().filter(is_listed).map(|scope| (*scope).to_owned()).collect()
}

/// Whether Xano granted more than reading.
#[must_use]
pub fn may_write(coverage: &Coverage) -> bool {
    coverage.scope.split(' ').any(|scope| scope == WRITE)
}

/// A sign-in that was begun. It belongs to one browser, and must be kept secret from all others.
#[derive(Clone, Serialize, Deserialize)]
pub struct Authorization {
    /// The `state` of the request.
    pub state: String,
    verifier: String,
    client_id: String,
    redirect_uri: String,
    scope: String,
}

impl std::fmt::Debug for Authorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Authorization(for {:?})", self.scope)
    }
}

impl Authorization {
    /// The token request for a code.
    pub(super) fn exchange<'a>(&'a self, code: &'a Secret) -> [(&'static str, &'a str); 5] {
        [
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", &self.redirect_uri),
            ("client_id", &self.client_id),
            ("code_verifier", &self.verifier),
        ]
    }

    /// The scopes that are requested, separated by spaces.
    #[must_use]
    pub fn scope(&self) -> &str {
        &self.scope
    }
}

/// What the browser brings back.
#[derive(Debug, Clone, Copy, Default)]
pub struct AuthorizationAnswer<'a> {
    pub code: Option<&'a str>,
    pub iss: Option<&'a str>,
    pub error: Option<&'a str>,
}

impl XanoOAuth {
    /// Begins a sign-in: gives the URL at Xano, and what to keep for [`XanoOAuth::finish`].
    ///
    /// # Errors
    /// See [`OAuthError`].
    pub async fn start(
        &self,
        redirect_uri: &str,
        access: RequestedAccess,
    ) -> Result<(Url, Authorization), OAuthError> {
        let server = self.metadata().await?;
        let client_id = self.client_id(&server, redirect_uri).await?;
        Ok(self.authorization(&server, client_id, redirect_uri, access))
    }

    /// The request of a sign-in, for a client.
    #[must_use]
    pub fn authorization(
        &self,
        server: &ServerMetadata,
        client_id: String,
        redirect_uri: &str,
        access: RequestedAccess,
    ) -> (Url, Authorization) {
        let unguessable =
            || BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<32>(&*self.runtime.random));
        let begun = Authorization {
            state: unguessable(),
            verifier: unguessable(),
            client_id,
            redirect_uri: redirect_uri.to_owned(),
            scope: scopes(server, access).join(" "),
        };
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&begun.verifier));
        let mut url = server.authorization_endpoint.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &begun.client_id)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("scope", &begun.scope)
            .append_pair("state", &begun.state)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        (url, begun)
    }

    /// Completes a sign-in with what the browser brought back. The caller has checked the `state`.
    ///
    /// # Errors
    /// See [`OAuthError`]. Nothing is stored, and tokens that were issued are revoked.
    pub async fn finish(
        &self,
        begun: &Authorization,
        answer: AuthorizationAnswer<'_>,
    ) -> Result<SignedIn, OAuthError> {
        let server = self.metadata().await?;
        check_issuer(&server, answer.iss)?;
        match answer.error {
            Some("access_denied") => return Err(OAuthError::Denied),
            Some(other) => {
                if matches!(other, "invalid_client" | "unauthorized_client") {
                    self.forget_client(&server, &begun.client_id).await;
                    return Err(OAuthError::ClientUnknown);
                }
                let shown: String = other.chars().filter(|c| !c.is_control()).take(100).collect();
                return Err(OAuthError::Reported(shown));
            }
            None => {}
        }
        let code = Secret::new(answer.code.ok_or(OAuthError::NoCode)?);
        let tokens = match self.request_tokens(&server, &begun.exchange(&code)).await {
            Ok(tokens) => tokens,
            Err(error) => return Err(self.refused_code(&server, begun, error).await),
        };
        match self.bind(&begun.client_id, &begun.scope, &tokens).await {
            Ok(signed_in) => Ok(signed_in),
            Err(error) => {
                if let Some(refresh_token) = &tokens.refresh_token {
                    self.revoke_token(&begun.client_id, refresh_token).await;
                }
                Err(error)
            }
        }
    }

    async fn refused_code(
        &self,
        server: &ServerMetadata,
        begun: &Authorization,
        error: TokenError,
    ) -> OAuthError {
        match error {
            TokenError::InvalidGrant => OAuthError::CodeRefused,
            TokenError::ClientUnknown => {
                self.forget_client(server, &begun.client_id).await;
                OAuthError::ClientUnknown
            }
            TokenError::TooLong => OAuthError::TokenTooLong,
            TokenError::Refused(error) | TokenError::Other(error) | TokenError::Lost(error) => {
                error.into()
            }
        }
    }
}

/// Checks who the answer comes from (RFC 9207 §2.4).
fn check_issuer(server: &ServerMetadata, iss: Option<&str>) -> Result<(), OAuthError> {
    match iss {
        Some(iss) if iss == server.issuer => Ok(()),
        Some(_) => Err(OAuthError::WrongIssuer),
        None if server.sends_iss => Err(OAuthError::MissingIssuer),
        None => Ok(()),
    }
}
