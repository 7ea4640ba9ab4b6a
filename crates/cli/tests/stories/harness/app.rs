//! The app: composed as the binary composes it, with the clock and the randomness of a test.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use clap::Parser as _;
use http::{Method, Request, header};
use serde_json::Value;
use snappy_cli::clients::{self, ClientCommand};
use snappy_cli::compose::{Composed, compose};
use snappy_cli::connections::{self, ConnectionsCommand};
use snappy_cli::keys::{self, KeysCommand};
use snappy_cli::settings::Settings;
use snappy_cli::system::SystemSpawner;
use snappy_cli::xano_forget;
use snappy_credentials::proactive::Rounds;
use snappy_domain::clock::MockClock;
use snappy_domain::random::SeededRandom;
use snappy_domain::{Clock, CredentialId, PersonId, Runtime, Timer, Timestamp};
use snappy_sandbox::{Control, Options, SIGN_IN_GROUP, Sandbox};
use snappy_store::Store;
use snappy_store::housekeeping::{self, Removed};
use snappy_xano::Session;
use tempfile::TempDir;
use tower::ServiceExt as _;

use super::client::Connection;
use super::database::Database;
use super::reply::Reply;

pub const HOST: &str = "127.0.0.1:8787";

/// The server with its sandbox.
pub struct TestApp {
    pub clock: Arc<MockClock>,
    pub database: Database,
    pub dir: TempDir,
    pub xano: Control,
    settings: Vec<(&'static str, String)>,
    sandbox: Sandbox,
    composed: Composed,
    restarts: u64,
    rounds: Rounds,
}

/// Waits in line for Xano move the clock and take a second at most; all others are what they are.
#[derive(Debug)]
struct StoryTimer(Arc<MockClock>);

#[async_trait::async_trait]
impl Timer for StoryTimer {
    async fn sleep(&self, span: Duration) {
        let second = Duration::from_secs(1);
        if span > second && span <= 30 * second {
            tokio::time::sleep(second / 5).await;
            self.0.advance(span);
        } else {
            tokio::time::sleep(span).await;
        }
    }
}

/// The operator's command line.
#[derive(clap::Parser)]
struct Operator {
    #[command(subcommand)]
    command: ClientCommand,
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With settings besides or instead of the usual ones.
    pub async fn start_with(extra: &[(&'static str, &str)]) -> Self {
        let clock = Arc::new(MockClock::default());
        let sandbox_clock = Arc::clone(&clock);
        let sandbox = Sandbox::start(Options {
            now_ms: Arc::new(move || sandbox_clock.now().as_millisecond()),
            ..Options::default()
        })
        .await
        .unwrap();
        let dir = tempfile::tempdir().unwrap();
        let mut settings = vec![
            ("SNAPPY_DATA_DIR", dir.path().display().to_string()),
            ("ENCRYPTION_KEY", "a-key-for-the-stories".to_owned()),
            ("XANO_BASE_URL", sandbox.origin()),
            ("XANO_AUTH_API", SIGN_IN_GROUP.to_owned()),
            ("XANO_ACCOUNT_ORIGIN", sandbox.origin()),
            ("XANO_EXTRA_HOSTS", sandbox.addr().to_string()),
        ];
        let database = Database::new().await;
        settings.extend(database.setting());
        change(&mut settings, extra);
        let composed = open(&settings, &clock, 0).await;
        let xano = sandbox.control().clone();
        Self {
            clock,
            database,
            dir,
            xano,
            settings,
            sandbox,
            composed,
            restarts: 0,
            rounds: Rounds::default(),
        }
    }

    /// Ends the server without a goodbye and starts it again on the same data.
    pub async fn restart(&mut self) {
        self.restarts += 1;
        self.rounds = Rounds::default();
        self.composed = open(&self.settings, &self.clock, self.restarts).await;
    }

    /// The same with some settings changed.
    pub async fn restart_with(&mut self, changed: &[(&'static str, &str)]) {
        change(&mut self.settings, changed);
        self.restart().await;
    }

    pub fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    pub fn sandbox_origin(&self) -> String {
        self.sandbox.origin()
    }

    pub fn store(&self) -> &dyn Store {
        &*self.composed.store
    }

    fn router(&self) -> Router {
        self.composed.router.clone()
    }

    /// What `snappy-mcp client …` prints, or why it fails.
    pub async fn operator(&self, arguments: &[&str]) -> Result<String, String> {
        let arguments = std::iter::once("client").chain(arguments.iter().copied());
        let operator = Operator::try_parse_from(arguments).map_err(|error| error.to_string())?;
        let mut printed = Vec::new();
        let done = clients::run(&self.composed, operator.command, &mut printed).await;
        done.map_err(|error| format!("{error:#}"))?;
        Ok(String::from_utf8(printed).unwrap())
    }

    /// What `snappy-mcp connections …` prints, or why it fails.
    pub async fn connections(&self, command: ConnectionsCommand) -> Result<String, String> {
        let mut printed = Vec::new();
        let done = connections::run(&self.composed.oauth, command, &mut printed).await;
        done.map_err(|error| error.to_string())?;
        Ok(String::from_utf8(printed).unwrap())
    }

    /// What `snappy-mcp keys rotate` prints.
    pub async fn rotate_keys(&self) -> String {
        let mut printed = Vec::new();
        let store = &*self.composed.store;
        keys::run(store, KeysCommand::Rotate, &mut printed).await.unwrap();
        String::from_utf8(printed).unwrap()
    }

    /// Changes a setting for the next restart; an empty value removes it.
    pub fn set(&mut self, name: &'static str, value: &str) {
        self.settings.retain(|(known, _)| *known != name);
        if !value.is_empty() {
            self.settings.push((name, value.to_owned()));
        }
    }

    /// What `snappy-mcp xano forget` prints, or why it fails.
    pub async fn forget_registration(&self) -> Result<String, String> {
        let mut printed = Vec::new();
        let redirect = Some(format!("http://{HOST}/oauth-callback"));
        let done = xano_forget::run(&self.composed.xano, None, redirect, &mut printed).await;
        done.map_err(|error| error.to_string())?;
        Ok(String::from_utf8(printed).unwrap())
    }

    /// One round of housekeeping.
    pub async fn housekeeping(&self) -> Removed {
        housekeeping::round(&*self.composed.store, self.clock.now()).await.unwrap()
    }

    /// One round of what the server does by itself for keys that end soon.
    pub async fn refresh_ahead(&self) {
        let Composed { xano, store, runtime, .. } = &self.composed;
        self.rounds.next(xano.coordinator(), &**store, runtime).await.unwrap();
    }

    /// As if Xano's key of a connection were known to end then.
    pub async fn end_key_at(&self, connection: &Connection, ends: Timestamp) {
        let (person, id) = self.credential_of(connection).await;
        self.composed.store.limit_credential_life(person, id, ends).await.unwrap();
    }

    /// A connection's way to Xano.
    pub async fn session_of(&self, connection: &Connection) -> Session {
        let (person, id) = self.credential_of(connection).await;
        let credential = self.composed.store.credential(person, id).await.unwrap();
        self.composed.xano.session(credential.unwrap())
    }

    async fn credential_of(&self, connection: &Connection) -> (PersonId, CredentialId) {
        let status = connection.call(self, "debug_auth", serde_json::json!({})).await;
        let status = status.ok();
        let person = status["person"]["id"].as_str().unwrap();
        let credential = status["credentials"][0]["id"].as_str().unwrap();
        (person.parse().unwrap(), credential.parse().unwrap())
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        Reply::read(self.router().oneshot(request).await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    pub async fn post_form(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        self.send(form_request(path).body(Body::from(encode(form))).unwrap()).await
    }

    pub async fn post_json(&self, path: &str, body: &Value) -> Reply {
        let request = request(Method::POST, path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }
}

fn change(settings: &mut Vec<(&'static str, String)>, changed: &[(&'static str, &str)]) {
    for (name, value) in changed {
        settings.retain(|(known, _)| known != name);
        settings.push((name, (*value).to_owned()));
    }
}

async fn open(
    settings: &[(&'static str, String)],
    clock: &Arc<MockClock>,
    restarts: u64,
) -> Composed {
    let lookup = |name: &str| {
        settings.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    };
    let settings = Settings::read(&lookup).unwrap();
    // A restarted process does not repeat its random numbers.
    let random = Arc::new(SeededRandom::new(42 + restarts));
    let timer = Arc::new(StoryTimer(Arc::clone(clock)));
    let clock: Arc<dyn Clock> = Arc::clone(clock) as Arc<dyn Clock>;
    let spawner = Arc::new(SystemSpawner);
    compose(&settings, Runtime { clock, timer, random, spawner }).await.unwrap()
}

/// A request to the app by its loopback address.
pub fn request(method: Method, path: &str) -> http::request::Builder {
    Request::builder().method(method).uri(path).header(header::HOST, HOST)
}

pub fn form_request(path: &str) -> http::request::Builder {
    request(Method::POST, path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

/// A form's body.
pub fn encode(form: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}
