//! Who sends a message.

use snappy_domain::GrantId;
use snappy_tools::ToolContext;

/// Who sends a message, as the transport found out.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The grant that the message comes under.
    pub grant: GrantId,
    /// Whether Xano still accepts the account's sign-in.
    pub sign_in: SignInState,
    /// What the caller's tool calls may use.
    pub tools: ToolContext,
}

/// Whether Xano still accepts an account's sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInState {
    /// It does.
    Active,
    /// It does not; the person must sign in again.
    Required,
}
