//! The caller of an MCP message, as the dispatch and the tools see it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use snappy_domain::{Cancelled, CredentialId, ErrorCode, Timestamp, ToolError};
use snappy_mcp_server::{ClientCapabilities, SignInState};
use snappy_oauth::{Caller, Site};
use snappy_store::{Credential, CredentialState};
use snappy_tools::{CallerTools, GrantControl, Pages, ToolContext};
use snappy_xano::Sessions;
use snappy_xano::oauth::may_write;

use super::status;
use crate::app::App;
use crate::pages::xano_oauth;

pub(super) fn dispatch_caller(
    app: &App,
    site: &Site,
    caller: Caller,
    cancelled: Cancelled,
) -> snappy_mcp_server::Caller {
    let sign_in = if caller.needs_sign_in() { SignInState::Required } else { SignInState::Active };
    let grant = Arc::new(CallerGrant { app: app.clone(), caller: caller.clone() });
    let usable = caller.credentials.iter().filter(|one| !is_removed(one));
    let sessions = usable.map(|credential| {
        let mut session = app.xano.session(credential.clone());
        session.cancelled = cancelled.clone();
        session
    });
    let context = ToolContext {
        sessions: Sessions::new(sessions.collect()),
        clock: Arc::clone(&app.runtime.clock),
        grant: grant.clone(),
        scopes: caller.scopes.clone(),
        limits: caller.grant.limits.intersection(&app.admission.limits),
        pages: pages(app, site, &caller),
    };
    snappy_mcp_server::Caller {
        sign_in,
        scopes: caller.scopes.clone(),
        elicits_urls: caller.grant.elicits_urls,
        capabilities: grant,
        tools: Arc::new(CallerTools { inventory: app.inventory.clone(), context }),
    }
}

fn is_removed(credential: &Credential) -> bool {
    matches!(credential.state, CredentialState::Removed { .. })
}

/// The pages where the caller's person can mend the connection. A sign-in that only reads is renewed as such.
fn pages(app: &App, site: &Site, caller: &Caller) -> Pages {
    let grant = caller.grant.id;
    let is_ended = |one: &&Credential| one.state != CredentialState::Usable;
    let ended: Vec<_> = caller.credentials.iter().filter(is_ended).collect();
    let which = if ended.is_empty() { caller.credentials.iter().collect() } else { ended };
    let only_reads = {
        let mut coverage = which.iter().map(|one| one.secret.coverage());
        !which.is_empty() && coverage.all(|one| one.is_some_and(|one| !may_write(one)))
    };
    let access = if xano_oauth::only_reads(app, &caller.scopes) { "&access=read" } else { "" };
    Pages {
        sign_in: site.url(&xano_oauth::login_path(grant, only_reads)),
        add_workspace: site.url(&format!("/account/workspace?grant={grant}{access}")),
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

    fn should_warn(&self, credential: CredentialId, version: u64) -> bool {
        self.app.should_warn(self.caller.grant.id, credential, version)
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
