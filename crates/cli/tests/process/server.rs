//! `serve` as a process, and a client of it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use reqwest::header::{AUTHORIZATION, COOKIE, LOCATION, SET_COOKIE};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD, Sandbox};
use tempfile::TempDir;

const VERIFIER: &str = "a-code-verifier-of-more-than-forty-three-characters";
const CALLBACK: &str = "http://127.0.0.1:33418/callback";

pub fn command(environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_snappy-mcp"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    command.envs(environment.iter().copied());
    command
}

pub fn client() -> reqwest::Client {
    let builder = reqwest::ClientBuilder::new();
    builder.redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}

/// A running `serve` that is killed when the test ends.
pub struct Server {
    pub child: Child,
    pub base: String,
    pub metrics: Option<String>,
    log: Option<JoinHandle<String>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    pub fn start(sandbox: &Sandbox, dir: &TempDir, port: u16) -> Self {
        let database = format!("sqlite://{}", dir.path().join("s.db").display());
        Self::on(sandbox, &database, port, &[])
    }

    /// One on a database, with settings besides the usual ones.
    pub fn on(sandbox: &Sandbox, database: &str, port: u16, more: &[(&str, &str)]) -> Self {
        let origin = sandbox.origin();
        let host = sandbox.addr().to_string();
        let listen = format!("127.0.0.1:{port}");
        let usual = [
            ("SNAPPY_LISTEN", listen.as_str()),
            ("XANO_BASE_URL", &origin),
            ("XANO_ACCOUNT_ORIGIN", &origin),
            ("XANO_EXTRA_HOSTS", &host),
            ("DATABASE_URL", database),
            ("ENCRYPTION_KEY", "a-key-for-the-process-tests"),
            ("SNAPPY_DATA_DIR", "/nowhere"),
        ];
        let mut child = command(&[&usual[..], more].concat())
            .arg("serve")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        let mut metrics = None;
        while !line.contains("Listening") {
            line.clear();
            assert!(log.read_line(&mut line).unwrap() > 0, "it did not start");
            if let Some((_, url)) = line.trim().split_once("Metrics at ") {
                metrics = Some(url.to_owned());
            }
        }
        let address = line.split("address=").nth(1).unwrap().split_whitespace().next().unwrap();
        let base = format!("http://{address}");
        // Read to the end, or the server would stop when the pipe is full.
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = log.read_to_string(&mut text);
            text
        });
        Self { base, child, metrics, log: Some(log) }
    }

    pub fn port(&self) -> u16 {
        self.base.rsplit(':').next().unwrap().parse().unwrap()
    }

    /// Waits for its end; gives its exit code and what it logged.
    pub fn end(&mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        (code, self.log.take().unwrap().join().unwrap())
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    pub async fn call(&self, access: &str, tool: &str, arguments: Value) -> Result<Value, String> {
        let answer = client()
            .post(format!("{}/mcp", self.base))
            .header(AUTHORIZATION, format!("Bearer {access}"))
            .header("accept", "application/json, text/event-stream")
            .json(&json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
                "params": {"name": tool, "arguments": arguments}}))
            .send()
            .await
            .map_err(|error| error.to_string())?;
        let status = answer.status();
        let answer: Value = answer.json().await.map_err(|error| format!("{status} {error}"))?;
        let text = answer["result"]["content"][0]["text"].as_str();
        let text = text.ok_or_else(|| format!("{status} {answer}"))?;
        serde_json::from_str(text).map_err(|error| error.to_string())
    }
}

fn field(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let field = page.split_once(&start).and_then(|(_, rest)| rest.split('"').next());
    field.unwrap_or_default().to_owned()
}

/// A browser that signs somebody in over HTTP.
struct Visit {
    base: String,
    cookies: Vec<String>,
}

fn location(answer: &reqwest::Response) -> String {
    answer.headers().get(LOCATION).unwrap().to_str().unwrap().to_owned()
}

fn encode(form: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}

impl Visit {
    async fn send(&mut self, request: reqwest::RequestBuilder) -> reqwest::Response {
        let answer = request.header(COOKIE, self.cookies.join("; ")).send().await.unwrap();
        let set = answer.headers().get_all(SET_COOKIE).iter();
        let set = set.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap().to_owned());
        self.cookies.extend(set.collect::<Vec<_>>());
        answer
    }

    async fn open(&mut self, address: &str) -> reqwest::Response {
        let path = address.split_once("://").map_or(address, |(_, rest)| {
            rest.find('/').map_or("/", |slash| rest.get(slash..).unwrap())
        });
        let url = format!("{}{path}", self.base);
        self.send(client().get(url)).await
    }

    async fn submit(&mut self, path: &str, form: &[(&str, &str)]) -> reqwest::Response {
        let request = client().post(format!("{}{path}", self.base)).body(encode(form));
        self.send(request.header("content-type", "application/x-www-form-urlencoded")).await
    }

    /// Registers a client and reaches the login page; gives the client's id and the page.
    async fn begin(&mut self) -> (String, String) {
        let metadata = json!({"redirect_uris": [CALLBACK], "client_name": "Process test"});
        let register = client().post(format!("{}/register", self.base)).json(&metadata);
        let registered = register.send().await.unwrap().json::<Value>().await.unwrap();
        let id = registered["client_id"].as_str().unwrap().to_owned();
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let query = encode(&[
            ("response_type", "code"),
            ("client_id", &id),
            ("redirect_uri", CALLBACK),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        let login = location(&self.open(&format!("/authorize?{query}")).await);
        (id, self.open(&login).await.text().await.unwrap())
    }

    /// Allows everything on the consent page, and redeems the code.
    async fn finish(&mut self, id: String, consent: &str) -> (String, String, String) {
        let page = self.open(consent).await.text().await.unwrap();
        let (csrf, request) = (field(&page, "csrf"), field(&page, "request"));
        let form = [("csrf", csrf.as_str()), ("request", &request), ("decision", "allow")];
        let back = url::Url::parse(&location(&self.submit("/consent", &form).await)).unwrap();
        let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", id.as_str()),
            ("code", &code),
            ("code_verifier", VERIFIER),
        ];
        let tokens: Value = self.submit("/token", &form).await.json().await.unwrap();
        let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
        (id, text("access_token"), text("refresh_token"))
    }

    /// "Continue with Xano" on a login page, and the sandbox's page; gives where it ends.
    async fn at_xano(&mut self, page: &str) -> String {
        let (csrf, request) = (field(page, "csrf"), field(page, "request"));
        let mut form = vec![("csrf", csrf.as_str()), ("method", "oauth")];
        if !request.is_empty() {
            form.push(("request", &request));
        }
        let mut xano = url::Url::parse(&location(&self.submit("/login", &form).await)).unwrap();
        let mut form: Vec<(String, String)> = xano.query_pairs().into_owned().collect();
        for (name, value) in [
            ("email", DEMO_EMAIL),
            ("password", DEMO_PASSWORD),
            ("workspace", "xsbx-demo-0001/1"),
            ("decision", "allow"),
        ] {
            form.push((name.to_owned(), value.to_owned()));
        }
        let form: Vec<_> =
            form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        xano.set_query(None);
        let allowed = client().post(xano).body(encode(&form));
        let allowed = allowed.header("content-type", "application/x-www-form-urlencoded");
        let back = location(&allowed.send().await.unwrap());
        location(&self.open(&back).await)
    }
}

/// The whole sign-in with a password over HTTP: gives the client id, the access and the refresh token.
pub async fn connect(base: &str) -> (String, String, String) {
    let mut visit = Visit { base: base.to_owned(), cookies: Vec::new() };
    let (id, page) = visit.begin().await;
    let (csrf, request) = (field(&page, "csrf"), field(&page, "request"));
    let form = [
        ("csrf", csrf.as_str()),
        ("request", &request),
        ("method", "password"),
        ("email", DEMO_EMAIL),
        ("password", DEMO_PASSWORD),
    ];
    let consent = location(&visit.submit("/login", &form).await);
    visit.finish(id, &consent).await
}

/// The same with "Continue with Xano".
pub async fn connect_at_xano(base: &str) -> (String, String, String) {
    let mut visit = Visit { base: base.to_owned(), cookies: Vec::new() };
    let (id, page) = visit.begin().await;
    let consent = visit.at_xano(&page).await;
    visit.finish(id, &consent).await
}

/// Signs in at Xano again, without a client.
pub async fn sign_in_again(base: &str) {
    let mut visit = Visit { base: base.to_owned(), cookies: Vec::new() };
    let page = visit.open("/login").await.text().await.unwrap();
    assert!(visit.at_xano(&page).await.starts_with("/account?notice=renewed"));
}

pub async fn refresh(base: &str, client_id: &str, token: &str) -> Value {
    let form = [("client_id", client_id), ("refresh_token", token)];
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let answer = client()
        .post(format!("{base}/refresh"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

pub fn record() -> Value {
    json!({"instance_name": "xsbx-demo-0001", "workspace_id": 1, "table_id": 3, "record_id": 1})
}
