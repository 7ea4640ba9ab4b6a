//! The routes of the operations.

use self::Action::{Account, Oauth, Read, SignIn, Write};
use crate::account_api::{auth_me, get_instance, list_instances};
use crate::answer::Message;
use crate::call::Call;
use crate::failure::Outcome;
use crate::meta::{bulk, content, indexes, schema, tables, workspaces};
use crate::oauth::{authorize, metadata, register, revoke, token_endpoint};
use crate::server::Server;
use crate::signin;
use crate::state::Data;

/// The handler of an operation, by the access it needs.
#[derive(Clone, Copy)]
pub(crate) enum Action {
    /// Sign-in: checks its credentials itself.
    SignIn(fn(&Server, &Call) -> Outcome),
    /// OAuth server: checks its credentials itself, and may change something even if it refuses the request.
    Oauth(fn(&Server, &Call) -> Message),
    /// Account API: checks the Metadata API key or the access token itself.
    Account(fn(&Server, &Call) -> Outcome),
    /// Instance: requires a Metadata API key or an access token, and is subject to the request limit.
    Read(fn(&Data, &Call) -> Outcome),
    /// Like `Read`, but changes data.
    Write(fn(&mut Data, &Call) -> Outcome),
}

struct Route {
    method: &'static str,
    /// The path; segments in braces are parameters.
    pattern: &'static str,
    operation: &'static str,
    action: Action,
}

const fn route(
    method: &'static str,
    pattern: &'static str,
    operation: &'static str,
    action: Action,
) -> Route {
    Route { method, pattern, operation, action }
}

#[rustfmt::skip]
/// The account API and the sign-in API.
const OUTER: [Route; 5] = [
    route("POST", "api:e6emygx3/auth/login", "signin.login", SignIn(signin::login)),
    route("GET", "api:e6emygx3/auth/me", "signin.auth_me", SignIn(signin::auth_me)),
    route("GET", "api:meta/auth/me", "auth_me", Account(auth_me)),
    route("GET", "api:meta/instance", "list_instances", Account(list_instances)),
    route("GET", "api:meta/instance/{name}", "get_instance", Account(get_instance)),
];

#[rustfmt::skip]
/// The OAuth server.
const OAUTH: [Route; 6] = [
    route("GET", ".well-known/oauth-authorization-server", "oauth.metadata", Oauth(metadata::metadata)),
    route("POST", "api:master/oauth/register", "oauth.register", Oauth(register::register)),
    route("GET", "oauth2/authorize", "oauth.authorize", Oauth(authorize::show)),
    route("POST", "oauth2/authorize", "oauth.authorize", Oauth(authorize::decide)),
    route("POST", "api:master/oauth/token", "oauth.token", Oauth(token_endpoint::token)),
    route("POST", "api:master/oauth/revoke", "oauth.revoke", Oauth(revoke::revoke)),
];

#[rustfmt::skip]
/// Below `api:meta/workspace`.
const WORKSPACE: [Route; 4] = [
    route("GET", "", "list_workspaces", Read(workspaces::list)),
    route("GET", "{workspace_id}", "get_workspace", Read(workspaces::get)),
    route("GET", "{workspace_id}/branch", "list_branches", Read(workspaces::branches)),
    route("GET", "{workspace_id}/datasource", "list_datasources", Read(workspaces::data_sources)),
];

#[rustfmt::skip]
/// Below `api:meta/workspace/{workspace_id}/table`.
const TABLE: [Route; 29] = [
    route("GET", "", "list_tables", Read(tables::list)),
    route("POST", "", "create_table", Write(tables::create)),
    route("GET", "{table_id}", "get_table", Read(tables::get)),
    route("PUT", "{table_id}", "update_table", Write(tables::update)),
    route("DELETE", "{table_id}", "delete_table", Write(tables::delete)),
    route("PUT", "{table_id}/meta", "update_table_meta", Write(tables::update_meta)),
    route("DELETE", "{table_id}/truncate", "truncate_table", Write(tables::truncate)),
    route("GET", "{table_id}/content", "browse_content", Read(content::browse)),
    route("POST", "{table_id}/content", "create_record", Write(content::create)),
    route("POST", "{table_id}/content/search", "search_content", Read(content::search)),
    route("POST", "{table_id}/content/search/patch", "patch_content_by_search", Write(bulk::patch_by_search)),
    route("POST", "{table_id}/content/search/delete", "delete_content_by_search", Write(bulk::delete_by_search)),
    route("POST", "{table_id}/content/bulk", "bulk_create_records", Write(bulk::create)),
    route("POST", "{table_id}/content/bulk/patch", "bulk_patch_records", Write(bulk::patch)),
    route("POST", "{table_id}/content/bulk/delete", "bulk_delete_records", Write(bulk::delete)),
    route("GET", "{table_id}/content/{content_id}", "get_record", Read(content::get)),
    route("PUT", "{table_id}/content/{content_id}", "update_record", Write(content::update)),
    route("DELETE", "{table_id}/content/{content_id}", "delete_record", Write(content::delete)),
    route("GET", "{table_id}/schema", "get_table_schema", Read(schema::get)),
    route("PUT", "{table_id}/schema", "replace_table_schema", Write(schema::replace)),
    route("POST", "{table_id}/schema/rename", "rename_table_column", Write(schema::rename)),
    route("POST", "{table_id}/schema/type/{type}", ADD_COLUMN, Write(schema::add_column)),
    route("GET", "{table_id}/schema/{schema_name}", "get_table_column", Read(schema::get_column)),
    route("DELETE", "{table_id}/schema/{schema_name}", "delete_table_column", Write(schema::delete_column)),
    route("GET", "{table_id}/index", "list_indexes", Read(indexes::list)),
    route("POST", "{table_id}/index/btree", "create_btree_index", Write(indexes::create_btree)),
    route("POST", "{table_id}/index/unique", "create_unique_index", Write(indexes::create_unique)),
    route("POST", "{table_id}/index/search", "create_search_index", Write(indexes::create_search)),
    route("DELETE", "{table_id}/index/{index_id}", "delete_index", Write(indexes::delete)),
];

/// A placeholder: the operation depends on the type in the path.
const ADD_COLUMN: &str = "add_column";

/// The column types that can be added, with their operations.
const ADD_COLUMN_TYPES: [(&str, &str); 25] = [
    ("text", "add_column_text"),
    ("email", "add_column_email"),
    ("password", "add_column_password"),
    ("int", "add_column_int"),
    ("decimal", "add_column_decimal"),
    ("bool", "add_column_bool"),
    ("timestamp", "add_column_timestamp"),
    ("date", "add_column_date"),
    ("uuid", "add_column_uuid"),
    ("enum", "add_column_enum"),
    ("json", "add_column_json"),
    ("object", "add_column_object"),
    ("vector", "add_column_vector"),
    ("tableref", "add_column_tableref"),
    ("tablerefuuid", "add_column_tablerefuuid"),
    ("image", "add_column_image"),
    ("attachment", "add_column_attachment"),
    ("audio", "add_column_audio"),
    ("video", "add_column_video"),
    ("geo_linestring", "add_column_geo_linestring"),
    ("geo_point", "add_column_geo_point"),
    ("geo_polygon", "add_column_geo_polygon"),
    ("geo_multipoint", "add_column_geo_multipoint"),
    ("geo_multilinestring", "add_column_geo_multilinestring"),
    ("geo_multipolygon", "add_column_geo_multipolygon"),
];

/// A matched route.
pub(crate) struct Found {
    pub(crate) operation: &'static str,
    pub(crate) action: Action,
    pub(crate) params: Vec<(&'static str, String)>,
}

/// Finds the route of a method and the decoded segments of a path.
pub(crate) fn find(method: &str, segments: &[String]) -> Option<Found> {
    let mut params = Vec::new();
    let (routes, rest): (&'static [Route], &[String]) = match segments {
        [meta, workspace, id, table, rest @ ..]
            if meta == "api:meta"
                && workspace == "workspace"
                && !id.is_empty()
                && table == "table" =>
        {
            params.push(("workspace_id", id.clone()));
            (&TABLE, rest)
        }
        [meta, workspace, rest @ ..] if meta == "api:meta" && workspace == "workspace" => {
            (&WORKSPACE, rest)
        }
        [first, ..] if matches!(first.as_str(), ".well-known" | "oauth2" | "api:master") => {
            (&OAUTH, segments)
        }
        _ => (&OUTER, segments),
    };
    let route = routes.iter().find(|route| route.method == method && fits(route.pattern, rest))?;
    for (expected, given) in route.pattern.split('/').zip(rest) {
        if let Some(name) = parameter(expected) {
            params.push((name, given.clone()));
        }
    }
    let operation = if route.operation == ADD_COLUMN {
        let wanted = params.last().map(|(_, kind)| kind.as_str())?;
        ADD_COLUMN_TYPES.iter().find(|(kind, _)| *kind == wanted)?.1
    } else {
        route.operation
    };
    Some(Found { operation, action: route.action, params })
}

fn fits(pattern: &'static str, segments: &[String]) -> bool {
    if pattern.is_empty() {
        return segments.is_empty();
    }
    let mut segments = segments.iter();
    pattern.split('/').all(|expected| {
        segments.next().is_some_and(|given| match parameter(expected) {
            // Triggers of tables live below `table/trigger`, which is not the id of a table.
            Some("table_id") => !given.is_empty() && given != "trigger",
            Some(_) => !given.is_empty(),
            None => given == expected,
        })
    }) && segments.next().is_none()
}

fn parameter(segment: &'static str) -> Option<&'static str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}
