//! Parsing of messages.

use http::StatusCode;
use rmcp::model::{ClientJsonRpcMessage, ErrorCode};
use serde::de::IgnoredAny;
use serde_json::json;

use crate::Answer;

/// Why bytes are not a message.
#[derive(Debug)]
pub(crate) enum InvalidMessage {
    /// They are not JSON.
    NotJson,
    /// They are a JSON-RPC batch, which is not supported.
    Batch,
    /// They are JSON, but not an object.
    NotAnObject,
    /// They are a JSON object, but not a known JSON-RPC message.
    Unrecognized(serde_json::Error),
}

pub(crate) fn parse(body: &[u8]) -> Result<ClientJsonRpcMessage, InvalidMessage> {
    serde_json::from_slice(body).map_err(|error| {
        // The parser may have stopped before the end, so check first that the whole body is JSON.
        if serde_json::from_slice::<IgnoredAny>(body).is_err() {
            return InvalidMessage::NotJson;
        }
        match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => InvalidMessage::Unrecognized(error),
            Some(b'[') => InvalidMessage::Batch,
            _ => InvalidMessage::NotAnObject,
        }
    })
}

impl InvalidMessage {
    /// The answer: a JSON-RPC error without an id, or status 415 for an object.
    pub(crate) fn answer(&self) -> Answer {
        let (code, message) = match self {
            Self::NotJson => (ErrorCode::PARSE_ERROR, "Parse error: the body is not JSON"),
            Self::Batch => (
                ErrorCode::INVALID_REQUEST,
                "Invalid request: batches are not supported, send one message",
            ),
            Self::NotAnObject => {
                (ErrorCode::INVALID_REQUEST, "Invalid request: the body is not a JSON-RPC message")
            }
            Self::Unrecognized(error) => {
                return Answer::Refused {
                    status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    reason: format!("fail to deserialize request body {error}"),
                };
            }
        };
        let error = json!({"code": code, "message": message});
        let response = json!({"jsonrpc": "2.0", "id": null, "error": error});
        Answer::response(StatusCode::BAD_REQUEST, &response)
    }
}
