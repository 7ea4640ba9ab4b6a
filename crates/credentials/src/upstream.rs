//! The interface between the coordinator and a service.

use std::fmt::Debug;

use async_trait::async_trait;
use snappy_store::{Credential, CredentialSecret};

use crate::HeldLease;

/// Why a service did not renew or accept a credential.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpstreamError {
    /// The service rejects the credential.
    #[error("the service rejects the credential")]
    Rejected,
    /// The service, or something before it, refused the request in a way that may have another cause; the text says
    /// which.
    #[error("{0}")]
    Unclear(String),
    /// The right to use the secrets was lost before they were sent; see [`HeldLease::is_held`].
    #[error("another process refreshes the credential")]
    LeaseLost,
    /// The service could not be reached, or its response was invalid; the text says why.
    #[error("{0}")]
    Unavailable(String),
}

/// A service that issues credentials.
#[async_trait]
pub trait Upstream: Send + Sync + Debug {
    /// Requests new secrets for a renewable credential. At most one task in all processes calls this
    /// for a credential at a time.
    ///
    /// Secrets that can be used only once must not be sent unless the lease is held at that moment, and the
    /// response must be awaited for no longer than 10 seconds: then no two processes use the same ones,
    /// unless the response of the first was lost.
    async fn renew(
        &self,
        credential: &Credential,
        lease: &HeldLease<'_>,
    ) -> Result<CredentialSecret, UpstreamError>;

    /// Checks that the service still accepts the credential's bearer token.
    async fn check(&self, credential: &Credential) -> Result<(), UpstreamError>;

    /// Ends secrets at the service that can't be kept, because the credential was changed while it was renewed.
    async fn discard(&self, _credential: &Credential, _secret: &CredentialSecret) {}
}
