//! What Xano's answers mean when they are not a success.

use std::time::Duration;

use http::StatusCode;
use serde_json::Value;
use snappy_domain::Secret;
use snappy_domain::http::HttpError;

use crate::operation::BadSegment;

/// Why a call of the Metadata API gave no result. Texts from Xano are cut short and are for people;
/// decisions go by the variant.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum XanoError {
    /// 401: the key is not accepted.
    #[error("Xano does not accept the key: {0}")]
    Unauthorized(String),
    /// 403: the key is known but may not do this.
    #[error("Xano does not allow this: {0}")]
    AccessDenied(String),
    /// 404. Xano's message is often empty.
    #[error("Xano found nothing there{}", with_colon(.0))]
    NotFound(String),
    /// 400, 405, 409, 422 and the like: the request is at fault.
    #[error("Xano refused the request: {message}")]
    Refused {
        /// The status.
        status: u16,
        /// Xano's own sentence.
        message: String,
        /// The parameter at fault, when Xano names one.
        param: Option<String>,
        /// Xano's code.
        code: Option<String>,
    },
    /// 429.
    #[error("Xano's request limit was reached")]
    RateLimited {
        /// How long to wait, when Xano says so.
        retry_after: Option<Duration>,
    },
    /// 5xx.
    #[error("Xano answered {status}{}", with_colon(.message))]
    Server {
        /// The status.
        status: u16,
        /// Xano's own sentence, if it sent one.
        message: String,
    },
    /// A status that promises a result, and a body that is none.
    #[error("Xano's answer ({status}) is {why}")]
    NotAnAnswer {
        /// The status.
        status: u16,
        /// What it is instead.
        why: &'static str,
    },
    /// No answer at all.
    #[error("Xano could not be reached: {0}")]
    Http(#[from] HttpError),
    /// An id or a name that can't be part of a path.
    #[error(transparent)]
    BadSegment(#[from] BadSegment),
}

fn with_colon(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

impl XanoError {
    /// Whether a write that ended like this may have been carried out all the same
    /// (a gateway's 502 does not mean that it was not).
    #[must_use]
    pub const fn may_have_happened(&self) -> bool {
        match self {
            Self::Server { .. } | Self::NotAnAnswer { .. } => true,
            Self::Http(error) => {
                !matches!(error, HttpError::Unreachable(_) | HttpError::Refused(_))
            }
            _ => false,
        }
    }

    /// The status of the answer, if there was one.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::Unauthorized(_) => Some(401),
            Self::AccessDenied(_) => Some(403),
            Self::NotFound(_) => Some(404),
            Self::RateLimited { .. } => Some(429),
            Self::Refused { status, .. }
            | Self::Server { status, .. }
            | Self::NotAnAnswer { status, .. } => Some(*status),
            Self::Http(_) | Self::BadSegment(_) => None,
        }
    }

    /// Whether the same may well work in a moment: a gateway's trouble, or a broken connection.
    #[must_use]
    pub const fn is_worth_repeating(&self) -> bool {
        match self {
            Self::Server { status, .. } => matches!(status, 502..=504),
            Self::Http(error) => {
                matches!(error, HttpError::Unreachable(_) | HttpError::Broken(_))
            }
            _ => false,
        }
    }

    /// Whether it is Xano's trouble of the moment, and says nothing about what was asked.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. }
                | Self::Server { .. }
                | Self::NotAnAnswer { .. }
                | Self::Http(_)
        )
    }

    /// The error without a secret that Xano may have repeated in its sentence.
    #[must_use]
    pub(crate) fn without(mut self, secret: &Secret) -> Self {
        let message = match &mut self {
            Self::Unauthorized(message)
            | Self::AccessDenied(message)
            | Self::NotFound(message)
            | Self::Refused { message, .. }
            | Self::Server { message, .. } => message,
            Self::RateLimited { .. }
            | Self::NotAnAnswer { .. }
            | Self::Http(_)
            | Self::BadSegment(_) => return self,
        };
        if !secret.is_empty() && message.contains(secret.expose()) {
            *message = message.replace(secret.expose(), "[redacted]");
        }
        self
    }

    /// What a failed answer means. `body` is the JSON of it, if it is JSON.
    pub(crate) fn of_answer(
        status: StatusCode,
        body: Option<&Value>,
        retry_after: Option<Duration>,
    ) -> Self {
        let text =
            |name: &str| body.and_then(|body| body.get(name)).and_then(Value::as_str).map(shorten);
        let message = text("message").unwrap_or_default();
        match status.as_u16() {
            401 => Self::Unauthorized(message),
            // A firewall's page is not Xano's word about the person.
            403 if body.is_none() => {
                Self::NotAnAnswer { status: 403, why: "a refusal that is not Xano's own" }
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
            status => Self::NotAnAnswer { status, why: "a redirect, which is never followed" },
        }
    }
}

/// Texts from outside are shown at most this long.
fn shorten(text: &str) -> String {
    text.chars().take(500).collect()
}
