//! What the coordinator needs of a service.

use std::fmt::Debug;

use async_trait::async_trait;
use snappy_store::{Credential, CredentialSecret};

/// Why a service gave no newer secrets, or does not accept the present ones.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It refuses the credential itself.
    #[error("the service refuses the credential")]
    Refused,
    /// It could not be asked, or gave no valid answer; the text says why.
    #[error("{0}")]
    Unavailable(String),
}

/// A service that issues credentials.
#[async_trait]
pub trait Upstream: Send + Sync + Debug {
    /// Asks for newer secrets of a renewable credential. Called by one task at a time for each
    /// credential, in all processes together.
    async fn renew(&self, credential: &Credential) -> Result<CredentialSecret, Refusal>;

    /// Asks whether the credential's bearer is still accepted.
    async fn check(&self, credential: &Credential) -> Result<(), Refusal>;
}
