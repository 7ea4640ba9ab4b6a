//! What the dispatch answers, for a transport to write.

use http::StatusCode;
use rmcp::model::{ErrorData, JsonRpcError, RequestId};
use serde::Serialize;
use snappy_domain::Scope;

/// The answer to one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A JSON-RPC response.
    Response {
        /// The HTTP status that goes with it.
        status: StatusCode,
        /// The response as JSON on one line.
        json: String,
    },
    /// A notification was accepted; there is no response.
    Accepted,
    /// The caller needs another authorization first.
    Challenge(Challenge),
    /// The message is refused in HTTP's own terms, without a JSON-RPC response.
    Refused {
        /// The HTTP status.
        status: StatusCode,
        /// Why, as plain text.
        reason: String,
    },
}

/// Which authorization the caller needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Challenge {
    /// The person must sign in again (RFC 6750 §3.1, `invalid_token`).
    SignIn,
    /// The access token lacks this scope (RFC 6750 §3.1, `insufficient_scope`).
    Scope(Scope),
}

impl Answer {
    /// A response with its HTTP status.
    pub(crate) fn response(status: StatusCode, message: &impl Serialize) -> Self {
        match serde_json::to_string(message) {
            Ok(json) => Self::Response { status, json },
            Err(error) => Self::Refused {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                reason: format!("The response can't be written as JSON: {error}"),
            },
        }
    }

    /// An error response with status 400. There is no `id` when the message has none.
    pub(crate) fn bad_request(id: Option<RequestId>, error: ErrorData) -> Self {
        Self::response(StatusCode::BAD_REQUEST, &JsonRpcError::new(id, error))
    }
}
