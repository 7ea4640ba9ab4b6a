//! The context of a tool call: the caller's session with Xano, and the caller's grant.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use snappy_domain::{AccessLimits, Scopes, Timestamp, ToolError};
use snappy_xano::Session;

/// Access to the caller's own grant.
#[async_trait]
pub trait GrantControl: Send + Sync + Debug {
    /// The person, the client, the grant and its expiry, as JSON without secrets.
    async fn status(&self) -> Result<Value, ToolError>;
    /// Makes the caller's own access token expire in `left` at the latest. Returns its expiry.
    async fn limit_access_token(&self, left: Duration) -> Result<Timestamp, ToolError>;
}

/// The context of one tool call.
#[derive(Debug, Clone)]
pub struct ToolContext {
    /// The caller's session with Xano.
    pub session: Session,
    /// The caller's grant.
    pub grant: Arc<dyn GrantControl>,
    /// The granted scopes.
    pub scopes: Scopes,
    /// The limits of the grant.
    pub limits: AccessLimits,
    /// The URL where a person can sign in to Xano again.
    pub sign_in_url: String,
}
