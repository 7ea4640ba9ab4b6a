//! Serving until a shutdown signal, then finishing the calls in progress.

use std::future::IntoFuture as _;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::{self, Next};
use axum::response::Response;
use snappy_web::Peer;
use tokio::net::TcpListener;

use crate::background;
use crate::compose::Composed;

/// How long calls in progress may take after the signal: a little longer than the timeout of a call.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(60);
/// How long refreshes in progress may take after that: longer than two requests to Xano's OAuth server and
/// a check of the access token.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(40);
/// How long the store may take to close.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// Serves on `listener` until `shutdown` completes, then drains.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    composed: Composed,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let (draining, drained) = tokio::sync::oneshot::channel();
    let shutdown = async move {
        shutdown.await;
        tracing::info!("Stopping: waiting for calls in progress");
        let _ = draining.send(());
    };
    let Composed { router, store, xano, runtime, .. } = composed;
    let background = background::start(&store, &xano, &runtime);
    let refreshes = xano.coordinator().clone();
    let service = router
        .layer(middleware::from_fn(insert_peer))
        .into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(shutdown).into_future();
    let drain_timeout = async {
        // Never completes without a signal.
        if drained.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(DRAIN_TIMEOUT).await;
    };
    let served = tokio::select! {
        served = server => served.context("the server stopped listening"),
        () = drain_timeout => {
            tracing::warn!("Calls were still in progress after {} seconds", DRAIN_TIMEOUT.as_secs());
            Ok(())
        }
    };
    drop(background);
    // New tokens from Xano must be stored: there is no other copy.
    if tokio::time::timeout(REFRESH_TIMEOUT, refreshes.drain()).await.is_err() {
        tracing::warn!(
            "A refresh was still in progress after {} seconds",
            REFRESH_TIMEOUT.as_secs()
        );
    }
    if tokio::time::timeout(CLOSE_TIMEOUT, store.close()).await.is_err() {
        tracing::warn!("The database did not close in time");
    }
    tracing::info!("Stopped");
    served
}

/// Passes the peer's address to the router.
async fn insert_peer(
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    request.extensions_mut().insert(Peer(address.ip()));
    next.run(request).await
}

/// Starts listening for shutdown signals (SIGINT, SIGTERM). The future completes with the first one. Call
/// this before announcing that the server is running, so that no signal is lost.
///
/// # Errors
/// When no signal handler can be installed.
#[cfg(unix)]
pub fn shutdown_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Starts listening for Ctrl-C. The future completes when it is pressed.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn shutdown_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
