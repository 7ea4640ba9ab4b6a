//! The rows of a table in one data source.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::meta::column::{self, Column};
use crate::token;

/// A row, or any other JSON object whose key order matters.
pub(crate) type Record = Map<String, Value>;

/// A primary key: a number, or a string for tables keyed by UUID.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RowId {
    Number(u64),
    Text(String),
}

impl RowId {
    pub(crate) fn parse(text: &str) -> Self {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(number) if digits => Self::Number(number),
            _ => Self::Text(text.to_owned()),
        }
    }

    /// Parses an id in a body: a number or a string.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number.as_u64().map(Self::Number),
            Value::String(text) => Some(Self::parse(text)),
            _ => None,
        }
    }

    pub(crate) fn value(&self) -> Value {
        match self {
            Self::Number(number) => json!(number),
            Self::Text(text) => json!(text),
        }
    }

    /// The id in bulk responses.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// Rows by id, and the next id.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub(crate) struct Rows {
    next_id: u64,
    by_id: BTreeMap<RowId, Record>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    next_id: u64,
    records: Vec<Record>,
}

impl Default for Rows {
    fn default() -> Self {
        Self { next_id: 1, by_id: BTreeMap::new() }
    }
}

impl From<Stored> for Rows {
    fn from(stored: Stored) -> Self {
        let mut rows = Self { next_id: stored.next_id, by_id: BTreeMap::new() };
        for record in stored.records {
            if let Some(id) = record.get("id").and_then(RowId::of) {
                rows.by_id.insert(id, record);
            }
        }
        rows
    }
}

impl From<Rows> for Stored {
    fn from(rows: Rows) -> Self {
        Self { next_id: rows.next_id, records: rows.by_id.into_values().collect() }
    }
}

impl Rows {
    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Record> {
        self.by_id.values()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Record> {
        self.by_id.values_mut()
    }

    pub(crate) fn get(&self, id: &RowId) -> Option<&Record> {
        self.by_id.get(id)
    }

    pub(crate) fn put(&mut self, id: RowId, record: Record) {
        if let RowId::Number(number) = id {
            self.next_id = self.next_id.max(number.saturating_add(1));
        }
        self.by_id.insert(id, record);
    }

    pub(crate) fn remove(&mut self, id: &RowId) -> Option<Record> {
        self.by_id.remove(id)
    }

    /// Returns a new id.
    pub(crate) fn fresh_id(&mut self, schema: &[Column], seed: u64) -> RowId {
        let number = self.next_id;
        self.next_id += 1;
        let keyed_by_uuid =
            column::find(schema, "id").is_some_and(|id| column::text(id, "type") == "uuid");
        if keyed_by_uuid {
            let table = column::names(schema).collect::<Vec<_>>().join(",");
            return RowId::Text(token::uuid(seed, &format!("row/{table}/{number}")));
        }
        RowId::Number(number)
    }

    /// Removes all rows. `reset` restarts the ids at 1.
    pub(crate) fn truncate(&mut self, reset: bool) {
        self.by_id.clear();
        if reset {
            self.next_id = 1;
        }
    }
}
