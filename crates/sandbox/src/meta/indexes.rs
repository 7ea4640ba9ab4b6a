//! Indexes of a table. They are stored and listed, but uniqueness is not enforced.

use serde_json::{Value, json};

use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::input::Input;
use crate::meta::column::{self, Column};
use crate::meta::rows::Record;
use crate::state::{Data, Table};
use crate::token;

/// `list_indexes`.
pub(crate) fn list(data: &Data, call: &Call) -> Outcome {
    Ok(json!(data.table(call)?.index))
}

/// `create_btree_index`.
pub(crate) fn create_btree(data: &mut Data, call: &Call) -> Outcome {
    create_ordered(data, call, "btree")
}

/// `create_unique_index`.
pub(crate) fn create_unique(data: &mut Data, call: &Call) -> Outcome {
    create_ordered(data, call, "btree|unique")
}

fn create_ordered(data: &mut Data, call: &Call, kind: &str) -> Outcome {
    let input = call.input()?;
    let table = data.table_mut(call)?;
    let fields = fields(&input, &table.schema)?;
    for field in &fields {
        if !matches!(field.get("op").and_then(Value::as_str), Some("asc" | "desc")) {
            return Err(Failure::input("fields", "The op of a field must be asc or desc."));
        }
    }
    let id = add(table, call, kind, &[("fields", Value::Array(fields))]);
    Ok(json!({ "id": id }))
}

/// `create_search_index`.
pub(crate) fn create_search(data: &mut Data, call: &Call) -> Outcome {
    let input = call.input()?;
    let name = input.required_text("name")?;
    let lang = input.required_text("lang")?;
    let table = data.table_mut(call)?;
    let fields = fields(&input, &table.schema)?;
    if fields.iter().any(|field| field.get("priority").and_then(Value::as_i64).is_none()) {
        return Err(Failure::input("fields", "A field needs a whole number as priority."));
    }
    let members = [("fields", Value::Array(fields)), ("name", json!(name)), ("lang", json!(lang))];
    let id = add(table, call, "search", &members);
    Ok(json!({ "id": id }))
}

/// `delete_index`.
pub(crate) fn delete(data: &mut Data, call: &Call) -> Outcome {
    let table = data.table_mut(call)?;
    let wanted = call.param("index_id");
    let position = table.index.iter().position(|index| column::text(index, "id") == wanted);
    let position = position.ok_or_else(Failure::not_found)?;
    if table.index.get(position).is_some_and(|index| column::text(index, "type") == "primary") {
        return Err(Failure::input("index_id", "The primary index cannot be removed."));
    }
    table.index.remove(position);
    table.updated_at_ms = call.now_ms;
    Ok(json!({}))
}

/// Adds an index and returns its id.
pub(crate) fn add(table: &mut Table, call: &Call, kind: &str, members: &[(&str, Value)]) -> String {
    let id = fresh_id(table, call.seed);
    let mut index = Record::new();
    index.insert("type".to_owned(), json!(kind));
    for (key, value) in members {
        index.insert((*key).to_owned(), value.clone());
    }
    index.insert("id".to_owned(), json!(id));
    table.index.push(index);
    table.updated_at_ms = call.now_ms;
    id
}

/// The default indexes of a table.
pub(crate) fn add_standard(table: &mut Table, call: &Call) {
    add(table, call, "primary", &[("fields", json!([{ "name": "id" }]))]);
    if column::find(&table.schema, "created_at").is_some() {
        let fields = json!([{ "name": "created_at", "op": "desc" }]);
        add(table, call, "btree", &[("fields", fields)]);
    }
}

/// Parses the indexes of a table, and adds the primary one if it is missing.
pub(crate) fn replace(table: &mut Table, call: &Call, entries: &[Value]) -> Result<(), Failure> {
    let invalid = || Failure::input("index", "An index needs a type and fields.");
    let mut given = Vec::with_capacity(entries.len());
    for entry in entries {
        let index = entry.as_object().ok_or_else(invalid)?;
        let fields = index.get("fields").and_then(Value::as_array).ok_or_else(invalid)?;
        if column::text(index, "type").is_empty() {
            return Err(invalid());
        }
        check_fields(fields, &table.schema, "index")?;
        given.push(index.clone());
    }
    table.index.clear();
    if !given.iter().any(|index| column::text(index, "type") == "primary") {
        add(table, call, "primary", &[("fields", json!([{ "name": "id" }]))]);
    }
    for mut index in given {
        if column::text(&index, "id").is_empty() {
            index.insert("id".to_owned(), json!(fresh_id(table, call.seed)));
        }
        table.index.push(index);
    }
    Ok(())
}

/// Removes the indexes of columns that no longer exist.
pub(crate) fn drop_orphans(table: &mut Table) {
    let Table { schema, index, .. } = table;
    index.retain(|index| {
        let fields = index.get("fields").and_then(Value::as_array);
        fields.is_none_or(|fields| check_fields(fields, schema, "").is_ok())
    });
}

fn fresh_id(table: &mut Table, seed: u64) -> String {
    table.indexes_made += 1;
    token::short_hex(seed, &format!("index/{}/{}", table.id, table.indexes_made))
}

fn fields(input: &Input, schema: &[Column]) -> Result<Vec<Value>, Failure> {
    let fields = input.required_list("fields")?;
    if fields.is_empty() {
        return Err(Failure::missing("fields"));
    }
    check_fields(fields, schema, "fields")?;
    Ok(fields.clone())
}

fn check_fields(fields: &[Value], schema: &[Column], param: &str) -> Result<(), Failure> {
    for field in fields {
        let name = field.get("name").and_then(Value::as_str).unwrap_or_default();
        if column::find(schema, name).is_none() {
            return Err(Failure::input(param, format!("There is no column {name:?}.")));
        }
    }
    Ok(())
}
