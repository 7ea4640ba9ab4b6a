//! The caller of a message.

use snappy_tools::ToolContext;

/// The authenticated caller of a message.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Whether the service still accepts the person's sign-in.
    pub sign_in: SignInState,
    /// Whether the client declared elicitation in URL mode in its last `initialize`
    /// ([`GrantControl::note_elicitation`](snappy_tools::GrantControl::note_elicitation)).
    pub elicits_urls: bool,
    /// The context of the caller's tool calls.
    pub tools: ToolContext,
}

/// Whether the service still accepts a person's sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInState {
    /// The service accepts it.
    Active,
    /// The person must sign in again.
    Required,
}
