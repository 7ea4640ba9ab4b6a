//! The results of the methods.

use std::borrow::Cow;

use crate::revision::{Revision, negotiate};
use crate::url_elicitation::UrlElicitation;
use crate::{Caller, ListedTool, ServerInfo, call};
use rmcp::model::{
    CacheScope, ClientRequest, CompleteResult, DiscoverResult, ErrorCode, ErrorData,
    Implementation, InitializeResult, ListPromptsResult, ListResourceTemplatesResult,
    ListResourcesResult, ListToolsResult, ProtocolVersion, ServerCapabilities, ServerResult,
    ToolAnnotations, ToolsCapability,
};

/// How long a client may cache the list of tools.
const LIST_TTL_MILLIS: u64 = 300_000;

/// Answers a request whose revision and headers have been checked.
pub(crate) async fn answer(
    info: ServerInfo,
    request: ClientRequest,
    revision: &Revision,
    caller: &Caller,
    elicitation: UrlElicitation,
) -> Result<ServerResult, ErrorData> {
    let is_stateless = revision.is_stateless();
    let mut result = match request {
        ClientRequest::InitializeRequest(initialize) => {
            let mut info = server_info(info);
            info.protocol_version = negotiate(initialize.params.protocol_version);
            ServerResult::InitializeResult(info)
        }
        ClientRequest::DiscoverRequest(_) => {
            let versions = ProtocolVersion::KNOWN_VERSIONS.to_vec();
            let result = DiscoverResult::from_server_info(versions, server_info(info));
            ServerResult::DiscoverResult(result)
        }
        // 2026-07-28 has no ping.
        ClientRequest::PingRequest(_) if !is_stateless => ServerResult::empty(()),
        ClientRequest::ListToolsRequest(_) => ServerResult::ListToolsResult(list_tools(caller)),
        ClientRequest::CallToolRequest(request) => {
            call::call(request.params, caller, elicitation).await?
        }
        // Some clients request these lists although the server does not declare the capability.
        ClientRequest::CompleteRequest(_) => {
            ServerResult::CompleteResult(CompleteResult::default())
        }
        ClientRequest::ListPromptsRequest(_) => {
            ServerResult::ListPromptsResult(ListPromptsResult::default())
        }
        ClientRequest::ListResourcesRequest(_) => {
            ServerResult::ListResourcesResult(ListResourcesResult::default())
        }
        ClientRequest::ListResourceTemplatesRequest(_) => {
            ServerResult::ListResourceTemplatesResult(ListResourceTemplatesResult::default())
        }
        other => {
            let method = other.method().to_owned();
            return Err(ErrorData::new(ErrorCode::METHOD_NOT_FOUND, method, None));
        }
    };
    if is_stateless {
        result.fill_missing_cache_hints();
    } else {
        result.strip_result_type_for_legacy_peer();
    }
    Ok(result)
}

fn server_info(ServerInfo { title, instructions, .. }: ServerInfo) -> InitializeResult {
    let mut capabilities = ServerCapabilities::default();
    capabilities.tools = Some(ToolsCapability::default());
    let mut info = InitializeResult::new(capabilities);
    let mut server = Implementation::new("snappy-mcp", env!("CARGO_PKG_VERSION"));
    server.title = Some(title.to_owned());
    info.server_info = server;
    info.instructions = Some(instructions.to_owned());
    info
}

/// The tools that the caller may use.
fn list_tools(caller: &Caller) -> ListToolsResult {
    let tools = caller.tools.list();
    let mut result = ListToolsResult::with_all_items(tools.into_iter().map(listed).collect());
    result.ttl_ms = Some(LIST_TTL_MILLIS);
    // The list depends on the grant, so shared caches must not store it.
    result.cache_scope = Some(CacheScope::Private);
    result
}

/// A tool in the format of the list.
fn listed(tool: ListedTool) -> rmcp::model::Tool {
    let mut listed = rmcp::model::Tool::new_with_raw(
        Cow::Borrowed(tool.name),
        Some(Cow::Borrowed(tool.description)),
        tool.input_schema,
    );
    let hints = tool.annotations;
    listed.title = Some(tool.title.to_owned());
    listed.annotations = Some(ToolAnnotations::from_raw(
        Some(tool.title.to_owned()),
        Some(hints.read_only_hint),
        Some(hints.destructive_hint),
        Some(hints.idempotent_hint),
        Some(hints.open_world_hint),
    ));
    listed
}
