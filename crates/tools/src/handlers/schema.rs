//! A table's fields.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use snappy_domain::envelope::Success;
use snappy_domain::{ErrorCode, ToolError};
use snappy_mcp_server::Annotations;
use snappy_xano::operations::{DELETE_TABLE_COLUMN, GET_TABLE_SCHEMA, RENAME_TABLE_COLUMN};
use snappy_xano::scopes;

use super::arguments::TableArgs;
use super::new_field::{self, NewField};
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
            &new_field::OPERATIONS,
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

async fn get_table_schema(call: Call, args: TableArgs) -> Result<Success, ToolError> {
    let schema = call.send(&args.instance_name, args.request(&GET_TABLE_SCHEMA)).await?;
    let message = field_count_message(&schema);
    Ok(Success::new(schema, message))
}

/// Adds the field alone: to write a whole schema back would undo what others changed meanwhile.
async fn add_field(call: Call, table: TableArgs, field: NewField) -> Result<Success, ToolError> {
    let body = field.body()?;
    let target = call.target(&table.instance_name).await?;
    let schema = call.send_to(&target, table.request(&GET_TABLE_SCHEMA)).await?;
    if has_field(&schema, &field.field_name) {
        let message = format!("The table already has a field called {:?}.", field.field_name);
        let next =
            "Choose another name, or rename the existing field with xano_rename_schema_field.";
        return Err(ToolError::new(ErrorCode::InvalidArgument, message, next));
    }
    call.send_to(&target, table.request(field.operation()).json(&body)).await?;
    let done = format!("Added field {:?}.", field.field_name);
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
    let delete = table.request(&DELETE_TABLE_COLUMN).set("schema_name", &args.field_name);
    call.send_to(&target, delete).await?;
    let done = format!("Deleted field {:?}.", args.field_name);
    Ok(updated_schema(&call, &target, &table, done).await)
}

/// The result of a change: the updated schema. If reading it fails, the result is still a success, because
/// the change was made, and its message says so.
async fn updated_schema(call: &Call, target: &Target, table: &TableArgs, done: String) -> Success {
    match call.send_to(target, table.request(&GET_TABLE_SCHEMA)).await {
        Ok(schema) => {
            let message = format!("{done} {}", field_count_message(&schema));
            Success::new(schema, message)
        }
        Err(error) => {
            let why = format!("{done} The updated schema could not be read ({}).", error.code);
            Success::new(Value::Null, why)
        }
    }
}

fn has_field(schema: &Value, name: &str) -> bool {
    let mut fields = schema.as_array().into_iter().flatten();
    fields.any(|field| field.get("name").is_some_and(|found| found == name))
}

fn field_count_message(schema: &Value) -> String {
    match schema.as_array().map(Vec::len) {
        None => "The table's fields.".to_owned(),
        Some(1) => "The table has 1 field.".to_owned(),
        Some(many) => format!("The table has {many} fields."),
    }
}
