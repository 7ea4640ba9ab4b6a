//! `GET /metrics` for Prometheus, on a separate address.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::routing::get;
use http::header::CONTENT_TYPE;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use snappy_domain::metrics;
use tokio::net::TcpListener;

/// The histogram buckets of all durations, in seconds.
const BUCKETS: [f64; 13] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 20.0, 60.0];
/// How often the recorder drains its samples into the buckets.
const UPKEEP: Duration = Duration::from_secs(5);

/// Starts recording metrics, and serves them on `address` until the process ends. Returns the address, with
/// its actual port.
///
/// # Errors
/// When the address can't be used.
pub async fn serve(address: SocketAddr) -> anyhow::Result<SocketAddr> {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)?
        .install_recorder()?;
    metrics::describe();
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("SNAPPY_METRICS_LISTEN {address} can't be used"))?;
    let address = listener.local_addr()?;
    let upkeep = recorder.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            upkeep.run_upkeep();
        }
    });
    tokio::spawn(axum::serve(listener, router(recorder)).into_future());
    Ok(address)
}

fn router(recorder: PrometheusHandle) -> Router {
    let handler = move || {
        let text = recorder.render();
        async move { ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text) }
    };
    Router::new().route("/metrics", get(handler))
}
