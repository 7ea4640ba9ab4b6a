//! Whether a request may be sent to Xano for a caller. It is decided on the request itself, never on the
//! arguments of a tool, and everything that is not allowed is denied.

use serde_json::Value;
use snappy_domain::access_limits::Workspaces;
use snappy_domain::{AccessLimits, Scope, Scopes};
use snappy_xano::Request;
use snappy_xano::operations::{self, OperationSpec};

use crate::spec::{ToolSpec, Toolset};

/// The operations without a workspace that a connection limited to some workspaces or instances may
/// still use. [`visible`] filters the two lists; the others say nothing about a workspace.
const WITHOUT_WORKSPACE: [&OperationSpec; 6] = [
    // Who owns the key: the caller.
    &operations::AUTH_ME,
    // The same XanoScript guide for everybody.
    &operations::GET_MCP_DOCUMENTATION,
    // Versions of Xano itself.
    &operations::GET_PLATFORM,
    &operations::LIST_PLATFORMS,
    // Filtered.
    &operations::LIST_INSTANCES,
    &operations::LIST_WORKSPACES,
];

/// What a caller may do, and the tool that acts for it.
#[derive(Debug, Clone, Copy)]
pub struct Access<'a> {
    /// The granted scopes.
    pub scopes: &'a Scopes,
    /// The limits of the connection.
    pub limits: &'a AccessLimits,
    /// The tool that sends the request.
    pub tool: &'a ToolSpec,
}

/// Why a request is not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denied {
    /// The tool does not declare the operation: a mistake in this server.
    Undeclared,
    /// The scope was not granted.
    Scope(Scope),
    /// The tool's group was not granted.
    Toolset(Toolset),
    /// The instance is not part of the connection.
    Instance(String),
    /// The workspace is not part of the connection.
    Workspace {
        /// The instance.
        instance: String,
        /// The workspace's id.
        workspace: String,
    },
    /// The connection is limited, and the operation reaches beyond any workspace.
    NoWorkspace,
    /// The connection is limited to workspaces, which does not include their other data sources.
    DataSource(String),
}

/// Whether `request` may be sent to `instance`, or to the account API without one.
///
/// # Errors
/// The first reason against it.
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
        None if !needs_no_workspace(request) => return Err(Denied::NoWorkspace),
        _ => {}
    }
    match request.data_source() {
        Some(named) => Err(Denied::DataSource(named.to_owned())),
        None => Ok(()),
    }
}

fn at_account(limits: &AccessLimits, request: &Request) -> Result<(), Denied> {
    // The one operation of the account API that is about one instance.
    if request.spec().id == operations::GET_INSTANCE.id {
        let name = request.parameter("name").unwrap_or_default();
        let allowed = limits.allow_instance(name);
        return if allowed { Ok(()) } else { Err(Denied::Instance(name.to_owned())) };
    }
    let allowed = limits.instances.is_none() || needs_no_workspace(request);
    if allowed { Ok(()) } else { Err(Denied::NoWorkspace) }
}

fn needs_no_workspace(request: &Request) -> bool {
    WITHOUT_WORKSPACE.iter().any(|operation| operation.id == request.spec().id)
}

/// The part of a response that the connection may see: lists of instances and workspaces contain only
/// those of the connection.
#[must_use]
pub fn visible(
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
    let is_visible = |item: &Value| {
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
        items.retain(is_visible);
    }
    response
}
