//! Parsers of settings.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use etcetera::{BaseStrategy as _, choose_base_strategy};
use snappy_domain::{Keyring, Secret};
use snappy_oauth::{Admission, Site};
use snappy_tools::Toolset;
use snappy_xano::origin::{ExtraHost, is_loopback_name};
use url::Url;

use super::declare::Invalid;

/// The format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Human-readable text.
    Human,
    /// One JSON object per line.
    Json,
}

/// The value of `SNAPPY_DEBUG_TOOLS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DebugTools {
    /// No debug tools.
    Off,
    /// The three debug tools, which concern only the caller's own sign-in.
    Tools,
    /// The debug tools and `/debug-oauth`.
    On,
}

type Parsed<T> = Result<T, Invalid>;

fn invalid<T>(text: &str, why: impl ToString) -> Parsed<T> {
    Err(Invalid::Text(text.to_owned(), why.to_string()))
}

/// A setting with a default value.
pub(super) fn required<T>(
    parse: impl Fn(&str) -> Parsed<T>,
) -> impl FnOnce(Option<&str>) -> Parsed<T> {
    move |text| parse(text.unwrap_or_default())
}

/// A setting without a default value.
pub(super) fn optional<T>(
    parse: impl Fn(&str) -> Parsed<T>,
) -> impl FnOnce(Option<&str>) -> Parsed<Option<T>> {
    move |text| text.map(parse).transpose()
}

/// A comma-separated list.
pub(super) fn list<T>(
    parse: impl Fn(&str) -> Parsed<T>,
) -> impl FnOnce(Option<&str>) -> Parsed<Vec<T>> {
    move |text| {
        let entries = text.unwrap_or_default().split(',').map(str::trim);
        entries.filter(|entry| !entry.is_empty()).map(parse).collect()
    }
}

/// Text that is validated later, together with other settings.
pub(super) fn text(text: &str) -> Parsed<String> {
    Ok(text.to_owned())
}

/// A word without spaces.
pub(super) fn word(text: &str) -> Parsed<String> {
    match text.contains(char::is_whitespace) {
        true => invalid(text, "it contains a space; separate entries with commas"),
        false => Ok(text.to_owned()),
    }
}

/// An e-mail address, or a domain that starts with `@`.
pub(super) fn person(text: &str) -> Parsed<String> {
    match text.split_once('@') {
        Some((_, domain)) if domain.contains('.') && !domain.contains('@') => word(text),
        _ => invalid(text, "neither an e-mail address nor a domain such as @example.com"),
    }
}

pub(super) fn socket_address(text: &str) -> Parsed<SocketAddr> {
    text.parse().or_else(|_| invalid(text, "not an IP address with a port"))
}

pub(super) fn site(text: &str) -> Parsed<Site> {
    let Ok(url) = Url::parse(text) else {
        return invalid(text, "not a URL");
    };
    let host = url.host_str().unwrap_or_default();
    let is_origin = !host.is_empty()
        && matches!(url.path(), "" | "/")
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty();
    match url.scheme() {
        _ if !is_origin => invalid(text, "it must have only a scheme, a host and a port"),
        "https" => Ok(Site::new(&url.origin().ascii_serialization())),
        "http" if is_loopback_name(host) => Ok(Site::new(&url.origin().ascii_serialization())),
        "http" => invalid(text, "http:// is only allowed for loopback addresses"),
        _ => invalid(text, "it does not start with https://"),
    }
}

pub(super) fn web_origin(text: &str) -> Parsed<String> {
    match Url::parse(text) {
        Ok(url) if url.has_host() && url.origin().ascii_serialization() == text => {
            Ok(text.to_owned())
        }
        _ => invalid(text, "not a web origin"),
    }
}

/// The URL of the database. It may contain a password, so errors do not show it.
pub(super) fn database_url(text: &str) -> Parsed<Secret> {
    let has = |scheme| text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty());
    let postgres = has("postgres://") || has("postgresql://");
    if postgres && !cfg!(feature = "postgres") {
        let why = "this build has no PostgreSQL support (Cargo feature `postgres`)";
        return Err(Invalid::Secret(why.to_owned()));
    }
    if postgres || has("sqlite://") {
        return Ok(Secret::new(text));
    }
    Err(Invalid::Secret("not the URL of a supported database".to_owned()))
}

pub(super) fn data_dir(text: Option<&str>) -> Parsed<PathBuf> {
    text.map(PathBuf::from).or_else(platform_data_dir).ok_or_else(|| {
        Invalid::Missing("this system has no data directory (HOME is not set)".to_owned())
    })
}

/// The directory `snappy-mcp` in the platform's data directory.
#[must_use]
pub fn platform_data_dir() -> Option<PathBuf> {
    Some(choose_base_strategy().ok()?.data_dir().join("snappy-mcp"))
}

pub(super) fn keys(text: &str) -> Parsed<Vec<Secret>> {
    let keys: Vec<_> = text.split(',').map(|key| Secret::new(key.trim())).collect();
    match Keyring::new(&keys) {
        Ok(_) => Ok(keys),
        Err(error) => Err(Invalid::Secret(error.to_string())),
    }
}

pub(super) fn extra_host(text: &str) -> Parsed<ExtraHost> {
    ExtraHost::parse(text).or_else(|_| invalid(text, "not a host or host:port"))
}

pub(super) fn api_group(text: &str) -> Parsed<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.');
    match text.strip_prefix("api:") {
        Some(rest) if !rest.is_empty() && rest.chars().all(plain) => Ok(text.to_owned()),
        _ => invalid(text, "not an API group"),
    }
}

pub(super) fn seconds(text: &str) -> Parsed<Duration> {
    const MAXIMUM: u64 = 10 * 365 * 86_400;
    match text.parse::<u64>() {
        Ok(seconds @ 0..=MAXIMUM) => Ok(Duration::from_secs(seconds)),
        Ok(_) => invalid(text, "longer than ten years"),
        Err(_) => invalid(text, "not a number of seconds"),
    }
}

/// The lifetime of access tokens, at least an hour.
pub(super) fn access_lifetime(text: &str) -> Parsed<Duration> {
    const MINIMUM: Duration = Duration::from_secs(3600);
    let lifetime = seconds(text)?;
    if lifetime < MINIMUM { invalid(text, "shorter than an hour") } else { Ok(lifetime) }
}

pub(super) fn number(text: &str) -> Parsed<u32> {
    text.parse().or_else(|_| invalid(text, "not a number"))
}

/// A limit; 0 means no limit.
pub(super) fn limit(text: &str) -> Parsed<Option<u32>> {
    number(text).map(|most| (most > 0).then_some(most))
}

pub(super) fn http_url(text: &str) -> Parsed<String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(text.to_owned()),
        _ => invalid(text, "not an http:// or https:// URL"),
    }
}

pub(super) fn collector(text: &str) -> Parsed<String> {
    if cfg!(feature = "otel") {
        return http_url(text);
    }
    invalid(text, "this build has no OpenTelemetry support (Cargo feature `otel`)")
}

/// A list of toolsets. An empty list, such as `,`, means `all`.
pub(super) fn toolsets(text: Option<&str>) -> Parsed<Vec<Toolset>> {
    let named = list(|name| {
        if name == "all" {
            return Ok(None);
        }
        let found = Toolset::ALL.into_iter().find(|toolset| toolset.as_str() == name);
        found.map_or_else(|| invalid(name, "not a toolset"), |toolset| Ok(Some(toolset)))
    })(text)?;
    Ok(match named.as_slice() {
        [] | [None] => Toolset::ALL.to_vec(),
        named => named.iter().copied().flatten().collect(),
    })
}

pub(super) fn switch(text: &str) -> Parsed<bool> {
    match text.to_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => invalid(text, "neither true nor false"),
    }
}

pub(super) fn debug_tools(text: Option<&str>) -> Parsed<DebugTools> {
    Ok(match optional(switch)(text)? {
        None => DebugTools::Tools,
        Some(true) => DebugTools::On,
        Some(false) => DebugTools::Off,
    })
}

pub(super) fn admission(text: &str) -> Parsed<Admission> {
    match text {
        "open" => Ok(Admission::Open),
        "documents" => Ok(Admission::Documents),
        "closed" => Ok(Admission::Closed),
        _ => invalid(text, "not open, documents or closed"),
    }
}

pub(super) fn log_format(text: &str) -> Parsed<LogFormat> {
    match text {
        "human" => Ok(LogFormat::Human),
        "json" => Ok(LogFormat::Json),
        _ => invalid(text, "not a log format"),
    }
}
