//! Messages through the dispatch without an async runtime, a system clock or a timer: natively, and with
//! `scripts/test-wasm` on `wasm32-unknown-unknown`. All futures are ready immediately, so each is polled once.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failing test must stop"
)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Value, json};
use snappy_domain::clock::MockClock;
use snappy_domain::http::{self as outgoing, HttpClient, HttpError, Outgoing};
use snappy_domain::random::SeededRandom;
use snappy_domain::spawn::run_to_end;
use snappy_domain::{
    AccessLimits, Cancelled, Clock, CredentialId, PersonId, Runtime, Scopes, Secret, Spawn, Timer,
    Timestamp, ToolError,
};
use snappy_mcp_server::{Answer, Caller, Challenge, ClientCapabilities, Dispatch, SignInState};
use snappy_store::{
    Credential, CredentialSecret, CredentialStore as _, MemoryStore, NewCredential, Profile,
};
use snappy_tools::{
    CallerTools, GrantControl, Inventory, Pages, SERVER_INFO, ToolContext, ToolPolicy,
};
use snappy_xano::{HostPolicy, Sessions, SignInApi, Xano, XanoApi, XanoOAuth, scopes};
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A Xano that has rotated the key: it responds with 401 to the old one, and `auth/me` returns the new one.
#[derive(Debug, Default)]
struct FakeXano(Mutex<Vec<String>>);

#[async_trait]
impl HttpClient for FakeXano {
    async fn send(&self, request: Outgoing) -> Result<outgoing::Answer, HttpError> {
        let bearer = request.headers["authorization"].to_str().unwrap();
        self.0.lock().unwrap().push(format!("{} {} {bearer}", request.method, request.url));
        let (status, body) = match (request.url.path(), bearer) {
            ("/api:sign-in/auth/me", "Bearer session") => {
                (StatusCode::OK, json!({"id": 7, "api_key": "new"}))
            }
            ("/api:meta/instance", "Bearer new") => {
                let url = "https://x1.n7.xano.io/api:meta";
                (StatusCode::OK, json!([{"name": "x1", "display": "Shop", "meta_api": url}]))
            }
            ("/api:meta/workspace", "Bearer new") => {
                (StatusCode::OK, json!([{"id": 1, "name": "Shop"}]))
            }
            _ => (StatusCode::UNAUTHORIZED, json!({"code": "ERROR_CODE_UNAUTHORIZED"})),
        };
        let body = Bytes::from(body.to_string());
        Ok(outgoing::Answer { status, headers: HeaderMap::new(), body })
    }
}

/// A timer that does not wait.
#[derive(Debug)]
struct NoTimer;

#[async_trait]
impl Timer for NoTimer {
    async fn sleep(&self, _: Duration) {}
}

/// A spawner that runs the work immediately.
#[derive(Debug, Default)]
struct Immediate(AtomicUsize);

impl Spawn for Immediate {
    fn spawn(&self, work: BoxFuture<'static, ()>) {
        self.0.fetch_add(1, Ordering::SeqCst);
        work.now_or_never().unwrap();
    }
}

#[derive(Debug)]
struct NoGrant;

#[async_trait]
impl GrantControl for NoGrant {
    async fn status(&self) -> Result<Value, ToolError> {
        Ok(json!({}))
    }

    fn should_warn(&self, _: CredentialId, _: u64) -> bool {
        false
    }

    async fn limit_access_token(&self, _: Duration) -> Result<Timestamp, ToolError> {
        Ok(Timestamp::MAX)
    }
}

#[async_trait]
impl ClientCapabilities for NoGrant {
    async fn note_elicitation(&self, _: bool) {}
}

/// A server with one credential.
struct Server {
    dispatch: Arc<Dispatch>,
    inventory: Inventory,
    xano: Arc<Xano>,
    fake: Arc<FakeXano>,
    credential: Credential,
    spawner: Arc<Immediate>,
}

impl Server {
    fn new() -> Self {
        let clock = Arc::new(MockClock::default());
        let random = Arc::new(SeededRandom::new(1));
        let spawner = Arc::new(Immediate::default());
        let store = Arc::new(MemoryStore::default());
        let fake = Arc::new(FakeXano::default());
        let policy = HostPolicy::new("https://app.xano.com", Vec::new()).unwrap();
        let signin = SignInApi::new(fake.clone(), policy.account().clone(), "api:sign-in");
        let signed_in = NewCredential {
            authority: "https://app.xano.com".into(),
            profile: Profile { subject: "7".into(), ..Profile::default() },
            secret: CredentialSecret::Session {
                key: Secret::new("old"),
                session: Secret::new("session"),
                expires_at: None,
            },
            at: clock.now(),
        };
        let person = PersonId::generate(&*clock, &*random);
        let id = CredentialId::generate(&*clock, &*random);
        let credential = store.sign_in(person, id, &signed_in).now_or_never().unwrap().unwrap();
        let runtime = Runtime { clock, timer: Arc::new(NoTimer), random, spawner: spawner.clone() };
        let api = XanoApi::new(fake.clone());
        let (http, clients) = (fake.clone(), store.clone());
        let oauth = XanoOAuth::new(http, policy.clone(), runtime.clone(), clients, None);
        let xano = Arc::new(Xano::new(api, policy, Some(signin), oauth, store, runtime));
        let dispatch = Arc::new(Dispatch::new(SERVER_INFO));
        let inventory = Inventory::new(&ToolPolicy::default());
        Self { dispatch, inventory, xano, fake, credential, spawner }
    }

    fn caller(&self, scopes: Scopes) -> Caller {
        self.cancellable(scopes, Cancelled::default())
    }

    fn cancellable(&self, scopes: Scopes, cancelled: Cancelled) -> Caller {
        let mut session = self.xano.session(self.credential.clone());
        session.cancelled = cancelled;
        let context = ToolContext {
            sessions: Sessions::new(vec![session]),
            clock: Arc::new(MockClock::default()),
            grant: Arc::new(NoGrant),
            scopes: scopes.clone(),
            limits: AccessLimits::default(),
            pages: Pages {
                sign_in: "https://mcp.example/login".to_owned(),
                add_workspace: "https://mcp.example/account/workspace".to_owned(),
            },
        };
        Caller {
            sign_in: SignInState::Active,
            scopes,
            elicits_urls: false,
            capabilities: Arc::new(NoGrant),
            tools: Arc::new(CallerTools { inventory: self.inventory.clone(), context }),
        }
    }

    /// Handles a message like a transport without headers.
    fn answer(&self, caller: Caller, message: &Value) -> Answer {
        let body = message.to_string();
        self.dispatch.handle(body.as_bytes(), None, caller).now_or_never().unwrap()
    }

    /// The result of a successful request.
    fn result(&self, method: &str, params: Value) -> Value {
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        ok(self.answer(self.caller(everything()), &message))
    }
}

fn everything() -> Scopes {
    scopes::ALL.into_iter().collect()
}

fn ok(answer: Answer) -> Value {
    let Answer::Response { status: StatusCode::OK, json } = &answer else {
        panic!("not a successful response: {answer:?}");
    };
    serde_json::from_str::<Value>(json).unwrap()["result"].clone()
}

fn call() -> Value {
    json!({"name": "xano_list_databases", "arguments": {"instance_name": "Shop"}})
}

/// Checks the result of [`call`], and that the key was refreshed.
fn assert_called(server: &Server, result: &Value) {
    let text = result["content"][0]["text"].as_str().unwrap();
    let envelope: Value = serde_json::from_str(text).unwrap();
    assert_eq!(envelope["data"][0]["name"], "Shop", "{envelope}");
    let asked = server.fake.0.lock().unwrap().clone();
    assert_eq!(
        asked,
        [
            "GET https://app.xano.com/api:meta/instance Bearer old",
            "GET https://app.xano.com/api:sign-in/auth/me Bearer session",
            "GET https://app.xano.com/api:meta/instance Bearer new",
            "GET https://x1.n7.xano.io/api:meta/workspace Bearer new",
        ]
    );
}

#[test]
fn initialize_and_the_list_of_tools() {
    let server = Server::new();
    let client = json!({"name": "test", "version": "1"});
    let params = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client});
    let result = server.result("initialize", params);
    assert_eq!(result["protocolVersion"], "2025-06-18");
    let tools = server.result("tools/list", json!({}))["tools"].clone();
    assert_eq!(tools.as_array().map(Vec::len), Some(23));
    let initialized = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    assert_eq!(server.answer(server.caller(everything()), &initialized), Answer::Accepted);
}

#[test]
fn a_tool_call_returns_the_response_of_xano() {
    let server = Server::new();
    let result = server.result("tools/call", call());
    assert_called(&server, &result);
}

#[test]
fn a_spawned_call_of_2026_with_its_headers() {
    let server = Server::new();
    let mut params = call();
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params});
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("content-type", "application/json"),
        ("mcp-protocol-version", "2026-07-28"),
        ("mcp-method", "tools/call"),
        ("mcp-name", "xano_list_databases"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let dispatch = server.dispatch.clone();
    let answer = run_to_end(&*server.spawner, |cancelled| {
        let caller = server.cancellable(everything(), cancelled);
        async move { dispatch.handle(message.to_string().as_bytes(), Some(&headers), caller).await }
    });
    let result = ok(answer.now_or_never().unwrap().unwrap());
    assert_eq!(result["resultType"], "complete");
    assert_called(&server, &result);
    assert_eq!(server.spawner.0.load(Ordering::SeqCst), 2, "the call and the refresh");
}

#[test]
fn an_unauthorized_caller_is_challenged() {
    let server = Server::new();
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call()});
    let nothing = server.caller(Scopes::default());
    let answer = server.answer(nothing, &message);
    assert!(matches!(answer, Answer::Challenge(Challenge::Scope(_))), "{answer:?}");
    let signed_out = Caller { sign_in: SignInState::Required, ..server.caller(everything()) };
    assert_eq!(server.answer(signed_out, &message), Answer::Challenge(Challenge::SignIn));
    assert_eq!(server.fake.0.lock().unwrap().len(), 0);
}
