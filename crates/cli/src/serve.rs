//! Serving until a signal comes, then letting what is under way finish.

use std::future::IntoFuture as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::{self, Next};
use axum::response::Response;
use snappy_credentials::ahead;
use snappy_store::housekeeping;
use snappy_web::Peer;
use tokio::net::TcpListener;

use crate::compose::Composed;

/// How long calls under way may take after the signal: a little longer than the longest call.
const DRAIN: Duration = Duration::from_secs(60);
/// How long the storage may take to close.
const CLOSE: Duration = Duration::from_secs(5);
/// How often what is over is removed.
const CLEAN_EVERY: Duration = Duration::from_secs(3600);

/// Serves on `listener` until `stop` is done, then drains.
///
/// # Errors
/// When the listener breaks.
pub async fn serve(
    composed: Composed,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let (draining, drained) = tokio::sync::oneshot::channel();
    let stop = async move {
        stop.await;
        tracing::info!("Stopping: calls under way may finish");
        let _ = draining.send(());
    };
    let Composed { router, store, xano, runtime, .. } = composed;
    let refresher = {
        let (store, runtime) = (Arc::clone(&store), runtime.clone());
        tokio::spawn(async move { ahead::run(xano.coordinator(), &*store, &runtime).await })
    };
    let cleaner = {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            loop {
                if let Err(error) = housekeeping::clean_up(&*store, runtime.clock.now()).await {
                    tracing::warn!("Cleaning up failed: {error}");
                }
                tokio::time::sleep(CLEAN_EVERY).await;
            }
        })
    };
    let service = router
        .layer(middleware::from_fn(name_peer))
        .into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(stop).into_future();
    let too_long = async {
        // Without a signal this waits for ever.
        if drained.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(DRAIN).await;
    };
    let served = tokio::select! {
        served = server => served.context("serving stopped"),
        () = too_long => {
            tracing::warn!("Calls were still under way after {} seconds", DRAIN.as_secs());
            Ok(())
        }
    };
    cleaner.abort();
    refresher.abort();
    if tokio::time::timeout(CLOSE, store.close()).await.is_err() {
        tracing::warn!("The storage did not close in time");
    }
    tracing::info!("Stopped");
    served
}

/// Tells the web room where a request comes from.
async fn name_peer(
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    request.extensions_mut().insert(Peer(address.ip()));
    next.run(request).await
}

/// Listens from now on for the process being told to stop (Ctrl-C, SIGTERM); the future is done when
/// it is. Called before anybody learns that the server runs.
///
/// # Errors
/// When the system gives no signals.
#[cfg(unix)]
pub fn told_to_stop() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
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

/// Listens for Ctrl-C; the future is done when it comes.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn told_to_stop() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
