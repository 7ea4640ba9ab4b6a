//! Errors of registration and of the token endpoint.

use http::StatusCode;
use serde_json::json;

use crate::answer::Message;
use crate::failure::Failure;
use crate::oauth::settings::OauthErrors;

/// An error with OAuth's code and optional detail.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OauthError {
    status: StatusCode,
    code: &'static str,
    detail: Option<&'static str>,
}

impl OauthError {
    /// The request is refused because of its content.
    pub(crate) fn bad_request(code: &'static str, detail: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code, detail: Some(detail) }
    }

    /// A code or a refresh token is unknown, expired or ended, or belongs to another client.
    pub(crate) fn invalid_grant() -> Self {
        Self { status: StatusCode::UNAUTHORIZED, code: "invalid_grant", detail: None }
    }

    /// A refresh token was already replaced by another.
    pub(crate) fn replayed() -> Self {
        Self { detail: Some("refresh token replayed"), ..Self::invalid_grant() }
    }

    pub(crate) fn invalid_client() -> Self {
        Self { code: "invalid_client", ..Self::invalid_grant() }
    }

    pub(crate) fn message(self, form: OauthErrors) -> Message {
        let Self { status, code, detail } = self;
        match form {
            OauthErrors::Xano => {
                let message = match detail {
                    Some(detail) => format!("{code}: {detail}"),
                    None => code.to_owned(),
                };
                Message::outcome(Err(Failure::oauth(status, message)))
            }
            OauthErrors::Rfc => {
                let body = json!({ "error": code, "error_description": detail.unwrap_or(code) });
                Message::json(StatusCode::BAD_REQUEST, &body)
            }
        }
    }
}
