//! Xano's error responses.

use http::StatusCode;
use serde_json::{Map, Value, json};

/// The result of an operation: the body of a 200, or a failure.
pub(crate) type Outcome = Result<Value, Failure>;

/// An error response: `{code, message, payload?}` with its status.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) status: StatusCode,
    code: &'static str,
    message: String,
    payload: Option<Value>,
}

impl Failure {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), payload: None }
    }

    pub(crate) fn input(param: &str, message: impl Into<String>) -> Self {
        let mut failure = Self::new(StatusCode::BAD_REQUEST, "ERROR_CODE_INPUT_ERROR", message);
        failure.payload = Some(json!({ "param": param }));
        failure
    }

    pub(crate) fn missing(param: &str) -> Self {
        Self::input(param, format!("Missing param: {param}"))
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "ERROR_CODE_UNAUTHORIZED",
            "Unauthorized - Authentication Required",
        )
    }

    /// The key or token is valid, but not for this.
    pub(crate) fn access_denied() -> Self {
        Self::new(StatusCode::FORBIDDEN, "ERROR_CODE_ACCESS_DENIED", "Access Denied.")
    }

    /// An error of OAuth's specifications in the message.
    pub(crate) fn oauth(status: StatusCode, message: String) -> Self {
        let code = match status {
            StatusCode::UNAUTHORIZED => "ERROR_CODE_UNAUTHORIZED",
            _ => "ERROR_CODE_INPUT_ERROR",
        };
        Self::new(status, code, message)
    }

    pub(crate) fn too_many_registrations() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "ERROR_CODE_TOO_MANY_REQUESTS",
            "Too many requests.",
        )
    }

    /// An object does not exist. The message is empty.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "ERROR_CODE_NOT_FOUND", "")
    }

    pub(crate) fn no_route() -> Self {
        Self::new(StatusCode::NOT_FOUND, "ERROR_CODE_NOT_FOUND", "Unable to locate request.")
    }

    /// Wrong credentials, as Xano's template responds.
    pub(crate) fn credentials_denied() -> Self {
        Self::new(StatusCode::FORBIDDEN, "ERROR_CODE_ACCESS_DENIED", "Invalid Credentials.")
    }

    /// Wrong credentials, as a precondition without an error type responds.
    pub(crate) fn credentials_fatal() -> Self {
        let mut failure = Self::fatal("Invalid Credentials.");
        failure.payload = Some(json!(""));
        failure
    }

    pub(crate) fn free_plan() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "ERROR_CODE_TOO_MANY_REQUESTS",
            "Whoa there! Your plan only supports 10 requests per 20 seconds. Upgrade options and \
             additional information is available at: \
             https://xano.gitbook.io/xano/instances/api-rate-limit",
        )
    }

    pub(crate) fn fatal(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "ERROR_FATAL", message)
    }

    pub(crate) fn body(self) -> Value {
        let mut body = Map::new();
        body.insert("code".to_owned(), json!(self.code));
        body.insert("message".to_owned(), json!(self.message));
        if let Some(payload) = self.payload {
            body.insert("payload".to_owned(), payload);
        }
        Value::Object(body)
    }
}
