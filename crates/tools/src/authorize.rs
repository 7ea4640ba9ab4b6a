//! Authorization of requests to Xano. The decision depends on the request itself, never on the arguments of
//! a tool, and everything that is not explicitly allowed is denied.

use serde_json::Value;
use snappy_domain::access_limits::Workspaces;
use snappy_domain::{AccessLimits, Scope, Scopes};
use snappy_xano::Request;
use snappy_xano::operations::{self, OperationSpec};

use crate::spec::{ToolSpec, Toolset};

/// The operations without a workspace that are allowed when a grant is limited to some workspaces or
/// instances. [`filter_response`] filters the two lists; the others reveal nothing about a workspace.
const WITHOUT_WORKSPACE: [&OperationSpec; 6] = [
    // The owner of the key.
    &operations::AUTH_ME,
    // A XanoScript guide, the same for all accounts.
    &operations::GET_MCP_DOCUMENTATION,
    // Versions of Xano itself.
    &operations::GET_PLATFORM,
    &operations::LIST_PLATFORMS,
    // Filtered.
    &operations::LIST_INSTANCES,
    &operations::LIST_WORKSPACES,
];

/// What a caller may do, and the tool that the caller uses.
#[derive(Debug, Clone, Copy)]
pub struct Access<'a> {
    /// The granted scopes.
    pub scopes: &'a Scopes,
    /// The limits of the grant.
    pub limits: &'a AccessLimits,
    /// The tool that sends the request.
    pub tool: &'a ToolSpec,
}

/// Why a request is denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denied {
    /// The tool does not declare the operation, which is a bug in this server.
    Undeclared,
    /// The scope was not granted.
    Scope(Scope),
    /// The toolset was not granted.
    Toolset(Toolset),
    /// The grant does not include the instance.
    Instance(String),
    /// The grant does not include the workspace.
    Workspace {
        instance: String,
        /// The workspace's id.
        workspace: String,
    },
    /// The grant is limited to some workspaces, and the operation is not about one workspace.
    NoWorkspace,
    /// The grant is limited to some workspaces, which includes only their default data source.
    DataSource(String),
}

/// Checks that `request` may be sent to `instance`, or to the account API if that is `None`.
///
/// # Errors
/// The first reason why not.
pub fn authorize(
    access: &Access<'_>,
    instance: Option<&str>,
    request: &Request,
) -> Result<(), Denied> {
    let Access { scopes, limits, tool } = access;
    let operation = request.spec();
    if !tool.operations.iter().any(|declared| declared.id == operation.id) {
        return Err(Denied::Undeclared);
    }
    if !scopes.allow(operation.scope()) {
        return Err(Denied::Scope(operation.scope()));
    }
    if !limits.allow_toolset(tool.toolset.as_str()) {
        return Err(Denied::Toolset(tool.toolset));
    }
    match instance {
        Some(instance) => at_instance(limits, instance, request),
        None => at_account(limits, request),
    }
}

fn at_instance(limits: &AccessLimits, instance: &str, request: &Request) -> Result<(), Denied> {
    let Some(instances) = &limits.instances else { return Ok(()) };
    let Some(workspaces) = instances.get(instance) else {
        return Err(Denied::Instance(instance.to_owned()));
    };
    let Workspaces::Only(ids) = workspaces else { return Ok(()) };
    match request.workspace() {
        Some(workspace) if !ids.contains(workspace) => {
            let (instance, workspace) = (instance.to_owned(), workspace.to_owned());
            return Err(Denied::Workspace { instance, workspace });
        }
        None if !is_allowed_without_workspace(request) => return Err(Denied::NoWorkspace),
        _ => {}
    }
    match request.data_source() {
        Some(named) => Err(Denied::DataSource(named.to_owned())),
        None => Ok(()),
    }
}

fn at_account(limits: &AccessLimits, request: &Request) -> Result<(), Denied> {
    // The only operation of the account API about a single instance.
    if request.spec().id == operations::GET_INSTANCE.id {
        let name = request.parameter("name").unwrap_or_default();
        let allowed = limits.allow_instance(name);
        return if allowed { Ok(()) } else { Err(Denied::Instance(name.to_owned())) };
    }
    let allowed = limits.instances.is_none() || is_allowed_without_workspace(request);
    if allowed { Ok(()) } else { Err(Denied::NoWorkspace) }
}

fn is_allowed_without_workspace(request: &Request) -> bool {
    WITHOUT_WORKSPACE.iter().any(|operation| operation.id == request.spec().id)
}

/// Removes instances and workspaces that the grant does not include from a list of them.
#[must_use]
pub fn filter_response(
    limits: &AccessLimits,
    instance: &str,
    request: &Request,
    mut response: Value,
) -> Value {
    let id = request.spec().id;
    let text = |item: &Value, field: &str| match item.get(field) {
        Some(Value::String(text)) => Some(text.clone()),
        value => value.map(Value::to_string),
    };
    let is_included = |item: &Value| {
        if id == operations::LIST_WORKSPACES.id {
            text(item, "id").is_none_or(|workspace| limits.allow_workspace(instance, &workspace))
        } else if id == operations::LIST_INSTANCES.id {
            text(item, "name").is_none_or(|name| limits.allow_instance(&name))
        } else {
            true
        }
    };
    let items = match &mut response {
        Value::Array(items) => Some(items),
        envelope => envelope.get_mut("items").and_then(Value::as_array_mut),
    };
    if let Some(items) = items {
        items.retain(is_included);
    }
    response
}
