//! All tools, in a fixed order, under the server's policy.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::handlers;
use crate::spec::Toolset;
use crate::tool::Tool;

/// The tools that a server offers at most, whatever a client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolPolicy {
    /// The toolsets that are offered.
    pub toolsets: BTreeSet<Toolset>,
    /// Only tools that change nothing.
    pub read_only: bool,
}

impl Default for ToolPolicy {
    fn default() -> Self {
        Self { toolsets: Toolset::ALL.into_iter().collect(), read_only: false }
    }
}

/// The tools a server offers.
#[derive(Debug, Clone)]
pub struct Inventory(Arc<[Tool]>);

impl Inventory {
    /// Every tool that the policy allows.
    #[must_use]
    pub fn new(policy: &ToolPolicy) -> Self {
        let mut tools = handlers::all();
        tools.retain(|tool| {
            policy.toolsets.contains(&tool.toolset)
                && (!policy.read_only || tool.annotations.read_only_hint)
        });
        Self(tools.into())
    }

    /// The tools in order.
    #[must_use]
    pub fn tools(&self) -> &[Tool] {
        &self.0
    }

    /// The tool of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Tool> {
        self.0.iter().find(|tool| tool.name == name)
    }
}
