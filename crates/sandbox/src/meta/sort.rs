//! The `sort` of a body.

use std::cmp::Ordering;

use serde_json::Value;

use crate::failure::Failure;
use crate::meta::column::{self, Column};
use crate::meta::compare::compare;
use crate::meta::rows::Record;

/// A column to sort by, and whether the order is descending.
pub(crate) type Key = (String, bool);

/// One `{field: direction}` object, or an array of such objects for several keys.
pub(crate) fn parse(sort: Option<&Value>, schema: &[Column]) -> Result<Vec<Key>, Failure> {
    let wrong = |message: String| Failure::input("sort", message);
    let entries = match sort {
        None => return Ok(Vec::new()),
        Some(Value::Array(entries)) => entries.iter().collect(),
        Some(one) => vec![one],
    };
    let mut keys = Vec::new();
    for entry in entries {
        let entry = entry.as_object().ok_or_else(|| wrong("Not an object.".to_owned()))?;
        for (field, direction) in entry {
            if column::find(schema, field).is_none() {
                return Err(wrong(format!("There is no column {field:?}.")));
            }
            let downwards = match direction.as_str() {
                Some("asc") => false,
                Some("desc") => true,
                _ => {
                    return Err(wrong(format!("The direction of {field} is not asc or desc.")));
                }
            };
            keys.push((field.clone(), downwards));
        }
    }
    Ok(keys)
}

/// Sorts rows that are ordered by id. The sort is stable.
pub(crate) fn sort(rows: &mut [&Record], keys: &[Key]) {
    if keys.is_empty() {
        return;
    }
    rows.sort_by(|a, b| {
        keys.iter()
            .map(|(field, downwards)| {
                let order = order(a.get(field), b.get(field));
                if *downwards { order.reverse() } else { order }
            })
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    });
}

/// Null sorts after everything else, as in PostgreSQL.
fn order(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    let (a, b) = (a.unwrap_or(&Value::Null), b.unwrap_or(&Value::Null));
    a.is_null().cmp(&b.is_null()).then_with(|| compare(a, b).unwrap_or(Ordering::Equal))
}
