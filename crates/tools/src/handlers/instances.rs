//! Instances and workspaces.

use serde_json::{Value, json};
use snappy_domain::ToolError;
use snappy_domain::envelope::Success;
use snappy_mcp_server::Annotations;
use snappy_xano::Request;
use snappy_xano::operations::{GET_WORKSPACE, LIST_INSTANCES, LIST_WORKSPACES};
use snappy_xano::scopes;

use super::arguments::{InstanceArgs, WorkspaceArgs, count_message};
use crate::args::NoArguments;
use crate::call::Call;
use crate::spec::Toolset;
use crate::tool::Tool;

pub(super) fn tools() -> Vec<Tool> {
    let spec = |name, title, description, operations| {
        let (scope, hints) = (scopes::READ, Annotations::READ);
        Toolset::Workspaces.spec(name, title, description, scope, hints, operations)
    };
    vec![
        spec(
            "xano_list_instances",
            "List instances",
            "Lists your Xano instances. Start here: other tools need one of these names as \
             instance_name.",
            const { &[&LIST_INSTANCES] },
        )
        .handled_by(list_instances),
        spec(
            "xano_get_instance_details",
            "Get instance details",
            "Shows one of your Xano instances: name, display name and domains.",
            const { &[&LIST_INSTANCES] },
        )
        .handled_by(get_instance_details),
        spec(
            "xano_list_databases",
            "List workspaces",
            "Lists the workspaces (databases) of an instance with their ids.",
            const { &[&LIST_WORKSPACES] },
        )
        .handled_by(list_databases),
        spec(
            "xano_get_workspace_details",
            "Get workspace details",
            "Shows one workspace: name, description and live branch.",
            const { &[&GET_WORKSPACE] },
        )
        .handled_by(get_workspace_details),
    ]
}

async fn list_instances(call: Call, _: NoArguments) -> Result<Success, ToolError> {
    let list: Value = call.instances().await?.into_iter().map(|one| one.record).collect();
    let message = count_message(&list, "instance", "instances");
    Ok(Success::new(list, message))
}

async fn get_instance_details(call: Call, args: InstanceArgs) -> Result<Success, ToolError> {
    let target = call.target(&args.instance_name).await?;
    let instance = target.instance();
    Ok(Success::new(instance.record.clone(), format!("Instance {}.", instance.name)))
}

async fn list_databases(call: Call, args: InstanceArgs) -> Result<Success, ToolError> {
    let list = call.send(&args.instance_name, Request::to(&LIST_WORKSPACES)).await?;
    let message = count_message(&list, "workspace", "workspaces");
    Ok(Success::new(list, message))
}

async fn get_workspace_details(call: Call, args: WorkspaceArgs) -> Result<Success, ToolError> {
    let workspace = call.send(&args.instance_name, args.request(&GET_WORKSPACE)).await?;
    let name = workspace.get("name").cloned().unwrap_or(json!(null));
    Ok(Success::new(workspace, format!("Workspace {} ({name}).", args.workspace_id)))
}
