//! Each request of this client alone, with its response as it came. `snappy-mcp xano check` compares the responses
//! with what is known of Xano's OAuth server.

use http::Method;
use http::header::{ACCEPT, HeaderMap, HeaderValue};
use snappy_domain::Secret;
use snappy_domain::http::{Answer, HttpError, Outgoing};
use url::Url;

use super::authorization::{Authorization, RequestedAccess, scopes};
use super::client::{TIMEOUT, XanoOAuth};
use super::registration::description;
use super::server_metadata::ServerMetadata;
use super::token::{self, TokenResponse, refreshing, revoking};

const METADATA: &str = "/.well-known/oauth-authorization-server";
/// The largest page that is read, in bytes.
const MAX_PAGE: usize = 4 * 1024 * 1024;
const HTML: HeaderValue = HeaderValue::from_static("text/html");

impl XanoOAuth {
    /// Requests the metadata document.
    ///
    /// # Errors
    /// When there is no response.
    pub async fn metadata_answer(&self) -> Result<Answer, HttpError> {
        let account = self.policy.account();
        let url = Url::parse(&format!("{account}{METADATA}"));
        let url = url.map_err(|error| HttpError::Refused(error.to_string()))?;
        self.send(Method::GET, url, None).await
    }

    /// Registers this server with a redirect URI. Nothing is stored. `None` without a registration endpoint.
    ///
    /// # Errors
    /// When there is no response.
    pub async fn registration_answer(
        &self,
        server: &ServerMetadata,
        redirect_uri: &str,
    ) -> Result<Option<Answer>, HttpError> {
        let Some(endpoint) = server.registration_endpoint.clone() else { return Ok(None) };
        let scopes = scopes(server, RequestedAccess::Full);
        let body = description(&scopes, redirect_uri).to_string();
        self.send(Method::POST, endpoint, Some(("application/json", body))).await.map(Some)
    }

    /// Opens the URL of an authorization request as a browser without cookies would.
    ///
    /// # Errors
    /// When there is no response.
    pub async fn authorization_answer(&self, url: Url) -> Result<Answer, HttpError> {
        let (method, headers) = (Method::GET, HeaderMap::from_iter([(ACCEPT, HTML)]));
        let (timeout, max_body) = (TIMEOUT, MAX_PAGE);
        self.http.send(Outgoing { method, url, headers, body: None, timeout, max_body }).await
    }

    /// Exchanges a code.
    ///
    /// # Errors
    /// When there is no response.
    pub async fn exchange_answer(
        &self,
        server: &ServerMetadata,
        begun: &Authorization,
        code: &Secret,
    ) -> Result<Answer, HttpError> {
        self.send_form(server.token_endpoint.clone(), &begun.exchange(code)).await
    }

    /// Refreshes with a refresh token, once.
    ///
    /// # Errors
    /// When there is no response.
    pub async fn refresh_answer(
        &self,
        server: &ServerMetadata,
        client_id: &str,
        refresh_token: &Secret,
    ) -> Result<Answer, HttpError> {
        self.send_form(server.token_endpoint.clone(), &refreshing(client_id, refresh_token)).await
    }

    /// Revokes the sign-in of a refresh token. `None` without a revocation endpoint.
    ///
    /// # Errors
    /// When there is no response.
    pub async fn revocation_answer(
        &self,
        server: &ServerMetadata,
        client_id: &str,
        refresh_token: &Secret,
    ) -> Result<Option<Answer>, HttpError> {
        let Some(endpoint) = server.revocation_endpoint.clone() else { return Ok(None) };
        self.send_form(endpoint, &revoking(client_id, refresh_token)).await.map(Some)
    }

    /// The tokens in a response of the token endpoint; `None` when this server could not use them.
    #[must_use]
    pub fn tokens_of(&self, answer: &Answer) -> Option<TokenResponse> {
        token::read(answer, self.runtime.clock.now()).ok()
    }
}
