//! Who sends a message.

use snappy_tools::ToolContext;

/// Who sends a message, as the transport found out.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Whether the service still accepts the person's sign-in.
    pub sign_in: SignInState,
    /// Whether the client has declared elicitation in URL mode in an earlier `initialize`
    /// ([`GrantControl::note_elicitation`](snappy_tools::GrantControl::note_elicitation)).
    pub elicits_urls: bool,
    /// What the caller's tool calls may use.
    pub tools: ToolContext,
}

/// Whether the service still accepts a person's sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInState {
    /// It does.
    Active,
    /// It does not; the person must sign in again.
    Required,
}
