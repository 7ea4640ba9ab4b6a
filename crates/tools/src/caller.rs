//! The inventory as one caller sees it.

use async_trait::async_trait;
use serde_json::{Map, Value};
use snappy_domain::envelope::Success;
use snappy_domain::{ErrorCode, Scope, ToolError};
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

    async fn call(&self, name: &str, arguments: Map<String, Value>) -> Result<Success, ToolError> {
        let Some(tool) = self.inventory.get(name) else {
            let next = "Call tools/list.";
            return Err(ToolError::new(ErrorCode::NotFound, "There is no such tool.", next));
        };
        tool.call(self.context.clone(), arguments).await
    }
}
