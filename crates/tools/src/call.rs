//! A tool call, as the interface of its handler. Handlers send requests only through it, so every request
//! is authorized first.

use std::time::Duration;

use serde_json::Value;
use snappy_domain::ToolError;
use snappy_xano::instances::Lookup;
use snappy_xano::operations::RequestBuilder;
use snappy_xano::{Instance, Outcome, Request, SessionError, XanoOrigin};

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
pub(crate) struct Target {
    instance: Instance,
    origin: XanoOrigin,
}

impl Target {
    pub(crate) const fn instance(&self) -> &Instance {
        &self.instance
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
        let listed = self.context.session.list_instances().await;
        let listed = listed.map_err(|error| self.to_tool_error(error))?;
        let limits = &self.context.limits;
        Ok(listed.iter().filter(|one| limits.allow_instance(&one.name)).cloned().collect())
    }

    /// The caller's instance with this name.
    pub(crate) async fn target(&self, name: &str) -> Result<Target, ToolError> {
        let limits = &self.context.limits;
        let allowed = |mut names: Vec<String>| {
            names.retain(|name| limits.allow_instance(name));
            names
        };
        let found = self.context.session.find_instance(name).await;
        match found.map_err(|error| self.to_tool_error(error))? {
            Lookup::Found(instance) => {
                if !limits.allow_instance(&instance.name) {
                    return Err(errors::not_in_connection(&instance.name, None));
                }
                let origin = instance.origin.clone();
                let origin = origin.ok_or_else(|| errors::host_not_allowed(&instance.name))?;
                Ok(Target { instance: *instance, origin })
            }
            Lookup::Unknown(names) => Err(errors::unknown_instance(name, allowed(names))),
            Lookup::Ambiguous(names) => Err(errors::ambiguous_instance(name, allowed(names))),
        }
    }

    /// Sends a request to the caller's instance with this name.
    pub(crate) async fn send(
        &self,
        instance: &str,
        request: RequestBuilder,
    ) -> Result<Value, ToolError> {
        let request = request.build().map_err(|error| errors::invalid_request(&error))?;
        let target = self.target(instance).await?;
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
    async fn send_built(&self, target: &Target, request: &Request) -> Result<Value, ToolError> {
        let ToolContext { session, scopes, limits, .. } = &self.context;
        let instance = target.instance.name.as_str();
        authorize(&Access { scopes, limits, tool: &self.tool }, Some(instance), request)
            .map_err(|denied| errors::denied(denied, &self.tool, request.spec()))?;
        let sent = session.send(&target.origin, request).await;
        let response = sent.map_err(|error| {
            errors::from_session(error, Some(request.spec()), &self.context.sign_in_url)
        })?;
        Ok(authorize::filter_response(limits, instance, request, response))
    }

    /// Locks an object of an instance until the guard is dropped, so that changes in this process that
    /// read, modify and write it do not overlap.
    pub(crate) async fn lock(&self, target: &Target, object: &str) -> impl Sized + Send + use<> {
        self.context.session.change_lock(&target.origin, object).lock_owned().await
    }

    /// Makes the cached Xano key expire in `left` at the latest. Returns `false` for a pasted token,
    /// which can't be renewed and is not changed.
    pub(crate) async fn limit_key_lifetime(&self, left: Duration) -> Result<bool, ToolError> {
        self.context
            .session
            .limit_key_lifetime(left)
            .await
            .map_err(|error| self.to_tool_error(error))
    }

    /// Requests the current key from Xano.
    pub(crate) async fn refresh_key(&self) -> Result<Outcome, ToolError> {
        self.context.session.refresh_now().await.map_err(|error| self.to_tool_error(error))
    }

    /// The tool error of a failure that was not caused by a request of the tool.
    pub(crate) fn to_tool_error(&self, error: SessionError) -> ToolError {
        errors::from_session(error, None, &self.context.sign_in_url)
    }
}
