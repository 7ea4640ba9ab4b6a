//! The caller of an MCP message, as the dispatch and the tools see it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use snappy_domain::{Cancelled, ErrorCode, Timestamp, ToolError};
use snappy_mcp_server::{ClientCapabilities, SignInState};
use snappy_oauth::{Caller, Site};
use snappy_tools::{CallerTools, GrantControl, ToolContext};

use super::status;
use crate::app::App;

pub(super) fn dispatch_caller(
    app: &App,
    site: &Site,
    caller: Caller,
    cancelled: Cancelled,
) -> snappy_mcp_server::Caller {
    let sign_in = if caller.needs_sign_in() { SignInState::Required } else { SignInState::Active };
    let grant = Arc::new(CallerGrant { app: app.clone(), caller: caller.clone() });
    let mut session = app.xano.session(caller.credential.clone());
    session.cancelled = cancelled;
    let context = ToolContext {
        session,
        grant: grant.clone(),
        scopes: caller.scopes.clone(),
        limits: caller.grant.limits.clone(),
        sign_in_url: site.url("/login"),
    };
    snappy_mcp_server::Caller {
        sign_in,
        scopes: caller.scopes.clone(),
        elicits_urls: caller.grant.elicits_urls,
        capabilities: grant,
        tools: Arc::new(CallerTools { inventory: app.inventory.clone(), context }),
        sign_in_url: site.url("/login"),
    }
}

/// What tools may read and change of the caller's own grant.
#[derive(Debug)]
struct CallerGrant {
    app: App,
    caller: Caller,
}

fn storage_error(error: impl std::fmt::Display) -> ToolError {
    tracing::error!("The caller's grant can't be read: {error}");
    let message = "This server's storage is not available.";
    ToolError::new(ErrorCode::TemporarilyUnavailable, message, "Try again in a minute.")
}

#[async_trait]
impl GrantControl for CallerGrant {
    async fn status(&self) -> Result<Value, ToolError> {
        status::describe(&self.app, &self.caller).await.map_err(storage_error)
    }

    async fn limit_access_token(&self, lifetime: Duration) -> Result<Timestamp, ToolError> {
        self.app.oauth.limit_access_token(&self.caller, lifetime).await.map_err(storage_error)
    }
}

#[async_trait]
impl ClientCapabilities for CallerGrant {
    async fn note_elicitation(&self, elicits_urls: bool) {
        if let Err(error) = self.app.oauth.note_elicitation(&self.caller, elicits_urls).await {
            tracing::warn!("The client's elicitation capability can't be stored: {error}");
        }
    }
}
