//! Arguments that several tools share, and the message of a list.

use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use snappy_xano::Request;
use snappy_xano::operations::{OperationSpec, RequestBuilder};

use crate::args::Id;

/// An instance.
#[derive(Deserialize, JsonSchema)]
pub(super) struct InstanceArgs {
    /// One of your Xano instances: its name, display name or exact host from
    /// xano_list_instances.
    pub(super) instance_name: String,
}

/// A workspace.
#[derive(Deserialize, JsonSchema)]
pub(super) struct WorkspaceArgs {
    /// One of your Xano instances: its name, display name or exact host from
    /// xano_list_instances.
    pub(super) instance_name: String,
    /// The workspace's id, from xano_list_databases.
    pub(super) workspace_id: Id,
}

/// A table.
#[derive(Deserialize, JsonSchema)]
pub(super) struct TableArgs {
    /// One of your Xano instances: its name, display name or exact host from
    /// xano_list_instances.
    pub(super) instance_name: String,
    /// The workspace's id, from xano_list_databases.
    pub(super) workspace_id: Id,
    /// The table's id, from xano_list_tables.
    pub(super) table_id: Id,
}

/// A page of a list.
#[derive(Deserialize, JsonSchema)]
pub(super) struct PageArgs {
    /// The page number, starting at 1. Default 1.
    pub(super) page: Option<NonZeroU32>,
    /// The number of items per page. Default 50.
    #[schemars(range(max = 10_000))]
    pub(super) per_page: Option<NonZeroU32>,
}

impl WorkspaceArgs {
    /// Starts a request for this workspace.
    pub(super) fn request(&self, operation: &'static OperationSpec) -> RequestBuilder {
        Request::to(operation).set("workspace_id", &self.workspace_id)
    }
}

impl TableArgs {
    /// Starts a request for this table.
    pub(super) fn request(&self, operation: &'static OperationSpec) -> RequestBuilder {
        Request::to(operation)
            .set("workspace_id", &self.workspace_id)
            .set("table_id", &self.table_id)
    }
}

/// The message of a list: how many items this page has, and how to get the next page.
pub(super) fn count_message(list: &Value, one: &str, many: &str) -> String {
    let items = list.get("items").unwrap_or(list);
    let count = items.as_array().map_or(0, Vec::len);
    let noun = if count == 1 { one } else { many };
    match list.get("nextPage").and_then(Value::as_u64) {
        Some(next) => format!("{count} {noun} on this page; pass page={next} for the next ones."),
        None => format!("{count} {noun}."),
    }
}
