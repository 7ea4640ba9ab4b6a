//! The data of the instance: workspaces, their tables and rows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::call::Call;
use crate::failure::Failure;
use crate::meta::column::Column;
use crate::meta::rows::{Record, Rows};

/// The default data source.
pub(crate) const LIVE: &str = "live";

/// The data that the Metadata API reads and writes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Data {
    pub(crate) workspaces: BTreeMap<u64, Workspace>,
    /// Table ids are unique across workspaces.
    pub(crate) next_table_id: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Workspace {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) created_at_ms: i64,
    /// Label and colour.
    pub(crate) data_sources: Vec<(String, String)>,
    pub(crate) tables: BTreeMap<u64, Table>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Table {
    pub(crate) id: u64,
    pub(crate) created_at_ms: i64,
    pub(crate) updated_at_ms: i64,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) docs: String,
    pub(crate) guid: String,
    pub(crate) auth: bool,
    pub(crate) tag: Vec<Value>,
    pub(crate) autocomplete: Vec<Value>,
    pub(crate) schema: Vec<Column>,
    pub(crate) index: Vec<Record>,
    /// How many indexes were ever created, for unique ids.
    pub(crate) indexes_made: u64,
    /// The rows of each data source.
    pub(crate) rows: BTreeMap<String, Rows>,
}

impl Data {
    pub(crate) fn workspace(&self, call: &Call) -> Result<&Workspace, Failure> {
        self.workspaces.get(&call.id("workspace_id")?).ok_or_else(Failure::not_found)
    }

    pub(crate) fn table(&self, call: &Call) -> Result<&Table, Failure> {
        self.workspace(call)?.tables.get(&call.id("table_id")?).ok_or_else(Failure::not_found)
    }

    pub(crate) fn workspace_mut(&mut self, call: &Call) -> Result<&mut Workspace, Failure> {
        self.workspaces.get_mut(&call.id("workspace_id")?).ok_or_else(Failure::not_found)
    }

    pub(crate) fn table_mut(&mut self, call: &Call) -> Result<&mut Table, Failure> {
        let id = call.id("table_id")?;
        self.workspace_mut(call)?.tables.get_mut(&id).ok_or_else(Failure::not_found)
    }

    /// The table of a request, with its rows in the data source of the request.
    pub(crate) fn rows(&self, call: &Call) -> Result<(&Table, &Rows), Failure> {
        let workspace = self.workspace(call)?;
        let table = self.table(call)?;
        let rows = table.rows.get(workspace.data_source(call)?);
        rows.map(|rows| (table, rows)).ok_or_else(Failure::not_found)
    }

    /// The columns and rows, for a write.
    pub(crate) fn rows_mut(&mut self, call: &Call) -> Result<(&[Column], &mut Rows), Failure> {
        let label = self.workspace(call)?.data_source(call)?.to_owned();
        let table = self.table_mut(call)?;
        let rows = table.rows.get_mut(&label).ok_or_else(Failure::not_found)?;
        Ok((&table.schema, rows))
    }
}

impl Workspace {
    fn data_source<'a>(&'a self, call: &'a Call) -> Result<&'a str, Failure> {
        let wanted = call.data_source.as_deref().unwrap_or(LIVE);
        let known = self.data_sources.iter().any(|(label, _)| label == wanted);
        known.then_some(wanted).ok_or_else(Failure::not_found)
    }
}
