//! This server as a client of Xano's own OAuth server: discovery (RFC 8414), registration (RFC 7591), the
//! authorization code grant with PKCE (RFC 7636), refresh and revocation.
//!
//! What is known about that server, what is guessed, and where each comes from is in `contract/oauth.md`.

mod authorization;
mod binding;
mod claims;
mod error;
mod metadata;
mod registration;
mod token;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use snappy_domain::Runtime;
use snappy_domain::http::{Answer, HttpClient, HttpError, Outgoing};
use snappy_store::UpstreamClientStore;
use url::Url;

pub use authorization::{Authorization, AuthorizationAnswer, RequestedAccess};
pub use claims::Claims;
pub use error::OAuthError;
pub use metadata::ServerMetadata;
pub use registration::CLIENT_NAME;
pub use token::TokenResponse;

use crate::{HostPolicy, XanoApi};

/// The timeout of a request. A refresh must not take longer; see `credentials::Upstream::renew`.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The largest response body that is read, in bytes.
const MAX_BODY: usize = 256 * 1024;

/// The client of Xano's OAuth server.
#[derive(Debug)]
pub struct XanoOAuth {
    http: Arc<dyn HttpClient>,
    api: XanoApi,
    policy: HostPolicy,
    runtime: Runtime,
    clients: Arc<dyn UpstreamClientStore>,
    /// The client ID from the operator's settings; without it, this server registers itself.
    client_id: Option<String>,
    metadata: tokio::sync::Mutex<metadata::Cached>,
    registering: tokio::sync::Mutex<Option<registration::Refusal>>,
}

impl XanoOAuth {
    #[must_use]
    pub fn new(
        http: Arc<dyn HttpClient>,
        policy: HostPolicy,
        runtime: Runtime,
        clients: Arc<dyn UpstreamClientStore>,
        client_id: Option<String>,
    ) -> Self {
        Self {
            api: XanoApi::new(Arc::clone(&http)),
            http,
            policy,
            runtime,
            clients,
            client_id,
            metadata: tokio::sync::Mutex::default(),
            registering: tokio::sync::Mutex::default(),
        }
    }

    /// Sends a request to the OAuth server. `body` is its media type and text.
    async fn send(
        &self,
        method: Method,
        url: Url,
        body: Option<(&'static str, String)>,
    ) -> Result<Answer, HttpError> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let body = body.map(|(kind, text)| {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            Bytes::from(text)
        });
        let (timeout, max_body) = (TIMEOUT, MAX_BODY);
        self.http.send(Outgoing { method, url, headers, body, timeout, max_body }).await
    }
}
