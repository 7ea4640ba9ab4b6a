//! A table as XanoScript, for `include_xanoscript=true`.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::meta::column;
use crate::state::Table;

/// `{status, value, message}` with the source of the table.
pub(crate) fn of_table(table: &Table) -> Value {
    json!({ "status": "ok", "value": source(table), "message": "" })
}

fn source(table: &Table) -> String {
    let mut text =
        format!("table {} {{\n  auth = {}\n\n  schema {{\n", quoted(&table.name), table.auth);
    for definition in &table.schema {
        let optional = if column::flag(definition, "required") { "" } else { "?" };
        let list = if column::text(definition, "style") == "list" { "[]" } else { "" };
        let default = match column::text(definition, "default") {
            "" => String::new(),
            default => format!("={default}"),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "    {}{list} {}{optional}{default}",
            column::text(definition, "type"),
            column::name(definition),
        );
    }
    text.push_str("  }\n\n  index = [\n");
    for index in &table.index {
        let fields = index.get("fields").cloned().unwrap_or_default();
        let _ = writeln!(
            text,
            "    {{type: {}, field: {fields}}}",
            quoted(column::text(index, "type"))
        );
    }
    text.push_str("  ]\n}\n");
    text
}

fn quoted(text: &str) -> String {
    json!(text).to_string()
}
