//! The handlers, one module for each subject.

mod debug;
mod instances;
mod records;
mod schema;
mod tables;

use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use snappy_xano::Request;
use snappy_xano::operations::{OperationSpec, RequestBuilder};

use crate::args::Id;
use crate::tool::Tool;

/// Every tool, in the order of the list.
pub(crate) fn all() -> Vec<Tool> {
    [instances::tools(), tables::tools(), schema::tools(), records::tools(), debug::tools()]
        .concat()
}

/// Names an instance.
#[derive(Deserialize, JsonSchema)]
struct InstanceArgs {
    /// One of your Xano instances: its name, display name or exact host from
    /// xano_list_instances.
    instance_name: String,
}

/// Names a workspace.
#[derive(Deserialize, JsonSchema)]
struct WorkspaceArgs {
    /// One of your Xano instances: its name, display name or exact host from
    /// xano_list_instances.
    instance_name: String,
    /// The workspace's id, from xano_list_databases.
    workspace_id: Id,
}

/// Names a table.
#[derive(Deserialize, JsonSchema)]
struct TableArgs {
    /// One of your Xano instances: its name, display name or exact host from
    /// xano_list_instances.
    instance_name: String,
    /// The workspace's id, from xano_list_databases.
    workspace_id: Id,
    /// The table's id, from xano_list_tables.
    table_id: Id,
}

/// The page of a list.
#[derive(Deserialize, JsonSchema)]
struct PageArgs {
    /// The page number, starting at 1. Default 1.
    page: Option<NonZeroU32>,
    /// The number of items per page. Default 50.
    #[schemars(range(max = 10_000))]
    per_page: Option<NonZeroU32>,
}

impl WorkspaceArgs {
    /// A request about this workspace.
    fn request(&self, operation: &'static OperationSpec) -> RequestBuilder {
        Request::to(operation).set("workspace_id", &self.workspace_id)
    }
}

impl TableArgs {
    /// A request about this table.
    fn request(&self, operation: &'static OperationSpec) -> RequestBuilder {
        Request::to(operation)
            .set("workspace_id", &self.workspace_id)
            .set("table_id", &self.table_id)
    }
}

/// A sentence with the number of items on this page, and how to get the next one.
fn counted(list: &Value, one: &str, many: &str) -> String {
    let items = list.get("items").unwrap_or(list);
    let count = items.as_array().map_or(0, Vec::len);
    let noun = if count == 1 { one } else { many };
    match list.get("nextPage").and_then(Value::as_u64) {
        Some(next) => format!("{count} {noun} on this page; pass page={next} for the next ones."),
        None => format!("{count} {noun}."),
    }
}
