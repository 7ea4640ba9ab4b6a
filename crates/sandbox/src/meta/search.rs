//! The `search` of a body, in the shorthand grammar.
//!
//! One object, or an array of objects whose terms are joined with AND. A key is `field`,
//! `field|op` or `field|op|or`; the last joins the term to the previous one with OR. An array of
//! objects with `type` `statement` or `group` is in the structured grammar. An unknown field is an
//! error.

use serde_json::Value;

use crate::failure::Failure;
use crate::meta::column::Column;
use crate::meta::condition::{condition, wrong};
use crate::meta::filter::Filter;
use crate::meta::rows::Record;
use crate::meta::search_structured;

/// The filter of a body. Without one, all rows match.
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
