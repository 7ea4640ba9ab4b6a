//! Sends traces to an OpenTelemetry collector over OTLP/HTTP.

use anyhow::Context as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

/// Sends the remaining traces when it is dropped.
#[derive(Debug)]
pub(crate) struct Traces(SdkTracerProvider);

impl Drop for Traces {
    fn drop(&mut self) {
        // If the collector does not respond, there is nothing left to do.
        let _ = self.0.shutdown();
    }
}

/// A layer that sends traces to `collector`, the base URL of OTLP/HTTP.
///
/// # Errors
/// When `collector` is not a URL.
pub(crate) fn layer<S>(collector: &str) -> anyhow::Result<(impl Layer<S> + use<S>, Traces)>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{}/v1/traces", collector.trim_end_matches('/')))
        .build()
        .context("OTEL_EXPORTER_OTLP_ENDPOINT can't be used")?;
    let resource = Resource::builder().with_service_name("snappy-mcp").build();
    let provider =
        SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
    let tracer = provider.tracer("snappy-mcp");
    Ok((tracing_opentelemetry::layer().with_tracer(tracer), Traces(provider)))
}
