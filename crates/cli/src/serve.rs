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

/// How long calls in progress may take after the signal: a little longer than the longest call.
const DRAIN: Duration = Duration::from_secs(60);
/// How long the storage may take to close.
const CLOSE: Duration = Duration::from_secs(5);

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
    let service = router
        .layer(middleware::from_fn(name_peer))
        .into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(shutdown).into_future();
    let too_long = async {
        // Without a signal this waits forever.
        if drained.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(DRAIN).await;
    };
    let served = tokio::select! {
        served = server => served.context("the server stopped listening"),
        () = too_long => {
            tracing::warn!("Calls were still in progress after {} seconds", DRAIN.as_secs());
            Ok(())
        }
    };
    drop(background);
    if tokio::time::timeout(CLOSE, store.close()).await.is_err() {
        tracing::warn!("The storage did not close in time");
    }
    tracing::info!("Stopped");
    served
}

/// Tells the router which address a request comes from.
async fn name_peer(
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    request.extensions_mut().insert(Peer(address.ip()));
    next.run(request).await
}

/// Starts listening for shutdown signals (Ctrl-C, SIGTERM). The future completes with the first one.
/// Call it before announcing that the server runs, so that no signal is lost.
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
