//! Instances and workspaces.

use http::Method;
use serde_json::{Value, json};
use snappy_domain::ToolError;
use snappy_domain::envelope::Success;
use snappy_xano::Expect;
use snappy_xano::scopes;

use super::{InstanceArgs, WorkspaceArgs, counted, items_mut, operation};
use crate::ToolContext;
use crate::tool::{Annotations, Nothing, Tool, Toolset};

pub(super) fn tools() -> Vec<Tool> {
    let card = |name, title, description| {
        Toolset::Workspaces.card(name, title, description, scopes::READ, Annotations::READ)
    };
    vec![
        card(
            "xano_list_instances",
            "List instances",
            "Lists your Xano instances. Start here: the other tools take one of these names as \
             instance_name.",
        )
        .handled_by(list_instances),
        card(
            "xano_get_instance_details",
            "Get instance details",
            "Shows one of your Xano instances: name, display name and domains.",
        )
        .handled_by(get_instance_details),
        card(
            "xano_list_databases",
            "List workspaces",
            "Lists the workspaces (databases) of an instance with their ids.",
        )
        .handled_by(list_databases),
        card(
            "xano_get_workspace_details",
            "Get workspace details",
            "Shows one workspace: name, description and live branch.",
        )
        .handled_by(get_workspace_details),
    ]
}

async fn list_instances(context: ToolContext, _: Nothing) -> Result<Success, ToolError> {
    let instances =
        context.session.list_instances().await.map_err(|error| context.explain(error, None))?;
    let allowed = instances.iter().filter(|one| context.limits.allow_instance(&one.name));
    let list: Value = allowed.map(|instance| instance.record.clone()).collect();
    let message = counted(&list, "instance", "instances");
    Ok(Success::new(list, message))
}

async fn get_instance_details(
    context: ToolContext,
    args: InstanceArgs,
) -> Result<Success, ToolError> {
    let instance = context.place(&args.instance_name).await?.instance;
    let message = format!("Instance {}.", instance.name);
    Ok(Success::new(instance.record, message))
}

async fn list_databases(context: ToolContext, args: InstanceArgs) -> Result<Success, ToolError> {
    let operation = operation("list_workspaces", Method::GET, &["workspace"], Expect::List)?;
    let place = context.place(&args.instance_name).await?;
    let mut list = context.call_at(&place, &operation).await?;
    if let Some(workspaces) = items_mut(&mut list) {
        workspaces.retain(|workspace| {
            let id = workspace.get("id").map(|id| id.to_string().replace('"', ""));
            id.is_none_or(|id| context.limits.allow_workspace(&place.instance.name, &id))
        });
    }
    let message = counted(&list, "workspace", "workspaces");
    Ok(Success::new(list, message))
}

async fn get_workspace_details(
    context: ToolContext,
    args: WorkspaceArgs,
) -> Result<Success, ToolError> {
    let operation = args.operation("get_workspace", Method::GET, &[], Expect::Object)?;
    let workspace = context.call(&args.instance_name, &operation).await?;
    let name = workspace.get("name").cloned().unwrap_or(json!(null));
    Ok(Success::new(workspace, format!("Workspace {} ({name}).", args.workspace_id)))
}
