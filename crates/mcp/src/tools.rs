//! What a service offers through MCP.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use serde::Serialize;
use serde_json::{Map, Value};
use snappy_domain::envelope::Success;
use snappy_domain::{Page, Scope, ToolError};

/// How the server introduces itself to clients.
#[derive(Debug, Clone, Copy)]
pub struct ServerInfo {
    /// The name of the service behind it.
    pub service: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// How to use its tools, for the model.
    pub instructions: &'static str,
}

/// MCP's hints about a tool's behaviour (`ToolAnnotations`).
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
    /// For a tool that only reads.
    pub const READ: Self = Self {
        read_only_hint: true,
        destructive_hint: false,
        idempotent_hint: true,
        open_world_hint: true,
    };
    /// For a tool that adds something with each call.
    pub const ADD: Self = Self {
        read_only_hint: false,
        destructive_hint: false,
        idempotent_hint: false,
        open_world_hint: true,
    };
    /// For a tool that overwrites or removes something; a second call has no further effect.
    pub const CHANGE: Self = Self {
        read_only_hint: false,
        destructive_hint: true,
        idempotent_hint: true,
        open_world_hint: true,
    };
}

/// A tool, as `tools/list` shows it.
#[derive(Debug, Clone)]
pub struct ListedTool {
    /// The name it is called by.
    pub name: &'static str,
    /// A short name for people.
    pub title: &'static str,
    /// What it does, for the model.
    pub description: &'static str,
    /// Hints about its behaviour.
    pub annotations: Annotations,
    /// The JSON Schema of its arguments, an object.
    pub input_schema: Arc<Map<String, Value>>,
}

/// The tools of a service, for one caller.
#[async_trait]
pub trait Tools: Debug + Send + Sync {
    /// The tools that the caller may use, in a fixed order.
    fn list(&self) -> Vec<ListedTool>;
    /// The scope that a tool needs; `None` when there is no such tool.
    fn scope(&self, name: &str) -> Option<Scope>;
    /// A page that the person should open before it is too late, asked for before a call. The answer may be
    /// given only once.
    fn warning(&self, _name: &str) -> Option<Page> {
        None
    }
    /// Calls a tool that exists. `arguments` are not validated yet.
    async fn call(&self, name: &str, arguments: Map<String, Value>) -> Result<Success, ToolError>;
}

/// Where a client's capabilities are kept between its requests.
#[async_trait]
pub trait ClientCapabilities: Debug + Send + Sync {
    /// Stores whether the client declared elicitation in URL mode. A failure is logged.
    async fn note_elicitation(&self, elicits_urls: bool);
}
