//! The settings: declared once in [`SETTINGS`], from which the reference page is made, and read once
//! at the start. A wrong, missing or contradictory one stops the start with one sentence.

mod checks;
mod registry;

use std::net::SocketAddr;
use std::path::PathBuf;

use etcetera::{BaseStrategy as _, choose_base_strategy};
use snappy_domain::Secret;
use snappy_oauth::{Admission, Lifetimes, Site};
use snappy_tools::{ToolPolicy, Toolset};
use snappy_web::RateLimits;
use snappy_xano::origin::ExtraHost;
use snappy_xano::{HostPolicy, XanoOrigin};

use checks::Reader;
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
    pub database_url: Option<Secret>,
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
    /// `SNAPPY_REGISTRATION`.
    pub admission: Admission,
    /// `SNAPPY_LIMIT_…` and `SNAPPY_TRUSTED_PROXIES`.
    pub limits: RateLimits,
    /// `SNAPPY_METRICS_LISTEN`.
    pub metrics_listen: Option<SocketAddr>,
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub collector: Option<String>,
    /// `SNAPPY_TOOLSETS` and `SNAPPY_READ_ONLY`.
    pub ceiling: ToolPolicy,
    /// `SNAPPY_DEBUG_TOOLS`.
    pub debug_tools: DebugTools,
    /// `SNAPPY_LOG_FORMAT`.
    pub log_format: LogFormat,
}

impl Settings {
    /// Reads and checks all settings. `lookup` gives the value of an environment variable.
    ///
    /// # Errors
    /// The first setting that is wrong, missing or contradictory.
    pub fn read(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, SettingError> {
        let reader = Reader(lookup);
        let listen = checks::listen(&reader)?;
        let extra_hosts = checks::extra_hosts(&reader)?;
        let hosts = checks::account_origin(&reader, &extra_hosts)?;
        let settings = Self {
            listen,
            public: checks::public_url(&reader, listen)?,
            allowed_origins: checks::allowed_origins(&reader)?,
            database_url: checks::database_url(&reader)?,
            data_dir: checks::data_dir(&reader)?,
            keys: checks::keys(&reader, listen)?,
            sign_in: checks::sign_in(&reader, &hosts)?,
            hosts,
            extra_hosts,
            lifetimes: checks::lifetimes(&reader)?,
            admission: checks::admission(&reader)?,
            limits: checks::limits(&reader)?,
            metrics_listen: checks::metrics_listen(&reader)?,
            collector: checks::collector(&reader)?,
            ceiling: ToolPolicy {
                toolsets: checks::toolsets(&reader)?,
                read_only: checks::read_only(&reader)?,
            },
            debug_tools: checks::debug_tools(&reader)?,
            log_format: checks::log_format(&reader)?,
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

/// Our directory where the platform keeps data.
#[must_use]
pub fn platform_data_dir() -> Option<PathBuf> {
    Some(choose_base_strategy().ok()?.data_dir().join("snappy-mcp"))
}
