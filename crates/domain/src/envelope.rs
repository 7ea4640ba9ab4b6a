//! What a tool answers: one compact JSON text with a fixed shape, and the codes of its errors.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value, json};

/// Stable codes of failed tool calls. Clients and prompts may rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// Xano refused the key, even a fresh one.
    Unauthenticated,
    /// The Xano sign-in has ended; a person must sign in again.
    ReauthRequired,
    /// Xano or the consent does not allow this.
    Forbidden,
    /// No such workspace, table, field or record.
    NotFound,
    /// The arguments are not what the tool takes.
    InvalidArgument,
    /// Xano's request limit was hit.
    RateLimited,
    /// Xano answered with a failure, or with something that is not an answer.
    UpstreamError,
    /// Xano could not be reached, or did not answer in time.
    UpstreamUnavailable,
    /// The named instance is not one of the caller's own.
    InstanceNotFound,
    /// The server's own storage failed; nothing reached Xano.
    TemporarilyUnavailable,
}

impl ErrorCode {
    /// Every code, for the reference page and its test.
    pub const ALL: [Self; 10] = [
        Self::Unauthenticated,
        Self::ReauthRequired,
        Self::Forbidden,
        Self::NotFound,
        Self::InvalidArgument,
        Self::RateLimited,
        Self::UpstreamError,
        Self::UpstreamUnavailable,
        Self::InstanceNotFound,
        Self::TemporarilyUnavailable,
    ];

    /// The code as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::ReauthRequired => "REAUTH_REQUIRED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::InvalidArgument => "INVALID_ARGUMENT",
            Self::RateLimited => "RATE_LIMITED",
            Self::UpstreamError => "UPSTREAM_ERROR",
            Self::UpstreamUnavailable => "UPSTREAM_UNAVAILABLE",
            Self::InstanceNotFound => "INSTANCE_NOT_FOUND",
            Self::TemporarilyUnavailable => "TEMPORARILY_UNAVAILABLE",
        }
    }
}

impl ErrorCode {
    /// What the code means, for the reference page.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Unauthenticated => "Xano refuses the key, even a fresh one.",
            Self::ReauthRequired => "The Xano sign-in has ended; a person must sign in again.",
            Self::Forbidden => "Xano, the consent or this server does not allow it.",
            Self::NotFound => "No such workspace, table, field or record.",
            Self::InvalidArgument => "The arguments are not what the tool or Xano takes.",
            Self::RateLimited => "Xano's request limit is reached; nothing was changed.",
            Self::UpstreamError => "Xano returned an error or an invalid response.",
            Self::UpstreamUnavailable => "Xano could not be reached, or did not respond in time.",
            Self::InstanceNotFound => "The named instance is not one of the caller's own.",
            Self::TemporarilyUnavailable => "This server's storage failed; nothing reached Xano.",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A failed tool call: a code for programs, a sentence for people, and what to do next.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolError {
    /// The stable code.
    pub code: ErrorCode,
    /// One sentence that a person understands.
    pub message: String,
    /// More facts; `next_step` says what to do.
    pub details: Map<String, Value>,
}

impl ToolError {
    /// An error with its sentence and its next step.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>, next_step: impl Into<String>) -> Self {
        let mut details = Map::new();
        details.insert("next_step".into(), Value::String(next_step.into()));
        Self { code, message: message.into(), details }
    }

    /// Adds a fact to `details`.
    #[must_use]
    pub fn detail(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.into(), value.into());
        self
    }
}

impl fmt::Display for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for ToolError {}

/// What a tool gives back when it worked.
#[derive(Debug, Clone, PartialEq)]
pub struct Success {
    /// The result itself.
    pub data: Value,
    /// One sentence that says what was done.
    pub message: String,
}

impl Success {
    /// A result with its sentence.
    #[must_use]
    pub fn new(data: Value, message: impl Into<String>) -> Self {
        Self { data, message: message.into() }
    }
}

/// The envelope of a tool call: `{success, data, message, operation}` or
/// `{success: false, error: {message, code, details}, operation}`.
#[must_use]
pub fn envelope(operation: &str, outcome: Result<Success, ToolError>) -> Value {
    match outcome {
        Ok(Success { data, message }) => {
            json!({"success": true, "data": data, "message": message, "operation": operation})
        }
        Err(ToolError { code, message, details }) => json!({
            "success": false,
            "error": {"message": message, "code": code, "details": details},
            "operation": operation,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_envelope_has_its_two_shapes() {
        let ok = envelope("t", Ok(Success::new(json!([1]), "Done.")));
        assert_eq!(
            ok.to_string(),
            r#"{"success":true,"data":[1],"message":"Done.","operation":"t"}"#
        );
        let error = ToolError::new(ErrorCode::NotFound, "No table 7.", "Call xano_list_tables.");
        assert_eq!(
            envelope("t", Err(error)).to_string(),
            r#"{"success":false,"error":{"message":"No table 7.","code":"NOT_FOUND","details":{"next_step":"Call xano_list_tables."}},"operation":"t"}"#
        );
    }

    #[test]
    fn codes_are_written_as_they_are_named() {
        for code in ErrorCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
