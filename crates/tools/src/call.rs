//! A tool call, as the interface of its handler. Handlers send requests only through it, so every request
//! is authorized first.

use std::time::Duration;

use serde_json::Value;
use snappy_domain::ToolError;
use snappy_xano::instances::Lookup;
use snappy_xano::operations::{LIST_WORKSPACES, RequestBuilder};
use snappy_xano::{Instance, Outcome, Reachable, Request, RouteError, SessionError};

use crate::authorize::{self, Access, authorize};
use crate::context::{GrantControl, ToolContext};
use crate::errors;
use crate::spec::ToolSpec;

/// A call of one tool by one caller.
#[derive(Debug)]
pub(crate) struct Call {
    context: ToolContext,
    tool: ToolSpec,
}

/// An instance that the caller may use. Only [`Call::target`] creates one.
#[derive(Debug)]
pub(crate) struct Target(Reachable);

impl Target {
    pub(crate) const fn instance(&self) -> &Instance {
        &self.0.instance
    }
}

impl Call {
    pub(crate) const fn new(context: ToolContext, tool: ToolSpec) -> Self {
        Self { context, tool }
    }

    /// The caller's grant.
    pub(crate) fn grant(&self) -> &dyn GrantControl {
        &*self.context.grant
    }

    /// The caller's instances that the grant includes.
    pub(crate) async fn instances(&self) -> Result<Vec<Instance>, ToolError> {
        let listed = self.context.sessions.list_instances().await;
        let mut listed = listed.map_err(|error| self.to_tool_error(error))?;
        let limits = &self.context.limits;
        listed.retain(|one| limits.allow_instance(&one.name));
        Ok(listed)
    }

    /// The caller's instance with this name.
    pub(crate) async fn target(&self, name: &str) -> Result<Target, ToolError> {
        self.target_of(name, None).await
    }

    async fn target_of(&self, name: &str, request: Option<&Request>) -> Result<Target, ToolError> {
        let limits = &self.context.limits;
        let allowed = |mut names: Vec<String>| {
            names.retain(|name| limits.allow_instance(name));
            names
        };
        let found = self.context.sessions.find_instance(name, request).await;
        match found.map_err(|error| self.to_tool_error(error))? {
            Ok(reachable) => {
                let name = &reachable.instance.name;
                if !limits.allow_instance(name) {
                    return Err(errors::not_in_connection(name, None));
                }
                if reachable.instance.origin.is_none() {
                    return Err(errors::host_not_allowed(name));
                }
                Ok(Target(reachable))
            }
            Err(Lookup::Ambiguous(names)) => Err(errors::ambiguous_instance(name, allowed(names))),
            Err(Lookup::Unknown(names)) => {
                let adds = self.context.sessions.iter().any(|one| one.coverage().is_some());
                let pages = adds.then_some(&self.context.pages);
                Err(errors::unknown_instance(name, allowed(names), pages))
            }
            Err(Lookup::Found(found)) => Err(errors::host_not_allowed(&found.name)),
        }
    }

    /// Sends a request to the caller's instance with this name.
    pub(crate) async fn send(
        &self,
        instance: &str,
        request: RequestBuilder,
    ) -> Result<Value, ToolError> {
        let request = request.build().map_err(|error| errors::invalid_request(&error))?;
        let target = self.target_of(instance, Some(&request)).await?;
        self.send_built(&target, &request).await
    }

    /// Sends a request to an instance.
    pub(crate) async fn send_to(
        &self,
        target: &Target,
        request: RequestBuilder,
    ) -> Result<Value, ToolError> {
        let request = request.build().map_err(|error| errors::invalid_request(&error))?;
        self.send_built(target, &request).await
    }

    /// Authorizes and sends a request. No other code sends the requests of tools.
    async fn send_built(
        &self,
        Target(reachable): &Target,
        request: &Request,
    ) -> Result<Value, ToolError> {
        let ToolContext { scopes, limits, pages, .. } = &self.context;
        let instance = reachable.instance.name.as_str();
        authorize(&Access { scopes, limits, tool: &self.tool }, Some(instance), request)
            .map_err(|denied| errors::denied(denied, &self.tool, request.spec()))?;
        let (session, origin) = reachable.route_for(request).map_err(|error| match error {
            RouteError::HostNotAllowed => errors::host_not_allowed(instance),
            RouteError::NotCovered(covered) => {
                let workspace = request.workspace().unwrap_or_default();
                errors::workspace_not_connected(instance, workspace, &covered, pages)
            }
        })?;
        let sent = if request.spec().id == LIST_WORKSPACES.id {
            reachable.list_workspaces(request).await
        } else {
            session.send(origin, request).await
        };
        let response = sent.map_err(|error| {
            errors::from_session(error, Some(request.spec()), session.label().as_deref(), pages)
        })?;
        Ok(authorize::filter_response(limits, instance, request, response))
    }

    /// Makes the cached Xano key expire in `left` at the latest. Returns `false` for a pasted token,
    /// which can't be renewed and is not changed.
    pub(crate) async fn limit_key_lifetime(&self, left: Duration) -> Result<bool, ToolError> {
        let mut limited = false;
        for session in self.context.sessions.iter() {
            let done = session.limit_key_lifetime(left).await;
            limited |= done.map_err(|error| self.to_tool_error(error))?;
        }
        Ok(limited)
    }

    /// Requests the current keys from Xano, one for each of the caller's credentials.
    pub(crate) async fn refresh_keys(&self) -> Result<Vec<Outcome>, ToolError> {
        let mut outcomes = Vec::new();
        for session in self.context.sessions.iter() {
            let outcome = session.refresh_now().await;
            outcomes.push(outcome.map_err(|error| self.to_tool_error(error))?);
        }
        Ok(outcomes)
    }

    /// The tool error of a failure that was not caused by a request of the tool.
    pub(crate) fn to_tool_error(&self, error: SessionError) -> ToolError {
        errors::from_session(error, None, None, &self.context.pages)
    }
}
