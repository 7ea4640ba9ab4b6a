//! Reading and checking each setting.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use snappy_domain::Secret;
use snappy_oauth::{Admission, Lifetimes, Site};
use snappy_tools::Toolset;
use snappy_web::RateLimits;
use snappy_xano::origin::{ExtraHost, is_loopback_name};
use snappy_xano::{HostPolicy, XanoOrigin};
use url::Url;

use super::{DebugTools, KeySource, LogFormat, Setting, SettingError, platform_data_dir, registry};

/// Looks a setting up by its name. An empty value counts as none.
pub(super) struct Reader<'a>(pub(super) &'a dyn Fn(&str) -> Option<String>);

impl Reader<'_> {
    fn text(&self, setting: &Setting) -> Option<String> {
        let value = (self.0)(setting.name)?.trim().to_owned();
        (!value.is_empty()).then_some(value)
    }

    fn text_or_default(&self, setting: &Setting) -> String {
        self.text(setting).unwrap_or_else(|| setting.default.to_owned())
    }

    fn list(&self, setting: &Setting) -> Vec<String> {
        let text = self.text(setting).unwrap_or_default();
        let parts = text.split(',').map(|part| part.trim().to_owned());
        parts.filter(|part| !part.is_empty()).collect()
    }
}

impl Setting {
    fn wrong(&self, got: impl Into<String>, why: impl Into<String>) -> SettingError {
        let got = got.into();
        // What stands before an @ may be a password.
        let shown = got.rsplit_once('@').map(|(_, rest)| format!("[redacted]@{rest}"));
        SettingError::Wrong {
            name: self.name,
            got: shown.unwrap_or(got),
            why: why.into(),
            takes: self.takes,
        }
    }
}

pub(super) fn collector(reader: &Reader<'_>) -> Result<Option<String>, SettingError> {
    let setting = &registry::OTLP;
    let Some(text) = reader.text(setting) else { return Ok(None) };
    match Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(Some(text)),
        _ => Err(setting.wrong(text, "that is no such address")),
    }
}

pub(super) fn metrics_listen(reader: &Reader<'_>) -> Result<Option<SocketAddr>, SettingError> {
    let setting = &registry::METRICS_LISTEN;
    let Some(text) = reader.text(setting) else { return Ok(None) };
    let address = text.parse().map_err(|_| setting.wrong(text, "that is no address with a port"));
    address.map(Some)
}

pub(super) fn listen(reader: &Reader<'_>) -> Result<SocketAddr, SettingError> {
    let setting = &registry::LISTEN;
    let text = reader.text_or_default(setting);
    text.parse().map_err(|_| setting.wrong(text, "that is no address with a port"))
}

pub(super) fn public_url(
    reader: &Reader<'_>,
    listen: SocketAddr,
) -> Result<Option<Site>, SettingError> {
    let setting = &registry::PUBLIC_URL;
    let Some(text) = reader.text(setting) else {
        if listen.ip().is_loopback() {
            return Ok(None);
        }
        return Err(SettingError::Missing {
            name: setting.name,
            because: format!("SNAPPY_LISTEN is {listen}, which others can reach"),
            takes: setting.takes,
        });
    };
    let url = Url::parse(&text).map_err(|_| setting.wrong(&text, "that is no address"))?;
    let host = url.host_str().unwrap_or_default();
    let bare = !host.is_empty()
        && matches!(url.path(), "" | "/")
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty();
    match url.scheme() {
        _ if !bare => Err(setting.wrong(text, "it has more than a scheme, a host and a port")),
        "https" => Ok(Some(Site::new(&url.origin().ascii_serialization()))),
        "http" if is_loopback_name(host) => {
            Ok(Some(Site::new(&url.origin().ascii_serialization())))
        }
        "http" => Err(setting.wrong(text, "plain http is only for loopback addresses")),
        _ => Err(setting.wrong(text, "it does not start with https://")),
    }
}

pub(super) fn allowed_origins(reader: &Reader<'_>) -> Result<Vec<String>, SettingError> {
    let setting = &registry::ALLOWED_ORIGINS;
    let origins = reader.list(setting);
    for origin in &origins {
        let is_origin = Url::parse(origin)
            .is_ok_and(|url| url.origin().ascii_serialization() == *origin && url.has_host());
        if !is_origin {
            return Err(setting.wrong(origin, "that is no origin"));
        }
    }
    Ok(origins)
}

pub(super) fn database_url(reader: &Reader<'_>) -> Result<Option<Secret>, SettingError> {
    let setting = &registry::DATABASE_URL;
    let Some(url) = reader.text(setting) else {
        return Ok(None);
    };
    let known = ["sqlite://", "postgres://", "postgresql://"];
    if known.iter().any(|scheme| url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty())) {
        return Ok(Some(Secret::new(url)));
    }
    // It may hold a password, so it is not shown.
    let why = "that is no address of a database this server knows".to_owned();
    Err(SettingError::WrongSecret { name: setting.name, why, takes: setting.takes })
}

pub(super) fn data_dir(reader: &Reader<'_>) -> Result<PathBuf, SettingError> {
    let setting = &registry::DATA_DIR;
    let given = reader.text(setting).map(PathBuf::from);
    given.or_else(platform_data_dir).ok_or(SettingError::Missing {
        name: setting.name,
        because: "this system names no data directory (HOME is not set)".to_owned(),
        takes: setting.takes,
    })
}

pub(super) fn keys(reader: &Reader<'_>, listen: SocketAddr) -> Result<KeySource, SettingError> {
    let (setting, older) = (&registry::ENCRYPTION_KEY, &registry::COOKIE_ENCRYPTION_KEY);
    let text = match (reader.text(setting), reader.text(older)) {
        (Some(new), Some(old)) if new != old => {
            return Err(SettingError::Contradiction {
                first: setting.name,
                second: older.name,
                why: "they are two names of one setting and hold different keys",
            });
        }
        (new, old) => new.or(old),
    };
    let Some(text) = text else {
        if listen.ip().is_loopback() {
            return Ok(KeySource::Generated);
        }
        return Err(SettingError::Missing {
            name: setting.name,
            because: format!("SNAPPY_LISTEN is {listen}, which others can reach"),
            takes: setting.takes,
        });
    };
    let keys: Vec<_> = text.split(',').map(|key| Secret::new(key.trim())).collect();
    match snappy_domain::Keyring::new(&keys) {
        Ok(_) => Ok(KeySource::Given(keys)),
        Err(error) => Err(SettingError::WrongSecret {
            name: setting.name,
            why: error.to_string(),
            takes: setting.takes,
        }),
    }
}

pub(super) fn extra_hosts(reader: &Reader<'_>) -> Result<Vec<ExtraHost>, SettingError> {
    let setting = &registry::EXTRA_HOSTS;
    let read = |text: &String| {
        ExtraHost::parse(text).map_err(|_| setting.wrong(text, "that is no host with a port"))
    };
    reader.list(setting).iter().map(read).collect()
}

pub(super) fn account_origin(
    reader: &Reader<'_>,
    extra: &[ExtraHost],
) -> Result<HostPolicy, SettingError> {
    let setting = &registry::ACCOUNT_ORIGIN;
    let text = reader.text_or_default(setting);
    HostPolicy::new(&text, extra.to_vec()).map_err(|why| setting.wrong(text, why.to_string()))
}

pub(super) fn sign_in(
    reader: &Reader<'_>,
    hosts: &HostPolicy,
) -> Result<Option<(XanoOrigin, String)>, SettingError> {
    let (setting, group) = (&registry::BASE_URL, &registry::AUTH_API);
    let Some(text) = reader.text(setting) else {
        return match reader.text(group) {
            None => Ok(None),
            Some(_) => Err(SettingError::Missing {
                name: setting.name,
                because: "XANO_AUTH_API is set, which names a part of it".to_owned(),
                takes: setting.takes,
            }),
        };
    };
    let origin = hosts.configured(&text).map_err(|why| setting.wrong(text, why.to_string()))?;
    let name = reader.text_or_default(group);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.');
    match name.strip_prefix("api:") {
        Some(rest) if !rest.is_empty() && rest.chars().all(plain) => Ok(Some((origin, name))),
        _ => Err(group.wrong(name, "that is no API group")),
    }
}

pub(super) fn lifetimes(reader: &Reader<'_>) -> Result<Lifetimes, SettingError> {
    const LEAST: u64 = 3600;
    let access = seconds(reader, &registry::TOKEN_TTL)?;
    if access.as_secs() < LEAST {
        let why = "shorter lives only make clients sign in more often";
        return Err(registry::TOKEN_TTL.wrong(access.as_secs().to_string(), why));
    }
    let refresh_idle = seconds(reader, &registry::REFRESH_TTL)?;
    if refresh_idle < access {
        let why = "a connection must outlive its access tokens";
        return Err(registry::REFRESH_TTL.wrong(refresh_idle.as_secs().to_string(), why));
    }
    let grant = seconds(reader, &registry::GRANT_TTL)?;
    if grant < refresh_idle {
        let why = "it is shorter than OAUTH_REFRESH_TTL, which would never count";
        return Err(registry::GRANT_TTL.wrong(grant.as_secs().to_string(), why));
    }
    let usual = Lifetimes::for_access(access);
    let reuse_window = match reader.text(&registry::REUSE_WINDOW) {
        None => usual.reuse_window,
        Some(_) => seconds(reader, &registry::REUSE_WINDOW)?,
    };
    Ok(Lifetimes { refresh_idle, grant, reuse_window, ..usual })
}

fn seconds(reader: &Reader<'_>, setting: &Setting) -> Result<Duration, SettingError> {
    const MOST: u64 = 10 * 365 * 86_400;
    let text = reader.text_or_default(setting);
    match text.parse::<u64>() {
        Ok(seconds @ 0..=MOST) => Ok(Duration::from_secs(seconds)),
        Ok(_) => Err(setting.wrong(text, "that is longer than ten years")),
        Err(_) => Err(setting.wrong(text, "that is no number of seconds")),
    }
}

pub(super) fn limits(reader: &Reader<'_>) -> Result<RateLimits, SettingError> {
    let number = |setting: &Setting| {
        let text = reader.text_or_default(setting);
        text.parse::<u32>().map_err(|_| setting.wrong(text, "that is no number"))
    };
    let limit = |setting| number(setting).map(|most| (most > 0).then_some(most));
    let proxies = &registry::TRUSTED_PROXIES;
    Ok(RateLimits {
        logins: limit(&registry::LIMIT_LOGINS)?,
        login_failures: limit(&registry::LIMIT_LOGIN_FAILURES)?,
        registrations: limit(&registry::LIMIT_REGISTRATIONS)?,
        authorizations: limit(&registry::LIMIT_AUTHORIZATIONS)?,
        token_failures: limit(&registry::LIMIT_TOKEN_FAILURES)?,
        trusted_proxies: usize::try_from(number(proxies)?).unwrap_or(usize::MAX),
    })
}

pub(super) fn toolsets(reader: &Reader<'_>) -> Result<BTreeSet<Toolset>, SettingError> {
    let setting = &registry::TOOLSETS;
    let names = reader.list(setting);
    if names.is_empty() || names == ["all"] {
        return Ok(Toolset::ALL.into_iter().collect());
    }
    let find = |name: &String| {
        let found = Toolset::ALL.into_iter().find(|toolset| toolset.as_str() == name);
        found.ok_or_else(|| setting.wrong(name, "there is no such toolset"))
    };
    names.iter().map(find).collect()
}

fn switch(reader: &Reader<'_>, setting: &Setting) -> Result<Option<bool>, SettingError> {
    let Some(text) = reader.text(setting) else {
        return Ok(None);
    };
    match text.to_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(Some(true)),
        "false" | "0" | "no" | "off" => Ok(Some(false)),
        _ => Err(setting.wrong(text, "that is neither true nor false")),
    }
}

pub(super) fn read_only(reader: &Reader<'_>) -> Result<bool, SettingError> {
    Ok(switch(reader, &registry::READ_ONLY)?.unwrap_or(false))
}

pub(super) fn admission(reader: &Reader<'_>) -> Result<Admission, SettingError> {
    let setting = &registry::REGISTRATION;
    match reader.text_or_default(setting).as_str() {
        "open" => Ok(Admission::Open),
        "documents" => Ok(Admission::Documents),
        "closed" => Ok(Admission::Closed),
        other => Err(setting.wrong(other, "that is none of the three")),
    }
}

pub(super) fn debug_tools(reader: &Reader<'_>) -> Result<DebugTools, SettingError> {
    Ok(match switch(reader, &registry::DEBUG_TOOLS)? {
        None => DebugTools::Tools,
        Some(true) => DebugTools::On,
        Some(false) => DebugTools::Off,
    })
}

pub(super) fn log_format(reader: &Reader<'_>) -> Result<LogFormat, SettingError> {
    let setting = &registry::LOG_FORMAT;
    match reader.text_or_default(setting).as_str() {
        "human" => Ok(LogFormat::Human),
        "json" => Ok(LogFormat::Json),
        other => Err(setting.wrong(other, "there is no such format")),
    }
}
