//! Clients whose id is the address of a document that describes them (OAuth Client ID Metadata
//! Documents, the way MCP 2026-07-28 prefers). The document is read when a person is about to
//! authorize, over a client that connects to public addresses only and follows no redirect; what was
//! read is stored, so that tokens go on working when the client's host is down.

use std::time::Duration;

use http::header::{ACCEPT, CACHE_CONTROL};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value};
use snappy_domain::clock::after;
use snappy_domain::http::{Answer, HttpError, Outgoing};
use snappy_domain::{ClientId, Timestamp};
use snappy_store::{Client, Registration, StoreError, TokenEndpointAuth};
use url::Url;

use crate::register::{display_name, kept};
use crate::{AuthorizationServer, redirect_uri};

const TIMEOUT: Duration = Duration::from_secs(8);
const MAX_BODY: usize = 5 * 1024;
const MAX_ADDRESS: usize = 2_000;
/// How long a document is taken as it was, whatever its host says: at least, usually, at most.
const FRESH: [Duration; 3] =
    [Duration::from_secs(300), Duration::from_secs(3_600), Duration::from_secs(86_400)];
/// How long a document that can't be read anew still counts.
const STALE: Duration = Duration::from_secs(7 * 86_400);

/// Why a client's document can't be used.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// Its host can't be reached, or refuses for now.
    #[error("the app's description can't be fetched right now: {0}")]
    Unreachable(String),
    /// What is there is no description of this client.
    #[error("the app's description {0}")]
    Unsuitable(String),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StoreError),
}

fn unsuitable(why: impl Into<String>) -> DocumentError {
    DocumentError::Unsuitable(why.into())
}

/// Whether a client id is the address of a document: https, a path, and nothing that could be read
/// in two ways.
#[must_use]
pub fn is_address(id: &str) -> bool {
    if id.len() > MAX_ADDRESS || !id.starts_with("https://") || id.contains('#') {
        return false;
    }
    let Ok(url) = Url::parse(id) else { return false };
    let plain = url.username().is_empty() && url.password().is_none();
    // The parser tidies up dot segments, upper case and escapes: then the texts differ.
    let tidy = url.as_str() == id && !id.to_ascii_lowercase().contains("%2e");
    plain && tidy && url.path().len() > 1
}

#[derive(Deserialize)]
struct Document {
    client_id: String,
    client_name: String,
    redirect_uris: Vec<String>,
    #[serde(default)]
    token_endpoint_auth_method: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

impl AuthorizationServer {
    /// The client of an authorization request: as registered, or as its document says now.
    ///
    /// # Errors
    /// See [`DocumentError`]. An older document counts for a week when the newest can't be read.
    pub(crate) async fn authorizing_client(
        &self,
        id: &ClientId,
    ) -> Result<Option<Client>, DocumentError> {
        let stored = self.client(id).await?;
        if !is_address(id.as_str()) {
            return Ok(stored);
        }
        let now = self.clock.now();
        let fetched_at = match stored.as_ref().map(|client| client.registration) {
            Some(Registration::Document { fresh_until, .. }) if now < fresh_until => {
                return Ok(stored);
            }
            Some(Registration::Document { fetched_at, .. }) => Some(fetched_at),
            _ => None,
        };
        match self.read_document(id, now).await {
            Ok(client) => {
                self.store.put_client(&client).await?;
                tracing::info!(client_id = %id, client_name = client.name, "Client document read");
                Ok(Some(client))
            }
            Err(error @ DocumentError::Unreachable(_))
                if fetched_at.is_some_and(|at| now < after(at, STALE)) =>
            {
                tracing::warn!(client_id = %id, "An older client document is used: {error}");
                Ok(stored)
            }
            Err(error) => {
                tracing::warn!(client_id = %id, "Client document refused: {error}");
                Err(error)
            }
        }
    }

    async fn read_document(&self, id: &ClientId, now: Timestamp) -> Result<Client, DocumentError> {
        let url = Url::parse(id.as_str()).map_err(|error| unsuitable(error.to_string()))?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let request = Outgoing {
            method: Method::GET,
            url,
            headers,
            body: None,
            timeout: TIMEOUT,
            max_body: MAX_BODY,
        };
        let answer = self.http.send(request).await.map_err(|error| match error {
            HttpError::TooLarge(_) => unsuitable("is larger than 5 KiB"),
            HttpError::Refused(why) => {
                unsuitable(format!("is at an address not to be asked: {why}"))
            }
            other => DocumentError::Unreachable(other.to_string()),
        })?;
        match answer.status {
            StatusCode::OK => read(id, &answer, now),
            StatusCode::TOO_MANY_REQUESTS => Err(DocumentError::Unreachable("429".into())),
            status if status.is_server_error() => {
                Err(DocumentError::Unreachable(status.to_string()))
            }
            status => Err(unsuitable(format!("is not there: its host answers {status}"))),
        }
    }
}

fn read(id: &ClientId, answer: &Answer, now: Timestamp) -> Result<Client, DocumentError> {
    let document: Document = serde_json::from_slice(&answer.body)
        .map_err(|error| unsuitable(format!("is not one: {error}")))?;
    if document.client_id != id.as_str() {
        return Err(unsuitable("is of another client: its client_id is not its address"));
    }
    let usable = |uri: &String| redirect_uri::check(uri).is_ok();
    let redirect_uris: Vec<_> = document.redirect_uris.into_iter().filter(usable).collect();
    if redirect_uris.is_empty() {
        return Err(unsuitable("names no address to go back to that is https or on loopback"));
    }
    // A document is public, so it can hold no secret: what is left is no proof but PKCE. Clients that
    // prefer a key of their own often offer that too, in the plural list.
    let offers_none =
        document.token_endpoint_auth_methods_supported.iter().any(|one| one == "none");
    match document.token_endpoint_auth_method.as_deref() {
        None | Some("none") => {}
        Some(_) if offers_none => {}
        Some(other) => {
            let other: String = other.chars().take(50).collect();
            return Err(unsuitable(format!("asks for {other:?}; only \"none\" is offered")));
        }
    }
    Ok(Client {
        id: id.clone(),
        registration: Registration::Document {
            fetched_at: now,
            fresh_until: after(now, freshness(&answer.headers)),
        },
        name: display_name(&document.client_name),
        redirect_uris,
        auth: TokenEndpointAuth::None,
        secret: None,
        metadata: kept(document.other),
        created_at: now,
        used_at: None,
    })
}

/// How long a document counts by its `Cache-Control`, within our bounds.
fn freshness(headers: &HeaderMap) -> Duration {
    let [least, usual, most] = FRESH;
    let Some(control) = headers.get(CACHE_CONTROL).and_then(|control| control.to_str().ok()) else {
        return usual;
    };
    let directives = || control.split(',').map(str::trim);
    if directives()
        .any(|one| one.eq_ignore_ascii_case("no-store") || one.eq_ignore_ascii_case("no-cache"))
    {
        return least;
    }
    let age = directives().find_map(|one| one.strip_prefix("max-age=")?.parse().ok());
    age.map_or(usual, |seconds| Duration::from_secs(seconds).clamp(least, most))
}
