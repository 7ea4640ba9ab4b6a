//! The settings: declared once in [`SETTINGS`], from which the reference page is made, and read once
//! at the start. A wrong, missing or contradictory one stops the start with one sentence.

mod registry;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use etcetera::{BaseStrategy as _, choose_base_strategy};
use snappy_domain::Secret;
use snappy_oauth::{Lifetimes, Site};
use snappy_tools::{Ceiling, Toolset};
use snappy_xano::origin::{ExtraHost, is_loopback_name};
use snappy_xano::{HostPolicy, XanoOrigin};
use url::Url;

pub use registry::{SETTINGS, Setting, reference};

/// Why the server does not start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// A value that is not what the setting takes.
    #[error("{name} is {got:?}, but {why}; it takes {takes}")]
    Wrong {
        /// The setting.
        name: &'static str,
        /// What it got.
        got: String,
        /// What is wrong with it.
        why: String,
        /// What it takes.
        takes: &'static str,
    },
    /// A secret value that is not what the setting takes; it is not shown.
    #[error("{name} can't be used: {why}; it takes {takes}")]
    WrongSecret {
        /// The setting.
        name: &'static str,
        /// What is wrong with it.
        why: String,
        /// What it takes.
        takes: &'static str,
    },
    /// A setting that is needed because of another one.
    #[error("{name} is missing: it is needed because {because}; it takes {takes}")]
    Missing {
        /// The setting.
        name: &'static str,
        /// Why it is needed.
        because: String,
        /// What it takes.
        takes: &'static str,
    },
    /// Two settings that say different things.
    #[error("{first} and {second} contradict each other: {why}")]
    Contradiction {
        /// One setting.
        first: &'static str,
        /// The other.
        second: &'static str,
        /// How.
        why: &'static str,
    },
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

/// What the debug setting opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DebugTools {
    /// Nothing.
    Off,
    /// The three debug tools, which concern only the caller's own sign-in.
    Tools,
    /// Those, and `/debug-oauth`.
    On,
}

/// Where the keys come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// From the settings, newest first.
    Given(Vec<Secret>),
    /// From a file in the data directory, made when there is none.
    Generated,
}

/// Everything that can be set, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `SNAPPY_LISTEN`.
    pub listen: SocketAddr,
    /// `SNAPPY_PUBLIC_URL`.
    pub public: Option<Site>,
    /// `SNAPPY_ALLOWED_ORIGINS`.
    pub allowed_origins: Vec<String>,
    /// `DATABASE_URL`; `None` means a file in the data directory.
    pub database_url: Option<String>,
    /// `SNAPPY_DATA_DIR`.
    pub data_dir: PathBuf,
    /// `ENCRYPTION_KEY`.
    pub keys: KeySource,
    /// `XANO_BASE_URL` with `XANO_AUTH_API`.
    pub sign_in: Option<(XanoOrigin, String)>,
    /// `XANO_ACCOUNT_ORIGIN` and `XANO_EXTRA_HOSTS`.
    pub hosts: HostPolicy,
    /// `XANO_EXTRA_HOSTS`.
    pub extra_hosts: Vec<ExtraHost>,
    /// `OAUTH_TOKEN_TTL`, `OAUTH_REFRESH_TTL`, `OAUTH_GRANT_TTL` and `OAUTH_REUSE_WINDOW`.
    pub lifetimes: Lifetimes,
    /// `SNAPPY_TOOLSETS` and `SNAPPY_READ_ONLY`.
    pub ceiling: Ceiling,
    /// `SNAPPY_DEBUG_TOOLS`.
    pub debug_tools: DebugTools,
    /// `SNAPPY_LOG_FORMAT`.
    pub log_format: LogFormat,
}

/// Looks a setting up by its name. An empty value counts as none.
struct Reader<'a>(&'a dyn Fn(&str) -> Option<String>);

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

impl Settings {
    /// Reads and checks all settings. `lookup` gives the value of an environment variable.
    ///
    /// # Errors
    /// The first setting that is wrong, missing or contradictory.
    pub fn read(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, SettingError> {
        let reader = Reader(lookup);
        let listen = listen(&reader)?;
        let extra_hosts = extra_hosts(&reader)?;
        let hosts = account_origin(&reader, &extra_hosts)?;
        let settings = Self {
            listen,
            public: public_url(&reader, listen)?,
            allowed_origins: allowed_origins(&reader)?,
            database_url: database_url(&reader)?,
            data_dir: data_dir(&reader)?,
            keys: keys(&reader, listen)?,
            sign_in: sign_in(&reader, &hosts)?,
            hosts,
            extra_hosts,
            lifetimes: lifetimes(&reader)?,
            ceiling: Ceiling { toolsets: toolsets(&reader)?, read_only: read_only(&reader)? },
            debug_tools: debug_tools(&reader)?,
            log_format: log_format(&reader)?,
        };
        Ok(settings.without_debug_toolset())
    }

    fn without_debug_toolset(mut self) -> Self {
        if self.debug_tools == DebugTools::Off {
            self.ceiling.toolsets.remove(&Toolset::Debug);
        }
        self
    }
}

fn listen(reader: &Reader<'_>) -> Result<SocketAddr, SettingError> {
    let setting = &registry::LISTEN;
    let text = reader.text_or_default(setting);
    text.parse().map_err(|_| setting.wrong(text, "that is no address with a port"))
}

fn public_url(reader: &Reader<'_>, listen: SocketAddr) -> Result<Option<Site>, SettingError> {
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

fn allowed_origins(reader: &Reader<'_>) -> Result<Vec<String>, SettingError> {
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

fn database_url(reader: &Reader<'_>) -> Result<Option<String>, SettingError> {
    let setting = &registry::DATABASE_URL;
    let Some(url) = reader.text(setting) else {
        return Ok(None);
    };
    if url.strip_prefix("sqlite://").is_some_and(|path| !path.is_empty()) {
        return Ok(Some(url));
    }
    // It may hold a password, so it is not shown.
    let why = "that is no address of a database this server knows".to_owned();
    Err(SettingError::WrongSecret { name: setting.name, why, takes: setting.takes })
}

fn data_dir(reader: &Reader<'_>) -> Result<PathBuf, SettingError> {
    let setting = &registry::DATA_DIR;
    let given = reader.text(setting).map(PathBuf::from);
    given.or_else(platform_data_dir).ok_or(SettingError::Missing {
        name: setting.name,
        because: "this system names no data directory (HOME is not set)".to_owned(),
        takes: setting.takes,
    })
}

/// Our directory where the platform keeps data.
#[must_use]
pub fn platform_data_dir() -> Option<PathBuf> {
    Some(choose_base_strategy().ok()?.data_dir().join("snappy-mcp"))
}

fn keys(reader: &Reader<'_>, listen: SocketAddr) -> Result<KeySource, SettingError> {
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

fn extra_hosts(reader: &Reader<'_>) -> Result<Vec<ExtraHost>, SettingError> {
    let setting = &registry::EXTRA_HOSTS;
    let read = |text: &String| {
        ExtraHost::parse(text).map_err(|_| setting.wrong(text, "that is no host with a port"))
    };
    reader.list(setting).iter().map(read).collect()
}

fn account_origin(reader: &Reader<'_>, extra: &[ExtraHost]) -> Result<HostPolicy, SettingError> {
    let setting = &registry::ACCOUNT_ORIGIN;
    let text = reader.text_or_default(setting);
    HostPolicy::new(&text, extra.to_vec()).map_err(|why| setting.wrong(text, why.to_string()))
}

fn sign_in(
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

fn lifetimes(reader: &Reader<'_>) -> Result<Lifetimes, SettingError> {
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

fn toolsets(reader: &Reader<'_>) -> Result<BTreeSet<Toolset>, SettingError> {
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

fn read_only(reader: &Reader<'_>) -> Result<bool, SettingError> {
    Ok(switch(reader, &registry::READ_ONLY)?.unwrap_or(false))
}

fn debug_tools(reader: &Reader<'_>) -> Result<DebugTools, SettingError> {
    Ok(match switch(reader, &registry::DEBUG_TOOLS)? {
        None => DebugTools::Tools,
        Some(true) => DebugTools::On,
        Some(false) => DebugTools::Off,
    })
}

fn log_format(reader: &Reader<'_>) -> Result<LogFormat, SettingError> {
    let setting = &registry::LOG_FORMAT;
    match reader.text_or_default(setting).as_str() {
        "human" => Ok(LogFormat::Human),
        "json" => Ok(LogFormat::Json),
        other => Err(setting.wrong(other, "there is no such format")),
    }
}
