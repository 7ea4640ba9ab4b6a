//! The columns of a table.

use serde_json::{Value, json};

use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::input::Input;
use crate::meta::column::{self, Column};
use crate::meta::rows::Record;
use crate::meta::{indexes, values};
use crate::state::{Data, Table};

/// `get_table_schema`: an array in column order.
pub(crate) fn get(data: &Data, call: &Call) -> Outcome {
    Ok(json!(data.table(call)?.schema))
}

/// `get_table_column`.
pub(crate) fn get_column(data: &Data, call: &Call) -> Outcome {
    let column = column::find(&data.table(call)?.schema, call.param("schema_name"));
    column.cloned().map(Value::Object).ok_or_else(Failure::not_found)
}

/// `replace_table_schema`: omitted columns are deleted, columns are reordered, and unknown keys
/// are preserved.
pub(crate) fn replace(data: &mut Data, call: &Call) -> Outcome {
    let input = call.input()?;
    let table = data.table_mut(call)?;
    let schema = column::parse_schema(input.required_list("schema")?)?;
    replace_in(table, schema, call.now_ms);
    Ok(json!({}))
}

/// Updates the rows and indexes of a table for a new schema.
pub(crate) fn replace_in(table: &mut Table, schema: Vec<Column>, now_ms: i64) {
    for rows in table.rows.values_mut() {
        for record in rows.iter_mut() {
            let mut reordered = Record::new();
            for column in &schema {
                let name = column::name(column);
                let value =
                    record.remove(name).unwrap_or_else(|| values::default_of(column, now_ms));
                reordered.insert(name.to_owned(), value);
            }
            *record = reordered;
        }
    }
    table.schema = schema;
    table.updated_at_ms = now_ms;
    indexes::drop_orphans(table);
}

/// `rename_table_column`: also renames it in rows and indexes.
pub(crate) fn rename(data: &mut Data, call: &Call) -> Outcome {
    let input = call.input()?;
    let table = data.table_mut(call)?;
    let old = input.required_text("old_name")?;
    let new = input.required_text("new_name")?;
    column::check_name(new, "new_name")?;
    if old == "id" || column::find(&table.schema, old).is_none() {
        return Err(Failure::input("old_name", format!("There is no column {old:?} to rename.")));
    }
    if column::find(&table.schema, new).is_some() {
        return Err(Failure::input("new_name", "This name is already being used."));
    }
    let renamed = |name: &str| {
        if name == old { new.to_owned() } else { name.to_owned() }
    };
    for column in table.schema.iter_mut().filter(|column| column::name(column) == old) {
        column.insert("name".to_owned(), json!(new));
    }
    for record in table.rows.values_mut().flat_map(|rows| rows.iter_mut()) {
        *record =
            std::mem::take(record).into_iter().map(|(key, value)| (renamed(&key), value)).collect();
    }
    let fields = table.index.iter_mut().filter_map(|index| index.get_mut("fields")?.as_array_mut());
    for name in fields.flatten().filter_map(|field| field.get_mut("name")) {
        if name == old {
            *name = json!(new);
        }
    }
    table.updated_at_ms = call.now_ms;
    Ok(json!({}))
}

/// `delete_table_column`.
pub(crate) fn delete_column(data: &mut Data, call: &Call) -> Outcome {
    let table = data.table_mut(call)?;
    let name = call.param("schema_name");
    if column::find(&table.schema, name).is_none() {
        return Err(Failure::not_found());
    }
    if name == "id" {
        return Err(Failure::input("schema_name", "The id column cannot be removed."));
    }
    let schema = table.schema.iter().filter(|column| column::name(column) != name);
    let schema = schema.cloned().collect();
    replace_in(table, schema, call.now_ms);
    Ok(json!({}))
}

/// All `add_column_…` operations. Existing rows get the column's default.
pub(crate) fn add_column(data: &mut Data, call: &Call) -> Outcome {
    let input = call.input()?;
    let tables: Vec<u64> = data.workspace(call)?.tables.keys().copied().collect();
    let table = data.table_mut(call)?;
    let column = definition(call.param("type"), &input, &tables)?;
    let name = column::name(&column).to_owned();
    if column::find(&table.schema, &name).is_some() {
        return Err(Failure::input("name", "This name is already being used."));
    }
    let mut schema = table.schema.clone();
    schema.push(column);
    replace_in(table, schema, call.now_ms);
    Ok(json!({ "name": name }))
}

/// The column that a type endpoint creates. References become int or uuid columns.
fn definition(kind: &str, input: &Input, tables: &[u64]) -> Result<Column, Failure> {
    let name = input.required_text("name")?;
    column::check_name(name, "name")?;
    let mut column = match kind {
        "tableref" => column::plain(name, "int"),
        "tablerefuuid" => column::plain(name, "uuid"),
        _ => column::plain(name, kind),
    };
    let nullable_by_default = matches!(
        kind,
        "uuid" | "vector" | "tablerefuuid" | "image" | "attachment" | "audio" | "video"
    ) || kind.starts_with("geo_");
    let mut put = |key: &str, value: Value| column.insert(key.to_owned(), value);
    put("nullable", json!(input.flag("nullable")?.unwrap_or(nullable_by_default)));
    for key in ["required", "sensitive"] {
        put(key, json!(input.flag(key)?.unwrap_or_default()));
    }
    for key in ["description", "access", "style"] {
        if let Some(text) = input.text(key)? {
            put(key, json!(text));
        }
    }
    if let Some(default) = input.get("default") {
        // A schema has defaults as text, whatever the type.
        let text = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
        put("default", text.into());
    }
    if kind == "text" {
        put("format", json!(input.text("format")?.unwrap_or_default()));
    }
    if let Some(filters) = input.get("filters") {
        put("validators", filters.clone());
    }
    match kind {
        "enum" => {
            let values = input.list("values")?.cloned().unwrap_or_default();
            if !values.iter().all(Value::is_string) {
                return Err(Failure::input("values", "Not an array of strings."));
            }
            put("values", Value::Array(values));
        }
        "object" => {
            let children = input.list("children")?.map_or(&[][..], Vec::as_slice);
            put("children", Value::Array(column::complete_children(children)?));
        }
        "vector" => {
            let size = input.get("vector").and_then(|vector| vector.get("size")?.as_u64());
            let size = size.ok_or_else(|| Failure::missing("vector"))?;
            put("vector", json!({ "size": size }));
        }
        "tableref" | "tablerefuuid" => {
            let target =
                input.number("tableref_id")?.ok_or_else(|| Failure::missing("tableref_id"))?;
            if !tables.contains(&target) {
                return Err(Failure::input("tableref_id", "There is no such table."));
            }
            put("tableref_id", json!(target));
        }
        _ => {}
    }
    column::check_choices(&column)?;
    column::normalize_default(&mut column);
    Ok(column)
}
