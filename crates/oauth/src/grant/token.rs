//! The token endpoint (RFC 6749 §3.2).

use snappy_domain::metrics;
use snappy_store::Party;

use super::error::TokenError;
use super::issue::TokenResponse;
use crate::form::Form;
use crate::{AuthorizationServer, Site};

/// What a token may be asked for with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantType {
    /// An authorization code (RFC 6749 §4.1.3).
    AuthorizationCode,
    /// A refresh token (RFC 6749 §6).
    RefreshToken,
    /// A client's own authentication (RFC 6749 §4.4).
    ClientCredentials,
}

impl GrantType {
    /// Every grant type, in the order of the metadata document.
    pub const ALL: [Self; 3] =
        [Self::AuthorizationCode, Self::RefreshToken, Self::ClientCredentials];

    /// The value of `grant_type`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grant_type| grant_type.as_str() == text)
    }
}

impl AuthorizationServer {
    /// Answers a token request. With `only`, an endpoint for one grant type, which may be left out.
    ///
    /// # Errors
    /// See [`TokenError`].
    pub async fn token(
        &self,
        site: &Site,
        authorization: Option<&str>,
        body: &[u8],
        only: Option<GrantType>,
        by: &Party,
    ) -> Result<TokenResponse, TokenError> {
        let form = Form::parse(body)?;
        let grant_type = match (form.get("grant_type"), only) {
            (None, None) => return Err(TokenError::Missing("grant_type")),
            (None, Some(only)) => only,
            (Some(asked), only) => GrantType::parse(asked)
                .filter(|asked| only.is_none_or(|only| only == *asked))
                .ok_or(TokenError::UnsupportedGrantType)?,
        };
        let answer = async {
            let client = self.authenticate_client(site, authorization, &form).await?;
            match grant_type {
                GrantType::AuthorizationCode => self.exchange_code(site, &client, &form).await,
                GrantType::RefreshToken => self.refresh(site, &client, &form, by).await,
                GrantType::ClientCredentials => self.client_credentials(site, &client, &form).await,
            }
        };
        let answer = answer.await;
        let outcome = answer.as_ref().err().map_or("ok", TokenError::code);
        metrics::TOKEN_REQUESTS.count(&[grant_type.as_str(), outcome]);
        answer
    }
}
