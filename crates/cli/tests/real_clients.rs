//! The clients that people use, against the demo: each test runs one script of `tests/clients`.
#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failing test must stop")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

use tempfile::TempDir;

/// How long a script may take, and how often it is looked at.
const TIMEOUT: Duration = Duration::from_secs(120);
const LOOK: Duration = Duration::from_millis(50);

/// A running demo, with its data and its log; it ends with the test.
struct Demo {
    server: Child,
    // Open as long as the demo runs: it prints more than is read.
    _stdout: BufReader<ChildStdout>,
    mcp_url: String,
    sandbox_url: String,
    dir: TempDir,
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Demo {
    fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut server = Command::new(env!("CARGO_BIN_EXE_snappy-mcp"))
            .args(["demo", "--port", "0", "--data-dir"])
            .arg(dir.path().join("data"))
            .env_remove("RUST_LOG")
            .stdout(Stdio::piped())
            .stderr(File::create(dir.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(server.stdout.take().unwrap());
        let mcp_url = announced(&mut stdout, "MCP URL");
        let sandbox_url = announced(&mut stdout, "Sandbox");
        Self { server, _stdout: stdout, mcp_url, sandbox_url, dir }
    }

    /// Runs a script to its end; what it and the demo said is told when it fails.
    fn run(&self, program: impl AsRef<Path>, arguments: &[&str]) {
        let output = self.dir.path().join("output");
        let file = File::create(&output).unwrap();
        let mut script = Command::new(program.as_ref())
            .args(arguments)
            .current_dir(clients())
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .spawn()
            .unwrap_or_else(|error| panic!("{} can't be run: {error}", program.as_ref().display()));
        let status = wait(&mut script);
        let ended = match status {
            Some(status) if status.success() => return,
            Some(status) => status.to_string(),
            None => format!("still running after {} seconds", TIMEOUT.as_secs()),
        };
        let said = fs::read_to_string(output).unwrap();
        let log = fs::read_to_string(self.dir.path().join("log")).unwrap();
        panic!("{arguments:?}: {ended}\n{said}\nThe demo's log:\n{log}");
    }
}

/// The address behind a name in what the demo prints.
fn announced(stdout: &mut impl BufRead, name: &str) -> String {
    let mut lines = stdout.lines().map(Result::unwrap);
    let found = lines.find_map(|line| Some(line.trim().strip_prefix(name)?.trim().to_owned()));
    found.unwrap_or_else(|| panic!("the demo did not print its {name}"))
}

/// How a process ended; when it does not in time, it is killed.
fn wait(process: &mut Child) -> Option<ExitStatus> {
    for _ in 0..TIMEOUT.as_millis() / LOOK.as_millis() {
        if let Some(status) = process.try_wait().unwrap() {
            return Some(status);
        }
        sleep(LOOK);
    }
    process.kill().unwrap();
    process.wait().unwrap();
    None
}

fn clients() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clients")
}

/// Something that is installed, not checked in.
fn installed(name: &str) -> PathBuf {
    let path = clients().join(name);
    assert!(path.exists(), "tests/clients/{name} is missing: scripts/test installs it.");
    path
}

fn node(demo: &Demo, arguments: &[&str]) {
    installed("node_modules");
    demo.run("node", arguments);
}

#[test]
fn the_typescript_sdk() {
    let demo = Demo::start();
    node(&demo, &["typescript-sdk.mjs", &demo.mcp_url, &demo.sandbox_url]);
}

#[test]
fn the_typescript_sdk_as_a_service_account() {
    let demo = Demo::start();
    let binary = env!("CARGO_BIN_EXE_snappy-mcp");
    let data = demo.dir.path().join("data").display().to_string();
    node(&demo, &["service-account.mjs", &demo.mcp_url, &demo.sandbox_url, binary, &data]);
}

#[test]
fn the_python_sdk() {
    let demo = Demo::start();
    // -B: the scripts' directory stays as it is checked in.
    let arguments = ["-B", "python_sdk.py", &demo.mcp_url, &demo.sandbox_url];
    demo.run(installed(".venv/bin/python"), &arguments);
}

#[test]
fn mcp_remote() {
    let demo = Demo::start();
    node(&demo, &["mcp-remote.mjs", &demo.mcp_url]);
}

#[test]
fn the_inspector() {
    let demo = Demo::start();
    node(&demo, &["inspector.mjs", &demo.mcp_url]);
}

#[test]
fn a_person_with_chromium() {
    let demo = Demo::start();
    let screenshots = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
    node(&demo, &["chromium.mjs", &demo.mcp_url, &screenshots.display().to_string()]);
}

#[test]
fn the_official_conformance_suite_for_authorization_servers() {
    let demo = Demo::start();
    node(&demo, &["conformance.mjs", &demo.sandbox_url, env!("CARGO_BIN_EXE_snappy-mcp")]);
}
