//! Who sends a message.

use std::sync::Arc;

use snappy_domain::Scopes;

use crate::tools::{ClientCapabilities, Tools};

/// Who sends a message, as the transport found out.
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
    /// The tools, for this caller.
    pub tools: Arc<dyn Tools>,
    /// The page where the person can sign in to the service again.
    pub sign_in_url: String,
}

/// Whether the service still accepts a person's sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInState {
    /// It does.
    Active,
    /// It does not; the person must sign in again.
    Required,
}
