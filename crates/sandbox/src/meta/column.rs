//! Column definitions.

use serde_json::{Map, Value, json};

use crate::failure::Failure;

/// A column definition, as JSON, so that unknown keys are preserved.
pub(crate) type Column = Map<String, Value>;

/// The column types of the contract. A reference is an int or uuid column with `tableref_id`.
const TYPES: [&str; 23] = [
    "attachment",
    "audio",
    "bool",
    "date",
    "decimal",
    "email",
    "enum",
    "geo_linestring",
    "geo_multilinestring",
    "geo_multipoint",
    "geo_multipolygon",
    "geo_point",
    "geo_polygon",
    "image",
    "int",
    "json",
    "object",
    "password",
    "text",
    "timestamp",
    "uuid",
    "vector",
    "video",
];

pub(crate) fn text<'a>(column: &'a Column, key: &str) -> &'a str {
    column.get(key).and_then(Value::as_str).unwrap_or_default()
}

pub(crate) fn flag(column: &Column, key: &str) -> bool {
    column.get(key).and_then(Value::as_bool).unwrap_or_default()
}

pub(crate) fn name(column: &Column) -> &str {
    text(column, "name")
}

pub(crate) fn names(schema: &[Column]) -> impl Iterator<Item = &str> {
    schema.iter().map(name)
}

pub(crate) fn find<'a>(schema: &'a [Column], wanted: &str) -> Option<&'a Column> {
    schema.iter().find(|column| name(column) == wanted)
}

/// A complete definition with default values, in Xano's order of keys.
pub(crate) fn plain(name: &str, kind: &str) -> Column {
    let mut column = Map::new();
    for (key, value) in [
        ("name", json!(name)),
        ("type", json!(kind)),
        ("description", json!("")),
        ("nullable", json!(false)),
        ("default", json!("")),
        ("required", json!(false)),
        ("access", json!("public")),
        ("sensitive", json!(false)),
        ("style", json!("single")),
    ] {
        column.insert(key.to_owned(), value);
    }
    column
}

/// The two columns of a table that is created without a schema.
pub(crate) fn standard() -> Vec<Column> {
    let mut id = plain("id", "int");
    id.insert("required".to_owned(), json!(true));
    let mut created_at = plain("created_at", "timestamp");
    created_at.insert("default".to_owned(), json!("now"));
    created_at.insert("access".to_owned(), json!("private"));
    vec![id, created_at]
}

/// Parses a complete schema. It must contain `id`, which becomes the first column.
pub(crate) fn parse_schema(entries: &[Value]) -> Result<Vec<Column>, Failure> {
    let mut schema: Vec<Column> = Vec::with_capacity(entries.len());
    for entry in entries {
        let column = parse(entry)?;
        if find(&schema, name(&column)).is_some() {
            return Err(wrong(format!("The column {} is duplicated.", name(&column))));
        }
        schema.push(column);
    }
    let id = names(&schema).position(|name| name == "id");
    let id = id.ok_or_else(|| wrong("The schema has no id column."))?;
    if let Some(first) = schema.get_mut(..=id) {
        first.rotate_right(1);
    }
    Ok(schema)
}

fn wrong(message: impl Into<String>) -> Failure {
    Failure::input("schema", message)
}

/// Parses a column: validates it and adds default values, and preserves unknown keys.
fn parse(entry: &Value) -> Result<Column, Failure> {
    let given = entry.as_object().ok_or_else(|| wrong("A column is not an object."))?;
    let name = text(given, "name");
    check_name(name, "schema")?;
    let kind = text(given, "type");
    if !TYPES.contains(&kind) {
        return Err(wrong(format!("The type of the column {name} is invalid.")));
    }
    for key in ["nullable", "required"] {
        if !given.get(key).is_some_and(Value::is_boolean) {
            return Err(wrong(format!("Missing param: {key} of the column {name}")));
        }
    }
    let mut column = given.clone();
    for (key, value) in plain(name, kind) {
        column.entry(key).or_insert(value);
    }
    check_choices(&column)?;
    normalize_default(&mut column);
    Ok(column)
}

/// Converts the default value to text, which Xano stores for all types.
pub(crate) fn normalize_default(column: &mut Column) {
    if let Some(value) = column.get_mut("default")
        && !value.is_string()
        && !value.is_null()
    {
        *value = json!(value.to_string());
    }
}

pub(crate) fn check_choices(column: &Column) -> Result<(), Failure> {
    for (key, choices) in
        [("access", &["public", "private", "internal"][..]), ("style", &["single", "list"][..])]
    {
        if !choices.contains(&text(column, key)) {
            return Err(Failure::input(key, format!("Must be one of: {}", choices.join(", "))));
        }
    }
    Ok(())
}

pub(crate) fn check_name(name: &str, param: &str) -> Result<(), Failure> {
    let legal = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if name.is_empty() {
        return Err(Failure::missing(param));
    }
    if !legal {
        let message = format!("The column name {name} may only have letters, digits and _.");
        return Err(Failure::input(param, message));
    }
    Ok(())
}

/// Completes the children of an object column. Only name and type are required.
pub(crate) fn complete_children(children: &[Value]) -> Result<Vec<Value>, Failure> {
    children
        .iter()
        .map(|child| {
            let invalid = || Failure::input("children", "A child needs a name and a type.");
            let given = child.as_object().ok_or_else(invalid)?;
            let (name, kind) = (text(given, "name"), text(given, "type"));
            if name.is_empty() || !TYPES.contains(&kind) {
                return Err(invalid());
            }
            let mut column = plain(name, kind);
            column.extend(given.clone());
            normalize_default(&mut column);
            Ok(Value::Object(column))
        })
        .collect()
}
