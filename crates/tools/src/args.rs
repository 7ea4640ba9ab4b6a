//! Argument types that accept what models send: ids as numbers or strings, and objects as JSON or as
//! strings that contain JSON, which some clients send.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{self, DeserializeOwned, Deserializer};
use serde_json::{Map, Value};

/// No arguments.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct NoArguments {}

/// An id: `7` or `"7"`. It is sent as one encoded path segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Id(String);

impl Id {
    /// The id as a string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as JSON: a number when it is one.
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.0.parse::<u64>().map_or_else(|_| self.0.clone().into(), Value::from)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Number(id) if id.is_u64() => Ok(Self(id.to_string())),
            Value::String(id) if !id.trim().is_empty() => Ok(Self(id.trim().to_owned())),
            other => Err(de::Error::custom(format_args!(
                "an id is a number such as 7 or a string such as \"7\", not {other}"
            ))),
        }
    }
}

impl JsonSchema for Id {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["integer", "string"]})
    }
}

/// Reads a value from JSON, or from a string that contains JSON.
fn from_json_or_text<T: DeserializeOwned, E: de::Error>(value: Value) -> Result<T, E> {
    let value = match value {
        Value::String(text) => serde_json::from_str(&text)
            .map_err(|error| E::custom(format_args!("the string is not valid JSON: {error}")))?,
        other => other,
    };
    serde_json::from_value(value).map_err(E::custom)
}

/// An object: field names and their values.
#[derive(Debug, Clone, PartialEq)]
pub struct Object(pub Map<String, Value>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_json_or_text(Value::deserialize(deserializer)?).map(Self)
    }
}

impl JsonSchema for Object {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Object".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object", "additionalProperties": true})
    }
}

/// A list with at least one item.
#[derive(Debug, Clone, PartialEq)]
pub struct List<T>(pub Vec<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list: Vec<T> = from_json_or_text(Value::deserialize(deserializer)?)?;
        if list.is_empty() { Err(de::Error::custom("the list is empty")) } else { Ok(Self(list)) }
    }
}

impl<T: JsonSchema> JsonSchema for List<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("ListOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let items = generator.subschema_for::<T>();
        json_schema!({"type": "array", "items": items, "minItems": 1})
    }
}

/// A field's default value. Xano stores it as text for all field types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultText(pub String);

impl<'de> Deserialize<'de> for DefaultText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self(text)),
            value @ (Value::Bool(_) | Value::Number(_)) => Ok(Self(value.to_string())),
            other => Err(de::Error::custom(format_args!(
                "a default is a string, a number or a boolean, not {other}"
            ))),
        }
    }
}

impl JsonSchema for DefaultText {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "DefaultText".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["string", "number", "boolean"]})
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_are_numbers_or_text() {
        for (given, text) in [(json!(7), "7"), (json!("7"), "7"), (json!(" a-b "), "a-b")] {
            assert_eq!(serde_json::from_value::<Id>(given).unwrap().as_str(), text);
        }
        for wrong in [json!(-1), json!(1.5), json!(""), json!(null), json!([1]), json!(true)] {
            assert!(serde_json::from_value::<Id>(wrong.clone()).is_err(), "{wrong}");
        }
        assert_eq!(Id("7".into()).to_json(), json!(7));
        assert_eq!(Id("a-7".into()).to_json(), json!("a-7"));
    }

    #[test]
    fn objects_and_lists_are_json_or_text() {
        let object: Object = serde_json::from_value(json!("{\"a\": 1}")).unwrap();
        assert_eq!(object, serde_json::from_value(json!({"a": 1})).unwrap());
        let list: List<Object> = serde_json::from_value(json!("[{\"a\": 1}]")).unwrap();
        assert_eq!(list.0, [object]);
        assert!(serde_json::from_value::<List<Object>>(json!([])).is_err());
        assert!(serde_json::from_value::<Object>(json!("no json")).is_err());
        assert!(serde_json::from_value::<Object>(json!([1])).is_err());
    }
}
