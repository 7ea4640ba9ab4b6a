//! Errors for the caller: a code, a sentence, and the next step.

use snappy_domain::http::HttpError;
use snappy_domain::{ErrorCode, ToolError};
use snappy_xano::budget::WINDOW;
use snappy_xano::operations::{Effect, InvalidRequest, OperationSpec};
use snappy_xano::{SessionError, XanoError};

use crate::authorize::Denied;
use crate::context::Pages;
use crate::spec::ToolSpec;

/// None of the caller's instances has this name.
pub(crate) fn unknown_instance(name: &str, names: Vec<String>, pages: Option<&Pages>) -> ToolError {
    let shown: String = name.chars().take(100).collect();
    let next = "Call xano_list_instances and pass one of its names as instance_name.";
    let error = |message, next: String| {
        ToolError::new(ErrorCode::InstanceNotFound, message, next).detail("instances", names)
    };
    match pages {
        None => error(format!("You have no Xano instance called {shown:?}."), next.to_owned()),
        Some(pages) => error(
            format!("This connection reaches no Xano instance called {shown:?}."),
            format!("{next} To add a workspace of another instance, open {}.", pages.add_workspace),
        ),
    }
}

/// None of the connection's credentials reaches the workspace.
pub(crate) fn workspace_not_connected(
    instance: &str,
    workspace: &str,
    covered: &[String],
    pages: &Pages,
) -> ToolError {
    let shown: String = workspace.chars().take(100).collect();
    let covered = covered.join(", ");
    let message = format!(
        "This connection does not reach workspace {shown} of the instance {instance}; of that \
         instance it reaches workspace {covered}."
    );
    let url = &pages.add_workspace;
    let next = format!("Open {url} in a browser to add the workspace, then call the tool again.");
    let ask = format!(
        "Workspace {shown} of {instance} is not connected yet. Add it in your browser to continue."
    );
    ToolError::new(ErrorCode::WorkspaceNotConnected, message, next)
        .detail("connected_workspaces", covered)
        .detail("add_workspace_url", url.as_str())
        .at_page(url, ask)
}

/// Several of the caller's instances have this name.
pub(crate) fn ambiguous_instance(name: &str, names: Vec<String>) -> ToolError {
    let message = format!("More than one of your Xano instances is called {name:?}.");
    let next = "Pass one of the names in `instances` as instance_name.";
    ToolError::new(ErrorCode::InvalidArgument, message, next).detail("instances", names)
}

/// The host of the caller's instance is neither Xano's nor allowed by the operator.
pub(crate) fn host_not_allowed(name: &str) -> ToolError {
    let message =
        format!("This server is not allowed to send keys to the host of the instance {name}.");
    let next = "Ask the operator of this server to add the instance's host to XANO_EXTRA_HOSTS.";
    ToolError::new(ErrorCode::Forbidden, message, next)
}

/// The grant does not include the instance or the workspace.
pub(crate) fn not_in_connection(instance: &str, workspace: Option<&str>) -> ToolError {
    let what = match workspace {
        None => format!("The instance {instance}"),
        Some(id) => {
            let shown: String = id.chars().take(100).collect();
            format!("Workspace {shown} of the instance {instance}")
        }
    };
    let message = format!("{what} is not part of this connection.");
    let next = "Use an instance or a workspace that xano_list_instances and xano_list_databases list, or \
                connect again and include it on the consent page.";
    ToolError::new(ErrorCode::Forbidden, message, next)
}

/// The request was not sent because it is not authorized.
pub(crate) fn denied(denied: Denied, tool: &ToolSpec, operation: &OperationSpec) -> ToolError {
    let id = operation.id;
    let next = "Connect again and allow it on the consent page.";
    let forbidden = |message: String| ToolError::new(ErrorCode::Forbidden, message, next);
    match denied {
        Denied::Instance(instance) => not_in_connection(&instance, None),
        Denied::Workspace { instance, workspace } => not_in_connection(&instance, Some(&workspace)),
        Denied::Scope(scope) => {
            forbidden(format!("This connection may not send {id}: it needs the scope {scope}."))
                .detail("required_scope", scope.name)
        }
        Denied::Toolset(toolset) => forbidden(format!(
            "This connection may not send {id}: it needs the toolset {}.",
            toolset.as_str()
        )),
        Denied::NoWorkspace => forbidden(format!(
            "This connection is limited to some workspaces, and {id} affects more than one workspace."
        )),
        Denied::DataSource(name) => forbidden(format!(
            "This connection is limited to the default data source of its workspaces, so it may not \
             use {name:?}."
        )),
        Denied::Undeclared => {
            let message = format!("The tool {} does not declare the operation {id}.", tool.name);
            let next = "Report this to the operator of this server.";
            ToolError::new(ErrorCode::Forbidden, message, next)
        }
    }
}

/// The request can't be built from the arguments.
pub(crate) fn invalid_request(error: &InvalidRequest) -> ToolError {
    let next = "Pass ids and names exactly as the other Xano tools return them.";
    ToolError::new(ErrorCode::InvalidArgument, format!("{error}."), next)
}

/// The client disconnected before a change was sent.
fn client_disconnected() -> ToolError {
    let message = "The client disconnected before the change was sent; nothing was changed.";
    ToolError::new(ErrorCode::UpstreamUnavailable, message, "Call the tool again.")
}

/// The tool error of a failed request to Xano.
pub(crate) fn from_session(
    error: SessionError,
    operation: Option<&OperationSpec>,
    workspace: Option<&str>,
    pages: &Pages,
) -> ToolError {
    let sign_in_url = &pages.sign_in;
    match error {
        SessionError::SignInRequired => {
            let of = workspace.map(|label| format!(" for {label}")).unwrap_or_default();
            let ask = format!(
                "Your sign-in at Xano{of} has ended. Sign in again in your browser to continue."
            );
            ToolError::new(
                ErrorCode::ReauthRequired,
                format!("Your sign-in at Xano{of} has ended, and only you can renew it."),
                format!("Open {sign_in_url} in a browser, sign in, and call the tool again."),
            )
            .detail("sign_in_url", sign_in_url.as_str())
            .at_page(sign_in_url, ask)
        }
        SessionError::RefreshUnavailable(why) => ToolError::new(
            ErrorCode::UpstreamUnavailable,
            format!("Xano refused the key, and a new one could not be fetched: {why}."),
            "Nothing was changed. Try again in a minute.",
        ),
        SessionError::StillUnauthorized(refusal) => ToolError::new(
            ErrorCode::Unauthenticated,
            sentence("Xano refuses your current key", &refusal),
            format!(
                "Check that the key has access to this instance and workspace; to use another \
                 key, sign in again at {sign_in_url}."
            ),
        ),
        SessionError::Storage(_) => ToolError::new(
            ErrorCode::TemporarilyUnavailable,
            "This server's storage is not available; nothing was sent to Xano.",
            "Try again in a minute.",
        ),
        SessionError::ClientDisconnected => client_disconnected(),
        SessionError::Xano(error) => from_xano(error, operation),
    }
}

fn from_xano(error: XanoError, operation: Option<&OperationSpec>) -> ToolError {
    let is_outcome_unknown =
        error.may_have_happened() && operation.is_some_and(|operation| !operation.is_safe());
    let error = match error {
        XanoError::Unauthorized(refusal) => ToolError::new(
            ErrorCode::Unauthenticated,
            sentence("Xano does not accept the key", &refusal),
            "Call debug_auth to check the sign-in.",
        ),
        XanoError::AccessDenied(refusal) => ToolError::new(
            ErrorCode::Forbidden,
            sentence("Xano does not allow this", &refusal),
            "Check the access token's scopes and your role in the workspace in Xano's settings.",
        ),
        XanoError::NotFound(message) => ToolError::new(
            ErrorCode::NotFound,
            sentence("Xano could not find the requested object", &message),
            lookup_hint(operation),
        ),
        XanoError::Refused { status, message, param, code } => {
            let mut error = ToolError::new(
                ErrorCode::InvalidArgument,
                sentence("Xano refused the request", &message),
                match &param {
                    Some(param) => format!("Correct {param} and call the tool again."),
                    None => "Correct the arguments and call the tool again.".to_owned(),
                },
            )
            .detail("status", status);
            for (name, value) in [("param", param), ("xano_code", code)] {
                if let Some(value) = value {
                    error = error.detail(name, value);
                }
            }
            error
        }
        XanoError::RateLimited { retry_after } => {
            let seconds = retry_after.unwrap_or(WINDOW).as_secs_f64().ceil() as u64;
            ToolError::new(
                ErrorCode::RateLimited,
                "Xano's request limit for this instance is reached; nothing was changed.",
                format!("Wait {seconds} seconds, then call the tool again."),
            )
            .detail("retry_after_seconds", seconds)
        }
        XanoError::Server { status, message } => ToolError::new(
            ErrorCode::UpstreamError,
            sentence(&format!("Xano responded with status {status}"), &message),
            "Try again. If the error persists, check the request history in Xano.",
        )
        .detail("status", status),
        XanoError::InvalidResponse { status, why } => ToolError::new(
            ErrorCode::UpstreamError,
            format!("Xano's response ({status}) is {why}."),
            "Try again. If the error persists, check the instance in Xano.",
        )
        .detail("status", status),
        XanoError::Http(HttpError::TooLarge(most)) => ToolError::new(
            ErrorCode::UpstreamError,
            format!("Xano's response is larger than {} MiB.", most / (1024 * 1024)),
            "Request less data: use a smaller per_page, or read single records.",
        ),
        XanoError::Http(error) => ToolError::new(
            ErrorCode::UpstreamUnavailable,
            format!("Xano could not be reached: {error}."),
            "Try again in a minute.",
        ),
        XanoError::InvalidRequest(error) => invalid_request(&error),
    };
    if is_outcome_unknown { unknown_outcome(error, operation) } else { error }
}

/// Adds that the change may have been made, and how to check.
fn unknown_outcome(mut error: ToolError, operation: Option<&OperationSpec>) -> ToolError {
    error.message.push_str(" It is not known whether the change was made.");
    let next = format!("Check the current state before you try again. {}", lookup_hint(operation));
    error.detail("next_step", next).detail("may_have_happened", true)
}

/// Which tools list the objects that an operation is about.
fn lookup_hint(operation: Option<&OperationSpec>) -> &'static str {
    let Some(operation) = operation else {
        return "Call xano_list_instances and xano_list_databases to see what exists.";
    };
    let reads = operation.effect == Effect::Read;
    match operation.group {
        "table content" => {
            "Call xano_list_tables for the tables and xano_browse_table_content for the records."
        }
        "table schema" | "table schema type" if !reads => {
            "Call xano_get_table_schema for the fields of the table."
        }
        _ if operation.parameter("table_id").is_some() => {
            "Call xano_list_tables for the tables of the workspace."
        }
        _ if operation.parameter("workspace_id").is_some() => {
            "Call xano_list_databases for the workspaces and xano_list_tables for the tables."
        }
        _ => "Call xano_list_instances and xano_list_databases to see what exists.",
    }
}

fn sentence(start: &str, rest: &str) -> String {
    let rest = rest.trim().trim_end_matches('.');
    if rest.is_empty() { format!("{start}.") } else { format!("{start}: {rest}.") }
}
