//! Clients whose id is the URL of their metadata document (OAuth Client ID Metadata Documents, which MCP
//! 2026-07-28 prefers). The document is fetched when a person is about to authorize the client, and
//! stored, so that tokens stay valid when the client's host is down.

use std::time::Duration;

use http::HeaderMap;
use http::header::CACHE_CONTROL;
use serde::Deserialize;
use serde_json::{Map, Value};
use snappy_domain::clock::after;
use snappy_domain::http::Answer;
use snappy_domain::{ClientId, Timestamp, audit};
use snappy_store::{Client, ClientProof, Registration, StoreError, TokenEndpointAuth};

use super::fetch::{FetchError, is_fetchable_url};
use super::register::{display_name, kept};
use super::{keys, redirect_uri};
use crate::{Admission, AuthorizationServer};

const MAX_BODY: usize = 5 * 1024;
/// How long a document is used without fetching it again, whatever its host says: at least, by default,
/// at most.
const FRESH: [Duration; 3] =
    [Duration::from_secs(300), Duration::from_secs(3_600), Duration::from_secs(86_400)];
/// How long it is used when it can't be fetched again.
const STALE: Duration = Duration::from_secs(7 * 86_400);

/// Why a client's metadata document can't be used.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// Its host can't be reached, or refuses for now.
    #[error("the app's metadata document can't be fetched right now: {0}")]
    Unreachable(String),
    /// It is not a metadata document of this client.
    #[error("the app's metadata document {0}")]
    Unsuitable(String),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StoreError),
}

fn unsuitable(why: impl Into<String>) -> DocumentError {
    DocumentError::Unsuitable(why.into())
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
    #[serde(default)]
    jwks: Option<Value>,
    #[serde(default)]
    jwks_uri: Option<String>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

impl AuthorizationServer {
    /// The client of an authorization request: as registered, or as its metadata document says now.
    ///
    /// # Errors
    /// See [`DocumentError`]. A stored document is used for a week when it can't be fetched again.
    pub(crate) async fn authorizing_client(
        &self,
        id: &ClientId,
    ) -> Result<Option<Client>, DocumentError> {
        let stored = self.client(id).await?;
        if !is_fetchable_url(id.as_str()) {
            return Ok(stored.filter(|client| self.admits(client)));
        }
        if self.config.admission == Admission::Closed {
            return Ok(None);
        }
        let now = self.now();
        let fetched_at = match stored.as_ref().map(|client| client.registration) {
            Some(Registration::Document { fresh_until, .. }) if now < fresh_until => {
                return Ok(stored.filter(|client| self.admits(client)));
            }
            Some(Registration::Document { fetched_at, .. }) => Some(fetched_at),
            _ => None,
        };
        match self.read_document(id, now).await {
            Ok(client) => {
                self.store.put_client(&client).await?;
                tracing::info!(client_id = %id, client_name = client.name, "Client metadata document fetched");
                if stored.is_none() {
                    audit::CLIENT_REGISTERED.record(audit::Fields {
                        client_id: Some(id),
                        method: Some("metadata_document"),
                        ..Default::default()
                    });
                }
                Ok(Some(client))
            }
            Err(error @ DocumentError::Unreachable(_))
                if fetched_at.is_some_and(|at| now < after(at, STALE)) =>
            {
                tracing::warn!(client_id = %id, "The stored client metadata document is used: {error}");
                Ok(stored)
            }
            Err(error) => {
                tracing::warn!(client_id = %id, "Client metadata document refused: {error}");
                Err(error)
            }
        }
    }

    async fn read_document(&self, id: &ClientId, now: Timestamp) -> Result<Client, DocumentError> {
        let answer = self.fetch(id.as_str(), MAX_BODY).await.map_err(|error| match error {
            FetchError::Unreachable(why) => DocumentError::Unreachable(why),
            FetchError::Unsuitable(why) => DocumentError::Unsuitable(why),
        })?;
        read(id, &answer, now)
    }
}

fn read(id: &ClientId, answer: &Answer, now: Timestamp) -> Result<Client, DocumentError> {
    let document: Document = serde_json::from_slice(&answer.body)
        .map_err(|error| unsuitable(format!("is not valid: {error}")))?;
    if document.client_id != id.as_str() {
        return Err(unsuitable("is of another client: its client_id is not its URL"));
    }
    let usable = |uri: &String| redirect_uri::check(uri).is_ok();
    let redirect_uris: Vec<_> = document.redirect_uris.into_iter().filter(usable).collect();
    if redirect_uris.is_empty() {
        return Err(unsuitable("has no redirect URI that is https or on loopback"));
    }
    let proof = proof(
        document.token_endpoint_auth_method,
        &document.token_endpoint_auth_methods_supported,
        document.jwks,
        document.jwks_uri,
    )?;
    Ok(Client {
        id: id.clone(),
        registration: Registration::Document {
            fetched_at: now,
            fresh_until: after(now, freshness(&answer.headers)),
        },
        name: display_name(&document.client_name),
        redirect_uris,
        proof,
        service_account: None,
        metadata: kept(document.other),
        created_at: now,
        used_at: None,
    })
}

/// How a client with a metadata document authenticates. A document is public, so it can hold no secret:
/// what is left is a key of its own, or PKCE alone. Clients that have a key often offer both, in the
/// plural list, and choose by what they once read in the server's metadata; so both are accepted.
fn proof(
    preferred: Option<String>,
    offered: &[String],
    jwks: Option<Value>,
    jwks_uri: Option<String>,
) -> Result<ClientProof, DocumentError> {
    let preferred = match preferred {
        None if offered.is_empty() => Some(TokenEndpointAuth::None.as_str().to_owned()),
        preferred => preferred,
    };
    let offers = |method: TokenEndpointAuth| {
        preferred.iter().chain(offered).any(|one| one == method.as_str())
    };
    let public = offers(TokenEndpointAuth::None);
    let keys = offers(TokenEndpointAuth::PrivateKeyJwt).then(|| keys::of_metadata(jwks, jwks_uri));
    match (keys, public) {
        (Some(Ok(keys)), also_public) => Ok(ClientProof::Keys { keys, also_public }),
        (_, true) => Ok(ClientProof::Public),
        (Some(Err(why)), false) => {
            Err(unsuitable(format!("has keys that can't be used: jwks {why}")))
        }
        (None, false) => {
            let asked = preferred.iter().chain(offered).next();
            let other: String =
                asked.into_iter().flat_map(|asked| asked.chars()).take(50).collect();
            Err(unsuitable(format!(
                "asks for {other:?}; only \"none\" and \"private_key_jwt\" are offered"
            )))
        }
    }
}

/// How long a document is used without fetching it again: its `Cache-Control`, within our bounds.
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
