//! Records.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use snappy_domain::envelope::Success;
use snappy_domain::{ErrorCode, ToolError};
use snappy_mcp_server::Annotations;
use snappy_xano::operations::{
    BROWSE_CONTENT, BULK_CREATE_RECORDS, BULK_PATCH_RECORDS, CREATE_RECORD, DELETE_RECORD,
    GET_RECORD, UPDATE_RECORD,
};
use snappy_xano::scopes;

use super::arguments::{PageArgs, TableArgs, count_message};
use crate::args::{Id, List, Object};
use crate::call::Call;
use crate::spec::Toolset;
use crate::tool::Tool;

pub(super) fn tools() -> Vec<Tool> {
    vec![
        Toolset::Records.spec(
            "xano_browse_table_content",
            "Browse records",
            "Lists the records of a table, one page at a time. Timestamps are epoch milliseconds.",
            scopes::READ,
            Annotations::READ,
            const { &[&BROWSE_CONTENT] },
        )
        .handled_with(browse),
        Toolset::Records.spec(
            "xano_get_table_record",
            "Get record",
            "Shows one record.",
            scopes::READ,
            Annotations::READ,
            const { &[&GET_RECORD] },
        )
        .handled_with(get),
        Toolset::Records.spec(
            "xano_create_table_record",
            "Create record",
            "Creates one record and returns it. Xano ignores unknown fields.",
            scopes::WRITE,
            Annotations::ADD,
            const { &[&CREATE_RECORD] },
        )
        .handled_with(create),
        Toolset::Records.spec(
            "xano_update_table_record",
            "Update record",
            "Changes the given fields of one record and returns the record. Other fields stay \
             unchanged.",
            scopes::WRITE,
            Annotations::CHANGE,
            const { &[&UPDATE_RECORD] },
        )
        .handled_with(update),
        Toolset::Records.spec(
            "xano_delete_table_record",
            "Delete record",
            "Deletes one record. This can't be undone.",
            scopes::DELETE,
            Annotations::CHANGE,
            const { &[&DELETE_RECORD] },
        )
        .handled_with(delete),
        Toolset::Records.spec(
            "xano_bulk_create_records",
            "Bulk create records",
            "Creates several records at once and returns only their ids.",
            scopes::WRITE,
            Annotations::ADD,
            const { &[&BULK_CREATE_RECORDS] },
        )
        .handled_with(bulk_create),
        Toolset::Records.spec(
            "xano_bulk_update_records",
            "Bulk update records",
            "Changes several records at once, each with its own values. Other fields stay unchanged.",
            scopes::WRITE,
            Annotations::CHANGE,
            const { &[&BULK_PATCH_RECORDS] },
        )
        .handled_with(bulk_update),
    ]
}

async fn browse(call: Call, table: TableArgs, page: PageArgs) -> Result<Success, ToolError> {
    let request = table
        .request(&BROWSE_CONTENT)
        .set_optional("page", page.page)
        .set_optional("per_page", page.per_page);
    let list = call.send(&table.instance_name, request).await?;
    let message = count_message(&list, "record", "records");
    Ok(Success::new(list, message))
}

#[derive(Deserialize, JsonSchema)]
struct RecordArgs {
    /// The record's id.
    record_id: Id,
}

async fn get(call: Call, table: TableArgs, args: RecordArgs) -> Result<Success, ToolError> {
    let request = table.request(&GET_RECORD).set("content_id", &args.record_id);
    let record = call.send(&table.instance_name, request).await?;
    Ok(Success::new(record, format!("Record {}.", args.record_id)))
}

#[derive(Deserialize, JsonSchema)]
struct CreateArgs {
    /// The record's fields and their values.
    record_data: Object,
}

async fn create(call: Call, table: TableArgs, args: CreateArgs) -> Result<Success, ToolError> {
    let request = table.request(&CREATE_RECORD).json(&Value::Object(args.record_data.0));
    let record = call.send(&table.instance_name, request).await?;
    let message = match record.get("id") {
        Some(id) => format!("Created record {id}."),
        None => "Created a record.".to_owned(),
    };
    Ok(Success::new(record, message))
}

#[derive(Deserialize, JsonSchema)]
struct UpdateArgs {
    /// The record's id.
    record_id: Id,
    /// The fields to change and their new values.
    record_data: Object,
}

async fn update(call: Call, table: TableArgs, args: UpdateArgs) -> Result<Success, ToolError> {
    let UpdateArgs { record_id, record_data } = args;
    let request = table
        .request(&UPDATE_RECORD)
        .set("content_id", &record_id)
        .json(&Value::Object(record_data.0));
    let record = call.send(&table.instance_name, request).await?;
    Ok(Success::new(record, format!("Updated record {record_id}.")))
}

async fn delete(call: Call, table: TableArgs, args: RecordArgs) -> Result<Success, ToolError> {
    let request = table.request(&DELETE_RECORD).set("content_id", &args.record_id);
    call.send(&table.instance_name, request).await?;
    let data = json!({"record_id": args.record_id.to_json(), "deleted": true});
    Ok(Success::new(data, format!("Deleted record {}.", args.record_id)))
}

#[derive(Deserialize, JsonSchema)]
struct BulkCreateArgs {
    /// The records, each with its fields and their values.
    records: List<Object>,
    /// Whether the records may set their own id. Default false.
    allow_id_field: Option<bool>,
}

async fn bulk_create(
    call: Call,
    table: TableArgs,
    args: BulkCreateArgs,
) -> Result<Success, ToolError> {
    let records: Vec<_> =
        args.records.0.into_iter().map(|record| Value::Object(record.0)).collect();
    let requested = records.len();
    let mut body = json!({"items": records});
    if let (Some(allow), Some(body)) = (args.allow_id_field, body.as_object_mut()) {
        body.insert("allow_id_field".into(), allow.into());
    }
    let request = table.request(&BULK_CREATE_RECORDS).json(&body);
    let ids = call.send(&table.instance_name, request).await?;
    match ids.as_array().map(Vec::len) {
        None => Ok(Success::new(ids, format!("Xano accepted the {requested} records."))),
        Some(0) => Err(nothing_changed("create", requested, &ids)),
        Some(created) if created < requested => {
            let message = format!(
                "Created only {created} of {requested} records; `data` contains their ids. Call \
                 xano_browse_table_content to see which ones are missing."
            );
            Ok(Success::new(ids, message))
        }
        Some(created) => Ok(Success::new(
            ids,
            format!("Created {created} of {requested} records; `data` contains their ids."),
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
    /// The records to change, each with its new values.
    updates: List<Update>,
}

/// Xano reports a partial failure as a success with fewer ids, so the message says how many there are.
async fn bulk_update(
    call: Call,
    table: TableArgs,
    args: BulkUpdateArgs,
) -> Result<Success, ToolError> {
    let requested = args.updates.0.len();
    let items: Vec<_> = args
        .updates
        .0
        .into_iter()
        .map(|update| json!({"row_id": update.row_id.to_json(), "updates": update.updates.0}))
        .collect();
    let request = table.request(&BULK_PATCH_RECORDS).json(&json!({"items": items}));
    let result = call.send(&table.instance_name, request).await?;
    let total = result.get("success_total").and_then(Value::as_u64);
    let listed = || result.get("success").and_then(Value::as_array).map(|ids| ids.len() as u64);
    let message = match total.or_else(listed) {
        Some(0) => return Err(nothing_changed("update", requested, &result)),
        Some(changed) if changed < requested as u64 => format!(
            "Updated only {changed} of {requested} records; `success` lists them. For the others, either no \
             record has the row_id, or Xano rejected the values."
        ),
        Some(changed) => format!("Updated {changed} of {requested} records."),
        None => format!("Xano accepted the changes of {requested} records."),
    };
    Ok(Success::new(result, message))
}

/// The error when nothing was changed, although Xano responded with 200.
fn nothing_changed(verb: &str, requested: usize, answer: &Value) -> ToolError {
    let message = format!("Xano did not {verb} any of the {requested} records.");
    let next = "Check the ids and the fields with xano_browse_table_content and \
                xano_get_table_schema.";
    ToolError::new(ErrorCode::UpstreamError, message, next).detail("answer", answer.clone())
}
