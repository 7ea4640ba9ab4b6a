//! The settings: declared in the registry, and read and validated at startup.

mod checks;
mod declare;
mod parse;
mod reference;
mod registry;

use snappy_oauth::Lifetimes;
use snappy_tools::ToolPolicy;
use snappy_web::RateLimits;
use snappy_xano::{HostPolicy, XanoOrigin};

pub use checks::KeySource;
pub use declare::{Setting, SettingError};
pub use parse::{DebugTools, LogFormat, platform_data_dir};
pub use reference::{help, reference};
pub use registry::{SETTINGS, Values};

/// All settings.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The value of each setting.
    pub values: Values,
    /// `ENCRYPTION_KEY`, or `COOKIE_ENCRYPTION_KEY`.
    pub keys: KeySource,
    /// `XANO_ACCOUNT_ORIGIN` and `XANO_EXTRA_HOSTS`.
    pub hosts: HostPolicy,
    /// `XANO_BASE_URL` and `XANO_AUTH_API`.
    pub sign_in: Option<(XanoOrigin, String)>,
    /// `OAUTH_TOKEN_TTL`, `OAUTH_REFRESH_TTL`, `OAUTH_GRANT_TTL` and `OAUTH_REUSE_WINDOW`.
    pub lifetimes: Lifetimes,
    /// `SNAPPY_LIMIT_…` and `SNAPPY_TRUSTED_PROXIES`.
    pub limits: RateLimits,
    /// `SNAPPY_TOOLSETS`, `SNAPPY_READ_ONLY` and `SNAPPY_DEBUG_TOOLS`.
    pub tool_policy: ToolPolicy,
}

impl Settings {
    /// Reads and validates all settings. `lookup` returns the value of an environment variable.
    ///
    /// # Errors
    /// The first setting that is invalid, missing, or in conflict with another one.
    pub fn read(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, SettingError> {
        let values = Values::read(lookup)?;
        checks::public_url(&values)?;
        let hosts = checks::hosts(&values)?;
        Ok(Self {
            keys: checks::keys(&values)?,
            sign_in: checks::sign_in(&values, &hosts)?,
            hosts,
            lifetimes: checks::lifetimes(&values)?,
            limits: checks::limits(&values),
            tool_policy: checks::tool_policy(&values),
            values,
        })
    }
}
