//! Workspaces with their branches and data sources.

use serde_json::{Value, json};

use crate::call::Call;
use crate::failure::Outcome;
use crate::state::Data;
use crate::time;

/// The only branch.
const BRANCH: &str = "v1";

/// `list_workspaces`: an array.
pub(crate) fn list(data: &Data, _call: &Call) -> Outcome {
    let list = data.workspaces.values().map(|workspace| {
        json!({
            "id": workspace.id,
            "name": workspace.name,
            "description": workspace.description,
            "branch": BRANCH,
        })
    });
    Ok(list.collect())
}

/// `get_workspace`, with the two members that only this operation returns.
pub(crate) fn get(data: &Data, call: &Call) -> Outcome {
    let workspace = data.workspace(call)?;
    Ok(json!({
        "id": workspace.id,
        "name": workspace.name,
        "description": workspace.description,
        "swagger": false,
        "documentation": null,
        "branch": BRANCH,
    }))
}

/// `list_branches`.
pub(crate) fn branches(data: &Data, call: &Call) -> Outcome {
    let workspace = data.workspace(call)?;
    Ok(json!([{
        "created_at": time::metadata(workspace.created_at_ms),
        "label": BRANCH,
        "backup": false,
        "live": true,
    }]))
}

/// `list_datasources`.
pub(crate) fn data_sources(data: &Data, call: &Call) -> Outcome {
    let sources = &data.workspace(call)?.data_sources;
    let list: Vec<Value> =
        sources.iter().map(|(label, color)| json!({ "color": color, "label": label })).collect();
    Ok(Value::Array(list))
}
