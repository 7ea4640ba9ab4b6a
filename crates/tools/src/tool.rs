//! One record for a tool: its name, its words, its schema, what it needs, and its handler.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use snappy_domain::envelope::Success;
use snappy_domain::{ErrorCode, Scope, ToolError, metrics};

use crate::{ToolContext, schema};

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

    /// The card of one of its tools.
    pub(crate) const fn card(
        self,
        name: &'static str,
        title: &'static str,
        description: &'static str,
        scope: Scope,
        annotations: Annotations,
    ) -> Card {
        Card { name, title, description, toolset: self, scope, annotations }
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
        A: DeserializeOwned + JsonSchema + Send + 'static,
        F: Fn(ToolContext, A) -> R + Send + Sync + Copy + 'static,
        R: Future<Output = Result<Success, ToolError>> + Send + 'static,
    {
        self.handled_with(move |context, place: A, _: Nothing| handler(context, place))
    }

    /// The same with the arguments in two parts, such as where and what. Each part is read by
    /// itself, so that an error can name the very argument, which serde's `flatten` can't.
    pub fn handled_with<A, B, F, R>(self, handler: F) -> Tool
    where
        A: DeserializeOwned + JsonSchema + Send + 'static,
        B: DeserializeOwned + JsonSchema + Send + 'static,
        F: Fn(ToolContext, A, B) -> R + Send + Sync + Copy + 'static,
        R: Future<Output = Result<Success, ToolError>> + Send + 'static,
    {
        let input_schema = Arc::new(schema::of_two::<A, B>());
        let known = Arc::clone(&input_schema);
        let first = schema::names(&schema::of::<A>());
        let handler = move |context, mut arguments: Map<String, Value>| -> BoxFuture<'static, _> {
            let parts = schema::check(&known, &arguments).and_then(|()| {
                let (place, rest) = arguments_of(&first, &mut arguments);
                Ok((schema::read::<A>(&known, place)?, schema::read::<B>(&known, rest)?))
            });
            match parts {
                Ok((place, rest)) => Box::pin(handler(context, place, rest)),
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

/// No arguments.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Nothing {}

/// The arguments with these names, and the others.
fn arguments_of(
    names: &[String],
    arguments: &mut Map<String, Value>,
) -> (Map<String, Value>, Map<String, Value>) {
    std::mem::take(arguments).into_iter().partition(|(name, _)| names.contains(name))
}

impl Tool {
    /// Calls the tool for a caller who may use it.
    ///
    /// # Errors
    /// What the caller is to read: a code, a sentence and the next step.
    pub async fn call(
        &self,
        context: ToolContext,
        arguments: Map<String, Value>,
    ) -> Result<Success, ToolError> {
        let session = context.session.clone();
        let sign_in_url = context.sign_in_url.clone();
        let began = session.clock().now();
        let outcome = if self.is_allowed(&context) {
            (self.handler)(context, arguments).await
        } else {
            Err(self.not_allowed())
        };
        let code = outcome.as_ref().err().map_or("", |error| error.code.as_str());
        metrics::TOOL_DURATION.time(session.clock(), began, &["tools/call", self.name, code]);
        match &outcome {
            Ok(_) => tracing::info!(tool = self.name, "Tool call succeeded"),
            Err(error) => {
                tracing::info!(tool = self.name, code = error.code.as_str(), "Tool call failed");
            }
        }
        let mut success = outcome?;
        if let Some(ends) = session.key_ends_soon() {
            success.message = format!(
                "{} Your Xano access token ends at {ends}: paste a new one at {sign_in_url} before.",
                success.message
            );
        }
        Ok(success)
    }

    /// Whether the caller may use it: by scope, and by what the person chose.
    #[must_use]
    pub fn is_allowed(&self, context: &ToolContext) -> bool {
        context.scopes.allow(self.scope) && context.limits.allow_toolset(self.toolset.as_str())
    }

    fn not_allowed(&self) -> ToolError {
        let (name, scope, toolset) = (self.name, self.scope, self.toolset.as_str());
        let message = format!(
            "This connection may not use {name}: it needs {scope} and the toolset {toolset}."
        );
        let next = "Connect again and allow it on the consent page.";
        ToolError::new(ErrorCode::Forbidden, message, next)
            .detail("required_scope", self.scope.as_str())
    }
}
