//! The binary as a process: how it starts, stops, and what a kill -9 costs.
#![cfg(unix)]
#![expect(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failing test must stop"
)]

mod metrics;
mod replicas;
mod rotating;
mod server;
mod traces;

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use server::{Server, command, connect, record, refresh};
use snappy_cli::settings::SETTINGS;
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD, Effect, FaultRule, Options, Sandbox};

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
        let (code, log) = server.end();
        assert_eq!(code, Some(0));
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
        "error: OAUTH_TOKEN_TTL is \"60\": shorter than an hour. Set it to a number of seconds, at \
         least 3600\n"
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
    assert!(String::from_utf8_lossy(&again.stderr).contains("is already in use"));
    let bad = ["client", "add", "--name", "x", "--redirect-uri", "http://x.example/"];
    assert!(String::from_utf8_lossy(&run(&environment, &bad).stderr).contains("https"));
    let removed = run(&environment, &["client", "remove", "ci"]);
    let log = String::from_utf8_lossy(&removed.stderr).into_owned();
    assert!(log.contains("event=\"client_removed\"") && log.contains("client_id=ci"), "{log}");
    assert_eq!(log.lines().count(), 1, "the audit event alone: {log}");
    assert!(text(removed).starts_with("Removed ci"));
    assert!(!run(&environment, &["client", "remove", "ci"]).status.success());
    assert_eq!(text(run(&environment, &["client", "list"])), "");
}

#[test]
fn help_names_the_commands() {
    let help = String::from_utf8(run(&[], &["--help"]).stdout).unwrap();
    assert!(help.contains("demo") && help.contains("serve") && !help.contains('\u{1b}'), "{help}");
    let help = String::from_utf8(run(&[], &["serve", "--help"]).stdout).unwrap();
    for setting in SETTINGS {
        assert!(help.contains(&format!("  {} [default: ", setting.name)), "{}", setting.name);
    }
}

#[test]
fn the_demo_says_what_to_paste_and_keeps_its_data() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    let dir_setting = ("SNAPPY_DATA_DIR", path.to_str().unwrap());
    let mut child = command(&[("RUST_LOG", "error"), dir_setting])
        .args(["demo", "--port", "0"])
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
