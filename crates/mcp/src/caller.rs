//! The caller of a message.

use std::sync::Arc;

use snappy_domain::Scopes;

use crate::tools::{ClientCapabilities, Tools};

/// The authenticated caller of a message.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Whether the service still accepts the person's sign-in.
    pub sign_in: SignInState,
    /// What the caller may do.
    pub scopes: Scopes,
    /// Whether the client declared elicitation in URL mode in its last `initialize`.
    pub elicits_urls: bool,
    /// Where an `initialize` is noted.
    pub capabilities: Arc<dyn ClientCapabilities>,
    pub tools: Arc<dyn Tools>,
}

/// Whether the service still accepts a person's sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInState {
    /// The service accepts it.
    Active,
    /// The person must sign in again.
    Required,
}
