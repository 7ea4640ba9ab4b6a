//! The loopback address to which Xano sends the browser back.

use std::future::IntoFuture as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONNECTION, REFERRER_POLICY};
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use snappy_domain::{Runtime, Secret};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use url::form_urlencoded;

pub(super) const PATH: &str = "/oauth-callback";
/// How long a person may take.
pub(super) const WAIT: Duration = Duration::from_secs(300);
/// How long the last page may take to reach the browser.
const GRACE: Duration = Duration::from_secs(2);

const DONE: &str = "<!doctype html><meta charset=\"utf-8\"><title>Snappy MCP</title>\
    <p>Xano has answered. Close this page, and go back to the terminal.</p>";
const FOREIGN: &str = "<!doctype html><meta charset=\"utf-8\"><title>Snappy MCP</title>\
    <p>This answer does not belong to the sign-in that is waiting.</p>";

/// The redirect URI on a port.
pub(super) fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}{PATH}")
}

/// What the browser brings back.
#[derive(Debug, Default)]
pub(super) struct Returned {
    pub(super) code: Option<Secret>,
    pub(super) iss: Option<String>,
    pub(super) error: Option<String>,
    state: Option<Secret>,
}

impl Returned {
    fn of(uri: &Uri) -> Self {
        let mut returned = Self::default();
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            let value = value.into_owned();
            match &*name {
                "code" => returned.code = Some(Secret::new(value)),
                "iss" => returned.iss = Some(value),
                "error" => returned.error = Some(value),
                "state" => returned.state = Some(Secret::new(value)),
                _ => {}
            }
        }
        returned
    }
}

/// The listener.
pub(super) struct Callback {
    listener: TcpListener,
    port: u16,
}

impl Callback {
    pub(super) async fn bind(port: u16) -> anyhow::Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address).await.with_context(|| {
            format!("port {port} can't be used; choose another one with --port, which must be that of the client")
        })?;
        let port = listener.local_addr()?.port();
        Ok(Self { listener, port })
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    /// Waits for the answer with this `state`; others are refused. `None` when none came in time.
    pub(super) async fn wait(self, runtime: &Runtime, state: &str) -> Option<Returned> {
        let (sender, mut receiver) = mpsc::channel(1);
        let shared = Waiting { state: Secret::new(state), sender };
        let routes = Router::new().route(PATH, get(receive)).with_state(shared);
        let (found, result) = oneshot::channel();
        let timer = std::sync::Arc::clone(&runtime.timer);
        let stop = async move {
            let returned = tokio::select! {
                returned = receiver.recv() => returned,
                () = timer.sleep(WAIT) => None,
            };
            // The receiver is dropped only when nobody waits any more.
            let _ = found.send(returned);
        };
        let serving = axum::serve(self.listener, routes).with_graceful_shutdown(stop);
        let mut serving = std::pin::pin!(serving.into_future());
        let mut result = std::pin::pin!(result);
        let returned = tokio::select! {
            returned = &mut result => returned,
            // It ends only after `stop`.
            _ = &mut serving => return result.await.ok().flatten(),
        };
        tokio::select! {
            _ = &mut serving => {}
            () = runtime.timer.sleep(GRACE) => {}
        }
        returned.ok().flatten()
    }
}

#[derive(Clone)]
struct Waiting {
    state: Secret,
    sender: mpsc::Sender<Returned>,
}

async fn receive(State(waiting): State<Waiting>, uri: Uri) -> impl IntoResponse {
    let returned = Returned::of(&uri);
    let is_own = returned.state.as_ref() == Some(&waiting.state);
    // Only the first answer counts.
    let is_taken = is_own && waiting.sender.try_send(returned).is_ok();
    let (status, page) =
        if is_taken { (StatusCode::OK, DONE) } else { (StatusCode::BAD_REQUEST, FOREIGN) };
    let headers =
        [(CACHE_CONTROL, "no-store"), (REFERRER_POLICY, "no-referrer"), (CONNECTION, "close")];
    (status, headers, Html(page))
}
