//! Validation of settings that depend on each other.

use std::time::Duration;

use snappy_domain::Secret;
use snappy_oauth::Lifetimes;
use snappy_tools::{ToolPolicy, Toolset};
use snappy_web::RateLimits;
use snappy_xano::{HostPolicy, XanoOrigin};

use super::declare::{Invalid, Setting, SettingError};
use super::parse::DebugTools;
use super::registry::{
    COOKIE_ENCRYPTION_KEY, ENCRYPTION_KEY, OAUTH_GRANT_TTL, OAUTH_REFRESH_TTL, SNAPPY_PUBLIC_URL,
    Values, XANO_ACCOUNT_ORIGIN, XANO_AUTH_API, XANO_BASE_URL,
};

/// Where the encryption keys come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// From `ENCRYPTION_KEY`, newest first.
    Configured(Vec<Secret>),
    /// From a file in the data directory, which is generated if it does not exist.
    Generated,
}

/// Checks that a setting is not required: it is, if other computers can reach the server.
fn required_off_loopback(setting: &Setting, values: &Values) -> Result<(), SettingError> {
    if values.listen.ip().is_loopback() {
        return Ok(());
    }
    let because = format!("SNAPPY_LISTEN is {}, which is not a loopback address", values.listen);
    Err(setting.error(Invalid::Missing(because)))
}

pub(super) fn public_url(values: &Values) -> Result<(), SettingError> {
    match values.public {
        Some(_) => Ok(()),
        None => required_off_loopback(&SNAPPY_PUBLIC_URL, values),
    }
}

pub(super) fn keys(values: &Values) -> Result<KeySource, SettingError> {
    match (&values.encryption_key, &values.cookie_encryption_key) {
        (Some(keys), Some(older)) if keys != older => Err(SettingError::Conflict {
            first: ENCRYPTION_KEY.name,
            second: COOKIE_ENCRYPTION_KEY.name,
            why: "they are two names of the same setting, but have different values. Set only one",
        }),
        (Some(keys), _) | (None, Some(keys)) => Ok(KeySource::Configured(keys.clone())),
        (None, None) => {
            required_off_loopback(&ENCRYPTION_KEY, values).map(|()| KeySource::Generated)
        }
    }
}

pub(super) fn hosts(values: &Values) -> Result<HostPolicy, SettingError> {
    let account = &values.account_origin;
    HostPolicy::new(account, values.extra_hosts.clone())
        .map_err(|why| XANO_ACCOUNT_ORIGIN.error(Invalid::Text(account.clone(), why.to_string())))
}

pub(super) fn sign_in(
    values: &Values,
    hosts: &HostPolicy,
) -> Result<Option<(XanoOrigin, String)>, SettingError> {
    let group = values.auth_api.clone();
    let Some(text) = &values.base_url else {
        if group == XANO_AUTH_API.default {
            return Ok(None);
        }
        let because = "XANO_AUTH_API is set, which is an API group at XANO_BASE_URL";
        return Err(XANO_BASE_URL.error(Invalid::Missing(because.to_owned())));
    };
    let origin = hosts
        .configured(text)
        .map_err(|why| XANO_BASE_URL.error(Invalid::Text(text.clone(), why.to_string())))?;
    Ok(Some((origin, group)))
}

/// Checks that no lifetime is shorter than that of what it contains.
pub(super) fn lifetimes(values: &Values) -> Result<Lifetimes, SettingError> {
    let Values { token_ttl, refresh_ttl: refresh_idle, grant_ttl: grant, .. } = *values;
    not_shorter(&OAUTH_REFRESH_TTL, refresh_idle, token_ttl, "shorter than OAUTH_TOKEN_TTL")?;
    not_shorter(&OAUTH_GRANT_TTL, grant, refresh_idle, "shorter than OAUTH_REFRESH_TTL")?;
    let defaults = Lifetimes::for_access(token_ttl);
    let reuse_window = values.reuse_window.unwrap_or(defaults.reuse_window);
    Ok(Lifetimes { refresh_idle, grant, reuse_window, ..defaults })
}

fn not_shorter(
    setting: &Setting,
    value: Duration,
    minimum: Duration,
    why: &str,
) -> Result<(), SettingError> {
    if value >= minimum {
        return Ok(());
    }
    Err(setting.error(Invalid::Text(value.as_secs().to_string(), why.to_owned())))
}

pub(super) fn limits(values: &Values) -> RateLimits {
    RateLimits {
        logins: values.limit_logins,
        login_failures: values.limit_login_failures,
        registrations: values.limit_registrations,
        authorizations: values.limit_authorizations,
        token_failures: values.limit_token_failures,
        trusted_proxies: usize::try_from(values.trusted_proxies.unwrap_or(0)).unwrap_or(usize::MAX),
    }
}

pub(super) fn tool_policy(values: &Values) -> ToolPolicy {
    let debug = values.debug_tools != DebugTools::Off;
    let offered = |toolset: &Toolset| debug || *toolset != Toolset::Debug;
    ToolPolicy {
        toolsets: values.toolsets.iter().copied().filter(offered).collect(),
        read_only: values.read_only,
    }
}
