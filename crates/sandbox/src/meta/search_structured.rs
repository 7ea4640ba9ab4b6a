//! The `search` of a body, in the structured grammar of statements and groups.

use serde_json::Value;

use crate::failure::Failure;
use crate::meta::column::{self, Column};
use crate::meta::condition::{condition, known, operator, wrong};
use crate::meta::filter::{Condition, Filter, Right};

/// Whether the entries are statements and groups. For a table with a column `type`, an entry
/// is a shorthand term unless it has the other members of a statement.
pub(crate) fn is_structured(entries: &[Value], schema: &[Column]) -> bool {
    entries.first().is_some_and(|entry| {
        let kind = entry.get("type").and_then(Value::as_str);
        let complete = entry.get("left").is_some() || entry.get("group").is_some();
        matches!(kind, Some("statement" | "group"))
            && (complete || column::find(schema, "type").is_none())
    })
}

/// The filter of a list of statements and groups; inside a group, the comparison is in
/// `statement`.
pub(crate) fn parse(entries: &[Value], schema: &[Column]) -> Result<Filter, Failure> {
    let mut filter = Filter::default();
    for entry in entries {
        let or = entry.get("or").and_then(Value::as_bool).unwrap_or_default();
        let condition = match entry.get("type").and_then(Value::as_str) {
            Some("statement") => statement(entry.get("statement").unwrap_or(entry), schema)?,
            Some("group") => {
                let inner = entry.get("group").and_then(|group| group.get("expression"));
                let inner = inner.and_then(Value::as_array);
                let inner = inner.ok_or_else(|| wrong("A group has no expression."))?;
                Condition::Group(parse(inner, schema)?)
            }
            _ => return Err(wrong("An entry is neither a statement nor a group.")),
        };
        filter.push(or, condition);
    }
    Ok(filter)
}

fn statement(statement: &Value, schema: &[Column]) -> Result<Condition, Failure> {
    let side = |name: &str| {
        let side = statement.get(name)?;
        Some((side.get("tag").and_then(Value::as_str), side.get("operand")?))
    };
    let op = statement.get("op").and_then(Value::as_str).unwrap_or_default();
    let ((left_tag, left), (right_tag, right)) = side("left")
        .zip(side("right"))
        .ok_or_else(|| wrong("A statement needs left and right with an operand."))?;
    let field = left.as_str().filter(|_| left_tag.is_none_or(|tag| tag == "col"));
    let field = field.ok_or_else(|| wrong("The left side must name a column."))?;
    if right_tag == Some("col") {
        known(field, schema)?;
        let other = right.as_str().ok_or_else(|| wrong("A column is not named by a string."))?;
        known(other, schema)?;
        let right = Right::Column(other.to_owned());
        return Ok(Condition::Test { column: field.to_owned(), op: operator(op)?, right });
    }
    condition(field, op, right, schema)
}
