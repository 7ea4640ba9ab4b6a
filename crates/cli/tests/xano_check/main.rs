//! `snappy-mcp xano check` against the sandbox: the whole way, each oddity of the sandbox, and the process.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failing test must stop")]

mod browser;
mod oddities;
mod process;
mod walk;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use clap::Parser;
use serde_json::Value;
use snappy_cli::settings::Settings;
use snappy_cli::system;
use snappy_cli::xano_check::{self, XanoCommand};
use snappy_domain::{Runtime, Timer};
use snappy_sandbox::{Options, Sandbox};

#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    command: XanoCommand,
}

/// Everything that the check can do.
const ALL: [&str; 6] = [
    "--register",
    "--redirect=https://mcp.example/oauth-callback",
    "--sign-in",
    "--replay",
    "--port=0",
    "--json",
];

pub(crate) async fn sandbox() -> Sandbox {
    Sandbox::start(Options::default()).await.unwrap()
}

pub(crate) fn environment(sandbox: &Sandbox) -> Vec<(String, String)> {
    let account = ("XANO_ACCOUNT_ORIGIN".to_owned(), sandbox.origin());
    vec![account, ("XANO_EXTRA_HOSTS".to_owned(), sandbox.addr().to_string())]
}

/// What a run of the check gave.
pub(crate) struct Ran {
    pub(crate) complete: bool,
    pub(crate) text: String,
    /// What the person was shown.
    pub(crate) prompt: String,
}

impl Ran {
    pub(crate) fn findings(&self) -> Vec<Value> {
        let document: Value = serde_json::from_str(&self.text).unwrap();
        document["findings"].as_array().unwrap().clone()
    }

    /// `group: subject` of the findings with a verdict.
    pub(crate) fn with(&self, verdict: &str) -> Vec<String> {
        let found = self.findings();
        let found = found.iter().filter(|finding| finding["verdict"] == verdict);
        found.map(|one| format!("{}: {}", text(one, "group"), text(one, "subject"))).collect()
    }
}

pub(crate) fn text<'a>(finding: &'a Value, member: &str) -> &'a str {
    finding[member].as_str().unwrap()
}

/// Runs the check with arguments, and with a person who does what `person` says with the address.
pub(crate) async fn check(
    sandbox: &Sandbox,
    more: &[(&str, &str)],
    arguments: &[&str],
    runtime: Runtime,
    person: impl AsyncFnOnce(url::Url),
) -> Ran {
    let environment = environment(sandbox);
    let lookup = |name: &str| {
        let more = more.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let usual = || environment.iter().find(|(known, _)| known == name).map(|(_, v)| v.as_str());
        more.or_else(usual).map(str::to_owned)
    };
    let settings = Settings::read(&lookup).unwrap();
    let line = [&["xano", "check"], arguments].concat();
    let args = match Line::try_parse_from(line).unwrap().command {
        XanoCommand::Check(args) => Some(args),
        XanoCommand::Forget { .. } => None,
    };
    let args = args.unwrap();
    let mut out = Vec::new();
    let (mut prompt, mut printed) = browser::prompt();
    let run = async {
        let ran = xano_check::run(&settings, runtime, &args, &mut out, &mut prompt).await;
        drop(prompt);
        ran.unwrap()
    };
    let watch = async {
        let Some(text) = printed.recv().await else { return String::new() };
        person(browser::address(&text).unwrap()).await;
        text
    };
    let (complete, prompt) = tokio::join!(run, watch);
    Ran { complete, text: String::from_utf8(out).unwrap(), prompt }
}

/// A person who allows.
pub(crate) async fn allow(url: url::Url) {
    let back = browser::decide(&url, "allow").await;
    let (status, page) = browser::go(&back).await;
    assert_eq!(status, 200);
    assert!(page.contains("Close this page"), "{page}");
}

/// A runtime whose timer does not wait.
pub(crate) fn impatient() -> Runtime {
    #[derive(Debug)]
    struct NoWait;
    #[async_trait]
    impl Timer for NoWait {
        async fn sleep(&self, _: Duration) {}
    }
    Runtime { timer: Arc::new(NoWait), ..system::runtime() }
}
