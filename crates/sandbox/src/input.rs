//! Typed access to a JSON body, with Xano's error messages.

use serde_json::{Map, Value};

use crate::failure::Failure;

/// The members of a JSON body. Like Xano, operations ignore unknown members.
#[derive(Debug, Default)]
pub(crate) struct Input(Map<String, Value>);

impl Input {
    pub(crate) fn new(members: Map<String, Value>) -> Self {
        Self(members)
    }

    pub(crate) fn into_members(self) -> Map<String, Value> {
        self.0
    }

    /// A member that is present and not null.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Failure> {
        self.typed(name, "Not a string.", Value::as_str)
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Failure> {
        self.typed(name, "Not a boolean.", Value::as_bool)
    }

    pub(crate) fn number(&self, name: &str) -> Result<Option<u64>, Failure> {
        self.typed(name, "Not a positive integer.", Value::as_u64)
    }

    pub(crate) fn list(&self, name: &str) -> Result<Option<&Vec<Value>>, Failure> {
        self.typed(name, "Not an array.", Value::as_array)
    }

    /// A required string that is not blank.
    pub(crate) fn required_text(&self, name: &str) -> Result<&str, Failure> {
        let text = self.text(name)?.map(str::trim).filter(|text| !text.is_empty());
        text.ok_or_else(|| Failure::missing(name))
    }

    pub(crate) fn required_list(&self, name: &str) -> Result<&Vec<Value>, Failure> {
        self.list(name)?.ok_or_else(|| Failure::missing(name))
    }

    fn typed<'a, T>(
        &'a self,
        name: &str,
        message: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Failure> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => read(value).map(Some).ok_or_else(|| Failure::input(name, message)),
        }
    }
}
