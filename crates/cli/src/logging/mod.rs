//! Logging to standard error, human-readable or as JSON, at the levels in `RUST_LOG`.

mod values;

use std::io::IsTerminal as _;

use anyhow::Context as _;
use snappy_domain::audit;
use tracing::Subscriber;
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer};

use self::values::{CutLines, EscapedValues};
use crate::settings::LogFormat;

const DEFAULT: &str = "info,sqlx=warn,hyper=warn";

/// Starts logging, and sending traces to `collector` (the base URL of OTLP/HTTP; ignored without the
/// feature `otel`). Keep the result while the process runs: dropping it sends the remaining traces.
///
/// # Errors
/// When `rust_log` is not a filter, or `collector` is not a URL.
pub fn start(
    format: LogFormat,
    rust_log: Option<&str>,
    collector: Option<&str>,
) -> anyhow::Result<impl Sized + use<>> {
    let filter = rust_log.filter(|filter| !filter.is_empty()).unwrap_or(DEFAULT);
    // The audit trail is always logged, unless the filter mentions it.
    let audit = if filter.contains(audit::TARGET) { "" } else { ",audit=info" };
    let filter = EnvFilter::try_new(format!("{filter}{audit}")).with_context(|| {
        format!("RUST_LOG is {filter:?}, which is not a valid filter. Set it to levels such as info or snappy_xano=debug")
    })?;
    let colour = std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let lines = lines(format, std::io::stderr, colour);
    #[cfg(feature = "otel")]
    let (layer, traces) = collector.map(crate::traces::layer).transpose()?.unzip();
    #[cfg(not(feature = "otel"))]
    let (layer, traces) = (None::<tracing_subscriber::layer::Identity>, ());
    #[cfg(not(feature = "otel"))]
    let _ = collector;
    tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .with(layer)
        .try_init()
        .map_err(|error| anyhow::anyhow!("logging can't be started: {error}"))?;
    Ok(traces)
}

/// The layer that writes the lines. Values are escaped and cut here and not where they are logged, so that nothing that a
/// stranger sent can forge a line or fill the disk.
pub fn lines<S, W>(format: LogFormat, writer: W, colour: bool) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    match format {
        LogFormat::Human => fmt::layer()
            .with_writer(writer)
            .with_ansi(colour)
            .with_target(false)
            .fmt_fields(EscapedValues)
            .boxed(),
        LogFormat::Json => fmt::layer()
            .with_writer(CutLines(writer))
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .boxed(),
    }
}
