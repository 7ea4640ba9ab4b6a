//! Log lines: to standard error, for people or as JSON, at the levels that `RUST_LOG` names; and the same
//! as traces to an OpenTelemetry collector, where one is configured.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use snappy_domain::audit;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, fmt};

use crate::settings::LogFormat;

const DEFAULT: &str = "info,sqlx=warn,hyper=warn";

/// What has to be sent before the process ends.
#[derive(Debug)]
pub struct Traces(Option<SdkTracerProvider>);

impl Drop for Traces {
    fn drop(&mut self) {
        // Without an answer from the collector there is nothing left to do.
        let _ = self.0.as_ref().map(SdkTracerProvider::shutdown);
    }
}

/// Starts logging, and sending traces to `collector` (the base address of OTLP over HTTP).
///
/// # Errors
/// When `rust_log` is no filter, or `collector` is no address.
pub fn start(
    format: LogFormat,
    rust_log: Option<&str>,
    collector: Option<&str>,
) -> anyhow::Result<Traces> {
    let filter = rust_log.filter(|filter| !filter.is_empty()).unwrap_or(DEFAULT);
    // Whatever else is of interest, the audit trail is kept, unless it is named itself.
    let audit = if filter.contains(audit::TARGET) { "" } else { ",audit=info" };
    let filter = EnvFilter::try_new(format!("{filter}{audit}")).with_context(|| {
        format!("RUST_LOG is {filter:?}, but it takes levels such as info or snappy_xano=debug")
    })?;
    let lines = fmt::layer().with_writer(std::io::stderr);
    let colour = std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let lines = match format {
        LogFormat::Human => lines.with_ansi(colour).with_target(false).boxed(),
        LogFormat::Json => {
            lines.json().flatten_event(true).with_current_span(true).with_span_list(false).boxed()
        }
    };
    let provider = collector.map(provider).transpose()?;
    let tracer = provider.as_ref().map(|provider| provider.tracer("snappy-mcp"));
    let traces = tracer.map(|tracer| tracing_opentelemetry::layer().with_tracer(tracer));
    tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .with(traces)
        .try_init()
        .map_err(|error| anyhow::anyhow!("logging can't be started: {error}"))?;
    Ok(Traces(provider))
}

fn provider(collector: &str) -> anyhow::Result<SdkTracerProvider> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{}/v1/traces", collector.trim_end_matches('/')))
        .build()
        .context("OTEL_EXPORTER_OTLP_ENDPOINT can't be used")?;
    let resource = Resource::builder().with_service_name("snappy-mcp").build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}
