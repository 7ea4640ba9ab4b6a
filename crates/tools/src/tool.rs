//! A tool: its specification, its argument schema and its handler.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use snappy_domain::envelope::Success;
use snappy_domain::{ErrorCode, Scope, ToolError, metrics};
use snappy_mcp_server::{Annotations, ListedTool};
use snappy_xano::Session;
use snappy_xano::operations::OperationSpec;

use crate::args::NoArguments;
use crate::call::Call;
use crate::spec::{ToolSpec, Toolset};
use crate::{ToolContext, schema};

type Handler = dyn Fn(ToolContext, Map<String, Value>) -> BoxFuture<'static, Result<Success, ToolError>>
    + Send
    + Sync;

#[derive(Clone)]
pub struct Tool {
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
    /// The JSON Schema of its arguments.
    pub input_schema: Arc<Map<String, Value>>,
    handler: Arc<Handler>,
}

impl fmt::Debug for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tool({})", self.name)
    }
}

impl ToolSpec {
    /// Creates a tool with a handler. The schema follows from the argument type.
    pub(crate) fn handled_by<A, F, R>(self, handler: F) -> Tool
    where
        A: DeserializeOwned + JsonSchema + Send + 'static,
        F: Fn(Call, A) -> R + Send + Sync + Copy + 'static,
        R: Future<Output = Result<Success, ToolError>> + Send + 'static,
    {
        self.handled_with(move |call, arguments: A, _: NoArguments| handler(call, arguments))
    }

    /// Creates a tool whose handler takes its arguments in two parts, such as a table and the new values.
    /// Each part is read separately so that errors name the argument, which serde's `flatten` does not
    /// support.
    pub(crate) fn handled_with<A, B, F, R>(self, handler: F) -> Tool
    where
        A: DeserializeOwned + JsonSchema + Send + 'static,
        B: DeserializeOwned + JsonSchema + Send + 'static,
        F: Fn(Call, A, B) -> R + Send + Sync + Copy + 'static,
        R: Future<Output = Result<Success, ToolError>> + Send + 'static,
    {
        let input_schema = Arc::new(schema::of_two::<A, B>());
        let known = Arc::clone(&input_schema);
        let first = schema::names(&schema::of::<A>());
        let handler = move |context, mut arguments: Map<String, Value>| -> BoxFuture<'static, _> {
            let parts = schema::check(&known, &arguments).and_then(|()| {
                let (first, second) = split(&first, &mut arguments);
                Ok((schema::read::<A>(&known, first)?, schema::read::<B>(&known, second)?))
            });
            match parts {
                Ok((first, second)) => Box::pin(handler(Call::new(context, self), first, second)),
                Err(error) => Box::pin(std::future::ready(Err(error))),
            }
        };
        let Self { name, title, description, toolset, scope, annotations, operations } = self;
        Tool {
            name,
            title,
            description,
            toolset,
            scope,
            annotations,
            operations,
            input_schema,
            handler: Arc::new(handler),
        }
    }
}

/// Splits the arguments into those with the given names and the others.
fn split(
    names: &[String],
    arguments: &mut Map<String, Value>,
) -> (Map<String, Value>, Map<String, Value>) {
    std::mem::take(arguments).into_iter().partition(|(name, _)| names.contains(name))
}

impl Tool {
    /// How `tools/list` shows it.
    #[must_use]
    pub fn listed(&self) -> ListedTool {
        ListedTool {
            name: self.name,
            title: self.title,
            description: self.description,
            annotations: self.annotations,
            input_schema: Arc::clone(&self.input_schema),
        }
    }

    /// Calls the tool.
    ///
    /// # Errors
    /// An error for the caller: a code, a sentence and the next step.
    pub async fn call(
        &self,
        context: ToolContext,
        arguments: Map<String, Value>,
    ) -> Result<Success, ToolError> {
        let (sessions, clock) = (context.sessions.clone(), Arc::clone(&context.clock));
        let sign_in_url = context.pages.sign_in.clone();
        let began = clock.now();
        let outcome = if self.is_allowed(&context) {
            (self.handler)(context, arguments).await
        } else {
            Err(self.not_allowed())
        };
        let code = outcome.as_ref().err().map_or("", |error| error.code.as_str());
        metrics::TOOL_DURATION.time(&*clock, began, &["tools/call", self.name, code]);
        match &outcome {
            Ok(_) => tracing::info!(tool = self.name, "Tool call succeeded"),
            Err(error) => {
                tracing::info!(tool = self.name, code = error.code.as_str(), "Tool call failed");
            }
        }
        let mut success = outcome?;
        for note in sessions.iter().flat_map(Session::take_notes) {
            success.message.push(' ');
            success.message.push_str(&note);
        }
        for session in sessions.iter() {
            let Some(at) = session.key_expires_soon() else { continue };
            success.message.push_str(&match session.label() {
                None => format!(
                    " Your Xano access token expires at {at}: paste a new one at {sign_in_url} before then."
                ),
                Some(workspace) => format!(
                    " Your Xano sign-in for {workspace} ends at {at}: sign in again at {sign_in_url} before then."
                ),
            });
        }
        Ok(success)
    }

    /// Whether the caller may use it, according to the scopes and limits of the grant.
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
            .detail("required_scope", self.scope.name)
    }
}
