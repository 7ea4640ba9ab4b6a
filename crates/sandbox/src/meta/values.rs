//! Validation and defaults of column values.
//!
//! Like Xano, unknown members are ignored. A missing column, or null in a column that is not nullable, gets
//! the default of the column or of its type.

use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::meta::column::{self, Column};
use crate::meta::rows::{Record, RowId};
use crate::{time, token};

/// A new row in column order.
pub(crate) fn new_record(
    schema: &[Column],
    given: &Record,
    id: &RowId,
    now_ms: i64,
) -> Result<Record, Failure> {
    let mut record = Map::new();
    for column in schema {
        let name = column::name(column);
        let value = match given.get(name) {
            _ if name == "id" => id.value(),
            Some(value) => coerce(column, value, now_ms)?,
            None => default_of(column, now_ms),
        };
        record.insert(name.to_owned(), value);
    }
    Ok(record)
}

/// The changed columns with their new values, without `id`.
pub(crate) fn changes(schema: &[Column], updates: &Record, now_ms: i64) -> Result<Record, Failure> {
    let mut changes = Map::new();
    for column in schema {
        let name = column::name(column);
        if let Some(value) = updates.get(name).filter(|_| name != "id") {
            changes.insert(name.to_owned(), coerce(column, value, now_ms)?);
        }
    }
    Ok(changes)
}

/// The default value of a column.
pub(crate) fn default_of(column: &Column, now_ms: i64) -> Value {
    if column::text(column, "style") == "list" {
        return json!([]);
    }
    let default = column::text(column, "default");
    if !default.is_empty() {
        let parsed = match column::text(column, "type") {
            "json" | "object" | "vector" => serde_json::from_str(default).ok(),
            _ => single(column, &json!(default), now_ms),
        };
        if let Some(value) = parsed {
            return value;
        }
    }
    if column::flag(column, "nullable") {
        return Value::Null;
    }
    match column::text(column, "type") {
        "int" | "timestamp" => json!(0),
        "decimal" => json!(0.0),
        "bool" => json!(false),
        "text" | "email" | "password" | "enum" | "uuid" => json!(""),
        "json" | "object" => json!({}),
        _ => Value::Null,
    }
}

/// Converts a value to the type of the column.
fn coerce(column: &Column, value: &Value, now_ms: i64) -> Result<Value, Failure> {
    if value.is_null() {
        let nullable = column::flag(column, "nullable");
        return Ok(if nullable { Value::Null } else { default_of(column, now_ms) });
    }
    let kept = if column::text(column, "style") == "list" {
        value.as_array().and_then(|items| {
            items.iter().map(|item| single(column, item, now_ms)).collect::<Option<Value>>()
        })
    } else {
        single(column, value, now_ms)
    };
    kept.ok_or_else(|| {
        let (name, kind) = (column::name(column), column::text(column, "type"));
        Failure::input(name, format!("Not a valid {kind}."))
    })
}

/// Converts a single value; `None` if it is invalid.
fn single(column: &Column, value: &Value, now_ms: i64) -> Option<Value> {
    match column::text(column, "type") {
        "int" => integer(value).map(|number| json!(number)),
        "decimal" => decimal(value),
        "bool" => boolean(value),
        "timestamp" => timestamp(value, now_ms),
        "date" => value.as_str().filter(|text| time::is_date(text)).map(|text| json!(text)),
        "text" | "uuid" => scalar_text(value).map(|text| json!(filtered(column, text))),
        "email" => email(value),
        "password" => value.as_str().map(|text| json!(token::password(text))),
        "enum" => choice(column, value),
        "object" => value.is_object().then(|| value.clone()),
        "vector" => {
            let numbers = value.as_array()?.iter().all(Value::is_number);
            numbers.then(|| value.clone())
        }
        "json" => Some(value.clone()),
        // Files and geometries are objects.
        _ => (value.is_object() || value.is_string()).then(|| value.clone()),
    }
}

/// An integer, or a string that contains one.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            let number = number.as_f64().filter(|number| number.fract() == 0.0)?;
            format!("{number:.0}").parse().ok()
        }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn decimal(value: &Value) -> Option<Value> {
    match value {
        Value::Number(_) => Some(value.clone()),
        Value::String(text) => {
            text.trim().parse::<f64>().ok().filter(|number| number.is_finite()).map(|n| json!(n))
        }
        _ => None,
    }
}

fn boolean(value: &Value) -> Option<Value> {
    let truth = match value {
        Value::Bool(truth) => *truth,
        Value::Number(number) => match number.as_i64()? {
            0 => false,
            1 => true,
            _ => return None,
        },
        Value::String(text) => match text.as_str() {
            "true" | "1" => true,
            "false" | "0" => false,
            _ => return None,
        },
        _ => return None,
    };
    Some(json!(truth))
}

/// Epoch milliseconds, `now`, or a formatted time.
pub(crate) fn timestamp(value: &Value, now_ms: i64) -> Option<Value> {
    match value {
        Value::String(text) if text == "now" => Some(json!(now_ms)),
        Value::String(text) => {
            time::parse_ms(text).or_else(|| integer(value)).map(|moment| json!(moment))
        }
        _ => integer(value).map(|moment| json!(moment)),
    }
}

fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// Applies the `trim` and `lower` validators of a column.
fn filtered(column: &Column, mut text: String) -> String {
    let on = |name: &str| {
        let filter = column.get("validators").and_then(|filters| filters.get(name));
        filter.and_then(Value::as_bool).unwrap_or_default()
    };
    if on("trim") {
        text = text.trim().to_owned();
    }
    if on("lower") {
        text = text.to_lowercase();
    }
    text
}

/// An e-mail address, trimmed and in lowercase; may be empty.
fn email(value: &Value) -> Option<Value> {
    let text = value.as_str()?.trim().to_lowercase();
    let plausible = text
        .split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !host.contains('@'));
    (text.is_empty() || plausible).then(|| json!(text))
}

fn choice(column: &Column, value: &Value) -> Option<Value> {
    let values = column.get("values").and_then(Value::as_array)?;
    values.contains(value).then(|| value.clone())
}
