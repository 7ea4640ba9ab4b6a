//! Tables.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::input::Input;
use crate::meta::column::{self, Column};
use crate::meta::paging::Page;
use crate::meta::rows::Rows;
use crate::meta::{indexes, schema, xanoscript};
use crate::state::{Data, Table, Workspace};
use crate::{time, token};

/// `list_tables`: sorted by name by default.
pub(crate) fn list(data: &Data, call: &Call) -> Outcome {
    let page = Page::of_query(call)?;
    let wanted = call.query("search").unwrap_or_default().to_lowercase();
    let mut tables: Vec<&Table> = data
        .workspace(call)?
        .tables
        .values()
        .filter(|table| table.name.to_lowercase().contains(&wanted))
        .collect();
    match call.query("sort").filter(|text| !text.is_empty()).unwrap_or("name") {
        "name" => tables.sort_by(|a, b| a.name.cmp(&b.name)),
        "created_at" => tables.sort_by_key(|table| table.created_at_ms),
        "updated_at" => tables.sort_by_key(|table| table.updated_at_ms),
        _ => {
            return Err(Failure::input("sort", "Must be created_at, updated_at or name."));
        }
    }
    match call.query("order").filter(|text| !text.is_empty()).unwrap_or("asc") {
        "asc" => {}
        "desc" => tables.reverse(),
        _ => return Err(Failure::input("order", "Must be asc or desc.")),
    }
    Ok(page.envelope(&tables, |table| shown(table, call, false)))
}

/// `get_table`.
pub(crate) fn get(data: &Data, call: &Call) -> Outcome {
    Ok(shown(data.table(call)?, call, false))
}

/// `create_table` from JSON. Only the name is required.
pub(crate) fn create(data: &mut Data, call: &Call) -> Outcome {
    let input = call.input()?;
    let id = data.next_table_id;
    let workspace = data.workspace_mut(call)?;
    let name = input.required_text("name")?;
    check_free(workspace, name, None)?;
    let rows: BTreeMap<String, Rows> =
        workspace.data_sources.iter().map(|(label, _)| (label.clone(), Rows::default())).collect();
    let mut table = Table {
        id,
        created_at_ms: call.now_ms,
        updated_at_ms: call.now_ms,
        name: name.to_owned(),
        description: String::new(),
        docs: String::new(),
        guid: token::guid(call.seed, &format!("table/{id}")),
        auth: false,
        tag: Vec::new(),
        autocomplete: Vec::new(),
        schema: column::standard(),
        index: Vec::new(),
        indexes_made: 0,
        rows,
    };
    describe(&mut table, &input)?;
    if let Some(entries) = input.list("schema")? {
        table.schema = schema_with_id(entries)?;
    }
    match input.list("index")? {
        Some(entries) => indexes::replace(&mut table, call, entries)?,
        None => indexes::add_standard(&mut table, call),
    }
    let answer = shown(&table, call, true);
    workspace.tables.insert(id, table);
    data.next_table_id += 1;
    Ok(answer)
}

/// `update_table` from JSON: omitted members and null leave the value unchanged.
pub(crate) fn update(data: &mut Data, call: &Call) -> Outcome {
    let input = call.input()?;
    // Change a copy, so that an error changes nothing.
    let mut table = data.table(call)?.clone();
    rename(data, call, &mut table, &input)?;
    describe(&mut table, &input)?;
    if let Some(entries) = input.list("schema")? {
        schema::replace_in(&mut table, column::parse_schema(entries)?, call.now_ms);
    }
    if let Some(entries) = input.list("index")? {
        indexes::replace(&mut table, call, entries)?;
    }
    table.updated_at_ms = call.now_ms;
    let answer = shown(&table, call, true);
    *data.table_mut(call)? = table;
    Ok(answer)
}

/// `update_table_meta`: null leaves a value unchanged; returns an empty object.
pub(crate) fn update_meta(data: &mut Data, call: &Call) -> Outcome {
    let input = call.input()?;
    let mut table = data.table(call)?.clone();
    rename(data, call, &mut table, &input)?;
    describe(&mut table, &input)?;
    table.updated_at_ms = call.now_ms;
    *data.table_mut(call)? = table;
    Ok(json!({}))
}

/// `delete_table`.
pub(crate) fn delete(data: &mut Data, call: &Call) -> Outcome {
    let id = call.id("table_id")?;
    let workspace = data.workspace_mut(call)?;
    workspace.tables.remove(&id).map(|_| json!({})).ok_or_else(Failure::not_found)
}

/// `truncate_table`: a DELETE with a body; returns null.
pub(crate) fn truncate(data: &mut Data, call: &Call) -> Outcome {
    let input = call.input()?;
    let (_, rows) = data.rows_mut(call)?;
    let reset = input.flag("reset")?.ok_or_else(|| Failure::missing("reset"))?;
    rows.truncate(reset);
    Ok(Value::Null)
}

fn rename(data: &Data, call: &Call, table: &mut Table, input: &Input) -> Result<(), Failure> {
    if input.get("name").is_some() {
        let name = input.required_text("name")?;
        check_free(data.workspace(call)?, name, Some(table.id))?;
        name.clone_into(&mut table.name);
    }
    Ok(())
}

/// Sets the descriptive members that are present and not null.
fn describe(table: &mut Table, input: &Input) -> Result<(), Failure> {
    if let Some(text) = input.text("description")? {
        text.clone_into(&mut table.description);
    }
    if let Some(text) = input.text("docs")? {
        text.clone_into(&mut table.docs);
    }
    if let Some(text) = input.text("guid")?.filter(|guid| !guid.is_empty()) {
        text.clone_into(&mut table.guid);
    }
    if let Some(auth) = input.flag("auth")? {
        table.auth = auth;
    }
    if let Some(tags) = input.list("tag")? {
        if !tags.iter().all(Value::is_string) {
            return Err(Failure::input("tag", "Not an array of strings."));
        }
        table.tag.clone_from(tags);
    }
    if let Some(columns) = input.list("autocomplete")? {
        if !columns.iter().all(|column| column.get("name").is_some_and(Value::is_string)) {
            return Err(Failure::input("autocomplete", "An entry needs a name."));
        }
        table.autocomplete.clone_from(columns);
    }
    Ok(())
}

fn schema_with_id(entries: &[Value]) -> Result<Vec<Column>, Failure> {
    let has_id = entries.iter().any(|entry| entry.get("name").is_some_and(|name| name == "id"));
    if has_id {
        return column::parse_schema(entries);
    }
    let mut all: Vec<Value> = column::standard().into_iter().take(1).map(Value::Object).collect();
    all.extend_from_slice(entries);
    column::parse_schema(&all)
}

fn check_free(workspace: &Workspace, name: &str, own: Option<u64>) -> Result<(), Failure> {
    let taken = workspace.tables.values().any(|table| table.name == name && Some(table.id) != own);
    if taken {
        return Err(Failure::input("name", "This name is already being used."));
    }
    Ok(())
}

/// The table as JSON; create and update include the schema.
fn shown(table: &Table, call: &Call, with_schema: bool) -> Value {
    let mut answer = Map::new();
    let mut put = |key: &str, value: Value| answer.insert(key.to_owned(), value);
    put("id", json!(table.id));
    put("created_at", json!(time::metadata(table.created_at_ms)));
    put("updated_at", json!(time::metadata(table.updated_at_ms)));
    put("name", json!(table.name));
    put("description", json!(table.description));
    put("docs", json!(table.docs));
    put("guid", json!(table.guid));
    put("auth", json!(table.auth));
    put("tag", json!(table.tag));
    if with_schema {
        put("autocomplete", json!(table.autocomplete));
        put("schema", json!(table.schema));
    }
    let source = call.query_flag("include_xanoscript").then(|| xanoscript::of_table(table));
    put("xanoscript", source.unwrap_or_default());
    Value::Object(answer)
}
