//! The tools that the server offers.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::handlers;
use crate::spec::Toolset;
use crate::tool::Tool;

/// Which tools the server offers. A client can't get more than these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolPolicy {
    /// The toolsets that are offered.
    pub toolsets: BTreeSet<Toolset>,
    /// Whether only tools that change nothing are offered.
    pub read_only: bool,
}

impl Default for ToolPolicy {
    fn default() -> Self {
        Self { toolsets: Toolset::ALL.into_iter().collect(), read_only: false }
    }
}

/// The tools that the server offers, in a fixed order.
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

    #[must_use]
    pub fn tools(&self) -> &[Tool] {
        &self.0
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Tool> {
        self.0.iter().find(|tool| tool.name == name)
    }
}
