//! Reading what stands at an address that a client named: its description, its keys. Whoever composes
//! the server gives it an HTTP client that connects to public addresses only and follows no redirect.

use std::time::Duration;

use http::header::ACCEPT;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use snappy_domain::http::{Answer, HttpError, Outgoing};
use url::Url;

use crate::AuthorizationServer;

const TIMEOUT: Duration = Duration::from_secs(8);
const MAX_ADDRESS: usize = 2_000;

/// Why it can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FetchError {
    /// The host can't be reached, or refuses for now: later it may work.
    Unreachable(String),
    /// What is there is not what was looked for.
    Unsuitable(String),
}

/// Whether a text is an address that may be asked, so also whether a client id is that of a document:
/// https, a path, and nothing that could be read in two ways.
#[must_use]
pub fn is_address(text: &str) -> bool {
    if text.len() > MAX_ADDRESS || !text.starts_with("https://") || text.contains('#') {
        return false;
    }
    let Ok(url) = Url::parse(text) else { return false };
    let plain = url.username().is_empty() && url.password().is_none();
    // The parser tidies up dot segments, upper case and escapes: then the texts differ.
    let tidy = url.as_str() == text && !text.to_ascii_lowercase().contains("%2e");
    plain && tidy && url.path().len() > 1
}

impl AuthorizationServer {
    /// Reads the JSON at an address, at most `max_body` bytes of it.
    pub(crate) async fn fetch(&self, address: &str, max_body: usize) -> Result<Answer, FetchError> {
        let url = Url::parse(address).map_err(|error| FetchError::Unsuitable(error.to_string()))?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let request =
            Outgoing { method: Method::GET, url, headers, body: None, timeout: TIMEOUT, max_body };
        let answer = self.http.send(request).await.map_err(|error| match error {
            HttpError::TooLarge(_) => {
                FetchError::Unsuitable(format!("is larger than {} KiB", max_body / 1024))
            }
            HttpError::Refused(why) => {
                FetchError::Unsuitable(format!("is at an address not to be asked: {why}"))
            }
            other => FetchError::Unreachable(other.to_string()),
        })?;
        match answer.status {
            StatusCode::OK => Ok(answer),
            StatusCode::TOO_MANY_REQUESTS => Err(FetchError::Unreachable("429".into())),
            status if status.is_server_error() => Err(FetchError::Unreachable(status.to_string())),
            status => {
                Err(FetchError::Unsuitable(format!("is not there: its host answers {status}")))
            }
        }
    }
}
