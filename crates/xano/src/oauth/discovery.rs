//! Discovery of Xano's OAuth server (RFC 8414): its metadata document, read and cached.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use snappy_domain::Timestamp;
use snappy_domain::clock::after;

use super::client::{CachedMetadata, XanoOAuth};
use super::error::OAuthError;
use super::server_metadata::ServerMetadata;
use crate::operations::ResponseKind;
use crate::{XanoError, api};

/// How long a document is used.
const MAX_AGE: Duration = Duration::from_secs(3_600);
/// How long reading it is not tried again after it failed.
const RETRY_AFTER: Duration = Duration::from_secs(5);

impl XanoOAuth {
    /// The metadata of Xano's OAuth server. An older document is used while a newer one can't be read.
    ///
    /// # Errors
    /// See [`OAuthError`].
    pub async fn metadata(&self) -> Result<Arc<ServerMetadata>, OAuthError> {
        let mut cached = self.metadata.lock().await;
        let now = self.runtime.clock.now();
        let is_within = |span: Duration, since: Timestamp| now < after(since, span);
        if let Some((read_at, document)) = &cached.read
            && is_within(MAX_AGE, *read_at)
        {
            return Ok(Arc::clone(document));
        }
        let error = match &cached.failed {
            // Those who wait for the lock must not each wait for Xano.
            Some((failed_at, error)) if is_within(RETRY_AFTER, *failed_at) => error.clone(),
            _ => match self.fetch_metadata().await {
                Ok(document) => {
                    let document = Arc::new(document);
                    *cached =
                        CachedMetadata { read: Some((now, Arc::clone(&document))), failed: None };
                    return Ok(document);
                }
                Err(error) => {
                    cached.failed = Some((self.runtime.clock.now(), error.clone()));
                    error
                }
            },
        };
        match (&error, &cached.read) {
            // The endpoints that are known do not become wrong because the document is gone for a while.
            (
                OAuthError::Unavailable(_) | OAuthError::RateLimited | OAuthError::NotOffered(_),
                Some((_, older)),
            ) => Ok(Arc::clone(older)),
            _ => Err(error),
        }
    }

    async fn fetch_metadata(&self) -> Result<ServerMetadata, OAuthError> {
        let account = self.policy.account();
        let not_offered = || OAuthError::NotOffered(account.to_string());
        let answer = self.metadata_answer().await.map_err(XanoError::from)?;
        if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED) {
            return Err(not_offered());
        }
        let document = api::read(&answer, ResponseKind::Object)?;
        ServerMetadata::read(&self.policy, &document)
    }
}
