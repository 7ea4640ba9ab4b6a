//! Clients that are described by a document at the address that is their id.
#![expect(clippy::unwrap_used, reason = "a failing test must stop")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures::executor::block_on;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use snappy_domain::clock::MockClock;
use snappy_domain::http::{Answer, HttpClient, HttpError, Outgoing};
use snappy_domain::random::SeededRandom;
use snappy_domain::{Clock, Keyring, Secret};
use snappy_oauth::authorize::{Accepted, AuthorizeError};
use snappy_oauth::documents::DocumentError;
use snappy_oauth::{AuthorizationServer, Lifetimes, Site, Uses, is_address};
use snappy_store::MemoryStore;

const ID: &str = "https://client.example/oauth/client.json";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const HOUR: Duration = Duration::from_secs(3600);

/// The client's host: answers what the test says, and counts.
#[derive(Debug)]
struct Host {
    answer: Mutex<Result<Answer, HttpError>>,
    asked: Mutex<Vec<String>>,
}

#[async_trait::async_trait]
impl HttpClient for Host {
    async fn send(&self, request: Outgoing) -> Result<Answer, HttpError> {
        self.asked.lock().unwrap().push(request.url.to_string());
        assert!(request.max_body <= 5 * 1024 && request.timeout <= Duration::from_secs(10));
        self.answer.lock().unwrap().clone()
    }
}

impl Host {
    fn says(&self, status: u16, body: &str, control: Option<&str>) {
        let mut headers = HeaderMap::new();
        if let Some(control) = control {
            headers.insert("cache-control", control.parse().unwrap());
        }
        let status = StatusCode::from_u16(status).unwrap();
        let body = Bytes::copy_from_slice(body.as_bytes());
        *self.answer.lock().unwrap() = Ok(Answer { status, headers, body });
    }

    fn fails(&self, error: HttpError) {
        *self.answer.lock().unwrap() = Err(error);
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

struct World {
    host: Arc<Host>,
    clock: Arc<MockClock>,
    server: AuthorizationServer,
}

impl World {
    fn new() -> Self {
        let answer = Mutex::new(Err(HttpError::Unreachable("nothing yet".into())));
        let host = Arc::new(Host { answer, asked: Mutex::default() });
        host.says(200, &document().to_string(), None);
        let clock = Arc::new(MockClock::default());
        let server = AuthorizationServer {
            store: Arc::new(MemoryStore::default()),
            keys: Arc::new(Keyring::new(&[Secret::new("a-key-for-document-tests")]).unwrap()),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            random: Arc::new(SeededRandom::new(1)),
            http: Arc::clone(&host) as Arc<dyn HttpClient>,
            lifetimes: Lifetimes::for_access(24 * HOUR),
            uses: Uses::default(),
        };
        Self { host, clock, server }
    }

    fn authorize(&self, redirect_uri: &str) -> Result<Accepted, AuthorizeError> {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("response_type", "code")
            .append_pair("client_id", ID)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("code_challenge", CHALLENGE)
            .append_pair("code_challenge_method", "S256")
            .finish();
        block_on(self.server.authorize(&Site::new("https://mcp.example"), &query))
    }
}

fn document() -> Value {
    json!({
        "client_id": ID,
        "client_name": "Claude Code",
        "client_uri": "https://client.example/",
        "redirect_uris": ["http://localhost/callback", "http://127.0.0.1/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "none",
    })
}

const CALLBACK: &str = "http://localhost:3118/callback";

#[test]
fn a_described_client_needs_no_registration() {
    let world = World::new();
    let accepted = world.authorize(CALLBACK).unwrap();
    assert_eq!(accepted.client.name.as_deref(), Some("Claude Code"));
    assert_eq!(accepted.client.id.as_str(), ID);
    let other = world.authorize("https://evil.example/callback").unwrap_err();
    assert!(matches!(other, AuthorizeError::RedirectUriMismatch), "{other}");
    assert_eq!(world.host.asked(), 1, "it is kept");
}

#[test]
fn a_client_that_prefers_a_key_but_offers_none_is_taken() {
    let world = World::new();
    let mut chatgpt = document();
    chatgpt["token_endpoint_auth_method"] = json!("private_key_jwt");
    chatgpt["token_endpoint_auth_methods_supported"] = json!(["private_key_jwt", "none"]);
    world.host.says(200, &chatgpt.to_string(), None);
    assert!(world.authorize(CALLBACK).is_ok());
}

#[test]
fn broken_documents_are_refused_on_our_own_page() {
    let with = |name: &str, value: Value| {
        let mut changed = document();
        changed[name] = value;
        changed.to_string()
    };
    let large = with("client_uri", json!("x".repeat(6 * 1024)));
    for (status, body, says) in [
        (200, "<html>".to_owned(), "is not one"),
        (200, "{}".to_owned(), "client_id"),
        (
            200,
            with("client_id", json!("https://client.example/oauth/other.json")),
            "of another client",
        ),
        (200, with("client_id", json!(format!("{ID}/"))), "of another client"),
        (200, with("client_name", json!(null)), "is not one"),
        (200, with("redirect_uris", json!([])), "no address"),
        (200, with("redirect_uris", json!(["javascript:alert(1)"])), "no address"),
        (200, with("redirect_uris", json!("https://client.example/cb")), "is not one"),
        (
            200,
            with("token_endpoint_auth_method", json!("client_secret_post")),
            "client_secret_post",
        ),
        (204, String::new(), "204"),
        (301, String::new(), "301"),
        (404, String::new(), "404"),
    ] {
        let world = World::new();
        world.host.says(status, &body, None);
        let error = world.authorize(CALLBACK).unwrap_err();
        assert!(
            matches!(&error, AuthorizeError::Document(DocumentError::Unsuitable(why)) if why.contains(says)),
            "{body}: {error}"
        );
    }
    let world = World::new();
    world.host.fails(HttpError::TooLarge(large.len()));
    assert!(world.authorize(CALLBACK).unwrap_err().to_string().contains("larger than 5 KiB"));
    world.host.fails(HttpError::Refused("it resolves to no public address".into()));
    assert!(world.authorize(CALLBACK).unwrap_err().to_string().contains("not to be asked"));
}

#[test]
fn a_document_is_read_anew_when_its_time_is_over() {
    for (control, fresh_minutes) in [
        (None, 60),
        (Some("public, max-age=7200"), 120),
        (Some("max-age=1"), 5),
        (Some("max-age=99999999"), 24 * 60),
        (Some("no-store"), 5),
        (Some("nonsense"), 60),
    ] {
        let world = World::new();
        world.host.says(200, &document().to_string(), control);
        world.authorize(CALLBACK).unwrap();
        world.clock.advance(Duration::from_secs(fresh_minutes * 60 - 1));
        world.authorize(CALLBACK).unwrap();
        assert_eq!(world.host.asked(), 1, "{control:?}");
        world.clock.advance(Duration::from_secs(1));
        world.authorize(CALLBACK).unwrap();
        assert_eq!(world.host.asked(), 2, "{control:?}");
    }
}

#[test]
fn a_host_that_is_down_signs_nobody_out_for_a_week() {
    let world = World::new();
    world.authorize(CALLBACK).unwrap();
    world.host.fails(HttpError::TimedOut(Duration::from_secs(8)));
    world.clock.advance(24 * HOUR);
    world.authorize(CALLBACK).unwrap();
    world.host.says(503, "busy", None);
    world.clock.advance(5 * 24 * HOUR);
    world.authorize(CALLBACK).unwrap();
    world.clock.advance(24 * HOUR);
    let error = world.authorize(CALLBACK).unwrap_err();
    assert!(matches!(error, AuthorizeError::Document(DocumentError::Unreachable(_))), "{error}");
    world.host.says(200, &document().to_string(), None);
    world.authorize(CALLBACK).unwrap();
}

#[test]
fn an_address_that_vanished_from_the_document_is_not_gone_back_to() {
    let world = World::new();
    world.authorize(CALLBACK).unwrap();
    let mut changed = document();
    changed["redirect_uris"] = json!(["http://127.0.0.1/callback"]);
    world.host.says(200, &changed.to_string(), None);
    world.clock.advance(HOUR);
    let error = world.authorize(CALLBACK).unwrap_err();
    assert!(matches!(error, AuthorizeError::RedirectUriMismatch), "{error}");
    world.authorize("http://127.0.0.1:9/callback").unwrap();
}

#[test]
fn only_plain_https_addresses_with_a_path_are_documents() {
    for id in
        [ID, "https://claude.ai/oauth/claude-code-client-metadata", "https://c.example:8443/x?v=1"]
    {
        assert!(is_address(id), "{id}");
    }
    for id in [
        "https://client.example",
        "https://client.example/",
        "http://client.example/client.json",
        "https://user@client.example/client.json",
        "https://client.example/a/../client.json",
        "https://client.example/./client.json",
        "https://client.example/%2e%2e/client.json",
        "https://CLIENT.example/client.json",
        "https://client.example:443/client.json",
        "https://client.example/client.json#x",
        "https://client.example\\client.json",
        " https://client.example/client.json",
        "ftp://client.example/client.json",
        "01a20322-00df-7463-a788-ad1f6ef84538",
        "",
    ] {
        assert!(!is_address(id), "{id}");
    }
}
