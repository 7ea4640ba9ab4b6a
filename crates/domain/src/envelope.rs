//! The result envelope of a tool call: one compact JSON text with a fixed shape, and its error codes.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value, json};

/// Stable codes of failed tool calls. Clients and prompts may rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// The service refused the credential, even a newly fetched one.
    Unauthenticated,
    /// The sign-in to the service has ended; a person must sign in again.
    ReauthRequired,
    /// None of the connection's credentials reaches the workspace; the person can add one.
    WorkspaceNotConnected,
    /// The service or the consent does not allow this.
    Forbidden,
    /// No such thing.
    NotFound,
    /// The arguments are not what the tool takes.
    InvalidArgument,
    /// The service's request limit was reached.
    RateLimited,
    /// The service answered with a failure or an invalid response.
    UpstreamError,
    /// The service could not be reached, or did not answer in time.
    UpstreamUnavailable,
    /// The named instance is not one of the caller's own.
    InstanceNotFound,
    /// This server's storage failed; nothing was sent to the service.
    TemporarilyUnavailable,
}

impl ErrorCode {
    /// Every code, for the reference page and its test.
    pub const ALL: [Self; 11] = [
        Self::Unauthenticated,
        Self::ReauthRequired,
        Self::WorkspaceNotConnected,
        Self::Forbidden,
        Self::NotFound,
        Self::InvalidArgument,
        Self::RateLimited,
        Self::UpstreamError,
        Self::UpstreamUnavailable,
        Self::InstanceNotFound,
        Self::TemporarilyUnavailable,
    ];

    /// The code as it appears in the envelope.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::ReauthRequired => "REAUTH_REQUIRED",
            Self::WorkspaceNotConnected => "WORKSPACE_NOT_CONNECTED",
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
            Self::Unauthenticated => {
                "The service refuses the credential, even a newly fetched one."
            }
            Self::ReauthRequired => {
                "The sign-in to the service has ended; a person must sign in again."
            }
            Self::WorkspaceNotConnected => {
                "The connection does not reach the workspace; the person can add it."
            }
            Self::Forbidden => "The service, the consent or this server does not allow it.",
            Self::NotFound => {
                "The object does not exist, such as a workspace, a table or a record."
            }
            Self::InvalidArgument => "The arguments are not valid for the tool or the service.",
            Self::RateLimited => "The service's request limit is reached; nothing was changed.",
            Self::UpstreamError => "The service answered with a failure or an invalid response.",
            Self::UpstreamUnavailable => {
                "The service could not be reached, or did not answer in time."
            }
            Self::InstanceNotFound => "The named instance is not one of the caller's own.",
            Self::TemporarilyUnavailable => {
                "This server's storage failed; nothing was sent to the service."
            }
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
    /// One sentence for people.
    pub message: String,
    /// More facts; `next_step` says what to do.
    pub details: Map<String, Value>,
    /// The page where the person can mend it.
    pub page: Option<Box<Page>>,
}

/// A page that the person is asked to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub url: String,
    /// Why, in one or two sentences for the person.
    pub message: String,
}

impl ToolError {
    /// An error with its sentence and its next step.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>, next_step: impl Into<String>) -> Self {
        let mut details = Map::new();
        details.insert("next_step".into(), Value::String(next_step.into()));
        Self { code, message: message.into(), details, page: None }
    }

    /// Adds the page where the person can mend it.
    #[must_use]
    pub fn at_page(mut self, url: &str, message: impl Into<String>) -> Self {
        self.page = Some(Box::new(Page { url: url.to_owned(), message: message.into() }));
        self
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

/// The result of a successful tool call.
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
        Err(ToolError { code, message, details, page: _ }) => json!({
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
        let error = ToolError::new(ErrorCode::NotFound, "No table 7.", "Call list_tables.");
        assert_eq!(
            envelope("t", Err(error)).to_string(),
            r#"{"success":false,"error":{"message":"No table 7.","code":"NOT_FOUND","details":{"next_step":"Call list_tables."}},"operation":"t"}"#
        );
    }

    #[test]
    fn codes_are_written_as_they_are_named() {
        for code in ErrorCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
