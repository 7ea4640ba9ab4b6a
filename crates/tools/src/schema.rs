//! JSON Schemas of arguments, and reading arguments according to them. Errors name the argument.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use snappy_domain::{ErrorCode, ToolError};

/// The schema of an argument type: an object without references or additional properties.
pub(crate) fn of<A: JsonSchema>() -> Map<String, Value> {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = match settings.into_generator().into_root_schema_for::<A>().to_value() {
        Value::Object(schema) => schema,
        _ => Map::new(),
    };
    schema.remove("title");
    schema.remove("description");
    if let Some(properties) = schema.get_mut("properties") {
        simplify(properties);
    }
    schema.entry("properties").or_insert_with(|| Value::Object(Map::new()));
    schema.insert("additionalProperties".into(), false.into());
    schema
}

/// Simplifies a schema for clients that support only a part of JSON Schema: an optional argument may be
/// omitted but not null, several types become `anyOf`, and a description becomes one line.
fn simplify(schema: &mut Value) {
    match schema {
        Value::Array(parts) => parts.iter_mut().for_each(simplify),
        Value::Object(members) => {
            for list in ["type", "enum"] {
                if let Some(Value::Array(values)) = members.get_mut(list) {
                    values.retain(|value| !value.is_null() && value != "null");
                }
            }
            if let Some(Value::Array(types)) = members.get("type").cloned() {
                members.remove("type");
                match types.as_slice() {
                    [only] => members.insert("type".into(), only.clone()),
                    several => {
                        let each = several.iter().map(|one| json!({"type": one})).collect();
                        members.insert("anyOf".into(), each)
                    }
                };
            }
            if let Some(Value::String(description)) = members.get_mut("description") {
                *description = description.replace('\n', " ");
            }
            members.values_mut().for_each(simplify);
        }
        _ => {}
    }
}

/// The schema of two argument types together. Their names must be distinct.
pub(crate) fn of_two<A: JsonSchema, B: JsonSchema>() -> Map<String, Value> {
    let mut both = of::<A>();
    for (name, value) in of::<B>() {
        match (both.get_mut(&name), value) {
            (Some(Value::Object(all)), Value::Object(more)) => all.extend(more),
            (Some(Value::Array(all)), Value::Array(more)) => all.extend(more),
            (Some(_), _) => {}
            (None, value) => {
                both.insert(name, value);
            }
        }
    }
    both
}

/// The names of a schema's arguments.
pub(crate) fn names(schema: &Map<String, Value>) -> Vec<String> {
    match schema.get("properties") {
        Some(Value::Object(properties)) => properties.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

/// Checks that all arguments are known and all required ones are present.
pub(crate) fn check(
    schema: &Map<String, Value>,
    arguments: &Map<String, Value>,
) -> Result<(), ToolError> {
    let known = names(schema);
    if let Some(unknown) = arguments.keys().find(|name| !known.contains(name)) {
        let shown: String = unknown.chars().take(100).collect();
        return Err(invalid(schema, format!("The tool has no argument called {shown:?}.")));
    }
    let required = schema.get("required").and_then(Value::as_array);
    let missing: Vec<&str> = required
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|name| arguments.get(*name).is_none_or(Value::is_null))
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(invalid(schema, format!("Missing required arguments: {}.", missing.join(", "))))
    }
}

/// Reads one part of checked arguments.
pub(crate) fn read<A: DeserializeOwned>(
    schema: &Map<String, Value>,
    arguments: Map<String, Value>,
) -> Result<A, ToolError> {
    serde_path_to_error::deserialize(Value::Object(arguments)).map_err(|error| {
        let at = error.path().to_string();
        let shown: String = error.inner().to_string().chars().take(300).collect();
        invalid(schema, format!("The argument {at} is invalid: {shown}."))
    })
}

fn invalid(schema: &Map<String, Value>, message: String) -> ToolError {
    let next = "Correct the arguments and call the tool again.";
    ToolError::new(ErrorCode::InvalidArgument, message, next).detail("takes", names(schema))
}
