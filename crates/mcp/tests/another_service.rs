//! A service that has nothing to do with Xano, through the same crates: a person signs in, a client is
//! connected, the service's key is refreshed, and two tools are called.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failing test must stop"
)]

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use futures::executor::block_on;
use serde_json::{Map, Value, json};
use snappy_credentials::{Coordinator, HeldLease, Outcome, Upstream, UpstreamError};
use snappy_domain::clock::MockClock;
use snappy_domain::envelope::Success;
use snappy_domain::random::SeededRandom;
use snappy_domain::spawn::RunAtOnce;
use snappy_domain::{AccessLimits, Clock, ErrorCode, Runtime, Scope, Secret, ToolError};
use snappy_mcp_server::{
    Annotations, Answer, Caller, Challenge, ClientCapabilities, Dispatch, ListedTool, ServerInfo,
    SignInState, Tools,
};
use snappy_oauth::grant::authorize::Chosen;
use snappy_oauth::testing::{NoNetwork, NoWaiting, SERVICE, server, sign_in};
use snappy_oauth::{AuthorizationServer, Site};
use snappy_store::{Credential, CredentialSecret, MemoryStore, Party};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const READ: Scope = SERVICE.scopes[0];
const WRITE: Scope = SERVICE.scopes[1];

/// A notebook that accepts the key it gave last.
#[derive(Debug, Default)]
struct Notebook {
    keys_given: AtomicU32,
    notes: Mutex<Vec<String>>,
}

#[async_trait]
impl Upstream for Notebook {
    async fn renew(
        &self,
        old: &Credential,
        _: &HeldLease<'_>,
    ) -> Result<CredentialSecret, UpstreamError> {
        let CredentialSecret::Session { session, .. } = &old.secret else {
            return Err(UpstreamError::Rejected);
        };
        let given = self.keys_given.fetch_add(1, Ordering::SeqCst) + 1;
        let key = Secret::new(format!("key {given}"));
        Ok(CredentialSecret::Session { key, session: session.clone(), expires_at: None })
    }

    async fn check(&self, credential: &Credential) -> Result<(), UpstreamError> {
        self.admit(credential.secret.bearer()).then_some(()).ok_or(UpstreamError::Rejected)
    }
}

impl Notebook {
    fn admit(&self, key: &Secret) -> bool {
        key.expose() == format!("key {}", self.keys_given.load(Ordering::SeqCst))
    }
}

/// The notebook's tools for one caller.
#[derive(Debug)]
struct NotebookTools {
    notebook: Arc<Notebook>,
    coordinator: Arc<Coordinator>,
    credential: Credential,
}

#[async_trait]
impl Tools for NotebookTools {
    fn list(&self) -> Vec<ListedTool> {
        let tool = |name, title, annotations| {
            let input_schema = Arc::new(Map::from_iter([("type".to_owned(), json!("object"))]));
            ListedTool { name, title, description: title, annotations, input_schema }
        };
        vec![
            tool("list_notes", "List notes", Annotations::READ),
            tool("add_note", "Add note", Annotations::ADD),
        ]
    }

    fn scope(&self, name: &str) -> Option<Scope> {
        match name {
            "list_notes" => Some(READ),
            "add_note" => Some(WRITE),
            _ => None,
        }
    }

    async fn call(&self, name: &str, arguments: Map<String, Value>) -> Result<Success, ToolError> {
        let Credential { person, id, version, ref secret, .. } = self.credential;
        let mut key = secret.bearer().clone();
        if !self.notebook.admit(&key) {
            match self.coordinator.refresh(person, id, version).await.unwrap() {
                Outcome::Refreshed(usable) | Outcome::AlreadyFresh(usable) => key = usable.token,
                other => {
                    let code = ErrorCode::ReauthRequired;
                    return Err(ToolError::new(code, other.as_str(), "Sign in again."));
                }
            }
        }
        assert!(self.notebook.admit(&key));
        let mut notes = self.notebook.notes.lock().unwrap();
        if name == "add_note" {
            notes.push(arguments["text"].as_str().unwrap().to_owned());
        }
        Ok(Success::new(json!(*notes), "These are your notes."))
    }
}

#[derive(Debug)]
struct NotKept;

#[async_trait]
impl ClientCapabilities for NotKept {
    async fn note_elicitation(&self, _: bool) {}
}

struct World {
    oauth: AuthorizationServer,
    site: Site,
    notebook: Arc<Notebook>,
    coordinator: Arc<Coordinator>,
    dispatch: Dispatch,
    credential: Credential,
}

impl World {
    /// A person has signed in.
    fn new() -> Self {
        let clock = Arc::new(MockClock::default());
        let store = Arc::new(MemoryStore::default());
        let oauth = server(store.clone(), clock.clone(), 1, Arc::new(NoNetwork));
        let (identity, new) = sign_in(clock.now());
        let credential = block_on(oauth.sign_in(&identity, &new, "test")).unwrap();
        let random = Arc::new(SeededRandom::new(2));
        let (timer, spawner) = (Arc::new(NoWaiting), Arc::new(RunAtOnce));
        let runtime = Runtime { clock, timer, random, spawner };
        let notebook = Arc::new(Notebook::default());
        let coordinator = Arc::new(Coordinator::new(store, runtime, notebook.clone()));
        let info =
            ServerInfo { service: "Notebook", title: "Notebook", instructions: "Keeps notes." };
        let site = Site::new("http://127.0.0.1:8787");
        Self { oauth, site, notebook, coordinator, dispatch: Dispatch::new(info), credential }
    }

    /// Connects a client with these scopes, and gives its access token.
    fn connect(&self, scope: &str) -> String {
        let metadata = json!({"redirect_uris": ["http://127.0.0.1/cb"]}).to_string();
        let client = block_on(self.oauth.register(metadata.as_bytes())).unwrap();
        let client = client["client_id"].as_str().unwrap();
        let query = format!(
            "response_type=code&client_id={client}&code_challenge={CHALLENGE}\
             &code_challenge_method=S256&scope={scope}"
        );
        let accepted = block_on(self.oauth.authorize(&self.site, &query)).unwrap();
        let scopes = accepted.pending.scopes.clone();
        let chosen = Chosen {
            scopes,
            limits: AccessLimits::default(),
            credentials: vec![self.credential.id],
        };
        let to = self.oauth.allow(&self.site, &accepted.pending, self.credential.person, &chosen);
        let to = block_on(to).unwrap().unwrap();
        let code = to.split("code=").nth(1).unwrap().split('&').next().unwrap();
        let form = format!(
            "grant_type=authorization_code&client_id={client}&code={code}&code_verifier={VERIFIER}"
        );
        let tokens =
            block_on(self.oauth.token(&self.site, None, form.as_bytes(), None, &Party::default()))
                .unwrap();
        serde_json::to_value(tokens).unwrap()["access_token"].as_str().unwrap().to_owned()
    }

    /// Sends a message with an access token.
    fn send(&self, token: &str, method: &str, params: Value) -> Answer {
        let header = format!("Bearer {token}");
        let caller = self.oauth.check_bearer(&self.site, [header.as_bytes()]);
        let caller = block_on(caller).unwrap();
        let tools = NotebookTools {
            notebook: self.notebook.clone(),
            coordinator: self.coordinator.clone(),
            credential: caller.credentials[0].clone(),
        };
        let caller = Caller {
            sign_in: SignInState::Active,
            scopes: caller.scopes,
            elicits_urls: false,
            capabilities: Arc::new(NotKept),
            tools: Arc::new(tools),
        };
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        block_on(self.dispatch.handle(message.to_string().as_bytes(), None, caller))
    }

    fn result(&self, token: &str, method: &str, params: Value) -> Value {
        let Answer::Response { json, .. } = self.send(token, method, params) else { panic!() };
        serde_json::from_str::<Value>(&json).unwrap()["result"].clone()
    }

    /// Calls a tool, and gives its data.
    fn call(&self, token: &str, name: &str, arguments: Value) -> Value {
        let params = json!({"name": name, "arguments": arguments});
        let result = self.result(token, "tools/call", params);
        let envelope = result["content"][0]["text"].as_str().unwrap();
        serde_json::from_str::<Value>(envelope).unwrap()["data"].clone()
    }
}

#[test]
fn another_service_signs_in_refreshes_and_offers_its_tools() {
    let world = World::new();
    let token = world.connect("read%20write");
    let tools = world.result(&token, "tools/list", json!({}))["tools"].clone();
    assert_eq!(tools[0]["name"], "list_notes");
    assert_eq!(tools[1]["annotations"]["readOnlyHint"], false);
    // The key of the sign-in is not accepted: the first call refreshes it, the second one finds it fresh.
    assert_eq!(world.call(&token, "add_note", json!({"text": "milk"})), json!(["milk"]));
    assert_eq!(world.call(&token, "list_notes", json!({})), json!(["milk"]));
    assert_eq!(world.notebook.keys_given.load(Ordering::SeqCst), 1);
}

#[test]
fn its_scopes_are_enforced() {
    let world = World::new();
    let reader = world.connect("read");
    assert_eq!(world.call(&reader, "list_notes", json!({})), json!([]));
    let answer = world.send(&reader, "tools/call", json!({"name": "add_note", "arguments": {}}));
    assert!(matches!(answer, Answer::Challenge(Challenge::Scope(scope)) if scope == WRITE));
}
