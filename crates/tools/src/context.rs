//! The context of a tool call: the caller's session with Xano, and the caller's grant.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use snappy_domain::{AccessLimits, Clock, CredentialId, Scopes, Timestamp, ToolError};
use snappy_xano::Sessions;

/// Access to the caller's own grant.
#[async_trait]
pub trait GrantControl: Send + Sync + Debug {
    /// The person, the client, the grant and its expiry, as JSON without secrets.
    async fn status(&self) -> Result<Value, ToolError>;
    /// Whether the person should be asked now to renew a sign-in that ends. `true` only once for each credential
    /// and version.
    fn should_warn(&self, credential: CredentialId, version: u64) -> bool;
    /// Makes the caller's own access token expire in `left` at the latest. Returns its expiry.
    async fn limit_access_token(&self, left: Duration) -> Result<Timestamp, ToolError>;
}

/// The pages where a person can mend a connection.
#[derive(Debug, Clone)]
pub struct Pages {
    /// Where the person can sign in to Xano again.
    pub sign_in: String,
    /// Where the person can let the connection reach another workspace.
    pub add_workspace: String,
}

/// The context of one tool call.
#[derive(Debug, Clone)]
pub struct ToolContext {
    /// The caller's sessions with Xano.
    pub sessions: Sessions,
    /// The clock that calls are measured with.
    pub clock: Arc<dyn Clock>,
    /// The caller's grant.
    pub grant: Arc<dyn GrantControl>,
    /// The granted scopes.
    pub scopes: Scopes,
    /// The limits of the grant.
    pub limits: AccessLimits,
    /// The pages where the person can mend the connection.
    pub pages: Pages,
}
