//! The inventory as one caller sees it.

use async_trait::async_trait;
use serde_json::{Map, Value};
use snappy_domain::envelope::Success;
use snappy_domain::{ErrorCode, Page, Scope, ToolError};
use snappy_mcp_server::{ListedTool, Tools};

use crate::{Inventory, ToolContext};

/// The tools of an inventory in the context of one caller.
#[derive(Debug, Clone)]
pub struct CallerTools {
    /// The tools that the server offers.
    pub inventory: Inventory,
    /// What the caller's calls may use.
    pub context: ToolContext,
}

#[async_trait]
impl Tools for CallerTools {
    fn list(&self) -> Vec<ListedTool> {
        let tools = self.inventory.tools().iter();
        tools.filter(|tool| tool.is_allowed(&self.context)).map(|tool| tool.listed()).collect()
    }

    fn scope(&self, name: &str) -> Option<Scope> {
        self.inventory.get(name).map(|tool| tool.scope)
    }

    fn warning(&self, _: &str) -> Option<Page> {
        let ToolContext { sessions, grant, pages, .. } = &self.context;
        sessions.iter().find_map(|session| {
            let ends = session.refresh_ended()?;
            let credential = session.credential();
            if !grant.should_warn(credential.id, credential.version) {
                return None;
            }
            let of = session.label().map(|label| format!(" for {label}")).unwrap_or_default();
            let message = format!(
                "Your sign-in at Xano{of} can't be renewed and ends at {ends}. Sign in again in your \
                 browser, or decline to go on until then."
            );
            Some(Page { url: pages.sign_in.clone(), message })
        })
    }

    async fn call(&self, name: &str, arguments: Map<String, Value>) -> Result<Success, ToolError> {
        let Some(tool) = self.inventory.get(name) else {
            let next = "Call tools/list.";
            return Err(ToolError::new(ErrorCode::NotFound, "There is no such tool.", next));
        };
        tool.call(self.context.clone(), arguments).await
    }
}
