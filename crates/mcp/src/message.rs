//! A message's bytes, read once into the typed message.

use http::StatusCode;
use rmcp::model::{ClientJsonRpcMessage, ErrorCode};
use serde::de::IgnoredAny;
use serde_json::json;

use crate::Answer;

/// Why bytes are no message.
#[derive(Debug)]
pub(crate) enum NotAMessage {
    /// They are no JSON.
    NotJson,
    /// They are a JSON-RPC batch, which no revision served here has.
    Batch,
    /// They are JSON, but no object.
    NotAnObject,
    /// They are an object, but no JSON-RPC message.
    Unrecognized(serde_json::Error),
}

/// Reads a message.
pub(crate) fn parse(body: &[u8]) -> Result<ClientJsonRpcMessage, NotAMessage> {
    serde_json::from_slice(body).map_err(|error| {
        // The typed reading may stop before the end; whether all of it is JSON decides first.
        if serde_json::from_slice::<IgnoredAny>(body).is_err() {
            return NotAMessage::NotJson;
        }
        match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => NotAMessage::Unrecognized(error),
            Some(b'[') => NotAMessage::Batch,
            _ => NotAMessage::NotAnObject,
        }
    })
}

impl NotAMessage {
    /// The answer: a JSON-RPC error without an id, or, for an object, status 415.
    pub(crate) fn answer(&self) -> Answer {
        let (code, message) = match self {
            Self::NotJson => (ErrorCode::PARSE_ERROR, "Parse error: the body is not JSON"),
            Self::Batch => (
                ErrorCode::INVALID_REQUEST,
                "Invalid request: batches are not taken, send one message",
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
