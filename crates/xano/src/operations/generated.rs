//! Generated from `contract/metadata-api.openapi.json`; do not edit. To regenerate it:
//! `UPDATE_OPERATIONS=1 cargo test -p snappy-xano --test operations`.

use http::Method;

use super::spec::Address::{Account, Instance, Workspace};
use super::spec::BodyKind::{Json, Multipart, XanoScript};
use super::spec::ValueType::{Boolean, Integer, Text};
use super::spec::{Effect, OperationSpec, Parameter, ResponseKind, TimeoutClass};

/// Add an attachment column.
pub static ADD_COLUMN_ATTACHMENT: OperationSpec = OperationSpec {
    id: "add_column_attachment", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/attachment",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add an audio column.
pub static ADD_COLUMN_AUDIO: OperationSpec = OperationSpec {
    id: "add_column_audio", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/audio",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add a bool column.
pub static ADD_COLUMN_BOOL: OperationSpec = OperationSpec {
    id: "add_column_bool", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/bool",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add a date column.
pub static ADD_COLUMN_DATE: OperationSpec = OperationSpec {
    id: "add_column_date", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/date",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add a decimal column.
pub static ADD_COLUMN_DECIMAL: OperationSpec = OperationSpec {
    id: "add_column_decimal", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/decimal",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add an email column.
pub static ADD_COLUMN_EMAIL: OperationSpec = OperationSpec {
    id: "add_column_email", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/email",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add an enum column.
pub static ADD_COLUMN_ENUM: OperationSpec = OperationSpec {
    id: "add_column_enum", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/enum",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add a geo_linestring column.
pub static ADD_COLUMN_GEO_LINESTRING: OperationSpec = OperationSpec {
    id: "add_column_geo_linestring", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/geo_linestring",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add a geo_multilinestring column.
pub static ADD_COLUMN_GEO_MULTILINESTRING: OperationSpec = OperationSpec {
    id: "add_column_geo_multilinestring", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/geo_multilinestring",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add a geo_multipoint column.
pub static ADD_COLUMN_GEO_MULTIPOINT: OperationSpec = OperationSpec {
    id: "add_column_geo_multipoint", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/geo_multipoint",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add a geo_multipolygon column.
pub static ADD_COLUMN_GEO_MULTIPOLYGON: OperationSpec = OperationSpec {
    id: "add_column_geo_multipolygon", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/geo_multipolygon",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add a geo_point column.
pub static ADD_COLUMN_GEO_POINT: OperationSpec = OperationSpec {
    id: "add_column_geo_point", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/geo_point",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add a geo_polygon column.
pub static ADD_COLUMN_GEO_POLYGON: OperationSpec = OperationSpec {
    id: "add_column_geo_polygon", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/geo_polygon",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add an image column.
pub static ADD_COLUMN_IMAGE: OperationSpec = OperationSpec {
    id: "add_column_image", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/image",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add an int column.
pub static ADD_COLUMN_INT: OperationSpec = OperationSpec {
    id: "add_column_int", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/int",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add a json column.
pub static ADD_COLUMN_JSON: OperationSpec = OperationSpec {
    id: "add_column_json", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/json",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add an object column.
pub static ADD_COLUMN_OBJECT: OperationSpec = OperationSpec {
    id: "add_column_object", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/object",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add a password column.
pub static ADD_COLUMN_PASSWORD: OperationSpec = OperationSpec {
    id: "add_column_password", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/password",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add a tableref column.
pub static ADD_COLUMN_TABLEREF: OperationSpec = OperationSpec {
    id: "add_column_tableref", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/tableref",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add a tablerefuuid column.
pub static ADD_COLUMN_TABLEREFUUID: OperationSpec = OperationSpec {
    id: "add_column_tablerefuuid", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/tablerefuuid",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add a text column.
pub static ADD_COLUMN_TEXT: OperationSpec = OperationSpec {
    id: "add_column_text", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/text",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add a timestamp column.
pub static ADD_COLUMN_TIMESTAMP: OperationSpec = OperationSpec {
    id: "add_column_timestamp", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/timestamp",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add a uuid column.
pub static ADD_COLUMN_UUID: OperationSpec = OperationSpec {
    id: "add_column_uuid", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/uuid",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add a vector column.
pub static ADD_COLUMN_VECTOR: OperationSpec = OperationSpec {
    id: "add_column_vector", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/vector",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Add a video column.
pub static ADD_COLUMN_VIDEO: OperationSpec = OperationSpec {
    id: "add_column_video", group: "table schema type", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/type/video",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Who owns this token.
pub static AUTH_ME: OperationSpec = OperationSpec {
    id: "auth_me", group: "authentication", method: Method::GET,
    path: "/auth/me",
    parameters: &[],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Browse records.
pub static BROWSE_CONTENT: OperationSpec = OperationSpec {
    id: "browse_content", group: "table content", method: Method::GET,
    path: "/workspace/{workspace_id}/table/{table_id}/content",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer), Parameter::header("x-data-source", Text), Parameter::query("page", Integer), Parameter::query("per_page", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: Some("x-data-source"),
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// Create many records.
pub static BULK_CREATE_RECORDS: OperationSpec = OperationSpec {
    id: "bulk_create_records", group: "table content", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/content/bulk",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer), Parameter::header("x-data-source", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: Some("x-data-source"),
    effect: Effect::Write, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Json, Multipart], response: ResponseKind::Array,
};

/// Delete many files.
pub static BULK_DELETE_FILES: OperationSpec = OperationSpec {
    id: "bulk_delete_files", group: "file", method: Method::DELETE,
    path: "/workspace/{workspace_id}/file/bulk_delete",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[Json, Multipart], response: ResponseKind::Nothing,
};

/// Delete many records.
pub static BULK_DELETE_RECORDS: OperationSpec = OperationSpec {
    id: "bulk_delete_records", group: "table content", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/content/bulk/delete",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer), Parameter::header("x-data-source", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: Some("x-data-source"),
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Update many records.
pub static BULK_PATCH_RECORDS: OperationSpec = OperationSpec {
    id: "bulk_patch_records", group: "table content", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/content/bulk/patch",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer), Parameter::header("x-data-source", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: Some("x-data-source"),
    effect: Effect::Write, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// XanoScript to JSON.
pub static CONVERT_FROM_XANOSCRIPT: OperationSpec = OperationSpec {
    id: "convert_from_xanoscript", group: "convert", method: Method::POST,
    path: "/workspace/{workspace_id}/convert/fromXS",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[XanoScript], response: ResponseKind::Json,
};

/// JSON to XanoScript.
pub static CONVERT_TO_XANOSCRIPT: OperationSpec = OperationSpec {
    id: "convert_to_xanoscript", group: "convert", method: Method::POST,
    path: "/workspace/{workspace_id}/convert/toXS",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[Json], response: ResponseKind::Json,
};

/// Create an addon.
pub static CREATE_ADDON: OperationSpec = OperationSpec {
    id: "create_addon", group: "addon", method: Method::POST,
    path: "/workspace/{workspace_id}/addon",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Create an agent.
pub static CREATE_AGENT: OperationSpec = OperationSpec {
    id: "create_agent", group: "agent", method: Method::POST,
    path: "/workspace/{workspace_id}/agent",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Create an agent trigger.
pub static CREATE_AGENT_TRIGGER: OperationSpec = OperationSpec {
    id: "create_agent_trigger", group: "agent trigger", method: Method::POST,
    path: "/workspace/{workspace_id}/agent/trigger",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Create an endpoint.
pub static CREATE_API: OperationSpec = OperationSpec {
    id: "create_api", group: "api", method: Method::POST,
    path: "/workspace/{workspace_id}/apigroup/{apigroup_id}/api",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("apigroup_id", Integer), Parameter::query("branch", Text), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[XanoScript, Json, Multipart], response: ResponseKind::Object,
};

/// Create an API group.
pub static CREATE_API_GROUP: OperationSpec = OperationSpec {
    id: "create_api_group", group: "api group", method: Method::POST,
    path: "/workspace/{workspace_id}/apigroup",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Clone a branch.
pub static CREATE_BRANCH: OperationSpec = OperationSpec {
    id: "create_branch", group: "branch", method: Method::POST,
    path: "/workspace/{workspace_id}/branch",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Json], response: ResponseKind::Object,
};

/// Create a btree index.
pub static CREATE_BTREE_INDEX: OperationSpec = OperationSpec {
    id: "create_btree_index", group: "table index", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/index/btree",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Create a data source.
pub static CREATE_DATASOURCE: OperationSpec = OperationSpec {
    id: "create_datasource", group: "datasource", method: Method::POST,
    path: "/workspace/{workspace_id}/datasource",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Create a function.
pub static CREATE_FUNCTION: OperationSpec = OperationSpec {
    id: "create_function", group: "function", method: Method::POST,
    path: "/workspace/{workspace_id}/function",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Create a mcp server.
pub static CREATE_MCP_SERVER: OperationSpec = OperationSpec {
    id: "create_mcp_server", group: "mcp server", method: Method::POST,
    path: "/workspace/{workspace_id}/mcp_server",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Create a mcp server trigger.
pub static CREATE_MCP_SERVER_TRIGGER: OperationSpec = OperationSpec {
    id: "create_mcp_server_trigger", group: "mcp server trigger", method: Method::POST,
    path: "/workspace/{workspace_id}/mcp_server/trigger",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Create a middleware.
pub static CREATE_MIDDLEWARE: OperationSpec = OperationSpec {
    id: "create_middleware", group: "middleware", method: Method::POST,
    path: "/workspace/{workspace_id}/middleware",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Create a realtime channel.
pub static CREATE_REALTIME_CHANNEL: OperationSpec = OperationSpec {
    id: "create_realtime_channel", group: "realtime", method: Method::POST,
    path: "/workspace/{workspace_id}/realtime/channel",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Create a realtime trigger.
pub static CREATE_REALTIME_TRIGGER: OperationSpec = OperationSpec {
    id: "create_realtime_trigger", group: "realtime trigger", method: Method::POST,
    path: "/workspace/{workspace_id}/realtime/channel/trigger",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Create a record.
pub static CREATE_RECORD: OperationSpec = OperationSpec {
    id: "create_record", group: "table content", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/content",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer), Parameter::header("x-data-source", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: Some("x-data-source"),
    effect: Effect::Write, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json], response: ResponseKind::Object,
};

/// Create a release.
pub static CREATE_RELEASE: OperationSpec = OperationSpec {
    id: "create_release", group: "release", method: Method::POST,
    path: "/workspace/{workspace_id}/release",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Json], response: ResponseKind::Object,
};

/// Create a full-text index.
pub static CREATE_SEARCH_INDEX: OperationSpec = OperationSpec {
    id: "create_search_index", group: "table index", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/index/search",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Create an install token.
pub static CREATE_SNIPPET_TOKEN: OperationSpec = OperationSpec {
    id: "create_snippet_token", group: "snippet", method: Method::POST,
    path: "/snippet/{canonical}/token",
    parameters: &[Parameter::path("canonical", Text)],
    address: Account, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Create a spatial index.
pub static CREATE_SPATIAL_INDEX: OperationSpec = OperationSpec {
    id: "create_spatial_index", group: "table index", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/index/spatial",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Create a static host.
pub static CREATE_STATIC_HOST: OperationSpec = OperationSpec {
    id: "create_static_host", group: "static host", method: Method::POST,
    path: "/workspace/{workspace_id}/static_host",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json], response: ResponseKind::Object,
};

/// Upload a build.
pub static CREATE_STATIC_HOST_BUILD: OperationSpec = OperationSpec {
    id: "create_static_host_build", group: "static host", method: Method::POST,
    path: "/workspace/{workspace_id}/static_host/{static_host}/build",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("static_host", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Multipart], response: ResponseKind::Object,
};

/// Create a table.
pub static CREATE_TABLE: OperationSpec = OperationSpec {
    id: "create_table", group: "table", method: Method::POST,
    path: "/workspace/{workspace_id}/table",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("include_xanoscript", Boolean), Parameter::query("branch", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[XanoScript, Json, Multipart], response: ResponseKind::Object,
};

/// Create a table trigger.
pub static CREATE_TABLE_TRIGGER: OperationSpec = OperationSpec {
    id: "create_table_trigger", group: "table trigger", method: Method::POST,
    path: "/workspace/{workspace_id}/table/trigger",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Create a task.
pub static CREATE_TASK: OperationSpec = OperationSpec {
    id: "create_task", group: "task", method: Method::POST,
    path: "/workspace/{workspace_id}/task",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[XanoScript, Json, Multipart], response: ResponseKind::Object,
};

/// Create a tenant.
pub static CREATE_TENANT: OperationSpec = OperationSpec {
    id: "create_tenant", group: "tenant", method: Method::POST,
    path: "/workspace/{workspace_id}/tenant",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Json], response: ResponseKind::Object,
};

/// Create a backup.
pub static CREATE_TENANT_BACKUP: OperationSpec = OperationSpec {
    id: "create_tenant_backup", group: "tenant", method: Method::POST,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/backup",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Json], response: ResponseKind::Json,
};

/// Create a tenant cluster.
pub static CREATE_TENANT_CLUSTER: OperationSpec = OperationSpec {
    id: "create_tenant_cluster", group: "tenant cluster", method: Method::POST,
    path: "/tenant/cluster",
    parameters: &[],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Json], response: ResponseKind::Object,
};

/// Create a snapshot.
pub static CREATE_TENANT_SNAPSHOT: OperationSpec = OperationSpec {
    id: "create_tenant_snapshot", group: "tenant", method: Method::POST,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/snapshot",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Json], response: ResponseKind::Json,
};

/// Create a tool.
pub static CREATE_TOOL: OperationSpec = OperationSpec {
    id: "create_tool", group: "tool", method: Method::POST,
    path: "/workspace/{workspace_id}/tool",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Create a unique index.
pub static CREATE_UNIQUE_INDEX: OperationSpec = OperationSpec {
    id: "create_unique_index", group: "table index", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/index/unique",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Create a vector index.
pub static CREATE_VECTOR_INDEX: OperationSpec = OperationSpec {
    id: "create_vector_index", group: "table index", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/index/vector",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Create a workflow test.
pub static CREATE_WORKFLOW_TEST: OperationSpec = OperationSpec {
    id: "create_workflow_test", group: "workflow test", method: Method::POST,
    path: "/workspace/{workspace_id}/workflow_test",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[XanoScript, Json, Multipart], response: ResponseKind::Object,
};

/// Create a workspace.
pub static CREATE_WORKSPACE: OperationSpec = OperationSpec {
    id: "create_workspace", group: "workspace", method: Method::POST,
    path: "/workspace",
    parameters: &[],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Create a workspace trigger.
pub static CREATE_WORKSPACE_TRIGGER: OperationSpec = OperationSpec {
    id: "create_workspace_trigger", group: "workspace trigger", method: Method::POST,
    path: "/workspace/{workspace_id}/trigger",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Delete an addon.
pub static DELETE_ADDON: OperationSpec = OperationSpec {
    id: "delete_addon", group: "addon", method: Method::DELETE,
    path: "/workspace/{workspace_id}/addon/{addon_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("addon_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete an agent.
pub static DELETE_AGENT: OperationSpec = OperationSpec {
    id: "delete_agent", group: "agent", method: Method::DELETE,
    path: "/workspace/{workspace_id}/agent/{agent_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("agent_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete an agent trigger.
pub static DELETE_AGENT_TRIGGER: OperationSpec = OperationSpec {
    id: "delete_agent_trigger", group: "agent trigger", method: Method::DELETE,
    path: "/workspace/{workspace_id}/agent/trigger/{trigger_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete an endpoint.
pub static DELETE_API: OperationSpec = OperationSpec {
    id: "delete_api", group: "api", method: Method::DELETE,
    path: "/workspace/{workspace_id}/apigroup/{apigroup_id}/api/{api_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("apigroup_id", Integer), Parameter::path("api_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete an API group with its endpoints.
pub static DELETE_API_GROUP: OperationSpec = OperationSpec {
    id: "delete_api_group", group: "api group", method: Method::DELETE,
    path: "/workspace/{workspace_id}/apigroup/{apigroup_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("apigroup_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a branch.
pub static DELETE_BRANCH: OperationSpec = OperationSpec {
    id: "delete_branch", group: "branch", method: Method::DELETE,
    path: "/workspace/{workspace_id}/branch/{branch_label}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("branch_label", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch_label"), data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete every matching record.
pub static DELETE_CONTENT_BY_SEARCH: OperationSpec = OperationSpec {
    id: "delete_content_by_search", group: "table content", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/content/search/delete",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer), Parameter::header("x-data-source", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: Some("x-data-source"),
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Delete a data source.
pub static DELETE_DATASOURCE: OperationSpec = OperationSpec {
    id: "delete_datasource", group: "datasource", method: Method::DELETE,
    path: "/workspace/{workspace_id}/datasource/{label}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("label", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a file.
pub static DELETE_FILE: OperationSpec = OperationSpec {
    id: "delete_file", group: "file", method: Method::DELETE,
    path: "/workspace/{workspace_id}/file/{file_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("file_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a function.
pub static DELETE_FUNCTION: OperationSpec = OperationSpec {
    id: "delete_function", group: "function", method: Method::DELETE,
    path: "/workspace/{workspace_id}/function/{function_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("function_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete an index.
pub static DELETE_INDEX: OperationSpec = OperationSpec {
    id: "delete_index", group: "table index", method: Method::DELETE,
    path: "/workspace/{workspace_id}/table/{table_id}/index/{index_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer), Parameter::path("index_id", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a mcp server.
pub static DELETE_MCP_SERVER: OperationSpec = OperationSpec {
    id: "delete_mcp_server", group: "mcp server", method: Method::DELETE,
    path: "/workspace/{workspace_id}/mcp_server/{mcp_server_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("mcp_server_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a mcp server trigger.
pub static DELETE_MCP_SERVER_TRIGGER: OperationSpec = OperationSpec {
    id: "delete_mcp_server_trigger", group: "mcp server trigger", method: Method::DELETE,
    path: "/workspace/{workspace_id}/mcp_server/trigger/{trigger_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a middleware.
pub static DELETE_MIDDLEWARE: OperationSpec = OperationSpec {
    id: "delete_middleware", group: "middleware", method: Method::DELETE,
    path: "/workspace/{workspace_id}/middleware/{middleware_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("middleware_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a realtime channel.
pub static DELETE_REALTIME_CHANNEL: OperationSpec = OperationSpec {
    id: "delete_realtime_channel", group: "realtime", method: Method::DELETE,
    path: "/workspace/{workspace_id}/realtime/channel/{channel_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("channel_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a realtime trigger.
pub static DELETE_REALTIME_TRIGGER: OperationSpec = OperationSpec {
    id: "delete_realtime_trigger", group: "realtime trigger", method: Method::DELETE,
    path: "/workspace/{workspace_id}/realtime/channel/trigger/{trigger_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a record.
pub static DELETE_RECORD: OperationSpec = OperationSpec {
    id: "delete_record", group: "table content", method: Method::DELETE,
    path: "/workspace/{workspace_id}/table/{table_id}/content/{content_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer), Parameter::path("content_id", Text), Parameter::header("x-data-source", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: Some("x-data-source"),
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a release.
pub static DELETE_RELEASE: OperationSpec = OperationSpec {
    id: "delete_release", group: "release", method: Method::DELETE,
    path: "/workspace/{workspace_id}/release/{release_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("release_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete the sandbox.
pub static DELETE_SANDBOX: OperationSpec = OperationSpec {
    id: "delete_sandbox", group: "sandbox", method: Method::DELETE,
    path: "/sandbox/me",
    parameters: &[],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete one environment variable.
pub static DELETE_SANDBOX_ENV: OperationSpec = OperationSpec {
    id: "delete_sandbox_env", group: "sandbox", method: Method::DELETE,
    path: "/sandbox/env/{env_name}",
    parameters: &[Parameter::path("env_name", Text)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete an install token.
pub static DELETE_SNIPPET_TOKEN: OperationSpec = OperationSpec {
    id: "delete_snippet_token", group: "snippet", method: Method::DELETE,
    path: "/snippet/{canonical}/token/{token}",
    parameters: &[Parameter::path("canonical", Text), Parameter::path("token", Text)],
    address: Account, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a build.
pub static DELETE_STATIC_HOST_BUILD: OperationSpec = OperationSpec {
    id: "delete_static_host_build", group: "static host", method: Method::DELETE,
    path: "/workspace/{workspace_id}/static_host/{static_host}/build/{build_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("static_host", Text), Parameter::path("build_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a table and its rows.
pub static DELETE_TABLE: OperationSpec = OperationSpec {
    id: "delete_table", group: "table", method: Method::DELETE,
    path: "/workspace/{workspace_id}/table/{table_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Drop one column.
pub static DELETE_TABLE_COLUMN: OperationSpec = OperationSpec {
    id: "delete_table_column", group: "table schema", method: Method::DELETE,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/{schema_name}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer), Parameter::path("schema_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a table trigger.
pub static DELETE_TABLE_TRIGGER: OperationSpec = OperationSpec {
    id: "delete_table_trigger", group: "table trigger", method: Method::DELETE,
    path: "/workspace/{workspace_id}/table/trigger/{trigger_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a task.
pub static DELETE_TASK: OperationSpec = OperationSpec {
    id: "delete_task", group: "task", method: Method::DELETE,
    path: "/workspace/{workspace_id}/task/{task_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("task_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a tenant.
pub static DELETE_TENANT: OperationSpec = OperationSpec {
    id: "delete_tenant", group: "tenant", method: Method::DELETE,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a backup.
pub static DELETE_TENANT_BACKUP: OperationSpec = OperationSpec {
    id: "delete_tenant_backup", group: "tenant", method: Method::DELETE,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/backup/{backup_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text), Parameter::path("backup_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a tenant cluster.
pub static DELETE_TENANT_CLUSTER: OperationSpec = OperationSpec {
    id: "delete_tenant_cluster", group: "tenant cluster", method: Method::DELETE,
    path: "/tenant/cluster/{cluster_id}",
    parameters: &[Parameter::path("cluster_id", Integer)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete one environment variable.
pub static DELETE_TENANT_ENV: OperationSpec = OperationSpec {
    id: "delete_tenant_env", group: "tenant", method: Method::DELETE,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/env/{env_name}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text), Parameter::path("env_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a snapshot.
pub static DELETE_TENANT_SNAPSHOT: OperationSpec = OperationSpec {
    id: "delete_tenant_snapshot", group: "tenant", method: Method::DELETE,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/snapshot",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text), Parameter::query("snapshot", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a tool.
pub static DELETE_TOOL: OperationSpec = OperationSpec {
    id: "delete_tool", group: "tool", method: Method::DELETE,
    path: "/workspace/{workspace_id}/tool/{tool_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tool_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a workflow test.
pub static DELETE_WORKFLOW_TEST: OperationSpec = OperationSpec {
    id: "delete_workflow_test", group: "workflow test", method: Method::DELETE,
    path: "/workspace/{workspace_id}/workflow_test/{workflow_test_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("workflow_test_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a workspace.
pub static DELETE_WORKSPACE: OperationSpec = OperationSpec {
    id: "delete_workspace", group: "workspace", method: Method::DELETE,
    path: "/workspace/{workspace_id}",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Delete a workspace trigger.
pub static DELETE_WORKSPACE_TRIGGER: OperationSpec = OperationSpec {
    id: "delete_workspace_trigger", group: "workspace trigger", method: Method::DELETE,
    path: "/workspace/{workspace_id}/trigger/{trigger_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Deploy a release to the workspace.
pub static DEPLOY_RELEASE: OperationSpec = OperationSpec {
    id: "deploy_release", group: "release", method: Method::POST,
    path: "/workspace/{workspace_id}/release/{release_name}/deploy",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("release_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Deploy, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Json], response: ResponseKind::Object,
};

/// Move the tenant to a platform version.
pub static DEPLOY_TENANT_PLATFORM: OperationSpec = OperationSpec {
    id: "deploy_tenant_platform", group: "tenant", method: Method::POST,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/platform/deploy",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Deploy, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Json], response: ResponseKind::Object,
};

/// Deploy a release to the tenant.
pub static DEPLOY_TENANT_RELEASE: OperationSpec = OperationSpec {
    id: "deploy_tenant_release", group: "tenant", method: Method::POST,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/deploy",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Deploy, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Json], response: ResponseKind::Object,
};

/// Preview a push.
pub static DRY_RUN_MULTIDOC: OperationSpec = OperationSpec {
    id: "dry_run_multidoc", group: "multidoc", method: Method::POST,
    path: "/workspace/{workspace_id}/multidoc/dry-run",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("delete", Boolean), Parameter::query("env", Boolean), Parameter::query("records", Boolean), Parameter::query("transaction", Boolean), Parameter::query("truncate", Boolean), Parameter::query("partial", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[XanoScript], response: ResponseKind::Json,
};

/// Preview a sandbox push.
pub static DRY_RUN_SANDBOX: OperationSpec = OperationSpec {
    id: "dry_run_sandbox", group: "sandbox", method: Method::POST,
    path: "/sandbox/multidoc/dry-run",
    parameters: &[Parameter::query("delete", Boolean), Parameter::query("env", Boolean), Parameter::query("records", Boolean), Parameter::query("transaction", Boolean), Parameter::query("truncate", Boolean), Parameter::query("partial", Boolean), Parameter::query("source_workspace_id", Integer)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[XanoScript], response: ResponseKind::Json,
};

/// Get a download link for a release.
pub static EXPORT_RELEASE: OperationSpec = OperationSpec {
    id: "export_release", group: "release", method: Method::GET,
    path: "/workspace/{workspace_id}/release/{release_id}/export",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("release_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Json,
};

/// Get a download link for a backup.
pub static EXPORT_TENANT_BACKUP: OperationSpec = OperationSpec {
    id: "export_tenant_backup", group: "tenant", method: Method::GET,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/backup/{backup_id}/export",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text), Parameter::path("backup_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Json,
};

/// Export one branch with its data.
pub static EXPORT_WORKSPACE: OperationSpec = OperationSpec {
    id: "export_workspace", group: "workspace", method: Method::POST,
    path: "/workspace/{workspace_id}/export",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Json, Multipart], response: ResponseKind::Bytes,
};

/// Export table and branch schema.
pub static EXPORT_WORKSPACE_SCHEMA: OperationSpec = OperationSpec {
    id: "export_workspace_schema", group: "workspace", method: Method::POST,
    path: "/workspace/{workspace_id}/export-schema",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Json, Multipart], response: ResponseKind::Bytes,
};

/// Get an addon.
pub static GET_ADDON: OperationSpec = OperationSpec {
    id: "get_addon", group: "addon", method: Method::GET,
    path: "/workspace/{workspace_id}/addon/{addon_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("addon_id", Integer), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get an agent.
pub static GET_AGENT: OperationSpec = OperationSpec {
    id: "get_agent", group: "agent", method: Method::GET,
    path: "/workspace/{workspace_id}/agent/{agent_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("agent_id", Integer), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get an agent trigger.
pub static GET_AGENT_TRIGGER: OperationSpec = OperationSpec {
    id: "get_agent_trigger", group: "agent trigger", method: Method::GET,
    path: "/workspace/{workspace_id}/agent/trigger/{trigger_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get an endpoint.
pub static GET_API: OperationSpec = OperationSpec {
    id: "get_api", group: "api", method: Method::GET,
    path: "/workspace/{workspace_id}/apigroup/{apigroup_id}/api/{api_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("apigroup_id", Integer), Parameter::path("api_id", Integer), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get an API group.
pub static GET_API_GROUP: OperationSpec = OperationSpec {
    id: "get_api_group", group: "api group", method: Method::GET,
    path: "/workspace/{workspace_id}/apigroup/{apigroup_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("apigroup_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// OpenAPI document of one group.
pub static GET_API_GROUP_OPENAPI: OperationSpec = OperationSpec {
    id: "get_api_group_openapi", group: "api group", method: Method::GET,
    path: "/workspace/{workspace_id}/apigroup/{apigroup_id}/openapi",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("apigroup_id", Integer), Parameter::query("branch", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// OpenAPI document of one endpoint.
pub static GET_API_OPENAPI: OperationSpec = OperationSpec {
    id: "get_api_openapi", group: "api", method: Method::GET,
    path: "/workspace/{workspace_id}/apigroup/{apigroup_id}/api/{api_id}/openapi",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("apigroup_id", Integer), Parameter::path("api_id", Integer), Parameter::query("branch", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get a branch.
pub static GET_BRANCH: OperationSpec = OperationSpec {
    id: "get_branch", group: "branch", method: Method::GET,
    path: "/workspace/{workspace_id}/branch/{branch_label}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("branch_label", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch_label"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get file details.
pub static GET_FILE: OperationSpec = OperationSpec {
    id: "get_file", group: "file", method: Method::GET,
    path: "/workspace/{workspace_id}/file/{file_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("file_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get a function.
pub static GET_FUNCTION: OperationSpec = OperationSpec {
    id: "get_function", group: "function", method: Method::GET,
    path: "/workspace/{workspace_id}/function/{function_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("function_id", Integer), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get one instance by name.
pub static GET_INSTANCE: OperationSpec = OperationSpec {
    id: "get_instance", group: "account", method: Method::GET,
    path: "/instance/{name}",
    parameters: &[Parameter::path("name", Text)],
    address: Account, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Read one file of a knowledge item.
pub static GET_KNOWLEDGE_FILE: OperationSpec = OperationSpec {
    id: "get_knowledge_file", group: "knowledge", method: Method::GET,
    path: "/workspace/{workspace_id}/knowledge/{knowledge_id}/file",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("knowledge_id", Integer), Parameter::required_query("path", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Json,
};

/// XanoScript guide served by the instance.
pub static GET_MCP_DOCUMENTATION: OperationSpec = OperationSpec {
    id: "get_mcp_documentation", group: "mcp server", method: Method::GET,
    path: "/mcp_server/documentation",
    parameters: &[Parameter::query("type", Text)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Json,
};

/// Get a mcp server.
pub static GET_MCP_SERVER: OperationSpec = OperationSpec {
    id: "get_mcp_server", group: "mcp server", method: Method::GET,
    path: "/workspace/{workspace_id}/mcp_server/{mcp_server_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("mcp_server_id", Integer), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get a mcp server trigger.
pub static GET_MCP_SERVER_TRIGGER: OperationSpec = OperationSpec {
    id: "get_mcp_server_trigger", group: "mcp server trigger", method: Method::GET,
    path: "/workspace/{workspace_id}/mcp_server/trigger/{trigger_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get a middleware.
pub static GET_MIDDLEWARE: OperationSpec = OperationSpec {
    id: "get_middleware", group: "middleware", method: Method::GET,
    path: "/workspace/{workspace_id}/middleware/{middleware_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("middleware_id", Integer), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get a platform version.
pub static GET_PLATFORM: OperationSpec = OperationSpec {
    id: "get_platform", group: "platform", method: Method::GET,
    path: "/platform/{platform_id}",
    parameters: &[Parameter::path("platform_id", Integer)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Realtime settings (legacy realtime).
pub static GET_REALTIME: OperationSpec = OperationSpec {
    id: "get_realtime", group: "realtime", method: Method::GET,
    path: "/workspace/{workspace_id}/realtime",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get a realtime channel.
pub static GET_REALTIME_CHANNEL: OperationSpec = OperationSpec {
    id: "get_realtime_channel", group: "realtime", method: Method::GET,
    path: "/workspace/{workspace_id}/realtime/channel/{channel_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("channel_id", Integer), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get a realtime trigger.
pub static GET_REALTIME_TRIGGER: OperationSpec = OperationSpec {
    id: "get_realtime_trigger", group: "realtime trigger", method: Method::GET,
    path: "/workspace/{workspace_id}/realtime/channel/trigger/{trigger_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get a record.
pub static GET_RECORD: OperationSpec = OperationSpec {
    id: "get_record", group: "table content", method: Method::GET,
    path: "/workspace/{workspace_id}/table/{table_id}/content/{content_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer), Parameter::path("content_id", Text), Parameter::header("x-data-source", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: Some("x-data-source"),
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get a release.
pub static GET_RELEASE: OperationSpec = OperationSpec {
    id: "get_release", group: "release", method: Method::GET,
    path: "/workspace/{workspace_id}/release/{release_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("release_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// The caller’s sandbox tenant.
pub static GET_SANDBOX: OperationSpec = OperationSpec {
    id: "get_sandbox", group: "sandbox", method: Method::GET,
    path: "/sandbox/me",
    parameters: &[],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Object,
};

/// Read one environment variable.
pub static GET_SANDBOX_ENV: OperationSpec = OperationSpec {
    id: "get_sandbox_env", group: "sandbox", method: Method::GET,
    path: "/sandbox/env/{env_name}",
    parameters: &[Parameter::path("env_name", Text)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Json,
};

/// Read every environment variable.
pub static GET_SANDBOX_ENV_ALL: OperationSpec = OperationSpec {
    id: "get_sandbox_env_all", group: "sandbox", method: Method::GET,
    path: "/sandbox/env_all",
    parameters: &[],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Json,
};

/// Read the sandbox license.
pub static GET_SANDBOX_LICENSE: OperationSpec = OperationSpec {
    id: "get_sandbox_license", group: "sandbox", method: Method::GET,
    path: "/sandbox/license",
    parameters: &[],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Json,
};

/// Get a snippet.
pub static GET_SNIPPET: OperationSpec = OperationSpec {
    id: "get_snippet", group: "snippet", method: Method::GET,
    path: "/snippet/{canonical}",
    parameters: &[Parameter::path("canonical", Text)],
    address: Account, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get a static host.
pub static GET_STATIC_HOST: OperationSpec = OperationSpec {
    id: "get_static_host", group: "static host", method: Method::GET,
    path: "/workspace/{workspace_id}/static_host/{static_host}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("static_host", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get a build.
pub static GET_STATIC_HOST_BUILD: OperationSpec = OperationSpec {
    id: "get_static_host_build", group: "static host", method: Method::GET,
    path: "/workspace/{workspace_id}/static_host/{static_host}/build/{build_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("static_host", Text), Parameter::path("build_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get a table.
pub static GET_TABLE: OperationSpec = OperationSpec {
    id: "get_table", group: "table", method: Method::GET,
    path: "/workspace/{workspace_id}/table/{table_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get one column.
pub static GET_TABLE_COLUMN: OperationSpec = OperationSpec {
    id: "get_table_column", group: "table schema", method: Method::GET,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/{schema_name}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer), Parameter::path("schema_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get all columns.
pub static GET_TABLE_SCHEMA: OperationSpec = OperationSpec {
    id: "get_table_schema", group: "table schema", method: Method::GET,
    path: "/workspace/{workspace_id}/table/{table_id}/schema",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Array,
};

/// Get a table trigger.
pub static GET_TABLE_TRIGGER: OperationSpec = OperationSpec {
    id: "get_table_trigger", group: "table trigger", method: Method::GET,
    path: "/workspace/{workspace_id}/table/trigger/{trigger_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get a task.
pub static GET_TASK: OperationSpec = OperationSpec {
    id: "get_task", group: "task", method: Method::GET,
    path: "/workspace/{workspace_id}/task/{task_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("task_id", Integer), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get a tenant.
pub static GET_TENANT: OperationSpec = OperationSpec {
    id: "get_tenant", group: "tenant", method: Method::GET,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get a tenant cluster.
pub static GET_TENANT_CLUSTER: OperationSpec = OperationSpec {
    id: "get_tenant_cluster", group: "tenant cluster", method: Method::GET,
    path: "/tenant/cluster/{cluster_id}",
    parameters: &[Parameter::path("cluster_id", Integer)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Read the cluster license.
pub static GET_TENANT_CLUSTER_LICENSE: OperationSpec = OperationSpec {
    id: "get_tenant_cluster_license", group: "tenant cluster", method: Method::GET,
    path: "/tenant/cluster/{cluster_id}/license",
    parameters: &[Parameter::path("cluster_id", Integer)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Json,
};

/// Read one environment variable.
pub static GET_TENANT_ENV: OperationSpec = OperationSpec {
    id: "get_tenant_env", group: "tenant", method: Method::GET,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/env/{env_name}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text), Parameter::path("env_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Json,
};

/// Read every environment variable.
pub static GET_TENANT_ENV_ALL: OperationSpec = OperationSpec {
    id: "get_tenant_env_all", group: "tenant", method: Method::GET,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/env_all",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Json,
};

/// Read the tenant license.
pub static GET_TENANT_LICENSE: OperationSpec = OperationSpec {
    id: "get_tenant_license", group: "tenant", method: Method::GET,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/license",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Json,
};

/// Get a tool.
pub static GET_TOOL: OperationSpec = OperationSpec {
    id: "get_tool", group: "tool", method: Method::GET,
    path: "/workspace/{workspace_id}/tool/{tool_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tool_id", Integer), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get a workflow test.
pub static GET_WORKFLOW_TEST: OperationSpec = OperationSpec {
    id: "get_workflow_test", group: "workflow test", method: Method::GET,
    path: "/workspace/{workspace_id}/workflow_test/{workflow_test_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("workflow_test_id", Integer), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get a workspace.
pub static GET_WORKSPACE: OperationSpec = OperationSpec {
    id: "get_workspace", group: "workspace", method: Method::GET,
    path: "/workspace/{workspace_id}",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Whole-workspace description for language models.
pub static GET_WORKSPACE_CONTEXT: OperationSpec = OperationSpec {
    id: "get_workspace_context", group: "workspace", method: Method::GET,
    path: "/workspace/{workspace_id}/context",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("format", Text), Parameter::query("include", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Text,
};

/// OpenAPI document of all API groups.
pub static GET_WORKSPACE_OPENAPI: OperationSpec = OperationSpec {
    id: "get_workspace_openapi", group: "workspace", method: Method::GET,
    path: "/workspace/{workspace_id}/openapi",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get a workspace trigger.
pub static GET_WORKSPACE_TRIGGER: OperationSpec = OperationSpec {
    id: "get_workspace_trigger", group: "workspace trigger", method: Method::GET,
    path: "/workspace/{workspace_id}/trigger/{trigger_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Get a login for the sandbox.
pub static IMPERSONATE_SANDBOX: OperationSpec = OperationSpec {
    id: "impersonate_sandbox", group: "sandbox", method: Method::GET,
    path: "/sandbox/impersonate",
    parameters: &[],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Json,
};

/// Get a login for the tenant.
pub static IMPERSONATE_TENANT: OperationSpec = OperationSpec {
    id: "impersonate_tenant", group: "tenant", method: Method::GET,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/impersonate",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Json,
};

/// Import a release archive.
pub static IMPORT_RELEASE: OperationSpec = OperationSpec {
    id: "import_release", group: "release", method: Method::POST,
    path: "/workspace/{workspace_id}/release/import",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Multipart], response: ResponseKind::Json,
};

/// Upload a backup.
pub static IMPORT_TENANT_BACKUP: OperationSpec = OperationSpec {
    id: "import_tenant_backup", group: "tenant", method: Method::POST,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/backup/import",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Multipart], response: ResponseKind::Json,
};

/// Replace the workspace from an archive.
pub static IMPORT_WORKSPACE: OperationSpec = OperationSpec {
    id: "import_workspace", group: "workspace", method: Method::POST,
    path: "/workspace/{workspace_id}/import",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Multipart], response: ResponseKind::Object,
};

/// Import a schema archive into a new branch.
pub static IMPORT_WORKSPACE_SCHEMA: OperationSpec = OperationSpec {
    id: "import_workspace_schema", group: "workspace", method: Method::POST,
    path: "/workspace/{workspace_id}/import-schema",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Deploy, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Multipart], response: ResponseKind::Nothing,
};

/// Read an endpoint with its script (old beta path).
pub static LEGACY_BETA_GET_API: OperationSpec = OperationSpec {
    id: "legacy_beta_get_api", group: "api", method: Method::GET,
    path: "/beta/workspace/{workspace_id}/apigroup/{apigroup_id}/api/{api_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("apigroup_id", Integer), Parameter::path("api_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// Write an endpoint script (old beta path).
pub static LEGACY_BETA_PUT_API: OperationSpec = OperationSpec {
    id: "legacy_beta_put_api", group: "api", method: Method::PUT,
    path: "/beta/workspace/{workspace_id}/apigroup/{apigroup_id}/api/{api_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("apigroup_id", Integer), Parameter::path("api_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json], response: ResponseKind::Object,
};

/// Per-object run log used by one third-party client.
pub static LEGACY_FUNCTION_REQUEST_HISTORY: OperationSpec = OperationSpec {
    id: "legacy_function_request_history", group: "request history", method: Method::GET,
    path: "/workspace/{workspace_id}/function/{function_id}/request_history",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("function_id", Integer), Parameter::query("branch", Text), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("include_output", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// Workspace-wide endpoint list used by one third-party client.
pub static LEGACY_LIST_ALL_APIS: OperationSpec = OperationSpec {
    id: "legacy_list_all_apis", group: "api", method: Method::GET,
    path: "/workspace/{workspace_id}/api",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// Per-object run log used by one third-party client.
pub static LEGACY_MIDDLEWARE_REQUEST_HISTORY: OperationSpec = OperationSpec {
    id: "legacy_middleware_request_history", group: "request history", method: Method::GET,
    path: "/workspace/{workspace_id}/middleware/{middleware_id}/request_history",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("middleware_id", Integer), Parameter::query("branch", Text), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("include_output", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// Per-trigger run log used by one third-party client.
pub static LEGACY_TABLE_TRIGGER_REQUEST_HISTORY: OperationSpec = OperationSpec {
    id: "legacy_table_trigger_request_history", group: "request history", method: Method::GET,
    path: "/workspace/{workspace_id}/table/trigger/{trigger_id}/request_history",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer), Parameter::query("branch", Text), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("include_output", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// Per-object run log used by one third-party client.
pub static LEGACY_TASK_REQUEST_HISTORY: OperationSpec = OperationSpec {
    id: "legacy_task_request_history", group: "request history", method: Method::GET,
    path: "/workspace/{workspace_id}/task/{task_id}/request_history",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("task_id", Integer), Parameter::query("branch", Text), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("include_output", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List addons.
pub static LIST_ADDONS: OperationSpec = OperationSpec {
    id: "list_addons", group: "addon", method: Method::GET,
    path: "/workspace/{workspace_id}/addon",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("search", Text), Parameter::query("sort", Text), Parameter::query("order", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List agent triggers.
pub static LIST_AGENT_TRIGGERS: OperationSpec = OperationSpec {
    id: "list_agent_triggers", group: "agent trigger", method: Method::GET,
    path: "/workspace/{workspace_id}/agent/trigger",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("search", Text), Parameter::query("sort", Text), Parameter::query("order", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List agents.
pub static LIST_AGENTS: OperationSpec = OperationSpec {
    id: "list_agents", group: "agent", method: Method::GET,
    path: "/workspace/{workspace_id}/agent",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_xanoscript", Boolean), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("search", Text), Parameter::query("sort", Text), Parameter::query("order", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List API groups.
pub static LIST_API_GROUPS: OperationSpec = OperationSpec {
    id: "list_api_groups", group: "api group", method: Method::GET,
    path: "/workspace/{workspace_id}/apigroup",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("search", Text), Parameter::query("sort", Text), Parameter::query("order", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List endpoints of a group.
pub static LIST_APIS: OperationSpec = OperationSpec {
    id: "list_apis", group: "api", method: Method::GET,
    path: "/workspace/{workspace_id}/apigroup/{apigroup_id}/api",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("apigroup_id", Integer), Parameter::query("branch", Text), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("search", Text), Parameter::query("sort", Text), Parameter::query("order", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// Instance audit log.
pub static LIST_AUDIT_LOGS: OperationSpec = OperationSpec {
    id: "list_audit_logs", group: "audit logs", method: Method::GET,
    path: "/audit_log",
    parameters: &[Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("include_data", Boolean)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List branches.
pub static LIST_BRANCHES: OperationSpec = OperationSpec {
    id: "list_branches", group: "branch", method: Method::GET,
    path: "/workspace/{workspace_id}/branch",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Array,
};

/// List data sources.
pub static LIST_DATASOURCES: OperationSpec = OperationSpec {
    id: "list_datasources", group: "datasource", method: Method::GET,
    path: "/workspace/{workspace_id}/datasource",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Array,
};

/// List files.
pub static LIST_FILES: OperationSpec = OperationSpec {
    id: "list_files", group: "file", method: Method::GET,
    path: "/workspace/{workspace_id}/file",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("search", Text), Parameter::query("access", Text), Parameter::query("sort", Text), Parameter::query("order", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// Function run log.
pub static LIST_FUNCTION_HISTORY: OperationSpec = OperationSpec {
    id: "list_function_history", group: "request history", method: Method::GET,
    path: "/workspace/{workspace_id}/function_history",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("branch", Text), Parameter::query("function_id", Integer), Parameter::query("include_output", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List functions.
pub static LIST_FUNCTIONS: OperationSpec = OperationSpec {
    id: "list_functions", group: "function", method: Method::GET,
    path: "/workspace/{workspace_id}/function",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("search", Text), Parameter::query("sort", Text), Parameter::query("order", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List indexes.
pub static LIST_INDEXES: OperationSpec = OperationSpec {
    id: "list_indexes", group: "table index", method: Method::GET,
    path: "/workspace/{workspace_id}/table/{table_id}/index",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Array,
};

/// List the instances of the account.
pub static LIST_INSTANCES: OperationSpec = OperationSpec {
    id: "list_instances", group: "account", method: Method::GET,
    path: "/instance",
    parameters: &[],
    address: Account, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Array,
};

/// List knowledge items.
pub static LIST_KNOWLEDGE: OperationSpec = OperationSpec {
    id: "list_knowledge", group: "knowledge", method: Method::GET,
    path: "/workspace/{workspace_id}/knowledge",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("enabled_only", Boolean), Parameter::query("include_content", Boolean), Parameter::query("branch_id", Text), Parameter::query("type", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch_id"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List mcp server triggers.
pub static LIST_MCP_SERVER_TRIGGERS: OperationSpec = OperationSpec {
    id: "list_mcp_server_triggers", group: "mcp server trigger", method: Method::GET,
    path: "/workspace/{workspace_id}/mcp_server/trigger",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("search", Text), Parameter::query("sort", Text), Parameter::query("order", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List mcp servers.
pub static LIST_MCP_SERVERS: OperationSpec = OperationSpec {
    id: "list_mcp_servers", group: "mcp server", method: Method::GET,
    path: "/workspace/{workspace_id}/mcp_server",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_xanoscript", Boolean), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("search", Text), Parameter::query("sort", Text), Parameter::query("order", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// Middleware run log.
pub static LIST_MIDDLEWARE_HISTORY: OperationSpec = OperationSpec {
    id: "list_middleware_history", group: "request history", method: Method::GET,
    path: "/workspace/{workspace_id}/middleware_history",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("branch", Text), Parameter::query("middleware_id", Integer), Parameter::query("query_id", Integer), Parameter::query("function_id", Integer), Parameter::query("task_id", Integer), Parameter::query("include_output", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List middlewares.
pub static LIST_MIDDLEWARES: OperationSpec = OperationSpec {
    id: "list_middlewares", group: "middleware", method: Method::GET,
    path: "/workspace/{workspace_id}/middleware",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("search", Text), Parameter::query("sort", Text), Parameter::query("order", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List platform versions.
pub static LIST_PLATFORMS: OperationSpec = OperationSpec {
    id: "list_platforms", group: "platform", method: Method::GET,
    path: "/platform",
    parameters: &[Parameter::query("page", Integer), Parameter::query("per_page", Integer)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Array,
};

/// List realtime channels.
pub static LIST_REALTIME_CHANNELS: OperationSpec = OperationSpec {
    id: "list_realtime_channels", group: "realtime", method: Method::GET,
    path: "/workspace/{workspace_id}/realtime/channel",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("include_xanoscript", Boolean), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("search", Text), Parameter::query("sort", Text), Parameter::query("order", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List realtime triggers.
pub static LIST_REALTIME_TRIGGERS: OperationSpec = OperationSpec {
    id: "list_realtime_triggers", group: "realtime trigger", method: Method::GET,
    path: "/workspace/{workspace_id}/realtime/channel/trigger",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("search", Text), Parameter::query("sort", Text), Parameter::query("order", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List releases.
pub static LIST_RELEASES: OperationSpec = OperationSpec {
    id: "list_releases", group: "release", method: Method::GET,
    path: "/workspace/{workspace_id}/release",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("page", Integer), Parameter::query("per_page", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Array,
};

/// API request log.
pub static LIST_REQUEST_HISTORY: OperationSpec = OperationSpec {
    id: "list_request_history", group: "request history", method: Method::GET,
    path: "/workspace/{workspace_id}/request_history",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("branch", Text), Parameter::query("apigroup_id", Integer), Parameter::query("query_id", Integer), Parameter::query("include_output", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List environment variables.
pub static LIST_SANDBOX_ENV_KEYS: OperationSpec = OperationSpec {
    id: "list_sandbox_env_keys", group: "sandbox", method: Method::GET,
    path: "/sandbox/env_key",
    parameters: &[],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// List sandbox unit tests.
pub static LIST_SANDBOX_UNIT_TESTS: OperationSpec = OperationSpec {
    id: "list_sandbox_unit_tests", group: "sandbox", method: Method::GET,
    path: "/sandbox/unit_test",
    parameters: &[Parameter::query("page", Integer), Parameter::query("per_page", Integer)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List sandbox workflow tests.
pub static LIST_SANDBOX_WORKFLOW_TESTS: OperationSpec = OperationSpec {
    id: "list_sandbox_workflow_tests", group: "sandbox", method: Method::GET,
    path: "/sandbox/workflow_test",
    parameters: &[Parameter::query("page", Integer), Parameter::query("per_page", Integer)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List install tokens.
pub static LIST_SNIPPET_TOKENS: OperationSpec = OperationSpec {
    id: "list_snippet_tokens", group: "snippet", method: Method::GET,
    path: "/snippet/{canonical}/token",
    parameters: &[Parameter::path("canonical", Text)],
    address: Account, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Array,
};

/// List own snippets.
pub static LIST_SNIPPETS: OperationSpec = OperationSpec {
    id: "list_snippets", group: "snippet", method: Method::GET,
    path: "/snippet",
    parameters: &[Parameter::query("page", Integer)],
    address: Account, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List builds.
pub static LIST_STATIC_HOST_BUILDS: OperationSpec = OperationSpec {
    id: "list_static_host_builds", group: "static host", method: Method::GET,
    path: "/workspace/{workspace_id}/static_host/{static_host}/build",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("static_host", Text), Parameter::query("page", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List static hosts.
pub static LIST_STATIC_HOSTS: OperationSpec = OperationSpec {
    id: "list_static_hosts", group: "static host", method: Method::GET,
    path: "/workspace/{workspace_id}/static_host",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("page", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List table triggers.
pub static LIST_TABLE_TRIGGERS: OperationSpec = OperationSpec {
    id: "list_table_triggers", group: "table trigger", method: Method::GET,
    path: "/workspace/{workspace_id}/table/trigger",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("search", Text), Parameter::query("sort", Text), Parameter::query("order", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List tables.
pub static LIST_TABLES: OperationSpec = OperationSpec {
    id: "list_tables", group: "table", method: Method::GET,
    path: "/workspace/{workspace_id}/table",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("include_xanoscript", Boolean), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("search", Text), Parameter::query("sort", Text), Parameter::query("order", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// Task run log.
pub static LIST_TASK_HISTORY: OperationSpec = OperationSpec {
    id: "list_task_history", group: "request history", method: Method::GET,
    path: "/workspace/{workspace_id}/task_history",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("branch", Text), Parameter::query("task_id", Integer), Parameter::query("include_output", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List tasks.
pub static LIST_TASKS: OperationSpec = OperationSpec {
    id: "list_tasks", group: "task", method: Method::GET,
    path: "/workspace/{workspace_id}/task",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("search", Text), Parameter::query("sort", Text), Parameter::query("order", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List backups.
pub static LIST_TENANT_BACKUPS: OperationSpec = OperationSpec {
    id: "list_tenant_backups", group: "tenant", method: Method::GET,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/backup",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text), Parameter::query("page", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Array,
};

/// List tenant clusters.
pub static LIST_TENANT_CLUSTERS: OperationSpec = OperationSpec {
    id: "list_tenant_clusters", group: "tenant cluster", method: Method::GET,
    path: "/tenant/cluster",
    parameters: &[Parameter::query("page", Integer), Parameter::query("per_page", Integer)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Array,
};

/// List environment variables.
pub static LIST_TENANT_ENV_KEYS: OperationSpec = OperationSpec {
    id: "list_tenant_env_keys", group: "tenant", method: Method::GET,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/env_key",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Object,
};

/// List snapshots.
pub static LIST_TENANT_SNAPSHOTS: OperationSpec = OperationSpec {
    id: "list_tenant_snapshots", group: "tenant", method: Method::GET,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/snapshot",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Json,
};

/// List unit tests of a tenant.
pub static LIST_TENANT_UNIT_TESTS: OperationSpec = OperationSpec {
    id: "list_tenant_unit_tests", group: "tenant", method: Method::GET,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/unit_test",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text), Parameter::query("page", Integer), Parameter::query("per_page", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List workflow tests of a tenant.
pub static LIST_TENANT_WORKFLOW_TESTS: OperationSpec = OperationSpec {
    id: "list_tenant_workflow_tests", group: "tenant", method: Method::GET,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/workflow_test",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text), Parameter::query("page", Integer), Parameter::query("per_page", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List tenants.
pub static LIST_TENANTS: OperationSpec = OperationSpec {
    id: "list_tenants", group: "tenant", method: Method::GET,
    path: "/workspace/{workspace_id}/tenant",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("page", Integer), Parameter::query("per_page", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::Array,
};

/// Tool run log.
pub static LIST_TOOL_HISTORY: OperationSpec = OperationSpec {
    id: "list_tool_history", group: "request history", method: Method::GET,
    path: "/workspace/{workspace_id}/tool_history",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("branch", Text), Parameter::query("tool_id", Integer), Parameter::query("include_output", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List tools.
pub static LIST_TOOLS: OperationSpec = OperationSpec {
    id: "list_tools", group: "tool", method: Method::GET,
    path: "/workspace/{workspace_id}/tool",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("search", Text), Parameter::query("sort", Text), Parameter::query("order", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// Trigger run log.
pub static LIST_TRIGGER_HISTORY: OperationSpec = OperationSpec {
    id: "list_trigger_history", group: "request history", method: Method::GET,
    path: "/workspace/{workspace_id}/trigger_history",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("trigger_id", Integer), Parameter::query("include_output", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List unit tests.
pub static LIST_UNIT_TESTS: OperationSpec = OperationSpec {
    id: "list_unit_tests", group: "unit test", method: Method::GET,
    path: "/workspace/{workspace_id}/unit_test",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("branch", Text), Parameter::query("obj_type", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List workflow tests.
pub static LIST_WORKFLOW_TESTS: OperationSpec = OperationSpec {
    id: "list_workflow_tests", group: "workflow test", method: Method::GET,
    path: "/workspace/{workspace_id}/workflow_test",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("search", Text), Parameter::query("sort", Text), Parameter::query("order", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// Workspace audit log.
pub static LIST_WORKSPACE_AUDIT_LOGS: OperationSpec = OperationSpec {
    id: "list_workspace_audit_logs", group: "audit logs", method: Method::GET,
    path: "/workspace/{workspace_id}/audit_log",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("include_data", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List workspace triggers.
pub static LIST_WORKSPACE_TRIGGERS: OperationSpec = OperationSpec {
    id: "list_workspace_triggers", group: "workspace trigger", method: Method::GET,
    path: "/workspace/{workspace_id}/trigger",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("include_draft", Boolean), Parameter::query("include_xanoscript", Boolean), Parameter::query("page", Integer), Parameter::query("per_page", Integer), Parameter::query("search", Text), Parameter::query("sort", Text), Parameter::query("order", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// List workspaces the token can see.
pub static LIST_WORKSPACES: OperationSpec = OperationSpec {
    id: "list_workspaces", group: "workspace", method: Method::GET,
    path: "/workspace",
    parameters: &[],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[], response: ResponseKind::List,
};

/// Move a host to the current hosting backend.
pub static MIGRATE_STATIC_HOST: OperationSpec = OperationSpec {
    id: "migrate_static_host", group: "static host", method: Method::POST,
    path: "/workspace/{workspace_id}/static_host/{static_host}/migrate",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("static_host", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Deploy, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Json], response: ResponseKind::Json,
};

/// Update every matching record.
pub static PATCH_CONTENT_BY_SEARCH: OperationSpec = OperationSpec {
    id: "patch_content_by_search", group: "table content", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/content/search/patch",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer), Parameter::header("x-data-source", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: Some("x-data-source"),
    effect: Effect::Write, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Knowledge with content, for sync.
pub static PULL_KNOWLEDGE: OperationSpec = OperationSpec {
    id: "pull_knowledge", group: "knowledge", method: Method::GET,
    path: "/workspace/{workspace_id}/knowledge/sync",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Json,
};

/// All XanoScript of a branch as one text.
pub static PULL_MULTIDOC: OperationSpec = OperationSpec {
    id: "pull_multidoc", group: "multidoc", method: Method::GET,
    path: "/workspace/{workspace_id}/multidoc",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("env", Boolean), Parameter::query("include_draft", Boolean), Parameter::query("records", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Text,
};

/// XanoScript of a release.
pub static PULL_RELEASE: OperationSpec = OperationSpec {
    id: "pull_release", group: "release", method: Method::GET,
    path: "/workspace/{workspace_id}/release/{release_id}/multidoc",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("release_id", Integer), Parameter::query("env", Boolean), Parameter::query("records", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Text,
};

/// XanoScript of the sandbox.
pub static PULL_SANDBOX: OperationSpec = OperationSpec {
    id: "pull_sandbox", group: "sandbox", method: Method::GET,
    path: "/sandbox/multidoc",
    parameters: &[Parameter::query("env", Boolean), Parameter::query("include_draft", Boolean), Parameter::query("records", Boolean)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Text,
};

/// Knowledge of the sandbox.
pub static PULL_SANDBOX_KNOWLEDGE: OperationSpec = OperationSpec {
    id: "pull_sandbox_knowledge", group: "sandbox", method: Method::GET,
    path: "/sandbox/knowledge/sync",
    parameters: &[],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Json,
};

/// Download build sources.
pub static PULL_STATIC_HOST_BUILD: OperationSpec = OperationSpec {
    id: "pull_static_host_build", group: "static host", method: Method::GET,
    path: "/workspace/{workspace_id}/static_host/{static_host}/build/{build_id}/multidoc",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("static_host", Text), Parameter::path("build_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Text,
};

/// XanoScript of the tenant.
pub static PULL_TENANT: OperationSpec = OperationSpec {
    id: "pull_tenant", group: "tenant", method: Method::GET,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/multidoc",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text), Parameter::query("env", Boolean), Parameter::query("include_draft", Boolean), Parameter::query("records", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Text,
};

/// Push knowledge items.
pub static PUSH_KNOWLEDGE: OperationSpec = OperationSpec {
    id: "push_knowledge", group: "knowledge", method: Method::POST,
    path: "/workspace/{workspace_id}/knowledge/sync",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Json], response: ResponseKind::Json,
};

/// Push XanoScript documents.
pub static PUSH_MULTIDOC: OperationSpec = OperationSpec {
    id: "push_multidoc", group: "multidoc", method: Method::POST,
    path: "/workspace/{workspace_id}/multidoc",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::query("branch", Text), Parameter::query("delete", Boolean), Parameter::query("env", Boolean), Parameter::query("records", Boolean), Parameter::query("transaction", Boolean), Parameter::query("truncate", Boolean), Parameter::query("partial", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch"), data_source: None,
    effect: Effect::Delete, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[XanoScript], response: ResponseKind::Json,
};

/// Create a release from XanoScript.
pub static PUSH_RELEASE: OperationSpec = OperationSpec {
    id: "push_release", group: "release", method: Method::POST,
    path: "/workspace/{workspace_id}/release/multidoc",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::required_query("name", Text), Parameter::query("description", Text), Parameter::query("hotfix", Boolean), Parameter::query("env", Boolean), Parameter::query("records", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Push XanoScript to the sandbox.
pub static PUSH_SANDBOX: OperationSpec = OperationSpec {
    id: "push_sandbox", group: "sandbox", method: Method::POST,
    path: "/sandbox/multidoc",
    parameters: &[Parameter::query("delete", Boolean), Parameter::query("env", Boolean), Parameter::query("records", Boolean), Parameter::query("transaction", Boolean), Parameter::query("truncate", Boolean), Parameter::query("partial", Boolean), Parameter::query("source_workspace_id", Integer)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[XanoScript], response: ResponseKind::Json,
};

/// Push knowledge to the sandbox.
pub static PUSH_SANDBOX_KNOWLEDGE: OperationSpec = OperationSpec {
    id: "push_sandbox_knowledge", group: "sandbox", method: Method::POST,
    path: "/sandbox/knowledge/sync",
    parameters: &[],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Json], response: ResponseKind::Json,
};

/// Rename a column.
pub static RENAME_TABLE_COLUMN: OperationSpec = OperationSpec {
    id: "rename_table_column", group: "table schema", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/schema/rename",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: false, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Nothing,
};

/// Replace all indexes.
pub static REPLACE_INDEXES: OperationSpec = OperationSpec {
    id: "replace_indexes", group: "table index", method: Method::PUT,
    path: "/workspace/{workspace_id}/table/{table_id}/index",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Json,
};

/// Replace all columns.
pub static REPLACE_TABLE_SCHEMA: OperationSpec = OperationSpec {
    id: "replace_table_schema", group: "table schema", method: Method::PUT,
    path: "/workspace/{workspace_id}/table/{table_id}/schema",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Nothing,
};

/// Empty the sandbox.
pub static RESET_SANDBOX: OperationSpec = OperationSpec {
    id: "reset_sandbox", group: "sandbox", method: Method::POST,
    path: "/sandbox/reset",
    parameters: &[],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Nothing,
};

/// Restore a backup.
pub static RESTORE_TENANT_BACKUP: OperationSpec = OperationSpec {
    id: "restore_tenant_backup", group: "tenant", method: Method::POST,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/restore",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Delete, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Json], response: ResponseKind::Object,
};

/// Run a function by name.
pub static RUN_FUNCTION: OperationSpec = OperationSpec {
    id: "run_function", group: "function", method: Method::POST,
    path: "/workspace/{workspace_id}/function/run",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Run, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Json], response: ResponseKind::Object,
};

/// Run a sandbox unit test.
pub static RUN_SANDBOX_UNIT_TEST: OperationSpec = OperationSpec {
    id: "run_sandbox_unit_test", group: "sandbox", method: Method::POST,
    path: "/sandbox/unit_test/{unit_test_id}/run",
    parameters: &[Parameter::path("unit_test_id", Text)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Run, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Object,
};

/// Run a sandbox workflow test.
pub static RUN_SANDBOX_WORKFLOW_TEST: OperationSpec = OperationSpec {
    id: "run_sandbox_workflow_test", group: "sandbox", method: Method::POST,
    path: "/sandbox/workflow_test/{workflow_test_id}/run",
    parameters: &[Parameter::path("workflow_test_id", Integer)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Run, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Object,
};

/// Run a unit test in a tenant.
pub static RUN_TENANT_UNIT_TEST: OperationSpec = OperationSpec {
    id: "run_tenant_unit_test", group: "tenant", method: Method::POST,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/unit_test/{unit_test_id}/run",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text), Parameter::path("unit_test_id", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Run, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Object,
};

/// Run a workflow test in a tenant.
pub static RUN_TENANT_WORKFLOW_TEST: OperationSpec = OperationSpec {
    id: "run_tenant_workflow_test", group: "tenant", method: Method::POST,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/workflow_test/{workflow_test_id}/run",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text), Parameter::path("workflow_test_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Run, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Object,
};

/// Run a unit test.
pub static RUN_UNIT_TEST: OperationSpec = OperationSpec {
    id: "run_unit_test", group: "unit test", method: Method::POST,
    path: "/workspace/{workspace_id}/unit_test/{unit_test_id}/run",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("unit_test_id", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Run, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Json], response: ResponseKind::Object,
};

/// Run a workflow test.
pub static RUN_WORKFLOW_TEST: OperationSpec = OperationSpec {
    id: "run_workflow_test", group: "workflow test", method: Method::POST,
    path: "/workspace/{workspace_id}/workflow_test/{workflow_test_id}/run",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("workflow_test_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Run, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[], response: ResponseKind::Object,
};

/// Search the instance audit log.
pub static SEARCH_AUDIT_LOGS: OperationSpec = OperationSpec {
    id: "search_audit_logs", group: "audit logs", method: Method::POST,
    path: "/audit_log/search",
    parameters: &[],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[Json, Multipart], response: ResponseKind::List,
};

/// Search records.
pub static SEARCH_CONTENT: OperationSpec = OperationSpec {
    id: "search_content", group: "table content", method: Method::POST,
    path: "/workspace/{workspace_id}/table/{table_id}/content/search",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer), Parameter::header("x-data-source", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: Some("x-data-source"),
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[Json, Multipart], response: ResponseKind::List,
};

/// Search the function run log.
pub static SEARCH_FUNCTION_HISTORY: OperationSpec = OperationSpec {
    id: "search_function_history", group: "request history", method: Method::POST,
    path: "/workspace/{workspace_id}/function_history/search",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[Json, Multipart], response: ResponseKind::List,
};

/// Search the middleware run log.
pub static SEARCH_MIDDLEWARE_HISTORY: OperationSpec = OperationSpec {
    id: "search_middleware_history", group: "request history", method: Method::POST,
    path: "/workspace/{workspace_id}/middleware_history/search",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[Json, Multipart], response: ResponseKind::List,
};

/// Search the API request log.
pub static SEARCH_REQUEST_HISTORY: OperationSpec = OperationSpec {
    id: "search_request_history", group: "request history", method: Method::POST,
    path: "/workspace/{workspace_id}/request_history/search",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[Json, Multipart], response: ResponseKind::List,
};

/// Search the task run log.
pub static SEARCH_TASK_HISTORY: OperationSpec = OperationSpec {
    id: "search_task_history", group: "request history", method: Method::POST,
    path: "/workspace/{workspace_id}/task_history/search",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[Json, Multipart], response: ResponseKind::List,
};

/// Search the tool run log.
pub static SEARCH_TOOL_HISTORY: OperationSpec = OperationSpec {
    id: "search_tool_history", group: "request history", method: Method::POST,
    path: "/workspace/{workspace_id}/tool_history/search",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[Json, Multipart], response: ResponseKind::List,
};

/// Search the trigger run log.
pub static SEARCH_TRIGGER_HISTORY: OperationSpec = OperationSpec {
    id: "search_trigger_history", group: "request history", method: Method::POST,
    path: "/workspace/{workspace_id}/trigger_history/search",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[Json, Multipart], response: ResponseKind::List,
};

/// Search the workspace audit log.
pub static SEARCH_WORKSPACE_AUDIT_LOGS: OperationSpec = OperationSpec {
    id: "search_workspace_audit_logs", group: "audit logs", method: Method::POST,
    path: "/workspace/{workspace_id}/audit_log/search",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Read, idempotent: true, timeout: TimeoutClass::Read,
    bodies: &[Json, Multipart], response: ResponseKind::List,
};

/// Make a branch live.
pub static SET_LIVE_BRANCH: OperationSpec = OperationSpec {
    id: "set_live_branch", group: "branch", method: Method::POST,
    path: "/workspace/{workspace_id}/branch/{branch_label}/live",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("branch_label", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch_label"), data_source: None,
    effect: Effect::Deploy, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[], response: ResponseKind::Object,
};

/// Set one environment variable.
pub static SET_SANDBOX_ENV: OperationSpec = OperationSpec {
    id: "set_sandbox_env", group: "sandbox", method: Method::PATCH,
    path: "/sandbox/env/{env_name}",
    parameters: &[Parameter::path("env_name", Text)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json], response: ResponseKind::Json,
};

/// Replace every environment variable.
pub static SET_SANDBOX_ENV_ALL: OperationSpec = OperationSpec {
    id: "set_sandbox_env_all", group: "sandbox", method: Method::PUT,
    path: "/sandbox/env_all",
    parameters: &[],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json], response: ResponseKind::Json,
};

/// Set the sandbox license.
pub static SET_SANDBOX_LICENSE: OperationSpec = OperationSpec {
    id: "set_sandbox_license", group: "sandbox", method: Method::POST,
    path: "/sandbox/license",
    parameters: &[],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json], response: ResponseKind::Json,
};

/// Deploy a build to dev or prod.
pub static SET_STATIC_HOST_BUILD_ENV: OperationSpec = OperationSpec {
    id: "set_static_host_build_env", group: "static host", method: Method::POST,
    path: "/workspace/{workspace_id}/static_host/{static_host}/build/{build_id}/env",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("static_host", Text), Parameter::path("build_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Deploy, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[Json, Multipart], response: ResponseKind::Nothing,
};

/// Set the cluster license.
pub static SET_TENANT_CLUSTER_LICENSE: OperationSpec = OperationSpec {
    id: "set_tenant_cluster_license", group: "tenant cluster", method: Method::POST,
    path: "/tenant/cluster/{cluster_id}/license",
    parameters: &[Parameter::path("cluster_id", Integer)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json], response: ResponseKind::Json,
};

/// Set one environment variable.
pub static SET_TENANT_ENV: OperationSpec = OperationSpec {
    id: "set_tenant_env", group: "tenant", method: Method::PATCH,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/env/{env_name}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text), Parameter::path("env_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json], response: ResponseKind::Json,
};

/// Replace every environment variable.
pub static SET_TENANT_ENV_ALL: OperationSpec = OperationSpec {
    id: "set_tenant_env_all", group: "tenant", method: Method::PUT,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/env_all",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json], response: ResponseKind::Json,
};

/// Set the tenant license.
pub static SET_TENANT_LICENSE: OperationSpec = OperationSpec {
    id: "set_tenant_license", group: "tenant", method: Method::POST,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/license",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json], response: ResponseKind::Json,
};

/// Swap a snapshot in.
pub static SWAP_TENANT_SNAPSHOT: OperationSpec = OperationSpec {
    id: "swap_tenant_snapshot", group: "tenant", method: Method::POST,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}/snapshot/swap",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Deploy, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Json], response: ResponseKind::Json,
};

/// Delete every row.
pub static TRUNCATE_TABLE: OperationSpec = OperationSpec {
    id: "truncate_table", group: "table content", method: Method::DELETE,
    path: "/workspace/{workspace_id}/table/{table_id}/truncate",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer), Parameter::header("x-data-source", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: Some("x-data-source"),
    effect: Effect::Delete, idempotent: true, timeout: TimeoutClass::LongRunning,
    bodies: &[Json, Multipart], response: ResponseKind::Nothing,
};

/// Update an addon.
pub static UPDATE_ADDON: OperationSpec = OperationSpec {
    id: "update_addon", group: "addon", method: Method::PUT,
    path: "/workspace/{workspace_id}/addon/{addon_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("addon_id", Integer), Parameter::query("publish", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Set the GUID of an addon.
pub static UPDATE_ADDON_SECURITY: OperationSpec = OperationSpec {
    id: "update_addon_security", group: "addon", method: Method::PUT,
    path: "/workspace/{workspace_id}/addon/{addon_id}/security",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("addon_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Update an agent.
pub static UPDATE_AGENT: OperationSpec = OperationSpec {
    id: "update_agent", group: "agent", method: Method::PUT,
    path: "/workspace/{workspace_id}/agent/{agent_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("agent_id", Integer), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Update an agent trigger.
pub static UPDATE_AGENT_TRIGGER: OperationSpec = OperationSpec {
    id: "update_agent_trigger", group: "agent trigger", method: Method::PUT,
    path: "/workspace/{workspace_id}/agent/trigger/{trigger_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer), Parameter::query("publish", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Set the GUID of an agent trigger.
pub static UPDATE_AGENT_TRIGGER_SECURITY: OperationSpec = OperationSpec {
    id: "update_agent_trigger_security", group: "agent trigger", method: Method::PUT,
    path: "/workspace/{workspace_id}/agent/trigger/{trigger_id}/security",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Update an endpoint.
pub static UPDATE_API: OperationSpec = OperationSpec {
    id: "update_api", group: "api", method: Method::PUT,
    path: "/workspace/{workspace_id}/apigroup/{apigroup_id}/api/{api_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("apigroup_id", Integer), Parameter::path("api_id", Integer), Parameter::query("publish", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[XanoScript, Json, Multipart], response: ResponseKind::Object,
};

/// Update an API group.
pub static UPDATE_API_GROUP: OperationSpec = OperationSpec {
    id: "update_api_group", group: "api group", method: Method::PUT,
    path: "/workspace/{workspace_id}/apigroup/{apigroup_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("apigroup_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Set GUID and canonical.
pub static UPDATE_API_GROUP_SECURITY: OperationSpec = OperationSpec {
    id: "update_api_group_security", group: "api group", method: Method::PUT,
    path: "/workspace/{workspace_id}/apigroup/{apigroup_id}/security",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("apigroup_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Set the endpoint GUID.
pub static UPDATE_API_SECURITY: OperationSpec = OperationSpec {
    id: "update_api_security", group: "api", method: Method::PUT,
    path: "/workspace/{workspace_id}/apigroup/{apigroup_id}/api/{api_id}/security",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("apigroup_id", Integer), Parameter::path("api_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Rename or recolour a branch.
pub static UPDATE_BRANCH: OperationSpec = OperationSpec {
    id: "update_branch", group: "branch", method: Method::PUT,
    path: "/workspace/{workspace_id}/branch/{branch_label}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("branch_label", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: Some("branch_label"), data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Change the colour of a data source.
pub static UPDATE_DATASOURCE: OperationSpec = OperationSpec {
    id: "update_datasource", group: "datasource", method: Method::PUT,
    path: "/workspace/{workspace_id}/datasource/{label}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("label", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Update a function.
pub static UPDATE_FUNCTION: OperationSpec = OperationSpec {
    id: "update_function", group: "function", method: Method::PUT,
    path: "/workspace/{workspace_id}/function/{function_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("function_id", Integer), Parameter::query("publish", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Set the GUID of a function.
pub static UPDATE_FUNCTION_SECURITY: OperationSpec = OperationSpec {
    id: "update_function_security", group: "function", method: Method::PUT,
    path: "/workspace/{workspace_id}/function/{function_id}/security",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("function_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Update a mcp server.
pub static UPDATE_MCP_SERVER: OperationSpec = OperationSpec {
    id: "update_mcp_server", group: "mcp server", method: Method::PUT,
    path: "/workspace/{workspace_id}/mcp_server/{mcp_server_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("mcp_server_id", Integer), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Update a mcp server trigger.
pub static UPDATE_MCP_SERVER_TRIGGER: OperationSpec = OperationSpec {
    id: "update_mcp_server_trigger", group: "mcp server trigger", method: Method::PUT,
    path: "/workspace/{workspace_id}/mcp_server/trigger/{trigger_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer), Parameter::query("publish", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Set the GUID of a mcp server trigger.
pub static UPDATE_MCP_SERVER_TRIGGER_SECURITY: OperationSpec = OperationSpec {
    id: "update_mcp_server_trigger_security", group: "mcp server trigger", method: Method::PUT,
    path: "/workspace/{workspace_id}/mcp_server/trigger/{trigger_id}/security",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Update a middleware.
pub static UPDATE_MIDDLEWARE: OperationSpec = OperationSpec {
    id: "update_middleware", group: "middleware", method: Method::PUT,
    path: "/workspace/{workspace_id}/middleware/{middleware_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("middleware_id", Integer), Parameter::query("publish", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Set the GUID of a middleware.
pub static UPDATE_MIDDLEWARE_SECURITY: OperationSpec = OperationSpec {
    id: "update_middleware_security", group: "middleware", method: Method::PUT,
    path: "/workspace/{workspace_id}/middleware/{middleware_id}/security",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("middleware_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Update realtime settings.
pub static UPDATE_REALTIME: OperationSpec = OperationSpec {
    id: "update_realtime", group: "realtime", method: Method::PUT,
    path: "/workspace/{workspace_id}/realtime",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Update a realtime channel.
pub static UPDATE_REALTIME_CHANNEL: OperationSpec = OperationSpec {
    id: "update_realtime_channel", group: "realtime", method: Method::PUT,
    path: "/workspace/{workspace_id}/realtime/channel/{channel_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("channel_id", Integer), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Update a realtime trigger.
pub static UPDATE_REALTIME_TRIGGER: OperationSpec = OperationSpec {
    id: "update_realtime_trigger", group: "realtime trigger", method: Method::PUT,
    path: "/workspace/{workspace_id}/realtime/channel/trigger/{trigger_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer), Parameter::query("publish", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Set the GUID of a realtime trigger.
pub static UPDATE_REALTIME_TRIGGER_SECURITY: OperationSpec = OperationSpec {
    id: "update_realtime_trigger_security", group: "realtime trigger", method: Method::PUT,
    path: "/workspace/{workspace_id}/realtime/channel/trigger/{trigger_id}/security",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Update a record (merge).
pub static UPDATE_RECORD: OperationSpec = OperationSpec {
    id: "update_record", group: "table content", method: Method::PUT,
    path: "/workspace/{workspace_id}/table/{table_id}/content/{content_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer), Parameter::path("content_id", Text), Parameter::header("x-data-source", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: Some("x-data-source"),
    effect: Effect::Write, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json], response: ResponseKind::Object,
};

/// Update a release.
pub static UPDATE_RELEASE: OperationSpec = OperationSpec {
    id: "update_release", group: "release", method: Method::PUT,
    path: "/workspace/{workspace_id}/release/{release_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("release_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json], response: ResponseKind::Object,
};

/// Change snippet install settings.
pub static UPDATE_SNIPPET: OperationSpec = OperationSpec {
    id: "update_snippet", group: "snippet", method: Method::POST,
    path: "/snippet/{canonical}",
    parameters: &[Parameter::path("canonical", Text)],
    address: Account, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Update an install token.
pub static UPDATE_SNIPPET_TOKEN: OperationSpec = OperationSpec {
    id: "update_snippet_token", group: "snippet", method: Method::POST,
    path: "/snippet/{canonical}/token/{token}",
    parameters: &[Parameter::path("canonical", Text), Parameter::path("token", Text)],
    address: Account, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Update a static host.
pub static UPDATE_STATIC_HOST: OperationSpec = OperationSpec {
    id: "update_static_host", group: "static host", method: Method::POST,
    path: "/workspace/{workspace_id}/static_host/{static_host}/edit",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("static_host", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Secret, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json], response: ResponseKind::Object,
};

/// Update a table from XanoScript or JSON.
pub static UPDATE_TABLE: OperationSpec = OperationSpec {
    id: "update_table", group: "table", method: Method::PUT,
    path: "/workspace/{workspace_id}/table/{table_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[XanoScript, Json, Multipart], response: ResponseKind::Object,
};

/// Set the columns shown as label.
pub static UPDATE_TABLE_AUTOCOMPLETE: OperationSpec = OperationSpec {
    id: "update_table_autocomplete", group: "table", method: Method::PUT,
    path: "/workspace/{workspace_id}/table/{table_id}/autocomplete",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Update name, description, tags or auth flag.
pub static UPDATE_TABLE_META: OperationSpec = OperationSpec {
    id: "update_table_meta", group: "table", method: Method::PUT,
    path: "/workspace/{workspace_id}/table/{table_id}/meta",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Nothing,
};

/// Set or clear the table security GUID.
pub static UPDATE_TABLE_SECURITY: OperationSpec = OperationSpec {
    id: "update_table_security", group: "table", method: Method::PUT,
    path: "/workspace/{workspace_id}/table/{table_id}/security",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("table_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Update a table trigger.
pub static UPDATE_TABLE_TRIGGER: OperationSpec = OperationSpec {
    id: "update_table_trigger", group: "table trigger", method: Method::PUT,
    path: "/workspace/{workspace_id}/table/trigger/{trigger_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer), Parameter::query("publish", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Set the GUID of a table trigger.
pub static UPDATE_TABLE_TRIGGER_SECURITY: OperationSpec = OperationSpec {
    id: "update_table_trigger_security", group: "table trigger", method: Method::PUT,
    path: "/workspace/{workspace_id}/table/trigger/{trigger_id}/security",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Update a task.
pub static UPDATE_TASK: OperationSpec = OperationSpec {
    id: "update_task", group: "task", method: Method::PUT,
    path: "/workspace/{workspace_id}/task/{task_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("task_id", Integer), Parameter::query("publish", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[XanoScript, Json, Multipart], response: ResponseKind::Object,
};

/// Set the GUID of a task.
pub static UPDATE_TASK_SECURITY: OperationSpec = OperationSpec {
    id: "update_task_security", group: "task", method: Method::PUT,
    path: "/workspace/{workspace_id}/task/{task_id}/security",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("task_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Update a tenant.
pub static UPDATE_TENANT: OperationSpec = OperationSpec {
    id: "update_tenant", group: "tenant", method: Method::PUT,
    path: "/workspace/{workspace_id}/tenant/{tenant_name}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tenant_name", Text)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json], response: ResponseKind::Object,
};

/// Update a tenant cluster.
pub static UPDATE_TENANT_CLUSTER: OperationSpec = OperationSpec {
    id: "update_tenant_cluster", group: "tenant cluster", method: Method::PUT,
    path: "/tenant/cluster/{cluster_id}",
    parameters: &[Parameter::path("cluster_id", Integer)],
    address: Instance, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json], response: ResponseKind::Object,
};

/// Update a tool.
pub static UPDATE_TOOL: OperationSpec = OperationSpec {
    id: "update_tool", group: "tool", method: Method::PUT,
    path: "/workspace/{workspace_id}/tool/{tool_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tool_id", Integer), Parameter::query("publish", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Set the GUID of a tool.
pub static UPDATE_TOOL_SECURITY: OperationSpec = OperationSpec {
    id: "update_tool_security", group: "tool", method: Method::PUT,
    path: "/workspace/{workspace_id}/tool/{tool_id}/security",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("tool_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Update a workflow test.
pub static UPDATE_WORKFLOW_TEST: OperationSpec = OperationSpec {
    id: "update_workflow_test", group: "workflow test", method: Method::PUT,
    path: "/workspace/{workspace_id}/workflow_test/{workflow_test_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("workflow_test_id", Integer), Parameter::query("publish", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[XanoScript, Json, Multipart], response: ResponseKind::Object,
};

/// Set the GUID of a workflow test.
pub static UPDATE_WORKFLOW_TEST_SECURITY: OperationSpec = OperationSpec {
    id: "update_workflow_test_security", group: "workflow test", method: Method::PUT,
    path: "/workspace/{workspace_id}/workflow_test/{workflow_test_id}/security",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("workflow_test_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Update workspace settings.
pub static UPDATE_WORKSPACE: OperationSpec = OperationSpec {
    id: "update_workspace", group: "workspace", method: Method::PUT,
    path: "/workspace/{workspace_id}",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Update a workspace trigger.
pub static UPDATE_WORKSPACE_TRIGGER: OperationSpec = OperationSpec {
    id: "update_workspace_trigger", group: "workspace trigger", method: Method::PUT,
    path: "/workspace/{workspace_id}/trigger/{trigger_id}",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer), Parameter::query("publish", Boolean), Parameter::query("include_xanoscript", Boolean)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[XanoScript], response: ResponseKind::Object,
};

/// Set the GUID of a workspace trigger.
pub static UPDATE_WORKSPACE_TRIGGER_SECURITY: OperationSpec = OperationSpec {
    id: "update_workspace_trigger_security", group: "workspace trigger", method: Method::PUT,
    path: "/workspace/{workspace_id}/trigger/{trigger_id}/security",
    parameters: &[Parameter::path("workspace_id", Integer), Parameter::path("trigger_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Schema, idempotent: true, timeout: TimeoutClass::Change,
    bodies: &[Json, Multipart], response: ResponseKind::Object,
};

/// Upload a file.
pub static UPLOAD_FILE: OperationSpec = OperationSpec {
    id: "upload_file", group: "file", method: Method::POST,
    path: "/workspace/{workspace_id}/file",
    parameters: &[Parameter::path("workspace_id", Integer)],
    address: Workspace { parameter: "workspace_id" }, branch: None, data_source: None,
    effect: Effect::Write, idempotent: false, timeout: TimeoutClass::LongRunning,
    bodies: &[Multipart], response: ResponseKind::Object,
};

/// Every operation, sorted by id.
pub static OPERATIONS: [&OperationSpec; 310] = [
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
    &ADD_COLUMN_TABLEREF,
    &ADD_COLUMN_TABLEREFUUID,
    &ADD_COLUMN_TEXT,
    &ADD_COLUMN_TIMESTAMP,
    &ADD_COLUMN_UUID,
    &ADD_COLUMN_VECTOR,
    &ADD_COLUMN_VIDEO,
    &AUTH_ME,
    &BROWSE_CONTENT,
    &BULK_CREATE_RECORDS,
    &BULK_DELETE_FILES,
    &BULK_DELETE_RECORDS,
    &BULK_PATCH_RECORDS,
    &CONVERT_FROM_XANOSCRIPT,
    &CONVERT_TO_XANOSCRIPT,
    &CREATE_ADDON,
    &CREATE_AGENT,
    &CREATE_AGENT_TRIGGER,
    &CREATE_API,
    &CREATE_API_GROUP,
    &CREATE_BRANCH,
    &CREATE_BTREE_INDEX,
    &CREATE_DATASOURCE,
    &CREATE_FUNCTION,
    &CREATE_MCP_SERVER,
    &CREATE_MCP_SERVER_TRIGGER,
    &CREATE_MIDDLEWARE,
    &CREATE_REALTIME_CHANNEL,
    &CREATE_REALTIME_TRIGGER,
    &CREATE_RECORD,
    &CREATE_RELEASE,
    &CREATE_SEARCH_INDEX,
    &CREATE_SNIPPET_TOKEN,
    &CREATE_SPATIAL_INDEX,
    &CREATE_STATIC_HOST,
    &CREATE_STATIC_HOST_BUILD,
    &CREATE_TABLE,
    &CREATE_TABLE_TRIGGER,
    &CREATE_TASK,
    &CREATE_TENANT,
    &CREATE_TENANT_BACKUP,
    &CREATE_TENANT_CLUSTER,
    &CREATE_TENANT_SNAPSHOT,
    &CREATE_TOOL,
    &CREATE_UNIQUE_INDEX,
    &CREATE_VECTOR_INDEX,
    &CREATE_WORKFLOW_TEST,
    &CREATE_WORKSPACE,
    &CREATE_WORKSPACE_TRIGGER,
    &DELETE_ADDON,
    &DELETE_AGENT,
    &DELETE_AGENT_TRIGGER,
    &DELETE_API,
    &DELETE_API_GROUP,
    &DELETE_BRANCH,
    &DELETE_CONTENT_BY_SEARCH,
    &DELETE_DATASOURCE,
    &DELETE_FILE,
    &DELETE_FUNCTION,
    &DELETE_INDEX,
    &DELETE_MCP_SERVER,
    &DELETE_MCP_SERVER_TRIGGER,
    &DELETE_MIDDLEWARE,
    &DELETE_REALTIME_CHANNEL,
    &DELETE_REALTIME_TRIGGER,
    &DELETE_RECORD,
    &DELETE_RELEASE,
    &DELETE_SANDBOX,
    &DELETE_SANDBOX_ENV,
    &DELETE_SNIPPET_TOKEN,
    &DELETE_STATIC_HOST_BUILD,
    &DELETE_TABLE,
    &DELETE_TABLE_COLUMN,
    &DELETE_TABLE_TRIGGER,
    &DELETE_TASK,
    &DELETE_TENANT,
    &DELETE_TENANT_BACKUP,
    &DELETE_TENANT_CLUSTER,
    &DELETE_TENANT_ENV,
    &DELETE_TENANT_SNAPSHOT,
    &DELETE_TOOL,
    &DELETE_WORKFLOW_TEST,
    &DELETE_WORKSPACE,
    &DELETE_WORKSPACE_TRIGGER,
    &DEPLOY_RELEASE,
    &DEPLOY_TENANT_PLATFORM,
    &DEPLOY_TENANT_RELEASE,
    &DRY_RUN_MULTIDOC,
    &DRY_RUN_SANDBOX,
    &EXPORT_RELEASE,
    &EXPORT_TENANT_BACKUP,
    &EXPORT_WORKSPACE,
    &EXPORT_WORKSPACE_SCHEMA,
    &GET_ADDON,
    &GET_AGENT,
    &GET_AGENT_TRIGGER,
    &GET_API,
    &GET_API_GROUP,
    &GET_API_GROUP_OPENAPI,
    &GET_API_OPENAPI,
    &GET_BRANCH,
    &GET_FILE,
    &GET_FUNCTION,
    &GET_INSTANCE,
    &GET_KNOWLEDGE_FILE,
    &GET_MCP_DOCUMENTATION,
    &GET_MCP_SERVER,
    &GET_MCP_SERVER_TRIGGER,
    &GET_MIDDLEWARE,
    &GET_PLATFORM,
    &GET_REALTIME,
    &GET_REALTIME_CHANNEL,
    &GET_REALTIME_TRIGGER,
    &GET_RECORD,
    &GET_RELEASE,
    &GET_SANDBOX,
    &GET_SANDBOX_ENV,
    &GET_SANDBOX_ENV_ALL,
    &GET_SANDBOX_LICENSE,
    &GET_SNIPPET,
    &GET_STATIC_HOST,
    &GET_STATIC_HOST_BUILD,
    &GET_TABLE,
    &GET_TABLE_COLUMN,
    &GET_TABLE_SCHEMA,
    &GET_TABLE_TRIGGER,
    &GET_TASK,
    &GET_TENANT,
    &GET_TENANT_CLUSTER,
    &GET_TENANT_CLUSTER_LICENSE,
    &GET_TENANT_ENV,
    &GET_TENANT_ENV_ALL,
    &GET_TENANT_LICENSE,
    &GET_TOOL,
    &GET_WORKFLOW_TEST,
    &GET_WORKSPACE,
    &GET_WORKSPACE_CONTEXT,
    &GET_WORKSPACE_OPENAPI,
    &GET_WORKSPACE_TRIGGER,
    &IMPERSONATE_SANDBOX,
    &IMPERSONATE_TENANT,
    &IMPORT_RELEASE,
    &IMPORT_TENANT_BACKUP,
    &IMPORT_WORKSPACE,
    &IMPORT_WORKSPACE_SCHEMA,
    &LEGACY_BETA_GET_API,
    &LEGACY_BETA_PUT_API,
    &LEGACY_FUNCTION_REQUEST_HISTORY,
    &LEGACY_LIST_ALL_APIS,
    &LEGACY_MIDDLEWARE_REQUEST_HISTORY,
    &LEGACY_TABLE_TRIGGER_REQUEST_HISTORY,
    &LEGACY_TASK_REQUEST_HISTORY,
    &LIST_ADDONS,
    &LIST_AGENT_TRIGGERS,
    &LIST_AGENTS,
    &LIST_API_GROUPS,
    &LIST_APIS,
    &LIST_AUDIT_LOGS,
    &LIST_BRANCHES,
    &LIST_DATASOURCES,
    &LIST_FILES,
    &LIST_FUNCTION_HISTORY,
    &LIST_FUNCTIONS,
    &LIST_INDEXES,
    &LIST_INSTANCES,
    &LIST_KNOWLEDGE,
    &LIST_MCP_SERVER_TRIGGERS,
    &LIST_MCP_SERVERS,
    &LIST_MIDDLEWARE_HISTORY,
    &LIST_MIDDLEWARES,
    &LIST_PLATFORMS,
    &LIST_REALTIME_CHANNELS,
    &LIST_REALTIME_TRIGGERS,
    &LIST_RELEASES,
    &LIST_REQUEST_HISTORY,
    &LIST_SANDBOX_ENV_KEYS,
    &LIST_SANDBOX_UNIT_TESTS,
    &LIST_SANDBOX_WORKFLOW_TESTS,
    &LIST_SNIPPET_TOKENS,
    &LIST_SNIPPETS,
    &LIST_STATIC_HOST_BUILDS,
    &LIST_STATIC_HOSTS,
    &LIST_TABLE_TRIGGERS,
    &LIST_TABLES,
    &LIST_TASK_HISTORY,
    &LIST_TASKS,
    &LIST_TENANT_BACKUPS,
    &LIST_TENANT_CLUSTERS,
    &LIST_TENANT_ENV_KEYS,
    &LIST_TENANT_SNAPSHOTS,
    &LIST_TENANT_UNIT_TESTS,
    &LIST_TENANT_WORKFLOW_TESTS,
    &LIST_TENANTS,
    &LIST_TOOL_HISTORY,
    &LIST_TOOLS,
    &LIST_TRIGGER_HISTORY,
    &LIST_UNIT_TESTS,
    &LIST_WORKFLOW_TESTS,
    &LIST_WORKSPACE_AUDIT_LOGS,
    &LIST_WORKSPACE_TRIGGERS,
    &LIST_WORKSPACES,
    &MIGRATE_STATIC_HOST,
    &PATCH_CONTENT_BY_SEARCH,
    &PULL_KNOWLEDGE,
    &PULL_MULTIDOC,
    &PULL_RELEASE,
    &PULL_SANDBOX,
    &PULL_SANDBOX_KNOWLEDGE,
    &PULL_STATIC_HOST_BUILD,
    &PULL_TENANT,
    &PUSH_KNOWLEDGE,
    &PUSH_MULTIDOC,
    &PUSH_RELEASE,
    &PUSH_SANDBOX,
    &PUSH_SANDBOX_KNOWLEDGE,
    &RENAME_TABLE_COLUMN,
    &REPLACE_INDEXES,
    &REPLACE_TABLE_SCHEMA,
    &RESET_SANDBOX,
    &RESTORE_TENANT_BACKUP,
    &RUN_FUNCTION,
    &RUN_SANDBOX_UNIT_TEST,
    &RUN_SANDBOX_WORKFLOW_TEST,
    &RUN_TENANT_UNIT_TEST,
    &RUN_TENANT_WORKFLOW_TEST,
    &RUN_UNIT_TEST,
    &RUN_WORKFLOW_TEST,
    &SEARCH_AUDIT_LOGS,
    &SEARCH_CONTENT,
    &SEARCH_FUNCTION_HISTORY,
    &SEARCH_MIDDLEWARE_HISTORY,
    &SEARCH_REQUEST_HISTORY,
    &SEARCH_TASK_HISTORY,
    &SEARCH_TOOL_HISTORY,
    &SEARCH_TRIGGER_HISTORY,
    &SEARCH_WORKSPACE_AUDIT_LOGS,
    &SET_LIVE_BRANCH,
    &SET_SANDBOX_ENV,
    &SET_SANDBOX_ENV_ALL,
    &SET_SANDBOX_LICENSE,
    &SET_STATIC_HOST_BUILD_ENV,
    &SET_TENANT_CLUSTER_LICENSE,
    &SET_TENANT_ENV,
    &SET_TENANT_ENV_ALL,
    &SET_TENANT_LICENSE,
    &SWAP_TENANT_SNAPSHOT,
    &TRUNCATE_TABLE,
    &UPDATE_ADDON,
    &UPDATE_ADDON_SECURITY,
    &UPDATE_AGENT,
    &UPDATE_AGENT_TRIGGER,
    &UPDATE_AGENT_TRIGGER_SECURITY,
    &UPDATE_API,
    &UPDATE_API_GROUP,
    &UPDATE_API_GROUP_SECURITY,
    &UPDATE_API_SECURITY,
    &UPDATE_BRANCH,
    &UPDATE_DATASOURCE,
    &UPDATE_FUNCTION,
    &UPDATE_FUNCTION_SECURITY,
    &UPDATE_MCP_SERVER,
    &UPDATE_MCP_SERVER_TRIGGER,
    &UPDATE_MCP_SERVER_TRIGGER_SECURITY,
    &UPDATE_MIDDLEWARE,
    &UPDATE_MIDDLEWARE_SECURITY,
    &UPDATE_REALTIME,
    &UPDATE_REALTIME_CHANNEL,
    &UPDATE_REALTIME_TRIGGER,
    &UPDATE_REALTIME_TRIGGER_SECURITY,
    &UPDATE_RECORD,
    &UPDATE_RELEASE,
    &UPDATE_SNIPPET,
    &UPDATE_SNIPPET_TOKEN,
    &UPDATE_STATIC_HOST,
    &UPDATE_TABLE,
    &UPDATE_TABLE_AUTOCOMPLETE,
    &UPDATE_TABLE_META,
    &UPDATE_TABLE_SECURITY,
    &UPDATE_TABLE_TRIGGER,
    &UPDATE_TABLE_TRIGGER_SECURITY,
    &UPDATE_TASK,
    &UPDATE_TASK_SECURITY,
    &UPDATE_TENANT,
    &UPDATE_TENANT_CLUSTER,
    &UPDATE_TOOL,
    &UPDATE_TOOL_SECURITY,
    &UPDATE_WORKFLOW_TEST,
    &UPDATE_WORKFLOW_TEST_SECURITY,
    &UPDATE_WORKSPACE,
    &UPDATE_WORKSPACE_TRIGGER,
    &UPDATE_WORKSPACE_TRIGGER_SECURITY,
    &UPLOAD_FILE,
];
