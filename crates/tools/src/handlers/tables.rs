//! Tables.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use snappy_domain::envelope::Success;
use snappy_domain::{ErrorCode, ToolError};
use snappy_xano::Expect;
use snappy_xano::scopes;

use super::{PageArgs, TableArgs, WorkspaceArgs, counted};
use crate::ToolContext;
use crate::tool::{Annotations, Tool, Toolset};

pub(super) fn tools() -> Vec<Tool> {
    vec![
        Toolset::Tables.card(
            "xano_list_tables",
            "List tables",
            "Lists the tables of a workspace with their ids.",
            scopes::READ,
            Annotations::READ,
        )
        .handled_with(list_tables),
        Toolset::Tables.card(
            "xano_get_table_details",
            "Get table details",
            "Shows one table: name, description, tags and whether it backs authentication. For its \
             fields call xano_get_table_schema.",
            scopes::READ,
            Annotations::READ,
        )
        .handled_by(get_table_details),
        Toolset::Tables.card(
            "xano_create_table",
            "Create table",
            "Creates a table. Xano adds the fields id and created_at; add more with \
             xano_add_field_to_schema.",
            scopes::SCHEMA,
            Annotations::ADD,
        )
        .handled_with(create_table),
        Toolset::Tables.card(
            "xano_update_table",
            "Update table",
            "Changes a table's name, description, docs, tags or auth flag. What you leave out stays.",
            scopes::SCHEMA,
            Annotations::CHANGE,
        )
        .handled_with(update_table),
        Toolset::Tables.card(
            "xano_delete_table",
            "Delete table",
            "Deletes a table with all its records. This can't be undone.",
            scopes::DELETE,
            Annotations::CHANGE,
        )
        .handled_by(delete_table),
    ]
}

async fn list_tables(
    context: ToolContext,
    workspace: WorkspaceArgs,
    page: PageArgs,
) -> Result<Success, ToolError> {
    let operation = workspace
        .operation("list_tables", Method::GET, &["table"], Expect::List)?
        .query("page", page.page)
        .query("per_page", page.per_page);
    let list = context.call(&workspace.instance_name, &operation).await?;
    let message = counted(&list, "table", "tables");
    Ok(Success::new(list, message))
}

async fn get_table_details(context: ToolContext, args: TableArgs) -> Result<Success, ToolError> {
    let operation = args.operation("get_table", Method::GET, &[], Expect::Object)?;
    let table = context.call(&args.instance_name, &operation).await?;
    Ok(Success::new(table, format!("Table {}.", args.table_id)))
}

#[derive(Deserialize, JsonSchema)]
struct CreateTableArgs {
    /// The table's name.
    name: String,
    /// What the table is for.
    description: Option<String>,
    /// Longer documentation.
    docs: Option<String>,
    /// Whether the table backs authentication. Default false.
    auth: Option<bool>,
    /// Tags.
    tag: Option<Vec<String>>,
}

async fn create_table(
    context: ToolContext,
    workspace: WorkspaceArgs,
    args: CreateTableArgs,
) -> Result<Success, ToolError> {
    let mut body = given(args.description, args.docs, args.auth, args.tag);
    body.insert("name".into(), args.name.clone().into());
    let operation = workspace
        .operation("create_table", Method::POST, &["table"], Expect::Object)?
        .body(Value::Object(body));
    let table = context.call(&workspace.instance_name, &operation).await?;
    let id = table.get("id").cloned().unwrap_or(json!(null));
    Ok(Success::new(table, format!("Created table {:?} with id {id}.", args.name)))
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
    /// The tags it shall have; they replace the present ones.
    tag: Option<Vec<String>>,
}

/// Sends what was given (`update_table_meta`; what is left out stays) and reads the table again,
/// because the answer to the change is empty.
async fn update_table(
    context: ToolContext,
    place: TableArgs,
    args: UpdateTableArgs,
) -> Result<Success, ToolError> {
    let mut body = given(args.description, args.docs, args.auth, args.tag);
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
    let target = context.place(&place.instance_name).await?;
    let change = place
        .operation("update_table_meta", Method::PUT, &["meta"], Expect::Nothing)?
        .body(Value::Object(body.clone()));
    context.call_at(&target, &change).await?;
    let id = &place.table_id;
    let read = place.operation("get_table", Method::GET, &[], Expect::Object)?;
    let table = match context.call_at(&target, &read).await {
        Ok(table) => table,
        // The change was made all the same.
        Err(error) => {
            let message =
                format!("Updated table {id}. It could not be read again ({}).", error.code);
            return Ok(Success::new(Value::Null, message));
        }
    };
    // The contract names no docs here, so it may have been passed over: say so instead of guessing.
    let ignored: Vec<_> = body
        .iter()
        .filter(|(name, value)| table.get(name.as_str()) != Some(*value))
        .map(|(name, _)| name.as_str())
        .collect();
    let message = if ignored.is_empty() {
        format!("Updated table {id}.")
    } else {
        format!("Updated table {id}, but Xano did not take: {}.", ignored.join(", "))
    };
    Ok(Success::new(table, message))
}

async fn delete_table(context: ToolContext, args: TableArgs) -> Result<Success, ToolError> {
    let operation = args.operation("delete_table", Method::DELETE, &[], Expect::Nothing)?;
    context.call(&args.instance_name, &operation).await?;
    let data = json!({"table_id": args.table_id.to_json(), "deleted": true});
    Ok(Success::new(data, format!("Deleted table {}.", args.table_id)))
}

/// The members that were given.
fn given(
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
