//! The binary as a process: how it starts, stops, and what a kill -9 costs.
#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failing test must stop")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use reqwest::header::{AUTHORIZATION, COOKIE, LOCATION, SET_COOKIE};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD, Effect, FaultRule, Options, Sandbox};
use tempfile::TempDir;

const VERIFIER: &str = "a-code-verifier-of-more-than-forty-three-characters";
const CALLBACK: &str = "http://127.0.0.1:33418/callback";

fn command(environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_snappy-mcp"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    command.envs(environment.iter().copied());
    command
}

fn client() -> reqwest::Client {
    let builder = reqwest::ClientBuilder::new();
    builder.redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}

/// A running `serve` that is killed when the test ends.
struct Server {
    child: Child,
    base: String,
    log: BufReader<std::process::ChildStderr>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(sandbox: &Sandbox, dir: &TempDir, port: u16) -> Self {
        let origin = sandbox.origin();
        let host = sandbox.addr().to_string();
        let database = format!("sqlite://{}", dir.path().join("s.db").display());
        let listen = format!("127.0.0.1:{port}");
        let mut child = command(&[
            ("SNAPPY_LISTEN", &listen),
            ("XANO_BASE_URL", &origin),
            ("XANO_ACCOUNT_ORIGIN", &origin),
            ("XANO_EXTRA_HOSTS", &host),
            ("DATABASE_URL", &database),
            ("ENCRYPTION_KEY", "a-key-for-the-process-tests"),
            ("HOME", dir.path().to_str().unwrap()),
        ])
        .arg("serve")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("Listening") {
            line.clear();
            assert!(log.read_line(&mut line).unwrap() > 0, "it did not start");
        }
        let address = line.split("address=").nth(1).unwrap().split_whitespace().next().unwrap();
        Self { base: format!("http://{address}"), child, log }
    }

    fn port(&self) -> u16 {
        self.base.rsplit(':').next().unwrap().parse().unwrap()
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    async fn call(&self, access: &str, tool: &str, arguments: Value) -> Result<Value, String> {
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
    page.split_once(&start).unwrap().1.split('"').next().unwrap().to_owned()
}

/// The whole sign-in over HTTP: gives the client id, the access and the refresh token.
async fn connect(base: &str) -> (String, String, String) {
    let http = client();
    let metadata = json!({"redirect_uris": [CALLBACK], "client_name": "Process test"});
    let registered = http.post(format!("{base}/register")).json(&metadata).send().await.unwrap();
    let id = registered.json::<Value>().await.unwrap()["client_id"].as_str().unwrap().to_owned();
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let query = [
        ("response_type", "code"),
        ("client_id", &id),
        ("redirect_uri", CALLBACK),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let url = reqwest::Url::parse_with_params(&format!("{base}/authorize"), query).unwrap();
    let started = http.get(url).send().await.unwrap();
    let header = |answer: &reqwest::Response, name| {
        answer.headers().get(name).unwrap().to_str().unwrap().to_owned()
    };
    let cookie = header(&started, SET_COOKIE).split(';').next().unwrap().to_owned();
    let login = format!("{base}{}", header(&started, LOCATION));
    let page = http.get(login).header(COOKIE, &cookie).send().await.unwrap().text().await.unwrap();
    let (csrf, request) = (field(&page, "csrf"), field(&page, "request"));
    let form = [
        ("csrf", csrf.as_str()),
        ("request", &request),
        ("method", "password"),
        ("email", DEMO_EMAIL),
        ("password", DEMO_PASSWORD),
    ];
    let post = |path: String, form: String| {
        let post = http.post(path).header(COOKIE, &cookie);
        post.header("content-type", "application/x-www-form-urlencoded").body(form).send()
    };
    let encode = |form: &[(&str, &str)]| {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
    };
    let consent = post(format!("{base}/login"), encode(&form)).await.unwrap();
    let consent = format!("{base}{}", header(&consent, LOCATION));
    let page =
        http.get(consent).header(COOKIE, &cookie).send().await.unwrap().text().await.unwrap();
    let (csrf, request) = (field(&page, "csrf"), field(&page, "request"));
    let form = [("csrf", csrf.as_str()), ("request", &request), ("decision", "allow")];
    let done = post(format!("{base}/consent"), encode(&form)).await.unwrap();
    let back = url::Url::parse(&header(&done, LOCATION)).unwrap();
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", id.as_str()),
        ("code", &code),
        ("code_verifier", VERIFIER),
    ];
    let tokens = post(format!("{base}/token"), encode(&form)).await.unwrap();
    let tokens: Value = tokens.json().await.unwrap();
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    (id, text("access_token"), text("refresh_token"))
}

async fn refresh(base: &str, client_id: &str, token: &str) -> Value {
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

fn record() -> Value {
    json!({"instance_name": "xsbx-demo-0001", "workspace_id": 1, "table_id": 3, "record_id": 1})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_kill_nine_the_same_tokens_still_work() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut server = Server::start(&sandbox, &dir, 0);
    let port = server.port();
    let (id, access, mut token) = connect(&server.base).await;
    for _ in 0..5 {
        let rotated = refresh(&server.base, &id, &token).await;
        server.signal("-KILL");
        server.child.wait().unwrap();
        server = Server::start(&sandbox, &dir, port);
        let record = server.call(&access, "xano_get_table_record", record()).await.unwrap();
        assert_eq!(record["success"], true, "{record}");
        // As after a lost answer: the same successor.
        let again = refresh(&server.base, &id, &token).await;
        assert_eq!(again["refresh_token"], rotated["refresh_token"]);
        token = rotated["refresh_token"].as_str().unwrap().to_owned();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_keeps_the_connection_also_when_the_body_comes_late() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(&sandbox, &dir, 0);
    let host = server.base.trim_start_matches("http://").to_owned();
    let mut socket = tokio::net::TcpStream::connect(&host).await.unwrap();
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    for path in ["/mcp", "/mcp", "/token", "/nowhere", "/consent"] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        socket.write_all(body.as_bytes()).await.unwrap();
        let mut answer = vec![0; 16 * 1024];
        let read = socket.read(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(answer.get(..read).unwrap()).into_owned();
        assert!(answer.starts_with("HTTP/1.1 4"), "{path}: {answer:?}");
        assert!(!answer.to_lowercase().contains("connection: close"), "{path}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_lets_calls_under_way_finish_and_exits_with_zero() {
    for signal in ["-TERM", "-INT"] {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        let mut server = Server::start(&sandbox, &dir, 0);
        let (_, access, _) = connect(&server.base).await;
        server.call(&access, "xano_get_table_record", record()).await.unwrap();
        sandbox.control().push_fault(FaultRule {
            path_contains: Some("/content".into()),
            ..FaultRule::always(Effect::Latency { ms: 1500 })
        });
        let call = server.call(&access, "xano_get_table_record", record());
        let stop = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            server.signal(signal);
        };
        let (reply, ()) = tokio::join!(call, stop);
        assert_eq!(reply.unwrap()["success"], true);
        assert_eq!(server.child.wait().unwrap().code(), Some(0));
        let mut log = String::new();
        server.log.read_to_string(&mut log).unwrap();
        assert!(log.contains("Stopping") && log.contains("Stopped"), "{log}");
    }
}

fn run(environment: &[(&str, &str)], arguments: &[&str]) -> Output {
    command(environment).args(arguments).output().unwrap()
}

#[test]
fn a_wrong_setting_stops_the_start_with_a_sentence() {
    let output = run(&[("HOME", "/proc/nothing"), ("OAUTH_TOKEN_TTL", "60")], &["serve"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        text,
        "error: OAUTH_TOKEN_TTL is \"60\", but shorter lives only make clients sign in more often; \
         it takes a number of seconds, at least 3600\n"
    );
    assert!(output.stdout.is_empty());
    let home = ("HOME", "/proc/nothing");
    for (environment, says) in [
        (vec![home, ("RUST_LOG", "info=loud")], "RUST_LOG"),
        (vec![home, ("SNAPPY_DATA_DIR", "/proc/nothing")], "/proc/nothing"),
        (
            vec![
                home,
                ("SNAPPY_LISTEN", "192.0.2.1:1"),
                ("SNAPPY_PUBLIC_URL", "https://m.example"),
                ("ENCRYPTION_KEY", "long-enough-long-enough"),
            ],
            "SNAPPY_LISTEN 192.0.2.1:1 can't be used",
        ),
    ] {
        let output = run(&environment, &["serve"]);
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && text.contains(says), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a20_the_operator_registers_lists_and_removes_clients() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_str().unwrap().to_owned();
    let environment =
        [("SNAPPY_DATA_DIR", path.as_str()), ("ENCRYPTION_KEY", "long-enough-long-enough")];
    let text = |output: Output| {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let uri = "https://ci.example/callback";
    let add = [
        "client",
        "add",
        "--name",
        "CI",
        "--redirect-uri",
        uri,
        "--id",
        "ci",
        "--auth",
        "client-secret-basic",
    ];
    let added = text(run(&environment, &add));
    assert!(added.starts_with("client_id ci\nclient_secret snp_cs_"), "{added}");
    let listed = text(run(&environment, &["client", "list"]));
    assert_eq!(listed, "ci  CI  registered by the operator, client_secret_basic, never used\n");
    let again = run(&environment, &add);
    assert!(String::from_utf8_lossy(&again.stderr).contains("is taken"));
    let bad = ["client", "add", "--name", "x", "--redirect-uri", "http://x.example/"];
    assert!(String::from_utf8_lossy(&run(&environment, &bad).stderr).contains("https"));
    assert!(text(run(&environment, &["client", "remove", "ci"])).starts_with("Removed ci"));
    assert!(!run(&environment, &["client", "remove", "ci"]).status.success());
    assert_eq!(text(run(&environment, &["client", "list"])), "");
}

#[test]
fn help_names_the_commands() {
    let help = String::from_utf8(run(&[], &["--help"]).stdout).unwrap();
    assert!(help.contains("demo") && help.contains("serve") && !help.contains('\u{1b}'), "{help}");
}

#[test]
fn the_demo_says_what_to_paste_and_keeps_its_data() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    let mut child = command(&[("RUST_LOG", "error")])
        .args(["demo", "--port", "0", "--data-dir", path.to_str().unwrap()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    while !text.contains("Ctrl-C") {
        assert!(out.read_line(&mut text).unwrap() > 0, "{text}");
    }
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let url = text.split("MCP URL").nth(1).unwrap().split_whitespace().next().unwrap();
    for paste in [
        format!("claude mcp add --transport http xano {url}"),
        format!(
            r#"{{"mcpServers":{{"xano":{{"command":"npx","args":["-y","mcp-remote","{url}"]}}}}}}"#
        ),
        format!(r#"{{"mcpServers":{{"xano":{{"url":"{url}"}}}}}}"#),
        format!(r#"code --add-mcp '{{"name":"xano","type":"http","url":"{url}"}}'"#),
        format!("{DEMO_EMAIL} / {DEMO_PASSWORD}"),
    ] {
        assert!(text.contains(&paste), "{paste} is missing in {text}");
    }
    assert!(!text.contains('\u{1b}'), "plain when it is no terminal");
    for file in ["snappy.db", "encryption.key"] {
        assert!(path.join(file).exists(), "{file}");
    }
}
