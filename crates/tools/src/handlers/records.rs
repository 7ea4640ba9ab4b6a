//! Records.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use snappy_domain::envelope::Success;
use snappy_domain::{ErrorCode, ToolError};
use snappy_xano::Expect;
use snappy_xano::scopes;

use super::{PageArgs, TableArgs, counted};
use crate::ToolContext;
use crate::args::{Id, List, Object};
use crate::tool::{Annotations, Tool, Toolset};

pub(super) fn tools() -> Vec<Tool> {
    vec![
        Toolset::Records.card(
            "xano_browse_table_content",
            "Browse records",
            "Lists the records of a table, a page at a time. Timestamps are epoch milliseconds.",
            scopes::READ,
            Annotations::READ,
        )
        .handled_with(browse),
        Toolset::Records.card(
            "xano_get_table_record",
            "Get record",
            "Shows one record.",
            scopes::READ,
            Annotations::READ,
        )
        .handled_with(get),
        Toolset::Records.card(
            "xano_create_table_record",
            "Create record",
            "Creates one record and answers with it. Names that are no fields of the table are \
             passed over by Xano.",
            scopes::WRITE,
            Annotations::ADD,
        )
        .handled_with(create),
        Toolset::Records.card(
            "xano_update_table_record",
            "Update record",
            "Changes the given fields of one record; the others stay. Answers with the record.",
            scopes::WRITE,
            Annotations::CHANGE,
        )
        .handled_with(update),
        Toolset::Records.card(
            "xano_delete_table_record",
            "Delete record",
            "Deletes one record. This can't be undone.",
            scopes::DELETE,
            Annotations::CHANGE,
        )
        .handled_with(delete),
        Toolset::Records.card(
            "xano_bulk_create_records",
            "Create many records",
            "Creates many records at once and answers with their ids only.",
            scopes::WRITE,
            Annotations::ADD,
        )
        .handled_with(bulk_create),
        Toolset::Records.card(
            "xano_bulk_update_records",
            "Update many records",
            "Changes many records at once, each with its own fields; other fields stay.",
            scopes::WRITE,
            Annotations::CHANGE,
        )
        .handled_with(bulk_update),
    ]
}

async fn browse(
    context: ToolContext,
    table: TableArgs,
    page: PageArgs,
) -> Result<Success, ToolError> {
    let operation = table
        .operation("browse_content", Method::GET, &["content"], Expect::List)?
        .query("page", page.page)
        .query("per_page", page.per_page);
    let list = context.call(&table.instance_name, &operation).await?;
    let message = counted(&list, "record", "records");
    Ok(Success::new(list, message))
}

#[derive(Deserialize, JsonSchema)]
struct RecordArgs {
    /// The record's id.
    record_id: Id,
}

async fn get(
    context: ToolContext,
    table: TableArgs,
    args: RecordArgs,
) -> Result<Success, ToolError> {
    let below = ["content", args.record_id.as_str()];
    let operation = table.operation("get_record", Method::GET, &below, Expect::Object)?;
    let record = context.call(&table.instance_name, &operation).await?;
    Ok(Success::new(record, format!("Record {}.", args.record_id)))
}

#[derive(Deserialize, JsonSchema)]
struct CreateArgs {
    /// The record's fields and their values.
    record_data: Object,
}

async fn create(
    context: ToolContext,
    table: TableArgs,
    args: CreateArgs,
) -> Result<Success, ToolError> {
    let operation = table
        .operation("create_record", Method::POST, &["content"], Expect::Object)?
        .body(Value::Object(args.record_data.0));
    let record = context.call(&table.instance_name, &operation).await?;
    let id = record.get("id").cloned().unwrap_or(json!(null));
    Ok(Success::new(record, format!("Created record {id}.")))
}

#[derive(Deserialize, JsonSchema)]
struct UpdateArgs {
    /// The record's id.
    record_id: Id,
    /// The fields to change and their new values.
    record_data: Object,
}

async fn update(
    context: ToolContext,
    table: TableArgs,
    args: UpdateArgs,
) -> Result<Success, ToolError> {
    let UpdateArgs { record_id, record_data } = args;
    let operation = table
        .operation("update_record", Method::PUT, &["content", record_id.as_str()], Expect::Object)?
        .body(Value::Object(record_data.0));
    let record = context.call(&table.instance_name, &operation).await?;
    Ok(Success::new(record, format!("Updated record {record_id}.")))
}

async fn delete(
    context: ToolContext,
    table: TableArgs,
    args: RecordArgs,
) -> Result<Success, ToolError> {
    let below = ["content", args.record_id.as_str()];
    let operation = table.operation("delete_record", Method::DELETE, &below, Expect::Nothing)?;
    context.call(&table.instance_name, &operation).await?;
    let data = json!({"record_id": args.record_id.to_json(), "deleted": true});
    Ok(Success::new(data, format!("Deleted record {}.", args.record_id)))
}

#[derive(Deserialize, JsonSchema)]
struct BulkCreateArgs {
    /// The records: fields and their values.
    records: List<Object>,
    /// Whether the records choose their own ids in the field id. Default false.
    allow_id_field: Option<bool>,
}

async fn bulk_create(
    context: ToolContext,
    table: TableArgs,
    args: BulkCreateArgs,
) -> Result<Success, ToolError> {
    let records: Vec<_> =
        args.records.0.into_iter().map(|record| Value::Object(record.0)).collect();
    let asked = records.len();
    let mut body = json!({"items": records});
    if let (Some(allow), Some(body)) = (args.allow_id_field, body.as_object_mut()) {
        body.insert("allow_id_field".into(), allow.into());
    }
    let operation = table
        .operation("bulk_create_records", Method::POST, &["content", "bulk"], Expect::Array)?
        .lengthy()
        .body(body);
    let ids = context.call(&table.instance_name, &operation).await?;
    match ids.as_array().map_or(0, Vec::len) {
        0 => Err(nothing_done("create", asked, &ids)),
        made if made < asked => {
            let message = format!(
                "Created only {made} of {asked} records; these are their ids. Call \
                 xano_browse_table_content to see which ones are missing."
            );
            Ok(Success::new(ids, message))
        }
        made => Ok(Success::new(
            ids,
            format!("Created {made} of {asked} records; these are their ids."),
        )),
    }
}

#[derive(Deserialize, JsonSchema)]
#[schemars(inline)]
struct Update {
    /// The record's id.
    row_id: Id,
    /// The fields to change and their new values.
    updates: Object,
}

#[derive(Deserialize, JsonSchema)]
struct BulkUpdateArgs {
    /// Which records to change, and how.
    updates: List<Update>,
}

/// Partial failure comes as a success with fewer ids, so the message counts them.
async fn bulk_update(
    context: ToolContext,
    table: TableArgs,
    args: BulkUpdateArgs,
) -> Result<Success, ToolError> {
    let asked = args.updates.0.len();
    let items: Vec<_> = args
        .updates
        .0
        .into_iter()
        .map(|update| json!({"row_id": update.row_id.to_json(), "updates": update.updates.0}))
        .collect();
    let below = ["content", "bulk", "patch"];
    let operation = table
        .operation("bulk_patch_records", Method::POST, &below, Expect::Object)?
        .lengthy()
        .body(json!({"items": items}));
    let result = context.call(&table.instance_name, &operation).await?;
    let total = result.get("success_total").and_then(Value::as_u64);
    let listed = || result.get("success").and_then(Value::as_array).map(|ids| ids.len() as u64);
    let message = match total.or_else(listed) {
        Some(0) => return Err(nothing_done("update", asked, &result)),
        Some(changed) if changed < asked as u64 => format!(
            "Updated only {changed} of {asked} records; `success` lists them. The others have no \
             record of their row_id, or Xano refused their values."
        ),
        Some(changed) => format!("Updated {changed} of {asked} records."),
        None => format!("Xano took the changes of {asked} records."),
    };
    Ok(Success::new(result, message))
}

/// Xano answers 200 also when it did nothing of what was asked.
fn nothing_done(what: &str, asked: usize, answer: &Value) -> ToolError {
    let message = format!("Xano did not {what} any of the {asked} records.");
    let next = "Check the ids and the fields with xano_browse_table_content and \
                xano_get_table_schema.";
    ToolError::new(ErrorCode::UpstreamError, message, next).detail("answer", answer.clone())
}
