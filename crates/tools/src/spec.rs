//! The specification of a tool.

use serde::Serialize;
use snappy_domain::Scope;
use snappy_mcp_server::Annotations;
use snappy_xano::operations::OperationSpec;

/// A group of tools that is allowed or disabled as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Toolset {
    /// Instances and workspaces.
    Workspaces,
    /// Tables and their fields.
    Tables,
    Records,
    /// The caller's own sign-in (debug tools).
    Debug,
}

impl Toolset {
    /// Every toolset.
    pub const ALL: [Self; 4] = [Self::Workspaces, Self::Tables, Self::Records, Self::Debug];

    /// Its description on the consent page.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Workspaces => "Instances and workspaces",
            Self::Tables => "Tables and their fields",
            Self::Records => "Records",
            Self::Debug => "Diagnosing your own sign-in",
        }
    }

    /// The specification of one of its tools.
    pub(crate) const fn spec(
        self,
        name: &'static str,
        title: &'static str,
        description: &'static str,
        scope: Scope,
        annotations: Annotations,
        operations: &'static [&'static OperationSpec],
    ) -> ToolSpec {
        ToolSpec { name, title, description, toolset: self, scope, annotations, operations }
    }

    /// Its name in settings.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Workspaces => "workspaces",
            Self::Tables => "tables",
            Self::Records => "records",
            Self::Debug => "debug",
        }
    }
}

/// The specification of a tool: everything but its handler.
#[derive(Debug, Clone, Copy)]
pub struct ToolSpec {
    /// The name that clients call it by.
    pub name: &'static str,
    /// A short title for people.
    pub title: &'static str,
    /// A description for the model.
    pub description: &'static str,
    /// The toolset it belongs to.
    pub toolset: Toolset,
    /// The scope it needs.
    pub scope: Scope,
    /// Hints about its behaviour.
    pub annotations: Annotations,
    /// The operations it may send.
    pub operations: &'static [&'static OperationSpec],
}
