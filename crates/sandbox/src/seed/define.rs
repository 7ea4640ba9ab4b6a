//! Helpers to define seeded tables.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::call::Call;
use crate::meta::column::{self, Column};
use crate::meta::indexes;
use crate::meta::rows::{Record, RowId, Rows};
use crate::state::{LIVE, Table};
use crate::token;

/// When the seeded tables were created.
pub(crate) const MADE_AT_MS: i64 = 1_754_211_600_000;
/// The second data source, which is empty at first.
pub(crate) const TEST: &str = "test";

/// A column with a description and values that differ from the defaults.
pub(crate) fn column(name: &str, kind: &str, description: &str, differing: Value) -> Column {
    let mut column = column::plain(name, kind);
    column.insert("description".to_owned(), json!(description));
    if let Value::Object(differing) = differing {
        column.extend(differing);
    }
    column
}

/// A required text column.
pub(crate) fn text(name: &str, description: &str) -> Column {
    let validators = json!({ "required": true, "format": "", "validators": { "trim": true } });
    column(name, "text", description, validators)
}

/// A required reference column.
pub(crate) fn reference(name: &str, table_id: u64, description: &str) -> Column {
    column(name, "int", description, json!({ "required": true, "tableref_id": table_id }))
}

/// A required enum column. The first value is the default.
pub(crate) fn choice(name: &str, values: &[&str], description: &str) -> Column {
    let first = values.first().copied().unwrap_or_default();
    let differing = json!({ "required": true, "default": first, "values": values });
    column(name, "enum", description, differing)
}

/// A table with the standard columns followed by the given ones.
pub(crate) fn table(
    seed: u64,
    id: u64,
    name: &str,
    description: &str,
    columns: Vec<Column>,
) -> Table {
    let mut schema = column::standard();
    schema.extend(columns);
    let made_at_ms = MADE_AT_MS + i64::try_from(id).unwrap_or_default() * 97_000;
    let mut table = Table {
        id,
        created_at_ms: made_at_ms,
        updated_at_ms: made_at_ms,
        name: name.to_owned(),
        description: description.to_owned(),
        docs: String::new(),
        guid: token::guid(seed, &format!("table/{id}")),
        auth: false,
        tag: Vec::new(),
        autocomplete: Vec::new(),
        schema,
        index: Vec::new(),
        indexes_made: 0,
        rows: BTreeMap::from([
            (LIVE.to_owned(), Rows::default()),
            (TEST.to_owned(), Rows::default()),
        ]),
    };
    indexes::add_standard(&mut table, &at(seed, made_at_ms));
    table
}

/// Adds an index on one column.
pub(crate) fn index(table: &mut Table, seed: u64, kind: &str, column: &str) {
    let fields = json!([{ "name": column, "op": "asc" }]);
    let made_at_ms = table.updated_at_ms;
    indexes::add(table, &at(seed, made_at_ms), kind, &[("fields", fields)]);
}

/// Adds a row. Its values are given in the order of the columns after `id`.
pub(crate) fn row(table: &mut Table, values: impl IntoIterator<Item = Value>) {
    let Table { schema, rows, .. } = table;
    let rows = rows.entry(LIVE.to_owned()).or_default();
    let id = rows.fresh_id(schema, 0);
    let mut record = Record::new();
    record.insert("id".to_owned(), id.value());
    let names = column::names(schema).skip(1).map(str::to_owned);
    record.extend(names.zip(values));
    rows.put(id, record);
}

/// A value of an existing row.
pub(crate) fn member(table: &Table, id: u64, name: &str) -> Value {
    let rows = table.rows.get(LIVE);
    let record = rows.and_then(|rows| rows.get(&RowId::Number(id)));
    record.and_then(|record| record.get(name)).cloned().unwrap_or_default()
}

fn at(seed: u64, now_ms: i64) -> Call {
    Call { seed, now_ms, ..Call::default() }
}
