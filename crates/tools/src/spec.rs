//! What a tool is, without its handler.

use serde::Serialize;
use snappy_domain::Scope;
use snappy_xano::operations::OperationSpec;

/// A group of tools that can be switched on and off together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Toolset {
    /// Instances and workspaces.
    Workspaces,
    /// Tables and their fields.
    Tables,
    /// Records.
    Records,
    /// The caller's own sign-in.
    Debug,
}

impl Toolset {
    /// Every toolset.
    pub const ALL: [Self; 4] = [Self::Workspaces, Self::Tables, Self::Records, Self::Debug];

    /// What it is about, for the consent page.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Workspaces => "Instances and workspaces",
            Self::Tables => "Tables and their fields",
            Self::Records => "Records",
            Self::Debug => "Your own sign-in here",
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

/// MCP's hints about a tool's behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Annotations {
    /// It changes nothing.
    pub read_only_hint: bool,
    /// It may remove or overwrite something.
    pub destructive_hint: bool,
    /// Calling it twice has the same effect as calling it once.
    pub idempotent_hint: bool,
    /// It reaches outside this server.
    pub open_world_hint: bool,
}

impl Annotations {
    /// It only reads.
    pub const READ: Self = Self {
        read_only_hint: true,
        destructive_hint: false,
        idempotent_hint: true,
        open_world_hint: true,
    };
    /// Each call adds something.
    pub const ADD: Self = Self {
        read_only_hint: false,
        destructive_hint: false,
        idempotent_hint: false,
        open_world_hint: true,
    };
    /// It overwrites or removes something; a second call has no further effect.
    pub const CHANGE: Self = Self {
        read_only_hint: false,
        destructive_hint: true,
        idempotent_hint: true,
        open_world_hint: true,
    };
}

/// What a tool is, without its handler.
#[derive(Debug, Clone, Copy)]
pub struct ToolSpec {
    /// The name it is called by.
    pub name: &'static str,
    /// A short name for people.
    pub title: &'static str,
    /// What it does, for the model.
    pub description: &'static str,
    /// The group it belongs to.
    pub toolset: Toolset,
    /// The scope it needs.
    pub scope: Scope,
    /// Hints about its behaviour.
    pub annotations: Annotations,
    /// The operations it may send.
    pub operations: &'static [&'static OperationSpec],
}
