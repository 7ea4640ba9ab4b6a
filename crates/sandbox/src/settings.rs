//! Settings of the responses of the backend.

use serde::Deserialize;
use serde_json::Value;

use crate::oauth::settings::OauthSettings;

/// The response to a successful sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginShape {
    /// `{"authToken": …}`, a session token.
    #[default]
    AuthToken,
    /// The older `{"api_key": …}`: the Metadata API key, which is also the session.
    ApiKey,
}

/// The response to a failed sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadCredentials {
    /// 403 `ERROR_CODE_ACCESS_DENIED`, as in Xano's template.
    #[default]
    #[serde(rename = "forbidden_403")]
    Forbidden403,
    /// 500 `ERROR_FATAL`, a precondition without an error type.
    #[serde(rename = "fatal_500")]
    Fatal500,
}

/// All settings.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    pub(crate) login_shape: LoginShape,
    pub(crate) bad_credentials: BadCredentials,
    pub(crate) me_without_key: bool,
    pub(crate) free_plan_limit: bool,
    /// The response of `list_instances`; `None` means the seed's instances.
    pub(crate) instances: Option<Value>,
    pub(crate) oauth: OauthSettings,
}
