//! The definition of a new field, as the endpoint of its type takes it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value, json};
use snappy_domain::{ErrorCode, ToolError};
use snappy_xano::operations::{
    ADD_COLUMN_ATTACHMENT, ADD_COLUMN_AUDIO, ADD_COLUMN_BOOL, ADD_COLUMN_DATE, ADD_COLUMN_DECIMAL,
    ADD_COLUMN_EMAIL, ADD_COLUMN_ENUM, ADD_COLUMN_GEO_LINESTRING, ADD_COLUMN_GEO_MULTILINESTRING,
    ADD_COLUMN_GEO_MULTIPOINT, ADD_COLUMN_GEO_MULTIPOLYGON, ADD_COLUMN_GEO_POINT,
    ADD_COLUMN_GEO_POLYGON, ADD_COLUMN_IMAGE, ADD_COLUMN_INT, ADD_COLUMN_JSON, ADD_COLUMN_OBJECT,
    ADD_COLUMN_PASSWORD, ADD_COLUMN_TEXT, ADD_COLUMN_TIMESTAMP, ADD_COLUMN_UUID, ADD_COLUMN_VECTOR,
    ADD_COLUMN_VIDEO, GET_TABLE_SCHEMA, OperationSpec,
};

use crate::args::{DefaultText, Object};

/// The type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum FieldType {
    Attachment,
    Audio,
    Bool,
    Date,
    Decimal,
    Email,
    Enum,
    GeoLinestring,
    GeoMultilinestring,
    GeoMultipoint,
    GeoMultipolygon,
    GeoPoint,
    GeoPolygon,
    Image,
    Int,
    Json,
    Object,
    Password,
    Text,
    Timestamp,
    Uuid,
    Vector,
    Video,
}

/// What adding a field may send: the schema is read before and after it, and each type has an operation of its own.
pub(super) const OPERATIONS: [&OperationSpec; 24] = [
    &GET_TABLE_SCHEMA,
    &ADD_COLUMN_ATTACHMENT,
    &ADD_COLUMN_AUDIO,
    &ADD_COLUMN_BOOL,
    &ADD_COLUMN_DATE,
    &ADD_COLUMN_DECIMAL,
    &ADD_COLUMN_EMAIL,
    &ADD_COLUMN_ENUM,
    &ADD_COLUMN_GEO_LINESTRING,
    &ADD_COLUMN_GEO_MULTILINESTRING,
    &ADD_COLUMN_GEO_MULTIPOINT,
    &ADD_COLUMN_GEO_MULTIPOLYGON,
    &ADD_COLUMN_GEO_POINT,
    &ADD_COLUMN_GEO_POLYGON,
    &ADD_COLUMN_IMAGE,
    &ADD_COLUMN_INT,
    &ADD_COLUMN_JSON,
    &ADD_COLUMN_OBJECT,
    &ADD_COLUMN_PASSWORD,
    &ADD_COLUMN_TEXT,
    &ADD_COLUMN_TIMESTAMP,
    &ADD_COLUMN_UUID,
    &ADD_COLUMN_VECTOR,
    &ADD_COLUMN_VIDEO,
];

/// Who may see a field.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Access {
    Public,
    Private,
    Internal,
}

/// One value or many.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Style {
    Single,
    List,
}

#[derive(Deserialize, JsonSchema)]
pub(super) struct NewField {
    /// The new field's name.
    pub(super) field_name: String,
    /// The field's type. A reference to another table is an int field.
    field_type: FieldType,
    /// The field's description.
    description: Option<String>,
    /// Whether it may be null. Default false.
    nullable: Option<bool>,
    /// The default value; "now" for timestamps.
    default: Option<DefaultText>,
    /// Whether a record must have a value. Default false.
    required: Option<bool>,
    /// Who may see the field. Default public.
    access: Option<Access>,
    /// Whether its values are hidden in the request history. Default false.
    sensitive: Option<bool>,
    /// One value or a list of them. Default single.
    style: Option<Style>,
    /// Xano's validators, such as {"trim": true, "lower": true}.
    validators: Option<Object>,
    /// The values of an enum field.
    values: Option<Vec<String>>,
    /// The number of dimensions of a vector field. Default 3.
    vector_size: Option<u32>,
}

impl FieldType {
    /// The operation that adds a field of the type.
    const fn operation(self) -> &'static OperationSpec {
        match self {
            Self::Attachment => &ADD_COLUMN_ATTACHMENT,
            Self::Audio => &ADD_COLUMN_AUDIO,
            Self::Bool => &ADD_COLUMN_BOOL,
            Self::Date => &ADD_COLUMN_DATE,
            Self::Decimal => &ADD_COLUMN_DECIMAL,
            Self::Email => &ADD_COLUMN_EMAIL,
            Self::Enum => &ADD_COLUMN_ENUM,
            Self::GeoLinestring => &ADD_COLUMN_GEO_LINESTRING,
            Self::GeoMultilinestring => &ADD_COLUMN_GEO_MULTILINESTRING,
            Self::GeoMultipoint => &ADD_COLUMN_GEO_MULTIPOINT,
            Self::GeoMultipolygon => &ADD_COLUMN_GEO_MULTIPOLYGON,
            Self::GeoPoint => &ADD_COLUMN_GEO_POINT,
            Self::GeoPolygon => &ADD_COLUMN_GEO_POLYGON,
            Self::Image => &ADD_COLUMN_IMAGE,
            Self::Int => &ADD_COLUMN_INT,
            Self::Json => &ADD_COLUMN_JSON,
            Self::Object => &ADD_COLUMN_OBJECT,
            Self::Password => &ADD_COLUMN_PASSWORD,
            Self::Text => &ADD_COLUMN_TEXT,
            Self::Timestamp => &ADD_COLUMN_TIMESTAMP,
            Self::Uuid => &ADD_COLUMN_UUID,
            Self::Vector => &ADD_COLUMN_VECTOR,
            Self::Video => &ADD_COLUMN_VIDEO,
        }
    }

    /// The default value as Xano takes it for the type; what is expected instead, if it takes another or none.
    fn default_value(self, text: &str) -> Result<Value, &'static str> {
        match self {
            Self::Text | Self::Email | Self::Enum | Self::Timestamp | Self::Date | Self::Vector => {
                Ok(text.into())
            }
            Self::Int => text.trim().parse::<i64>().map(Value::from).map_err(|_| "a whole number"),
            Self::Decimal => {
                let number = text.trim().parse().ok().and_then(Number::from_f64);
                number.map(Value::Number).ok_or("a number")
            }
            Self::Bool => text.trim().parse::<bool>().map(Value::from).map_err(|_| "true or false"),
            _ => Err("no default for a field of this type"),
        }
    }

    const fn takes_validators(self) -> bool {
        matches!(
            self,
            Self::Text | Self::Email | Self::Int | Self::Decimal | Self::Password | Self::Vector
        )
    }
}

fn invalid(argument: &str, expected: &str) -> ToolError {
    let message = format!("`{argument}` is not valid: Xano expects {expected}.");
    ToolError::new(ErrorCode::InvalidArgument, message, "Correct the argument and call again.")
}

impl NewField {
    /// The operation that adds the field.
    pub(super) const fn operation(&self) -> &'static OperationSpec {
        self.field_type.operation()
    }

    /// The body of the request.
    ///
    /// # Errors
    /// When an argument does not fit the type.
    pub(super) fn body(&self) -> Result<Value, ToolError> {
        let kind = self.field_type;
        let mut body = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                body.insert(name.to_owned(), value);
            }
        };
        put("name", Some(self.field_name.as_str().into()));
        put("description", self.description.as_deref().map(Value::from));
        put("nullable", Some(self.nullable.unwrap_or_default().into()));
        put("required", Some(self.required.unwrap_or_default().into()));
        put("sensitive", self.sensitive.map(Value::from));
        put("access", self.access.map(|access| json!(access)));
        put("style", self.style.map(|style| json!(style)));
        if let Some(DefaultText(text)) = &self.default {
            let value = kind.default_value(text);
            put("default", Some(value.map_err(|expected| invalid("default", expected))?));
        }
        if let Some(Object(validators)) = &self.validators {
            if !kind.takes_validators() {
                return Err(invalid("validators", "none for a field of this type"));
            }
            put("filters", Some(Value::Object(validators.clone())));
        }
        match (&self.values, kind) {
            (Some(values), FieldType::Enum) => put("values", Some(json!(values))),
            (Some(_), _) => return Err(invalid("values", "them for enum fields only")),
            (None, _) => {}
        }
        match (self.vector_size, kind) {
            (size, FieldType::Vector) => put("vector", Some(json!({"size": size.unwrap_or(3)}))),
            (Some(_), _) => return Err(invalid("vector_size", "it for vector fields only")),
            (None, _) => {}
        }
        Ok(Value::Object(body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_its_operation() {
        for operation in &OPERATIONS[1..] {
            let name = operation.id.strip_prefix("add_column_").unwrap();
            let kind: FieldType = serde_json::from_value(name.into()).unwrap();
            assert_eq!(kind.operation().id, operation.id);
        }
    }

    #[test]
    fn what_does_not_fit_the_type_is_named() {
        let body = |field: Value| serde_json::from_value::<NewField>(field).unwrap().body();
        for (kind, default, sent) in [
            ("int", json!(7), json!(7)),
            ("int", json!("7"), json!(7)),
            ("decimal", json!(1.5), json!(1.5)),
            ("bool", json!(true), json!(true)),
            ("text", json!(7), json!("7")),
            ("timestamp", json!("now"), json!("now")),
        ] {
            let field = json!({"field_name": "a", "field_type": kind, "default": default});
            assert_eq!(body(field).unwrap()["default"], sent, "{kind}");
        }
        for field in [
            json!({"field_name": "a", "field_type": "int", "default": "many"}),
            json!({"field_name": "a", "field_type": "json", "default": "{}"}),
            json!({"field_name": "a", "field_type": "bool", "validators": {"trim": true}}),
            json!({"field_name": "a", "field_type": "text", "values": ["x"]}),
            json!({"field_name": "a", "field_type": "text", "vector_size": 3}),
        ] {
            assert_eq!(
                body(field.clone()).unwrap_err().code,
                ErrorCode::InvalidArgument,
                "{field}"
            );
        }
        let vector = body(json!({"field_name": "a", "field_type": "vector", "vector_size": 8}));
        assert_eq!(vector.unwrap()["vector"], json!({"size": 8}));
    }
}
