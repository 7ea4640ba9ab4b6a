//! The `search` of a body, in the shorthand grammar.
//!
//! One object, or an array of objects whose terms are joined with AND. A key is `field`,
//! `field|op` or `field|op|or`; the last joins the term to the previous one with OR. An array of
//! objects with `type` `statement` or `group` is in the structured grammar. A field that is no
//! column is refused.

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::meta::filter::{Condition, Filter, Op, Right};
use crate::meta::{column, search_structured, values};
use crate::state::{Column, Record};

/// The name of the body member, for complaints.
const PARAM: &str = "search";

/// The filter a body asks for; nothing asks for every row.
pub(crate) fn parse(search: Option<&Value>, schema: &[Column]) -> Result<Filter, Failure> {
    let mut filter = Filter::default();
    match search {
        None => {}
        Some(Value::Object(terms)) => add_terms(&mut filter, terms, schema)?,
        Some(Value::Array(entries)) if search_structured::is_structured(entries, schema) => {
            return search_structured::parse(entries, schema);
        }
        Some(Value::Array(entries)) => {
            for entry in entries {
                let terms = entry.as_object().ok_or_else(|| wrong("A term is not an object."))?;
                add_terms(&mut filter, terms, schema)?;
            }
        }
        Some(_) => return Err(wrong("Neither an object nor an array.")),
    }
    Ok(filter)
}

fn add_terms(filter: &mut Filter, terms: &Record, schema: &[Column]) -> Result<(), Failure> {
    for (key, value) in terms {
        let mut parts = key.split('|').map(str::trim);
        let field = parts.next().unwrap_or_default();
        let op = parts.next().unwrap_or("=");
        let or = match parts.next().unwrap_or_default() {
            "" => false,
            "or" => true,
            other => return Err(wrong(format!("{other:?} is not or."))),
        };
        if parts.next().is_some() {
            return Err(wrong(format!("{key:?} has too many parts.")));
        }
        filter.push(or, condition(field, op, value, schema)?);
    }
    Ok(())
}

/// A column compared with a given value, the value read as the column's type reads it.
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
            return Err(wrong(format!("{field} is compared with a list, which is no array.")));
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

/// Numbers, moments and truths written as text become what the column holds.
fn aligned(column: &Column, value: &Value) -> Value {
    let Value::String(text) = value else {
        return value.clone();
    };
    let read = match column::text(column, "type") {
        "int" => values::whole(value).map(|number| json!(number)),
        "decimal" => text.parse::<f64>().ok().map(|number| json!(number)),
        "bool" => text.parse::<bool>().ok().map(|truth| json!(truth)),
        "timestamp" => values::timestamp(value, 0),
        _ => None,
    };
    read.unwrap_or_else(|| value.clone())
}
