//! The running server.

use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::connection::{AbortableListener, Aborter};
use crate::control::Control;
use crate::login_page;
use crate::options::{Options, StartError};
use crate::pipeline;
use crate::server::Server;

/// How long stopping waits for requests in progress.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// A running sandbox. Dropping it stops the server.
pub struct Sandbox {
    addr: SocketAddr,
    control: Control,
    /// Dropping the sender stops the server.
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Sandbox {
    /// Starts a sandbox on a loopback address.
    ///
    /// # Errors
    /// When the address is not loopback or cannot be bound, or when the snapshot cannot be used.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let addr = options.listen;
        if !addr.ip().is_loopback() {
            return Err(StartError::NotLoopback(addr));
        }
        let bind_error = |source| StartError::Bind { addr, source };
        let listener = TcpListener::bind(addr).await.map_err(bind_error)?;
        let addr = listener.local_addr().map_err(bind_error)?;
        let server = Arc::new(Server::new(options, addr.to_string())?);
        let control = Control::new(Arc::clone(&server));
        let (stop, stopped) = oneshot::channel::<()>();
        let app = Router::new()
            .route("/login", get(login_page::show).post(login_page::submit))
            .fallback(pipeline::handle)
            .with_state(server);
        let serving = axum::serve(
            AbortableListener(listener),
            app.into_make_service_with_connect_info::<Aborter>(),
        )
        .with_graceful_shutdown(async move {
            // Completes when the sender is dropped.
            let _ = stopped.await;
        });
        let task = tokio::spawn(async move {
            // The listener retries after errors, so this ends only when the server is stopped.
            let _ = serving.await;
        });
        Ok(Self { addr, control, stop, task })
    }

    /// `http://127.0.0.1:PORT`, without a trailing slash.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The address of the server.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The controls.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// Stops the server, and waits up to 5 seconds for requests in progress.
    pub async fn stop(self) {
        let Self { stop, mut task, .. } = self;
        drop(stop);
        if tokio::time::timeout(STOP_TIMEOUT, &mut task).await.is_err() {
            task.abort();
        }
    }

    /// Serves until the given future completes, then stops.
    pub async fn serve_until(self, shutdown: impl Future<Output = ()>) {
        shutdown.await;
        self.stop().await;
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("addr", &self.addr).finish_non_exhaustive()
    }
}
