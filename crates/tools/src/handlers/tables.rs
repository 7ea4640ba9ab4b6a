//! Tables.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use snappy_domain::envelope::Success;
use snappy_domain::{ErrorCode, ToolError};
use snappy_mcp_server::Annotations;
use snappy_xano::operations::{
    CREATE_TABLE, DELETE_TABLE, GET_TABLE, LIST_TABLES, UPDATE_TABLE_META,
};
use snappy_xano::scopes;

use super::arguments::{PageArgs, TableArgs, WorkspaceArgs, count_message};
use crate::call::Call;
use crate::spec::Toolset;
use crate::tool::Tool;

pub(super) fn tools() -> Vec<Tool> {
    vec![
        Toolset::Tables.spec(
            "xano_list_tables",
            "List tables",
            "Lists the tables of a workspace with their ids.",
            scopes::READ,
            Annotations::READ,
            const { &[&LIST_TABLES] },
        )
        .handled_with(list_tables),
        Toolset::Tables.spec(
            "xano_get_table_details",
            "Get table details",
            "Shows one table: name, description, tags and whether it backs authentication. For its \
             fields call xano_get_table_schema.",
            scopes::READ,
            Annotations::READ,
            const { &[&GET_TABLE] },
        )
        .handled_by(get_table_details),
        Toolset::Tables.spec(
            "xano_create_table",
            "Create table",
            "Creates a table. Xano adds the fields id and created_at; add more with \
             xano_add_field_to_schema.",
            scopes::SCHEMA,
            Annotations::ADD,
            const { &[&CREATE_TABLE] },
        )
        .handled_with(create_table),
        Toolset::Tables.spec(
            "xano_update_table",
            "Update table",
            "Changes a table's name, description, docs, tags or auth flag. Omitted settings stay \
             unchanged.",
            scopes::SCHEMA,
            Annotations::CHANGE,
            const { &[&UPDATE_TABLE_META, &GET_TABLE] },
        )
        .handled_with(update_table),
        Toolset::Tables.spec(
            "xano_delete_table",
            "Delete table",
            "Deletes a table with all its records. This can't be undone.",
            scopes::DELETE,
            Annotations::CHANGE,
            const { &[&DELETE_TABLE] },
        )
        .handled_by(delete_table),
    ]
}

async fn list_tables(
    call: Call,
    workspace: WorkspaceArgs,
    page: PageArgs,
) -> Result<Success, ToolError> {
    let request = workspace
        .request(&LIST_TABLES)
        .set_optional("page", page.page)
        .set_optional("per_page", page.per_page);
    let list = call.send(&workspace.instance_name, request).await?;
    let message = count_message(&list, "table", "tables");
    Ok(Success::new(list, message))
}

async fn get_table_details(call: Call, args: TableArgs) -> Result<Success, ToolError> {
    let table = call.send(&args.instance_name, args.request(&GET_TABLE)).await?;
    Ok(Success::new(table, format!("Table {}.", args.table_id)))
}

#[derive(Deserialize, JsonSchema)]
struct CreateTableArgs {
    /// The table's name.
    name: String,
    /// What the table is for.
    description: Option<String>,
    /// Detailed documentation.
    docs: Option<String>,
    /// Whether the table backs authentication. Default false.
    auth: Option<bool>,
    /// Tags.
    tag: Option<Vec<String>>,
}

async fn create_table(
    call: Call,
    workspace: WorkspaceArgs,
    args: CreateTableArgs,
) -> Result<Success, ToolError> {
    let mut body = settings_body(args.description, args.docs, args.auth, args.tag);
    body.insert("name".into(), args.name.clone().into());
    let request = workspace.request(&CREATE_TABLE).json(&Value::Object(body));
    let table = call.send(&workspace.instance_name, request).await?;
    let id = table.get("id").map(|id| format!(" with id {id}")).unwrap_or_default();
    Ok(Success::new(table, format!("Created table {:?}{id}.", args.name)))
}

#[derive(Deserialize, JsonSchema)]
struct UpdateTableArgs {
    /// A new name.
    name: Option<String>,
    /// A new description.
    description: Option<String>,
    /// New documentation.
    docs: Option<String>,
    /// Whether the table backs authentication.
    auth: Option<bool>,
    /// The new tags; they replace the existing ones.
    tag: Option<Vec<String>>,
}

/// Changes the given settings (`update_table_meta` leaves the others unchanged), and reads the table,
/// because the response to the change is empty.
async fn update_table(
    call: Call,
    table: TableArgs,
    args: UpdateTableArgs,
) -> Result<Success, ToolError> {
    let mut body = settings_body(args.description, args.docs, args.auth, args.tag);
    if let Some(name) = args.name {
        body.insert("name".into(), name.into());
    }
    if body.is_empty() {
        let next = "Pass at least one of name, description, docs, auth and tag.";
        return Err(ToolError::new(
            ErrorCode::InvalidArgument,
            "There is nothing to change.",
            next,
        ));
    }
    let target = call.target(&table.instance_name).await?;
    let change = table.request(&UPDATE_TABLE_META).json(&Value::Object(body.clone()));
    call.send_to(&target, change).await?;
    let id = &table.table_id;
    let updated = match call.send_to(&target, table.request(&GET_TABLE)).await {
        Ok(updated) => updated,
        // The change was made.
        Err(error) => {
            let message = format!(
                "Updated table {id}. The updated table could not be read ({}).",
                error.code
            );
            return Ok(Success::new(Value::Null, message));
        }
    };
    // The contract does not list `docs` for this operation, so Xano may ignore it.
    let ignored: Vec<_> = body
        .iter()
        .filter(|(name, value)| updated.get(name.as_str()) != Some(*value))
        .map(|(name, _)| name.as_str())
        .collect();
    let message = if ignored.is_empty() {
        format!("Updated table {id}.")
    } else {
        format!("Updated table {id}, but Xano ignored: {}.", ignored.join(", "))
    };
    Ok(Success::new(updated, message))
}

async fn delete_table(call: Call, args: TableArgs) -> Result<Success, ToolError> {
    call.send(&args.instance_name, args.request(&DELETE_TABLE)).await?;
    let data = json!({"table_id": args.table_id.to_json(), "deleted": true});
    Ok(Success::new(data, format!("Deleted table {}.", args.table_id)))
}

/// The body of a request, with the settings that are given.
fn settings_body(
    description: Option<String>,
    docs: Option<String>,
    auth: Option<bool>,
    tag: Option<Vec<String>>,
) -> Map<String, Value> {
    [
        ("description", description.map(Value::from)),
        ("docs", docs.map(Value::from)),
        ("auth", auth.map(Value::from)),
        ("tag", tag.map(Value::from)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
    .collect()
}
