//! An MCP client: registers, connects a person, calls tools, refreshes.

use axum::body::Body;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::{Method, header};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD};

use super::app::{TestApp, encode, request};
use super::browser::Browser;
use super::reply::{Reply, parameter};

pub const VERIFIER: &str = "a-code-verifier-of-more-than-forty-three-characters";
pub const CALLBACK: &str = "http://127.0.0.1:33418/callback";

/// The S256 challenge of a verifier.
pub fn challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

/// A registered client.
#[derive(Debug, Clone)]
pub struct Registered {
    pub id: String,
    pub secret: Option<String>,
}

impl Registered {
    /// A public client with one loopback redirect URI.
    pub async fn new(app: &TestApp) -> Self {
        Self::with(app, &json!({"client_name": "Story Client", "redirect_uris": [CALLBACK]})).await
    }

    pub async fn with(app: &TestApp, metadata: &Value) -> Self {
        let answer = app.post_json("/register", metadata).await.assert_status(201).json();
        Self {
            id: answer["client_id"].as_str().unwrap().to_owned(),
            secret: answer["client_secret"].as_str().map(str::to_owned),
        }
    }

    /// The address that starts the sign-in.
    pub fn authorize(&self) -> String {
        self.authorize_with(&[])
    }

    /// The same with parameters replaced; an empty value leaves one out.
    pub fn authorize_with(&self, changes: &[(&str, &str)]) -> String {
        let challenge = challenge(VERIFIER);
        let mut query = vec![
            ("response_type", "code"),
            ("client_id", self.id.as_str()),
            ("redirect_uri", CALLBACK),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
            ("state", "the state & more"),
            ("resource", "http://127.0.0.1:8787/mcp"),
        ];
        for (name, value) in changes {
            query.retain(|(known, _)| known != name);
            if !value.is_empty() {
                query.push((name, value));
            }
        }
        format!("/authorize?{}", encode(&query))
    }

    /// Redeems a code, with parameters replaced; an empty value leaves one out.
    pub async fn redeem(&self, app: &TestApp, code: &str, changes: &[(&str, &str)]) -> Reply {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", self.id.as_str()),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        for (name, value) in changes {
            form.retain(|(known, _)| known != name);
            if !value.is_empty() {
                form.push((name, value));
            }
        }
        app.post_form("/token", &form).await
    }

    pub async fn refresh(&self, app: &TestApp, token: &str) -> Reply {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", self.id.as_str()),
            ("refresh_token", token),
        ];
        app.post_form("/token", &form).await
    }
}

/// A client that a person has connected.
#[derive(Debug, Clone)]
pub struct Connection {
    pub client: Registered,
    pub access: String,
    pub refresh: String,
}

impl Connection {
    /// Registers a client and connects the demo person.
    pub async fn new(app: &TestApp) -> Self {
        Self::of(app, DEMO_EMAIL, DEMO_PASSWORD).await
    }

    /// Registers a client and connects somebody.
    pub async fn of(app: &TestApp, email: &str, password: &str) -> Self {
        let client = Registered::new(app).await;
        let to = Browser::default().allow_as(app, &client.authorize(), email, password).await;
        Self::finish(app, client, &to).await
    }

    /// Connects with a pasted token.
    pub async fn with_token(app: &TestApp, token: &str) -> Self {
        let client = Registered::new(app).await;
        let mut browser = Browser::default();
        let login = browser.reach_login(app, &client.authorize()).await;
        let consent = browser.paste_token(app, &login, token).await.location();
        let consent = browser.open(app, &consent).await;
        let to = browser.decide(app, &consent, "allow").await;
        Self::finish(app, client, &to).await
    }

    /// Redeems the code of the address that the browser came back to.
    pub async fn finish(app: &TestApp, client: Registered, to: &str) -> Self {
        let code = parameter(to, "code").unwrap_or_else(|| panic!("no code in {to}"));
        let tokens = client.redeem(app, &code, &[]).await.assert_status(200).json();
        Self {
            client,
            access: tokens["access_token"].as_str().unwrap().to_owned(),
            refresh: tokens["refresh_token"].as_str().unwrap().to_owned(),
        }
    }

    /// Sends a JSON-RPC message with this connection's access token.
    pub async fn rpc(&self, app: &TestApp, message: &Value) -> Reply {
        let request = request(Method::POST, "/mcp")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.access))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json, text/event-stream")
            .header("mcp-protocol-version", "2025-06-18");
        app.send(request.body(Body::from(message.to_string())).unwrap()).await
    }

    /// Calls a tool; the HTTP answer must be a success.
    pub async fn call(&self, app: &TestApp, tool: &str, arguments: Value) -> ToolReply {
        let message = json!({
            "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": {"name": tool, "arguments": arguments},
        });
        let answer = self.rpc(app, &message).await.assert_status(200).json();
        let result = &answer["result"];
        let text = result["content"][0]["text"].as_str();
        let text = text.unwrap_or_else(|| panic!("no text in {answer}"));
        let envelope: Value = serde_json::from_str(text).unwrap();
        assert_eq!(
            result["isError"].as_bool().unwrap_or(false),
            !envelope["success"].as_bool().unwrap()
        );
        assert_eq!(envelope["operation"], tool);
        ToolReply(envelope)
    }

    /// Reads a product of the seed: the call that most stories use.
    pub async fn read_record(&self, app: &TestApp) -> ToolReply {
        self.call(app, "xano_get_table_record", record(1)).await
    }

    /// Refreshes and takes what comes.
    pub async fn renew(&mut self, app: &TestApp) {
        let tokens = self.client.refresh(app, &self.refresh).await.assert_status(200).json();
        self.access = tokens["access_token"].as_str().unwrap().to_owned();
        if let Some(refresh) = tokens["refresh_token"].as_str() {
            self.refresh = refresh.to_owned();
        }
    }
}

/// Arguments for the products table of the seed.
pub fn products() -> Value {
    json!({"instance_name": "xsbx-demo-0001", "workspace_id": 1, "table_id": 3})
}

fn record(id: u64) -> Value {
    let mut arguments = products();
    arguments["record_id"] = id.into();
    arguments
}

/// A tool's envelope.
#[derive(Debug, Clone)]
pub struct ToolReply(pub Value);

impl ToolReply {
    #[track_caller]
    pub fn ok(&self) -> &Value {
        assert_eq!(self.0["success"], true, "{}", self.0);
        assert!(self.0["message"].as_str().is_some_and(|message| message.ends_with('.')));
        &self.0["data"]
    }

    #[track_caller]
    pub fn failed(&self, code: &str) -> &Value {
        assert_eq!(self.0["success"], false, "{}", self.0);
        assert_eq!(self.0["error"]["code"], code, "{}", self.0);
        let next = self.0["error"]["details"]["next_step"].as_str();
        assert!(next.is_some_and(|next| !next.is_empty()), "{}", self.0);
        &self.0["error"]
    }
}
