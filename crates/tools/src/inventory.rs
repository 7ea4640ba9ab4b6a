//! All tools, in a fixed order, under a ceiling.

use std::collections::BTreeSet;

use crate::handlers;
use crate::tool::{Tool, Toolset};

/// The most the server offers, whatever a client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ceiling {
    /// The toolsets there are.
    pub toolsets: BTreeSet<Toolset>,
    /// Only tools that change nothing.
    pub read_only: bool,
}

impl Default for Ceiling {
    fn default() -> Self {
        Self { toolsets: Toolset::ALL.into_iter().collect(), read_only: false }
    }
}

/// The tools a server offers.
#[derive(Debug, Clone)]
pub struct Inventory(Vec<Tool>);

impl Inventory {
    /// Every tool under `ceiling`. Read-only wins over every toolset.
    #[must_use]
    pub fn new(ceiling: &Ceiling) -> Self {
        let mut tools = handlers::all();
        tools.retain(|tool| {
            ceiling.toolsets.contains(&tool.toolset)
                && (!ceiling.read_only || tool.annotations.read_only_hint)
        });
        Self(tools)
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
