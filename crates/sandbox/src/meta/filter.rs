//! Search filters, and their evaluation for a row.

use std::cmp::Ordering;

use serde_json::Value;

use crate::meta::compare::{compare, like};
use crate::meta::rows::Record;

/// Alternatives, each a list of conditions that must all hold: AND has precedence over OR, as in SQL.
/// Without alternatives, all rows match.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    alternatives: Vec<Vec<Condition>>,
}

#[derive(Debug)]
pub(crate) enum Condition {
    Test { column: String, op: Op, right: Right },
    Group(Filter),
}

/// What a column is compared with.
#[derive(Debug)]
pub(crate) enum Right {
    Value(Value),
    Column(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Equal,
    Different,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
    In,
    NotIn,
}

impl Op {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "=" | "==" => Self::Equal,
            "!=" => Self::Different,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            "like" => Self::Like,
            "in" => Self::In,
            "not in" => Self::NotIn,
            _ => return None,
        })
    }
}

impl Filter {
    /// Adds a condition, with OR or with AND.
    pub(crate) fn push(&mut self, or: bool, condition: Condition) {
        match self.alternatives.last_mut() {
            Some(conditions) if !or => conditions.push(condition),
            _ => self.alternatives.push(vec![condition]),
        }
    }

    pub(crate) fn accepts(&self, record: &Record) -> bool {
        self.alternatives.is_empty()
            || self
                .alternatives
                .iter()
                .any(|conditions| conditions.iter().all(|condition| condition.holds(record)))
    }
}

impl Condition {
    fn holds(&self, record: &Record) -> bool {
        match self {
            Self::Group(filter) => filter.accepts(record),
            Self::Test { column, op, right } => {
                let left = record.get(column).unwrap_or(&Value::Null);
                let right = match right {
                    Right::Value(value) => value,
                    Right::Column(other) => record.get(other).unwrap_or(&Value::Null),
                };
                test(left, *op, right)
            }
        }
    }
}

/// As in SQL, null can't be ordered; only `=` and `!=` match it.
fn test(left: &Value, op: Op, right: &Value) -> bool {
    if right.is_null() {
        return match op {
            Op::Equal => left.is_null(),
            Op::Different => !left.is_null(),
            _ => false,
        };
    }
    if left.is_null() {
        return false;
    }
    let order = || compare(left, right);
    let among = || {
        let list = right.as_array().map_or(&[][..], Vec::as_slice);
        list.iter().any(|item| compare(left, item) == Some(Ordering::Equal))
    };
    match op {
        Op::Equal => order() == Some(Ordering::Equal),
        Op::Different => order() != Some(Ordering::Equal),
        Op::Less => order() == Some(Ordering::Less),
        Op::LessOrEqual => order().is_some_and(Ordering::is_le),
        Op::Greater => order() == Some(Ordering::Greater),
        Op::GreaterOrEqual => order().is_some_and(Ordering::is_ge),
        Op::Like => left.as_str().zip(right.as_str()).is_some_and(|(text, p)| like(text, p)),
        Op::In => among(),
        Op::NotIn => !among(),
    }
}
