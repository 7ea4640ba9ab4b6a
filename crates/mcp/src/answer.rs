//! The answer to a message, for a transport to send.

use http::StatusCode;
use rmcp::model::{ErrorData, JsonRpcError, RequestId};
use serde::Serialize;
use snappy_domain::Scope;

/// The answer to one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A JSON-RPC response.
    Response {
        /// The HTTP status.
        status: StatusCode,
        /// The response as JSON on one line.
        json: String,
    },
    /// A notification was accepted; there is no response.
    Accepted,
    /// The caller must be authorized first.
    Challenge(Challenge),
    /// The message is refused with an HTTP status, without a JSON-RPC response.
    Refused {
        /// The HTTP status.
        status: StatusCode,
        /// The reason, as plain text.
        reason: String,
    },
}

/// The authorization that the caller needs.
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

    /// An error response with status 400, without an `id` if the message has none.
    pub(crate) fn bad_request(id: Option<RequestId>, error: ErrorData) -> Self {
        Self::response(StatusCode::BAD_REQUEST, &JsonRpcError::new(id, error))
    }
}
