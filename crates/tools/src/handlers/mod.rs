//! The handlers, a module for each thing they are about.

mod debug;
mod instances;
mod records;
mod schema;
mod tables;

use std::num::NonZeroU32;

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use snappy_domain::{ErrorCode, ToolError};
use snappy_xano::operation::BadSegment;
use snappy_xano::{Expect, Operation};

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
    /// One of your Xano instances: its name, display name or exact host, as xano_list_instances
    /// gives them.
    instance_name: String,
}

/// Names a workspace.
#[derive(Deserialize, JsonSchema)]
struct WorkspaceArgs {
    /// One of your Xano instances: its name, display name or exact host, as xano_list_instances
    /// gives them.
    instance_name: String,
    /// The workspace's id, from xano_list_databases.
    workspace_id: Id,
}

/// Names a table.
#[derive(Deserialize, JsonSchema)]
struct TableArgs {
    /// One of your Xano instances: its name, display name or exact host, as xano_list_instances
    /// gives them.
    instance_name: String,
    /// The workspace's id, from xano_list_databases.
    workspace_id: Id,
    /// The table's id, from xano_list_tables.
    table_id: Id,
}

/// Which part of a long list.
#[derive(Deserialize, JsonSchema)]
struct PageArgs {
    /// Which page, counted from 1. Default 1.
    page: Option<NonZeroU32>,
    /// How many on a page. Default 50.
    #[schemars(range(max = 10_000))]
    per_page: Option<NonZeroU32>,
}

impl WorkspaceArgs {
    /// An operation on or below this workspace.
    fn operation(
        &self,
        id: &'static str,
        method: Method,
        below: &[&str],
        expect: Expect,
    ) -> Result<Operation, ToolError> {
        let segments = [&["workspace", self.workspace_id.as_str()], below].concat();
        operation(id, method, &segments, expect)
    }
}

impl TableArgs {
    /// An operation on or below this table.
    fn operation(
        &self,
        id: &'static str,
        method: Method,
        below: &[&str],
        expect: Expect,
    ) -> Result<Operation, ToolError> {
        let table = ["workspace", self.workspace_id.as_str(), "table", self.table_id.as_str()];
        operation(id, method, &[&table, below].concat(), expect)
    }
}

/// An operation, or an error that says which argument can't be part of a path.
fn operation(
    id: &'static str,
    method: Method,
    segments: &[&str],
    expect: Expect,
) -> Result<Operation, ToolError> {
    Operation::new(id, method, segments, expect).map_err(|error: BadSegment| {
        let next = "Pass ids and names as Xano's own lists give them.";
        ToolError::new(ErrorCode::InvalidArgument, format!("{error}."), next)
    })
}

/// The items of a list, whether it is an array or an envelope.
fn items_mut(list: &mut Value) -> Option<&mut Vec<Value>> {
    match list {
        Value::Array(items) => Some(items),
        envelope => envelope.get_mut("items")?.as_array_mut(),
    }
}

/// How many a list has on this page, in words, and whether there is more.
fn counted(list: &Value, one: &str, many: &str) -> String {
    let items = list.get("items").unwrap_or(list);
    let count = items.as_array().map_or(0, Vec::len);
    let noun = if count == 1 { one } else { many };
    match list.get("nextPage").and_then(Value::as_u64) {
        Some(next) => format!("{count} {noun} on this page; pass page={next} for the next ones."),
        None => format!("{count} {noun}."),
    }
}
