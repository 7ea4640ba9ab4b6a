//! Fetching what a client serves: its metadata document, its key set.

use std::time::Duration;

use http::header::ACCEPT;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use snappy_domain::http::{Answer, HttpError, Outgoing};
use url::Url;

use crate::AuthorizationServer;

const TIMEOUT: Duration = Duration::from_secs(8);
const MAX_URL: usize = 2_000;

/// Why it can't be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FetchError {
    /// The host can't be reached, or refuses for now; it may work later.
    Unreachable(String),
    /// There is something else at the URL.
    Unsuitable(String),
}

/// Whether a text is a URL that may be fetched, and so whether a client id is the URL of a metadata
/// document: https, a path, and nothing that parsers read in two ways.
#[must_use]
pub fn is_fetchable_url(text: &str) -> bool {
    if text.len() > MAX_URL || !text.starts_with("https://") || text.contains('#') {
        return false;
    }
    let Ok(url) = Url::parse(text) else { return false };
    let plain = url.username().is_empty() && url.password().is_none();
    // The parser normalizes dot segments, upper case and escapes: then the texts differ.
    let normal = url.as_str() == text && !text.to_ascii_lowercase().contains("%2e");
    plain && normal && url.path().len() > 1
}

impl AuthorizationServer {
    /// Fetches JSON of at most `max_body` bytes.
    pub(super) async fn fetch(&self, url: &str, max_body: usize) -> Result<Answer, FetchError> {
        let url = Url::parse(url).map_err(|error| FetchError::Unsuitable(error.to_string()))?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let request =
            Outgoing { method: Method::GET, url, headers, body: None, timeout: TIMEOUT, max_body };
        let answer = self.http.send(request).await.map_err(|error| match error {
            HttpError::TooLarge(_) => {
                FetchError::Unsuitable(format!("is larger than {} KiB", max_body / 1024))
            }
            // Strangers must not learn which names exist in a private network.
            HttpError::Refused(_) | HttpError::Unreachable(_) => {
                tracing::info!("A client's host can't be reached: {error}");
                FetchError::Unreachable("its host can't be reached".into())
            }
            other => FetchError::Unreachable(other.to_string()),
        })?;
        match answer.status {
            StatusCode::OK => Ok(answer),
            StatusCode::TOO_MANY_REQUESTS => Err(FetchError::Unreachable("429".into())),
            status if status.is_server_error() => Err(FetchError::Unreachable(status.to_string())),
            status => {
                Err(FetchError::Unsuitable(format!("does not exist: its host answers {status}")))
            }
        }
    }
}
