//! Log lines: to standard error, for people or as JSON, at the levels that `RUST_LOG` names.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use tracing_subscriber::EnvFilter;

use snappy_domain::audit;

use crate::settings::LogFormat;

const DEFAULT: &str = "info,sqlx=warn,rmcp=warn,hyper=warn";

/// Starts logging.
///
/// # Errors
/// When `rust_log` is no filter.
pub fn start(format: LogFormat, rust_log: Option<&str>) -> anyhow::Result<()> {
    let filter = rust_log.filter(|filter| !filter.is_empty()).unwrap_or(DEFAULT);
    // Whatever else is of interest, the audit trail is kept, unless it is named itself.
    let audit = if filter.contains(audit::TARGET) { "" } else { ",audit=info" };
    let filter = EnvFilter::try_new(format!("{filter}{audit}")).with_context(|| {
        format!("RUST_LOG is {filter:?}, but it takes levels such as info or snappy_xano=debug")
    })?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let colour = std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    match format {
        LogFormat::Human => lines.with_ansi(colour).with_target(false).try_init(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .try_init(),
    }
    .map_err(|error| anyhow::anyhow!("logging can't be started: {error}"))
}
