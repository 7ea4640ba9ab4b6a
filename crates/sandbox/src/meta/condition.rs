//! The conditions of a search, common to both grammars.

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::meta::column::{self, Column};
use crate::meta::filter::{Condition, Op, Right};
use crate::meta::values;

/// The name of the body member, for error messages.
const PARAM: &str = "search";

/// A comparison of a column with a value, which is converted to the type of the column.
pub(crate) fn condition(
    field: &str,
    op: &str,
    value: &Value,
    schema: &[Column],
) -> Result<Condition, Failure> {
    let column = known(field, schema)?;
    let op = operator(op)?;
    let value = match (op, value) {
        (Op::In | Op::NotIn, Value::Array(items)) => {
            Value::Array(items.iter().map(|item| aligned(column, item)).collect())
        }
        (Op::In | Op::NotIn, _) => {
            return Err(wrong(format!("{field} must be compared with an array.")));
        }
        _ => aligned(column, value),
    };
    Ok(Condition::Test { column: field.to_owned(), op, right: Right::Value(value) })
}

pub(crate) fn operator(text: &str) -> Result<Op, Failure> {
    Op::parse(text).ok_or_else(|| wrong(format!("{text:?} is not an operator.")))
}

pub(crate) fn known<'a>(field: &str, schema: &'a [Column]) -> Result<&'a Column, Failure> {
    column::find(schema, field).ok_or_else(|| wrong(format!("There is no column {field:?}.")))
}

pub(crate) fn wrong(message: impl Into<String>) -> Failure {
    Failure::input(PARAM, message)
}

/// Converts a string to the type of the column, if it contains a number, a time or a boolean.
fn aligned(column: &Column, value: &Value) -> Value {
    let Value::String(text) = value else {
        return value.clone();
    };
    let read = match column::text(column, "type") {
        "int" => values::integer(value).map(|number| json!(number)),
        "decimal" => text.parse::<f64>().ok().map(|number| json!(number)),
        "bool" => text.parse::<bool>().ok().map(|truth| json!(truth)),
        "timestamp" => values::timestamp(value, 0),
        _ => None,
    };
    read.unwrap_or_else(|| value.clone())
}
