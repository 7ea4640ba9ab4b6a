//! The HTTP client.

use std::collections::HashSet;
use std::error::Error as StdError;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::BytesMut;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use snappy_domain::http::{Answer, HttpClient, HttpError, Outgoing};

use crate::is_public;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// An HTTP client that connects only to public addresses and to trusted hosts.
#[derive(Debug, Clone)]
pub struct GuardedClient {
    client: reqwest::Client,
    trusted: Arc<HashSet<String>>,
}

impl GuardedClient {
    /// A client that may also connect to private addresses of the `trusted` hosts.
    ///
    /// # Errors
    /// When TLS can't be set up.
    pub fn new(trusted: impl IntoIterator<Item = String>) -> Result<Self, HttpError> {
        Self::build(trusted, None)
    }

    /// A client that also trusts a certificate, such as that of a test server.
    ///
    /// # Errors
    /// When TLS can't be set up.
    #[cfg(feature = "testing")]
    pub fn trusting(
        trusted: impl IntoIterator<Item = String>,
        certificate_pem: &[u8],
    ) -> Result<Self, HttpError> {
        let certificate = reqwest::Certificate::from_pem(certificate_pem)
            .map_err(|error| HttpError::Unreachable(error.to_string()))?;
        Self::build(trusted, Some(certificate))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the guarded client")]
    fn build(
        trusted: impl IntoIterator<Item = String>,
        certificate: Option<reqwest::Certificate>,
    ) -> Result<Self, HttpError> {
        let trusted: Arc<HashSet<String>> = Arc::new(trusted.into_iter().collect());
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_max_idle_per_host(64)
            .user_agent(concat!("snappy-mcp/", env!("CARGO_PKG_VERSION")))
            .tls_certs_merge(certificate)
            .dns_resolver(Arc::new(PublicResolver { trusted: Arc::clone(&trusted) }))
            .build()
            .map_err(|error| HttpError::Unreachable(error.to_string()))?;
        Ok(Self { client, trusted })
    }

    /// Checks IP addresses in URLs, which never reach the resolver.
    fn check_ip_literal(&self, url: &url::Url) -> Result<(), HttpError> {
        let literal = match url.host() {
            Some(url::Host::Ipv4(v4)) => IpAddr::from(v4),
            Some(url::Host::Ipv6(v6)) => IpAddr::from(v6),
            Some(url::Host::Domain(_)) | None => return Ok(()),
        };
        let trusted = url.host_str().is_some_and(|host| self.trusted.contains(host));
        if trusted || is_public(literal) {
            Ok(())
        } else {
            Err(HttpError::Refused(format!("{literal} is not a public address")))
        }
    }
}

/// Resolves names, and drops private addresses unless the host is trusted. The client connects to the
/// addresses that were checked, without a second resolution (DNS rebinding).
#[derive(Debug)]
struct PublicResolver {
    trusted: Arc<HashSet<String>>,
}

#[derive(Debug)]
struct NotPublic(String);

impl std::fmt::Display for NotPublic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} resolves to no public address", self.0)
    }
}

impl StdError for NotPublic {}

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let trusted = self.trusted.contains(name.as_str());
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let usable: Vec<SocketAddr> =
                found.filter(|address| trusted || is_public(address.ip())).collect();
            if usable.is_empty() {
                return Err(NotPublic(name.as_str().to_owned()).into());
            }
            Ok(Box::new(usable.into_iter()) as Addrs)
        })
    }
}

#[async_trait]
impl HttpClient for GuardedClient {
    async fn send(&self, request: Outgoing) -> Result<Answer, HttpError> {
        let Outgoing { method, url, headers, body, timeout, max_body } = request;
        self.check_ip_literal(&url)?;
        let mut builder = self.client.request(method, url).headers(headers).timeout(timeout);
        if let Some(body) = body {
            builder = builder.body(body);
        }
        let mut response = builder.send().await.map_err(|error| http_error(error, timeout))?;
        let declared = response.content_length().unwrap_or(0);
        if usize::try_from(declared).map_or(true, |declared| declared > max_body) {
            return Err(HttpError::TooLarge(max_body));
        }
        let mut body = BytesMut::new();
        while let Some(chunk) =
            response.chunk().await.map_err(|error| http_error(error, timeout))?
        {
            if body.len() + chunk.len() > max_body {
                return Err(HttpError::TooLarge(max_body));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            status: response.status(),
            headers: response.headers().clone(),
            body: body.freeze(),
        })
    }
}

/// Converts an error. Its text never contains the URL, which may contain record IDs.
fn http_error(error: reqwest::Error, timeout: Duration) -> HttpError {
    let error = error.without_url();
    let causes = || std::iter::successors(error.source(), |&cause| cause.source());
    if let Some(refused) = causes().find_map(|cause| cause.downcast_ref::<NotPublic>()) {
        return HttpError::Refused(refused.to_string());
    }
    let last = causes().last().map_or_else(|| error.to_string(), ToString::to_string);
    if error.is_connect() {
        HttpError::Unreachable(last)
    } else if error.is_timeout() {
        HttpError::TimedOut(timeout)
    } else {
        HttpError::Broken(last)
    }
}
