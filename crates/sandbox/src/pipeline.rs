//! The processing of a request.

use std::sync::Arc;
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, StatusCode};

use crate::answer::{Answer, Message};
use crate::call::{self, Call};
use crate::connection::Aborter;
use crate::control::Control;
use crate::control_http;
use crate::failure::Failure;
use crate::faults::Effect;
use crate::oauth::access;
use crate::recorder::Recorded;
use crate::routes::{self, Action, Found};
use crate::server::Server;

/// The largest request body, in bytes.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// Handles all requests.
pub(crate) async fn handle(
    State(server): State<Arc<Server>>,
    ConnectInfo(aborter): ConnectInfo<Aborter>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let segments = call::segments(parts.uri.path());
    let (body, too_large) = match to_bytes(body, MAX_BODY).await {
        Ok(body) => (body, false),
        Err(_) => (Bytes::new(), true),
    };
    if let [prefix, action @ ..] = segments.as_slice()
        && prefix == control_http::PREFIX
    {
        return handle_control(server, parts, action.to_vec(), body).await.into_response();
    }
    let found = routes::find(parts.method.as_str(), &segments);
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let sequence = server.recorder().begin(Recorded {
        sequence: 0,
        method: parts.method.as_str().to_owned(),
        path: path.to_owned(),
        operation: found.as_ref().map_or("unknown", |found| found.operation).to_owned(),
        authorization: header(&parts.headers, "authorization"),
        host: header(&parts.headers, "host"),
        body: body.clone(),
        status: None,
    });
    let effect = server.faults().take(parts.method.as_str(), path);
    let normal = async {
        if too_large {
            return Message::outcome(Err(Failure::input("body", "The body is too large.")));
        }
        perform(&server, found, &parts, body).await
    };
    match apply_fault(effect, normal).await {
        Answer::Send(message) => {
            server.recorder().finish(sequence, message.status.as_u16());
            message.into_response()
        }
        Answer::Close => {
            aborter.abort();
            Message::empty(StatusCode::OK).into_response()
        }
    }
}

/// Applies a fault. `normal` is awaited only if the request is processed.
async fn apply_fault(effect: Option<Effect>, normal: impl Future<Output = Message>) -> Answer {
    let status = |code| StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Answer::Send(match effect {
        None => normal.await,
        Some(Effect::Latency { ms }) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            normal.await
        }
        Some(Effect::Status { status: code, headers, body }) => {
            Message::json(status(code), &body).with_headers(headers)
        }
        Some(Effect::Html { status: code }) => Message::html(status(code)),
        Some(Effect::Empty { status: code }) => Message::empty(status(code)),
        Some(Effect::Truncated) => normal.await.truncated(),
        Some(Effect::WrongShape { body }) => Message::json(StatusCode::OK, &body),
        Some(Effect::Close) => return Answer::Close,
        Some(Effect::ApplyThenFail) => {
            normal.await;
            Message::html(StatusCode::BAD_GATEWAY)
        }
        Some(Effect::ApplyThenClose) => {
            normal.await;
            return Answer::Close;
        }
        Some(Effect::ApplyThenWait { ms }) => {
            let message = normal.await;
            tokio::time::sleep(Duration::from_millis(ms)).await;
            message
        }
    })
}

/// Runs the operation, and writes the snapshot if it changed something.
async fn perform(
    server: &Arc<Server>,
    found: Option<Found>,
    parts: &Parts,
    body: Bytes,
) -> Message {
    let Some(Found { action, params, .. }) = found else {
        return Message::outcome(Err(Failure::no_route()));
    };
    let call = Call {
        params,
        query: query(parts),
        body,
        data_source: header(&parts.headers, "x-data-source").filter(|label| !label.is_empty()),
        bearer: header(&parts.headers, "authorization").and_then(|value| call::bearer(&value)),
        host: header(&parts.headers, "host").unwrap_or_default(),
        now_ms: (server.now_ms)(),
        seed: server.seed,
    };
    let message = run(server, action, &call);
    let saves = match action {
        Action::Write(_) | Action::SignIn(_) => message.status == StatusCode::OK,
        Action::Oauth(_) => true,
        Action::Account(_) | Action::Read(_) => false,
    };
    if saves && server.has_snapshot() {
        let server = Arc::clone(server);
        let written = tokio::task::spawn_blocking(move || server.persist(server.latest_change()));
        let error = match written.await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(error) => Some(error.to_string()),
        };
        if let Some(error) = error {
            let message = format!("The snapshot could not be written: {error}");
            return Message::outcome(Err(Failure::fatal(message)));
        }
    }
    message
}

fn run(server: &Server, action: Action, call: &Call) -> Message {
    Message::outcome(match action {
        Action::Oauth(operation) => return operation(server, call),
        Action::SignIn(operation) | Action::Account(operation) => operation(server, call),
        Action::Read(operation) => {
            admit(server, call, false).and_then(|()| operation(&server.data(), call))
        }
        Action::Write(operation) => admit(server, call, true).and_then(|()| {
            let outcome = operation(&mut server.data_mut(), call);
            if outcome.is_ok() {
                server.changed();
            }
            outcome
        }),
    })
}

/// Checks the request limit first, then the key or token.
fn admit(server: &Server, call: &Call, writes: bool) -> Result<(), Failure> {
    let limited = server.settings().free_plan_limit;
    if limited && !server.limiter().admit(&call.host, call.now_ms) {
        return Err(Failure::free_plan());
    }
    access::caller(server, call)?.permit(call, writes)
}

/// Handles a request to the controls, which may write the snapshot and block.
async fn handle_control(
    server: Arc<Server>,
    parts: Parts,
    action: Vec<String>,
    body: Bytes,
) -> Message {
    let answer = tokio::task::spawn_blocking(move || {
        let control = Control::new(server);
        control_http::answer(&control, &parts.method, &action, &query(&parts), &body)
    });
    answer.await.unwrap_or_else(|_| Message::empty(StatusCode::INTERNAL_SERVER_ERROR))
}

fn query(parts: &Parts) -> Vec<(String, String)> {
    let query = parts.uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
