//! The client of Xano's OAuth server: what its parts share.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use snappy_domain::http::{Answer, HttpClient, HttpError, Outgoing};
use snappy_domain::{Runtime, Timestamp};
use snappy_store::UpstreamClientStore;
use url::Url;

use super::error::OAuthError;
use super::server_metadata::ServerMetadata;
use crate::{HostPolicy, XanoApi};

/// The timeout of a request. A refresh must not take longer; see `credentials::Upstream::renew`.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);
/// The largest response body that is read, in bytes.
const MAX_BODY: usize = 256 * 1024;

/// What is known of the server's metadata.
#[derive(Debug, Default)]
pub(super) struct CachedMetadata {
    pub(super) read: Option<(Timestamp, Arc<ServerMetadata>)>,
    /// When reading it last failed, and why.
    pub(super) failed: Option<(Timestamp, OAuthError)>,
}

/// A registration that was refused.
#[derive(Debug)]
pub(super) struct RefusedRegistration {
    pub(super) redirect_uri: String,
    /// Until when it is not tried again.
    pub(super) until: Timestamp,
    pub(super) error: OAuthError,
}

/// The client of Xano's OAuth server.
#[derive(Debug)]
pub struct XanoOAuth {
    pub(super) http: Arc<dyn HttpClient>,
    pub(super) api: XanoApi,
    pub(super) policy: HostPolicy,
    pub(super) runtime: Runtime,
    pub(super) clients: Arc<dyn UpstreamClientStore>,
    /// The client ID from the operator's settings; without it, this server registers itself.
    pub(super) client_id: Option<String>,
    pub(super) metadata: tokio::sync::Mutex<CachedMetadata>,
    pub(super) registering: tokio::sync::Mutex<Option<RefusedRegistration>>,
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
    pub(super) async fn send(
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

    pub(super) async fn send_form(
        &self,
        url: Url,
        form: &[(&str, &str)],
    ) -> Result<Answer, HttpError> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.send(Method::POST, url, Some(("application/x-www-form-urlencoded", body))).await
    }
}
