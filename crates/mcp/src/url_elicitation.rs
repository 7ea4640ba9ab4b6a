//! URL elicitation: the client opens a page for the person, such as that of the sign-in at the service, and then
//! repeats the call.

use rmcp::model::{
    ClientCapabilities, ClientJsonRpcMessage, ClientRequest, ElicitRequest, ElicitRequestParams,
    ErrorCode, ErrorData, GetMeta as _, InputRequest, InputRequests, InputRequiredResult,
    InputResponses, JsonRpcRequest,
};
use serde_json::json;
use snappy_domain::Page;

use crate::revision::Revision;

/// The name of the requested input.
const INPUT: &str = "sign_in";
/// `URLElicitationRequired` of the 2025-11-25 revision.
const URL_ELICITATION_REQUIRED: i32 = -32042;

/// How a client can be asked to open a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UrlElicitation {
    /// Not at all: it has not declared the capability, or its message is not a tool call.
    Unsupported,
    /// With a result that requires input (2026-07-28).
    ByResult,
    /// With an error (2025-11-25).
    ByError,
}

/// Whether an `initialize` declares URL elicitation; `None` for other messages. Clients of 2026-07-28 declare
/// it in each request instead.
pub(crate) fn declared(message: &ClientJsonRpcMessage) -> Option<bool> {
    match message {
        ClientJsonRpcMessage::Request(JsonRpcRequest {
            request: ClientRequest::InitializeRequest(initialize),
            ..
        }) => Some(declares(&initialize.params.capabilities)),
        _ => None,
    }
}

impl UrlElicitation {
    /// How the client can be asked in the answer to `message`. `declared` says whether its last `initialize`
    /// declared URL elicitation.
    pub(crate) fn of(message: &ClientJsonRpcMessage, declared: bool) -> Self {
        let ClientJsonRpcMessage::Request(JsonRpcRequest { request, .. }) = message else {
            return Self::Unsupported;
        };
        match request {
            ClientRequest::CallToolRequest(_) if Revision::of(request).is_stateless() => {
                match request.get_meta().client_capabilities() {
                    Some(capabilities) if declares(&capabilities) => Self::ByResult,
                    _ => Self::Unsupported,
                }
            }
            ClientRequest::CallToolRequest(_) if declared => Self::ByError,
            _ => Self::Unsupported,
        }
    }
}

fn declares(capabilities: &ClientCapabilities) -> bool {
    capabilities.elicitation.as_ref().is_some_and(|elicitation| elicitation.url.is_some())
}

/// Whether the person has declined to open the URL.
pub(crate) fn is_declined(responses: Option<&InputResponses>) -> bool {
    let action = responses.and_then(|responses| responses.get(INPUT)?.get("action")?.as_str());
    matches!(action, Some("decline" | "cancel"))
}

/// The result that asks the client to open a page (2026-07-28).
pub(crate) fn as_result(page: &Page) -> InputRequiredResult {
    let params = ElicitRequestParams::UrlElicitationParams {
        meta: None,
        message: page.message.clone(),
        url: page.url.clone(),
        elicitation_id: String::new(),
    };
    let request = InputRequest::Elicitation(ElicitRequest::new(params));
    InputRequiredResult::from_input_requests(InputRequests::from([(INPUT.to_owned(), request)]))
}

/// The error that asks the client to open a page (2025-11-25).
pub(crate) fn as_error(page: &Page) -> ErrorData {
    let Page { url, message } = page;
    let elicitation = json!({
        "mode": "url", "elicitationId": INPUT, "url": url, "message": message,
    });
    let data = json!({"elicitations": [elicitation]});
    ErrorData::new(ErrorCode(URL_ELICITATION_REQUIRED), message.clone(), Some(data))
}
