//! Guards over the whole inventory: what every tool must have, and what each looks like.

use std::collections::HashSet;

use serde_json::{Value, json};
use snappy_domain::Scopes;
use snappy_tools::{Inventory, Tool, ToolPolicy, Toolset};
use snappy_xano::operations::Effect;
use snappy_xano::scopes;

fn inventory() -> Inventory {
    Inventory::new(&ToolPolicy::default())
}

fn each(check: impl Fn(&Tool)) {
    inventory().tools().iter().for_each(check);
}

/// The names that clients, prompts and people rely on.
const NAMES: [&str; 23] = [
    "xano_list_instances",
    "xano_get_instance_details",
    "xano_list_databases",
    "xano_get_workspace_details",
    "xano_list_tables",
    "xano_get_table_details",
    "xano_create_table",
    "xano_update_table",
    "xano_delete_table",
    "xano_get_table_schema",
    "xano_add_field_to_schema",
    "xano_rename_schema_field",
    "xano_delete_field",
    "xano_browse_table_content",
    "xano_get_table_record",
    "xano_create_table_record",
    "xano_update_table_record",
    "xano_delete_table_record",
    "xano_bulk_create_records",
    "xano_bulk_update_records",
    "debug_auth",
    "debug_expire_oauth_tokens",
    "debug_refresh_profile",
];

#[test]
fn the_tools_are_these_in_this_order() {
    let inventory = inventory();
    let names: Vec<_> = inventory.tools().iter().map(|tool| tool.name).collect();
    assert_eq!(names, NAMES);
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
}

#[test]
fn every_tool_has_words_for_people_and_models() {
    each(|tool| {
        assert!(!tool.title.is_empty() && tool.title.len() < 40, "{}", tool.name);
        assert!(tool.description.ends_with('.') && tool.description.len() < 400, "{}", tool.name);
    });
}

#[test]
fn every_argument_is_typed_and_described_and_no_other_is_taken() {
    fn check(tool: &Tool, at: &str, schema: &Value) {
        let properties = schema["properties"].as_object().unwrap();
        for (name, property) in properties {
            let at = format!("{}: {at}{name}", tool.name);
            let types: Vec<_> = match &property["anyOf"] {
                Value::Array(several) => several.iter().map(|one| &one["type"]).collect(),
                _ => vec![&property["type"]],
            };
            assert!(types.iter().all(|one| one.is_string()), "{at} is not typed: {property}");
            let description = property["description"].as_str();
            let description = description.unwrap_or_else(|| panic!("{at} has no description"));
            assert!(
                description.ends_with('.') && !description.contains('\n'),
                "{at}: {description}"
            );
            if property["items"].get("properties").is_some() {
                check(tool, &format!("{name}[]."), &property["items"]);
            }
        }
    }
    each(|tool| {
        let schema = Value::Object((*tool.input_schema).clone());
        assert_eq!(schema["type"], "object", "{}", tool.name);
        assert_eq!(schema["additionalProperties"], false, "{}", tool.name);
        check(tool, "", &schema);
        assert!(schema.get("anyOf").is_none(), "{}", tool.name);
        for odd in ["oneOf", "allOf", "not", "$ref", "$defs", "$schema", "null"] {
            assert!(!schema.to_string().contains(&format!("\"{odd}\"")), "{}: {odd}", tool.name);
        }
    });
}

#[test]
fn hints_and_scopes_agree() {
    each(|tool| {
        let hints = tool.annotations;
        let reads = tool.scope == scopes::READ;
        assert_eq!(
            hints.read_only_hint,
            reads && !tool.name.starts_with("debug_e") && tool.name != "debug_refresh_profile",
            "{}",
            tool.name
        );
        assert!(!(hints.read_only_hint && hints.destructive_hint), "{}", tool.name);
        assert_eq!(tool.scope == scopes::DELETE, tool.name.contains("delete"), "{}", tool.name);
        assert!(tool.scope != scopes::DELETE || hints.destructive_hint, "{}", tool.name);
        assert_eq!(tool.toolset == Toolset::Debug, tool.name.starts_with("debug_"));
    });
}

#[test]
fn scopes_and_hints_fit_the_operations() {
    each(|tool| {
        let (name, hints) = (tool.name, tool.annotations);
        let granted: Scopes = [tool.scope].into_iter().collect();
        let effects: Vec<_> = tool.operations.iter().map(|operation| operation.effect).collect();
        for operation in tool.operations {
            assert!(granted.allow(operation.scope()), "{name} sends {}", operation.id);
            assert!(!hints.idempotent_hint || operation.idempotent, "{name}: {}", operation.id);
        }
        if tool.toolset == Toolset::Debug {
            assert!(effects.is_empty(), "{name}");
            return;
        }
        let rank = |scope| scopes::ALL.iter().position(|each| *each == scope);
        let needed = tool
            .operations
            .iter()
            .map(|operation| operation.scope())
            .max_by_key(|scope| rank(*scope));
        assert_eq!(needed, Some(tool.scope), "{name}");
        let reads = effects.iter().all(|effect| *effect == Effect::Read);
        assert_eq!(hints.read_only_hint, reads, "{name}");
        assert!(!effects.contains(&Effect::Delete) || hints.destructive_hint, "{name}");
    });
}

#[test]
fn only_instance_name_says_where_and_it_is_always_needed() {
    each(|tool| {
        let schema = Value::Object((*tool.input_schema).clone());
        for name in schema["properties"].as_object().unwrap().keys() {
            let of_a_place = ["host", "url", "domain", "origin", "server"];
            assert!(!of_a_place.iter().any(|word| name.contains(word)), "{}: {name}", tool.name);
        }
        let needs =
            schema["required"].as_array().is_some_and(|r| r.contains(&json!("instance_name")));
        let alone = tool.name == "xano_list_instances" || tool.toolset == Toolset::Debug;
        assert_eq!(needs, !alone, "{}", tool.name);
    });
}

#[test]
fn the_whole_list_costs_a_model_little() {
    let bytes: usize = inventory()
        .tools()
        .iter()
        .map(|tool| {
            let schema = serde_json::to_string(&*tool.input_schema).unwrap();
            tool.name.len() + tool.title.len() + tool.description.len() + schema.len()
        })
        .sum();
    assert!(bytes < 20_000, "{bytes} bytes, at about four to a token");
}

#[test]
fn each_tool_looks_like_this() {
    each(|tool| {
        let shown = json!({
            "title": tool.title,
            "description": tool.description,
            "toolset": tool.toolset,
            "scope": tool.scope.name,
            "annotations": tool.annotations,
            "inputSchema": *tool.input_schema,
        });
        insta::assert_json_snapshot!(tool.name, shown);
    });
}

#[test]
fn the_reference_page_is_the_inventory() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/tools.md");
    let made = snappy_tools::reference(&inventory());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &made).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), made, "run the tests with UPDATE_DOCS=1");
}
