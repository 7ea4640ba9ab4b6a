//! What a tool call gets from the request: the caller's access to Xano, and the caller's grant.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use snappy_domain::{AccessLimits, Scopes, Timestamp, ToolError};
use snappy_xano::Session;

/// What the debug tools may see and change of the caller's own grant.
#[async_trait]
pub trait GrantControl: Send + Sync + Debug {
    /// Who calls, with which client, and how long it all lasts. Never a secret.
    async fn status(&self) -> Result<Value, ToolError>;
    /// Lets the caller's own access token live for `left` more at most, and says until when.
    async fn limit_access_token(&self, left: Duration) -> Result<Timestamp, ToolError>;
}

/// The context of one tool call.
#[derive(Debug, Clone)]
pub struct ToolContext {
    /// The caller's session with Xano.
    pub session: Session,
    /// The caller's grant.
    pub grant: Arc<dyn GrantControl>,
    /// What the caller may do.
    pub scopes: Scopes,
    /// What the connection is limited to.
    pub limits: AccessLimits,
    /// Where a person can sign in to Xano again.
    pub sign_in_url: String,
}
