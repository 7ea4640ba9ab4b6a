//! A table's fields.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use snappy_domain::envelope::Success;
use snappy_domain::{ErrorCode, ToolError};
use snappy_mcp_server::Annotations;
use snappy_xano::operations::{
    DELETE_TABLE_COLUMN, GET_TABLE_SCHEMA, RENAME_TABLE_COLUMN, REPLACE_TABLE_SCHEMA,
};
use snappy_xano::scopes;

use super::arguments::TableArgs;
use crate::args::{DefaultText, Object};
use crate::call::{Call, Target};
use crate::spec::Toolset;
use crate::tool::Tool;

pub(super) fn tools() -> Vec<Tool> {
    vec![
        Toolset::Tables.spec(
            "xano_get_table_schema",
            "Get table schema",
            "Lists the fields of a table in order, with types and settings.",
            scopes::READ,
            Annotations::READ,
            const { &[&GET_TABLE_SCHEMA] },
        )
        .handled_by(get_table_schema),
        Toolset::Tables.spec(
            "xano_add_field_to_schema",
            "Add field",
            "Adds a field at the end of a table. The other fields stay unchanged. Returns the updated \
             schema.",
            scopes::SCHEMA,
            Annotations::ADD,
            const { &[&GET_TABLE_SCHEMA, &REPLACE_TABLE_SCHEMA] },
        )
        .handled_with(add_field),
        Toolset::Tables.spec(
            "xano_rename_schema_field",
            "Rename field",
            "Renames a field and keeps its data. Returns the updated schema.",
            scopes::SCHEMA,
            Annotations { idempotent_hint: false, ..Annotations::CHANGE },
            const { &[&RENAME_TABLE_COLUMN, &GET_TABLE_SCHEMA] },
        )
        .handled_with(rename_field),
        Toolset::Tables.spec(
            "xano_delete_field",
            "Delete field",
            "Deletes a field with its data in every record. This can't be undone. Returns the updated \
             schema.",
            scopes::DELETE,
            Annotations::CHANGE,
            const { &[&DELETE_TABLE_COLUMN, &GET_TABLE_SCHEMA] },
        )
        .handled_with(delete_field),
    ]
}

/// The type of a field (`replace_table_schema`).
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum FieldType {
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

/// Who may see a field.
#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Access {
    #[default]
    Public,
    Private,
    Internal,
}

/// One value or many.
#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Style {
    #[default]
    Single,
    List,
}

async fn get_table_schema(call: Call, args: TableArgs) -> Result<Success, ToolError> {
    let target = call.target(&args.instance_name).await?;
    let fields = read_schema(&call, &target, &args).await?;
    let message = field_count_message(&fields);
    Ok(Success::new(Value::Array(fields), message))
}

#[derive(Deserialize, JsonSchema)]
struct AddFieldArgs {
    /// The new field's name.
    field_name: String,
    /// The field's type. A reference to another table is an int field.
    field_type: FieldType,
    /// The field's description.
    description: Option<String>,
    /// Whether it may be null. Default false.
    nullable: Option<bool>,
    /// The default value. Xano stores it as text; use "now" for timestamps.
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
}

impl AddFieldArgs {
    fn field(&self) -> Value {
        let mut field = json!({
            "name": self.field_name,
            "type": self.field_type,
            "description": self.description.as_deref().unwrap_or_default(),
            "nullable": self.nullable.unwrap_or_default(),
            "default": self.default.as_ref().map_or("", |default| default.0.as_str()),
            "required": self.required.unwrap_or_default(),
            "access": self.access.unwrap_or_default(),
            "sensitive": self.sensitive.unwrap_or_default(),
            "style": self.style.unwrap_or_default(),
        });
        if let (Some(field), Some(Object(validators))) = (field.as_object_mut(), &self.validators) {
            field.insert("validators".into(), Value::Object(validators.clone()));
        }
        field
    }
}

/// Reads the schema, adds the field, and writes the whole schema back. `replace_table_schema` deletes
/// omitted fields, so all fields are sent as Xano returned them.
async fn add_field(call: Call, table: TableArgs, args: AddFieldArgs) -> Result<Success, ToolError> {
    let target = call.target(&table.instance_name).await?;
    // Models call tools in parallel, and concurrent additions to a table would overwrite each other.
    let _guard = call.lock(&target, &lock_key(&table)).await;
    let mut fields = read_schema(&call, &target, &table).await?;
    if position(&fields, &args.field_name).is_some() {
        let message = format!("The table already has a field called {:?}.", args.field_name);
        let next =
            "Choose another name, or rename the existing field with xano_rename_schema_field.";
        return Err(ToolError::new(ErrorCode::InvalidArgument, message, next));
    }
    fields.push(args.field());
    let write = table.request(&REPLACE_TABLE_SCHEMA).json(&json!({"schema": fields}));
    call.send_to(&target, write).await?;
    let done = format!("Added field {:?}.", args.field_name);
    Ok(updated_schema(&call, &target, &table, done).await)
}

#[derive(Deserialize, JsonSchema)]
struct RenameFieldArgs {
    /// The field's current name.
    old_name: String,
    /// The field's new name.
    new_name: String,
}

async fn rename_field(
    call: Call,
    table: TableArgs,
    args: RenameFieldArgs,
) -> Result<Success, ToolError> {
    let target = call.target(&table.instance_name).await?;
    let _guard = call.lock(&target, &lock_key(&table)).await;
    let names = json!({"old_name": args.old_name, "new_name": args.new_name});
    call.send_to(&target, table.request(&RENAME_TABLE_COLUMN).json(&names)).await?;
    let done = format!("Renamed field {:?} to {:?}.", args.old_name, args.new_name);
    Ok(updated_schema(&call, &target, &table, done).await)
}

#[derive(Deserialize, JsonSchema)]
struct DeleteFieldArgs {
    /// The field to delete.
    field_name: String,
}

async fn delete_field(
    call: Call,
    table: TableArgs,
    args: DeleteFieldArgs,
) -> Result<Success, ToolError> {
    let target = call.target(&table.instance_name).await?;
    let _guard = call.lock(&target, &lock_key(&table)).await;
    let delete = table.request(&DELETE_TABLE_COLUMN).set("schema_name", &args.field_name);
    call.send_to(&target, delete).await?;
    let done = format!("Deleted field {:?}.", args.field_name);
    Ok(updated_schema(&call, &target, &table, done).await)
}

/// The result of a change: the updated schema. If reading it fails, the result is still a success, because
/// the change was made, and its message says so.
async fn updated_schema(call: &Call, target: &Target, table: &TableArgs, done: String) -> Success {
    match read_schema(call, target, table).await {
        Ok(fields) => {
            let message = format!("{done} {}", field_count_message(&fields));
            Success::new(Value::Array(fields), message)
        }
        Err(error) => {
            let why = format!("{done} The updated schema could not be read ({}).", error.code);
            Success::new(Value::Null, why)
        }
    }
}

async fn read_schema(
    call: &Call,
    target: &Target,
    table: &TableArgs,
) -> Result<Vec<Value>, ToolError> {
    match call.send_to(target, table.request(&GET_TABLE_SCHEMA)).await? {
        Value::Array(fields) => Ok(fields),
        // Writing back a schema that was not understood would delete fields.
        _ => Err(ToolError::new(
            ErrorCode::UpstreamError,
            "Xano's list of the table's fields has an unexpected shape, so no field was changed by it.",
            "Change the field in Xano's own pages, and report this to the operator of this server.",
        )),
    }
}

fn lock_key(table: &TableArgs) -> String {
    format!("{}/{}", table.workspace_id, table.table_id)
}

fn position(fields: &[Value], name: &str) -> Option<usize> {
    fields.iter().position(|field| field.get("name").is_some_and(|found| found == name))
}

fn field_count_message(fields: &[Value]) -> String {
    match fields.len() {
        1 => "The table has 1 field.".to_owned(),
        many => format!("The table has {many} fields."),
    }
}
