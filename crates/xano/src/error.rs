//! Errors of Xano's Metadata API.

use std::time::Duration;

use http::StatusCode;
use serde_json::Value;
use snappy_domain::Secret;
use snappy_domain::http::HttpError;

use crate::operations::InvalidRequest;

/// Why a request to the Metadata API failed. Messages from Xano are shortened and only for people;
/// code must decide by variant and status.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum XanoError {
    /// 401: Xano does not accept the key.
    #[error("Xano does not accept the key: {0}")]
    Unauthorized(String),
    /// 403: the key is valid but lacks the permission.
    #[error("Xano does not allow this: {0}")]
    AccessDenied(String),
    /// 404. Xano's message is often empty.
    #[error("Xano could not find the requested object{}", with_colon(.0))]
    NotFound(String),
    /// 400, 405, 409, 422 and other 4xx: the request is invalid.
    #[error("Xano refused the request: {message}")]
    Refused {
        status: u16,
        /// Xano's message.
        message: String,
        /// The invalid parameter, if Xano names it.
        param: Option<String>,
        /// Xano's code.
        code: Option<String>,
    },
    /// 429.
    #[error("Xano's request limit was reached")]
    RateLimited {
        /// How long to wait (`Retry-After`), if known.
        retry_after: Option<Duration>,
    },
    /// 5xx.
    #[error("Xano responded with status {status}{}", with_colon(.message))]
    Server {
        status: u16,
        /// Xano's message; may be empty.
        message: String,
    },
    /// The response is not what the contract promises.
    #[error("Xano's response ({status}) is {why}")]
    InvalidResponse {
        status: u16,
        /// What is wrong with it, as the end of the sentence "the response is …".
        why: &'static str,
    },
    /// No response at all.
    #[error("Xano could not be reached: {0}")]
    Http(#[from] HttpError),
    /// The request can't be built, so nothing was sent.
    #[error(transparent)]
    InvalidRequest(#[from] InvalidRequest),
}

fn with_colon(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

impl XanoError {
    /// Whether a failed write may have been carried out. After a gateway's 502, for example, Xano may
    /// still have processed the request.
    #[must_use]
    pub const fn may_have_happened(&self) -> bool {
        match self {
            Self::Server { .. } | Self::InvalidResponse { .. } => true,
            Self::Http(error) => {
                !matches!(error, HttpError::Unreachable(_) | HttpError::Refused(_))
            }
            _ => false,
        }
    }

    /// The status of the response, if there was one.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::Unauthorized(_) => Some(401),
            Self::AccessDenied(_) => Some(403),
            Self::NotFound(_) => Some(404),
            Self::RateLimited { .. } => Some(429),
            Self::Refused { status, .. }
            | Self::Server { status, .. }
            | Self::InvalidResponse { status, .. } => Some(*status),
            Self::Http(_) | Self::InvalidRequest(_) => None,
        }
    }

    /// Whether an immediate retry may succeed: after a gateway error or a broken connection.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::Server { status, .. } => matches!(status, 502..=504),
            Self::Http(error) => {
                matches!(error, HttpError::Unreachable(_) | HttpError::Broken(_))
            }
            _ => false,
        }
    }

    /// Whether the cause is a temporary condition of Xano or the network, not the request.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. }
                | Self::Server { .. }
                | Self::InvalidResponse { .. }
                | Self::Http(_)
        )
    }

    /// Redacts a secret that Xano's message may contain.
    #[must_use]
    pub(crate) fn redacted(mut self, secret: &Secret) -> Self {
        let message = match &mut self {
            Self::Unauthorized(message)
            | Self::AccessDenied(message)
            | Self::NotFound(message)
            | Self::Refused { message, .. }
            | Self::Server { message, .. } => message,
            Self::RateLimited { .. }
            | Self::InvalidResponse { .. }
            | Self::Http(_)
            | Self::InvalidRequest(_) => return self,
        };
        if !secret.is_empty() && message.contains(secret.expose()) {
            *message = message.replace(secret.expose(), "[redacted]");
        }
        self
    }

    /// The error of a response. `body` is `None` if it is not JSON.
    pub(crate) fn from_response(
        status: StatusCode,
        body: Option<&Value>,
        retry_after: Option<Duration>,
    ) -> Self {
        let text =
            |name: &str| body.and_then(|body| body.get(name)).and_then(Value::as_str).map(shorten);
        let message = text("message").unwrap_or_default();
        match status.as_u16() {
            401 => Self::Unauthorized(message),
            // Without JSON, the response comes from a firewall and not from Xano.
            403 if body.is_none() => {
                Self::InvalidResponse { status: 403, why: "an error that Xano did not send" }
            }
            403 => Self::AccessDenied(message),
            404 => Self::NotFound(message),
            429 => Self::RateLimited { retry_after },
            status @ 400..=499 => Self::Refused {
                status,
                message,
                param: text("param").or_else(|| {
                    let payload = body?.get("payload")?;
                    payload.get("param")?.as_str().map(shorten)
                }),
                code: text("code"),
            },
            status @ 500.. => Self::Server { status, message },
            status => Self::InvalidResponse { status, why: "a redirect, which is not followed" },
        }
    }
}

/// Limits a text from Xano to 500 characters.
fn shorten(text: &str) -> String {
    text.chars().take(500).collect()
}
