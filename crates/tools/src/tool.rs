//! One record for a tool: its name, its words, its schema, what it needs, and its handler.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use snappy_domain::envelope::{Success, envelope};
use snappy_domain::{ErrorCode, Scope, ToolError};

use crate::ToolContext;

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
    /// Calling it twice is like calling it once.
    pub idempotent_hint: bool,
    /// It reaches outside this server.
    pub open_world_hint: bool,
}

impl Annotations {
    /// It only looks.
    pub const READ: Self = Self {
        read_only_hint: true,
        destructive_hint: false,
        idempotent_hint: true,
        open_world_hint: true,
    };
    /// It adds something each time.
    pub const ADD: Self = Self {
        read_only_hint: false,
        destructive_hint: false,
        idempotent_hint: false,
        open_world_hint: true,
    };
    /// It overwrites something with the same thing each time.
    pub const CHANGE: Self = Self {
        read_only_hint: false,
        destructive_hint: true,
        idempotent_hint: true,
        open_world_hint: true,
    };
}

type Handler = dyn Fn(ToolContext, Map<String, Value>) -> BoxFuture<'static, Result<Success, ToolError>>
    + Send
    + Sync;

/// A tool.
#[derive(Clone)]
pub struct Tool {
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
    /// The JSON Schema of its arguments.
    pub input_schema: Arc<Map<String, Value>>,
    handler: Arc<Handler>,
}

impl fmt::Debug for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tool({})", self.name)
    }
}

/// What a tool is, without its handler.
#[derive(Debug, Clone, Copy)]
pub struct Card {
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
}

impl Card {
    /// Makes the tool: the argument type gives the schema, the handler does the work.
    pub fn handled_by<A, F, R>(self, handler: F) -> Tool
    where
        A: DeserializeOwned + JsonSchema + Send,
        F: Fn(ToolContext, A) -> R + Send + Sync + Copy + 'static,
        R: Future<Output = Result<Success, ToolError>> + Send + 'static,
    {
        let input_schema = Arc::new(input_schema::<A>());
        let schema = Arc::clone(&input_schema);
        let handler = move |context, arguments| -> BoxFuture<'static, _> {
            match read_arguments::<A>(&schema, arguments) {
                Ok(arguments) => Box::pin(handler(context, arguments)),
                Err(error) => Box::pin(std::future::ready(Err(error))),
            }
        };
        let Self { name, title, description, toolset, scope, annotations } = self;
        Tool {
            name,
            title,
            description,
            toolset,
            scope,
            annotations,
            input_schema,
            handler: Arc::new(handler),
        }
    }
}

impl Tool {
    /// Calls the tool and wraps what comes of it in the envelope. The flag says whether it failed.
    pub async fn call(&self, context: ToolContext, arguments: Map<String, Value>) -> (Value, bool) {
        let outcome = if context.scopes.allow(self.scope) {
            (self.handler)(context, arguments).await
        } else {
            Err(self.not_allowed())
        };
        match &outcome {
            Ok(_) => tracing::info!(tool = self.name, "Tool call succeeded"),
            Err(error) => {
                tracing::info!(tool = self.name, code = error.code.as_str(), "Tool call failed");
            }
        }
        let failed = outcome.is_err();
        (envelope(self.name, outcome), failed)
    }

    fn not_allowed(&self) -> ToolError {
        let message = format!("This connection may not use {}: it needs {}.", self.name, self.scope);
        let next = "Connect again and allow it on the consent page.";
        ToolError::new(ErrorCode::Forbidden, message, next)
            .detail("required_scope", self.scope.as_str())
    }
}

/// The schema of an argument type: one flat object, no references, closed.
fn input_schema<A: JsonSchema>() -> Map<String, Value> {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = match settings.into_generator().into_root_schema_for::<A>().to_value() {
        Value::Object(schema) => schema,
        _ => Map::new(),
    };
    schema.remove("title");
    schema.remove("description");
    schema.entry("properties").or_insert_with(|| Value::Object(Map::new()));
    schema.insert("additionalProperties".into(), false.into());
    schema
}

fn read_arguments<A: DeserializeOwned>(
    schema: &Map<String, Value>,
    arguments: Map<String, Value>,
) -> Result<A, ToolError> {
    let known: Vec<&str> = match schema.get("properties") {
        Some(Value::Object(properties)) => properties.keys().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    let invalid = |message: String| {
        let next = "Correct the arguments and call the tool again.";
        ToolError::new(ErrorCode::InvalidArgument, message, next).detail("takes", known.clone())
    };
    if let Some(unknown) = arguments.keys().find(|name| !known.contains(&name.as_str())) {
        let shown: String = unknown.chars().take(100).collect();
        return Err(invalid(format!("The tool takes no argument called {shown:?}.")));
    }
    let required = schema.get("required").and_then(Value::as_array);
    let missing: Vec<&str> = required
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|name| arguments.get(*name).is_none_or(Value::is_null))
        .collect();
    if !missing.is_empty() {
        return Err(invalid(format!("Missing: {}.", missing.join(", "))));
    }
    serde_path_to_error::deserialize(Value::Object(arguments)).map_err(|error| {
        let at = error.path().to_string();
        let shown: String = error.inner().to_string().chars().take(300).collect();
        match at.as_str() {
            "." => invalid(format!("The arguments are not as the tool takes them: {shown}.")),
            at => invalid(format!("{at} is not as the tool takes it: {shown}.")),
        }
    })
}
