//! The binary: its exit code, its streams, and that no secret is in them.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use serde_json::Value;
use snappy_sandbox::Sandbox;
use url::form_urlencoded;

use crate::{ALL, browser, environment, sandbox};

fn command(sandbox: &Sandbox, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_snappy-mcp"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("RUST_LOG", "trace");
    command.envs(environment(sandbox)).env("SNAPPY_DATA_DIR", "/nowhere");
    command.args(["xano", "check"]).args(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Each secret that was sent to the sandbox.
fn secrets(sandbox: &Sandbox) -> Vec<String> {
    let mut found = Vec::new();
    for request in sandbox.control().requests() {
        let bearer = request.authorization.as_deref().and_then(|text| text.strip_prefix("Bearer "));
        found.extend(bearer.map(str::to_owned));
        let fields = form_urlencoded::parse(&request.body).into_owned();
        let is_secret =
            |name: &str| ["code", "code_verifier", "refresh_token", "token"].contains(&name);
        found.extend(fields.filter(|(name, _)| is_secret(name)).map(|(_, value)| value));
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_as_a_process_prints_no_secret() {
    let sandbox = sandbox().await;
    let mut child = command(&sandbox, &ALL).spawn().unwrap();
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    let (mut log, mut url) = (String::new(), None);
    while url.is_none() {
        let mut line = String::new();
        assert!(errors.read_line(&mut line).unwrap() > 0, "it ended early: {log}");
        let is_address = line.trim().starts_with(&sandbox.origin());
        url = is_address.then(|| browser::address(&line).unwrap());
        log.push_str(&line);
    }
    let rest = std::thread::spawn(move || {
        let mut text = String::new();
        errors.read_to_string(&mut text).unwrap();
        text
    });
    let back = browser::decide(&url.unwrap(), "allow").await;
    assert_eq!(browser::go(&back).await.0, 200);
    let output = child.wait_with_output().unwrap();
    log.push_str(&rest.join().unwrap());
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text} {log}");
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["summary"]["differs"], 0);
    let secrets = secrets(&sandbox);
    assert!(secrets.len() > 10, "{}", secrets.len());
    for secret in secrets {
        assert!(!text.contains(&secret), "a secret is in the report");
        assert!(!log.contains(&secret), "a secret is in the log");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_exit_code_says_whether_it_is_complete() {
    let sandbox = sandbox().await;
    let run = |sandbox: &Sandbox, arguments: &[&str]| {
        let output = command(sandbox, arguments).env("RUST_LOG", "").output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(run(&sandbox, &[]), (Some(0), String::new()));
    // An oddity is no failure, but metadata that can't be used is one.
    sandbox.control().set_oauth_https_redirects(false);
    let arguments = ["--register", "--redirect=https://mcp.example/x"];
    assert_eq!(run(&sandbox, &arguments), (Some(0), String::new()));
    sandbox.control().set_oauth_issuer(Some("https://evil.example".to_owned()));
    let (code, errors) = run(&sandbox, &[]);
    assert_eq!(code, Some(1));
    assert!(errors.contains("a step failed that others need"), "{errors}");
    assert_eq!(run(&sandbox, &["--redirect=http://mcp.example"]).0, Some(2));
    assert_eq!(run(&sandbox, &["--replay"]).0, Some(2));
}
