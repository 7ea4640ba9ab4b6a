//! The reference page of the tools, generated from the inventory.

use std::fmt::Write as _;

use serde_json::Value;
use snappy_domain::ErrorCode;

use crate::{Inventory, Tool};

/// `docs/tools.md`, in Markdown.
#[must_use]
pub fn reference(inventory: &Inventory) -> String {
    let mut page = String::from(
        "# Tools\n\nThis page is generated from the code; a test checks that it is current. `instance_name` is \
         always looked up in your own\nlist of instances. Ids may be numbers or strings. Arguments in \
         *italics* are optional. An additive tool only creates or\nrefreshes something; a destructive \
         one may overwrite or delete data.\n",
    );
    for tool in inventory.tools() {
        page.push_str(&section(tool));
    }
    page.push_str("\n## Error codes\n\n| code | meaning |\n|---|---|\n");
    for code in ErrorCode::ALL {
        // Writing to a String can't fail.
        let _ = writeln!(page, "| `{code}` | {} |", code.meaning());
    }
    page
}

fn section(tool: &Tool) -> String {
    let hints = tool.annotations;
    let effect = match (hints.read_only_hint, hints.destructive_hint) {
        (true, _) => "read-only",
        (false, false) => "additive",
        (false, true) => "destructive",
    };
    let mut text = format!(
        "\n## {}\n\n{}\n\nScope `{}`, toolset `{}`, {effect}.\n",
        tool.name,
        tool.description,
        tool.scope,
        tool.toolset.as_str(),
    );
    let Some(Value::Object(properties)) = tool.input_schema.get("properties") else { return text };
    if properties.is_empty() {
        return text;
    }
    text.push_str("\n| argument | type | meaning |\n|---|---|---|\n");
    let required = tool.input_schema.get("required").and_then(Value::as_array);
    for (name, property) in properties {
        let needed = required.is_some_and(|required| required.iter().any(|one| one == name));
        let name = if needed { format!("`{name}`") } else { format!("*`{name}`*") };
        let meaning = property.get("description").and_then(Value::as_str).unwrap_or_default();
        let _ = writeln!(text, "| {name} | {} | {meaning} |", type_name(property));
    }
    text
}

fn type_name(property: &Value) -> String {
    let joined = |values: &[Value], field: Option<&str>| {
        let each = values.iter().filter_map(|value| match field {
            Some(field) => value.get(field)?.as_str(),
            None => value.as_str(),
        });
        each.collect::<Vec<_>>().join(", ")
    };
    if let Some(values) = property.get("enum").and_then(Value::as_array) {
        return joined(values, None);
    }
    if let Some(types) = property.get("anyOf").and_then(Value::as_array) {
        return joined(types, Some("type")).replace(", ", " or ");
    }
    property.get("type").and_then(Value::as_str).unwrap_or_default().to_owned()
}
