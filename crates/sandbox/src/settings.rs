//! The switches that change how the backend answers.

use serde::Deserialize;
use serde_json::Value;

/// What a successful sign-in answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginShape {
    /// `{"authToken": …}`, a session token.
    #[default]
    AuthToken,
    /// The older `{"api_key": …}`: the Metadata key, which then also serves as the session.
    ApiKey,
}

/// What a refused sign-in answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadCredentials {
    /// 403 `ERROR_CODE_ACCESS_DENIED`, the stock template.
    #[default]
    #[serde(rename = "forbidden_403")]
    Forbidden403,
    /// 500 `ERROR_FATAL`, a precondition without an error type.
    #[serde(rename = "fatal_500")]
    Fatal500,
}

/// All switches.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    pub(crate) login_shape: LoginShape,
    pub(crate) bad_credentials: BadCredentials,
    pub(crate) me_without_key: bool,
    pub(crate) free_plan_limit: bool,
    /// Answered by `list_instances` as it is; `None` means the seed's instances.
    pub(crate) instances: Option<Value>,
}
