//! Leading a person to the sign-in at Xano with elicitation in its URL mode: the client opens the address, and
//! then sends the same call again.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use rmcp::model::{
    ClientCapabilities, ClientJsonRpcMessage, ClientRequest, ElicitRequest, ElicitRequestParams,
    ErrorCode, ErrorData, GetMeta as _, InputRequest, InputRequests, InputRequiredResult,
    InputResponses, JsonRpcRequest,
};
use serde_json::json;
use snappy_domain::GrantId;

use crate::revision::Revision;

/// The name of the input that is asked for.
const INPUT: &str = "xano_sign_in";
const MESSAGE: &str =
    "Your sign-in at Xano has ended. Sign in again in your browser; then this goes on.";
/// `URLElicitationRequired` of the 2025-11-25 revision.
const URL_ELICITATION_REQUIRED: i32 = -32042;
/// The most declarations that are kept.
const MOST_DECLARED: usize = 10_000;

/// How the client that sent a message is asked to open an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UrlElicitation {
    /// Not at all: it has not declared the capability, or the message is no tool call.
    Unsupported,
    /// By a result that requires input (2026-07-28).
    ByResult,
    /// By an error (2025-11-25).
    ByError,
}

/// The grants whose client declared the capability in `initialize`. A client of 2026-07-28 declares it with each
/// request instead. Nothing is stored: after a restart, and in another replica, a client of 2025-11-25 counts
/// as one that has not declared it.
#[derive(Debug, Default)]
pub(crate) struct Declared(Mutex<HashSet<GrantId>>);

impl Declared {
    /// How the client can be asked in the answer to `message`. Remembers what an `initialize` declares.
    pub(crate) fn of(&self, message: &ClientJsonRpcMessage, grant: GrantId) -> UrlElicitation {
        let ClientJsonRpcMessage::Request(JsonRpcRequest { request, .. }) = message else {
            return UrlElicitation::Unsupported;
        };
        let mut declared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match request {
            ClientRequest::InitializeRequest(initialize) => {
                if declared.len() >= MOST_DECLARED {
                    declared.clear();
                }
                if declares(&initialize.params.capabilities) {
                    declared.insert(grant);
                } else {
                    declared.remove(&grant);
                }
                UrlElicitation::Unsupported
            }
            ClientRequest::CallToolRequest(_) if Revision::of(request).is_stateless() => {
                match request.get_meta().client_capabilities() {
                    Some(capabilities) if declares(&capabilities) => UrlElicitation::ByResult,
                    _ => UrlElicitation::Unsupported,
                }
            }
            ClientRequest::CallToolRequest(_) if declared.contains(&grant) => {
                UrlElicitation::ByError
            }
            _ => UrlElicitation::Unsupported,
        }
    }
}

fn declares(capabilities: &ClientCapabilities) -> bool {
    capabilities.elicitation.as_ref().is_some_and(|elicitation| elicitation.url.is_some())
}

/// Whether the person was asked before and refused.
pub(crate) fn is_declined(responses: Option<&InputResponses>) -> bool {
    let action = responses.and_then(|responses| responses.get(INPUT)?.get("action")?.as_str());
    matches!(action, Some("decline" | "cancel"))
}

/// The result that asks the client to open the address (2026-07-28).
pub(crate) fn as_result(url: &str) -> InputRequiredResult {
    let params = ElicitRequestParams::UrlElicitationParams {
        meta: None,
        message: MESSAGE.to_owned(),
        url: url.to_owned(),
        elicitation_id: String::new(),
    };
    let request = InputRequest::Elicitation(ElicitRequest::new(params));
    InputRequiredResult::from_input_requests(InputRequests::from([(INPUT.to_owned(), request)]))
}

/// The error that asks the client to open the address (2025-11-25).
pub(crate) fn as_error(url: &str) -> ErrorData {
    let elicitation = json!({
        "mode": "url", "elicitationId": INPUT, "url": url, "message": MESSAGE,
    });
    let data = json!({"elicitations": [elicitation]});
    ErrorData::new(ErrorCode(URL_ELICITATION_REQUIRED), MESSAGE, Some(data))
}
