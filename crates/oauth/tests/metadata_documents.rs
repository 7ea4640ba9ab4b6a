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
use snappy_domain::{AccessLimits, Clock};
use snappy_oauth::client::is_fetchable_url;
use snappy_oauth::client::metadata_document::DocumentError;
use snappy_oauth::grant::authorize::{Accepted, AuthorizeError, Chosen};
use snappy_oauth::testing::{ClientKey, server, sign_in};
use snappy_oauth::{AuthorizationServer, Site};
use snappy_store::{ClientProof, MemoryStore, Party, Sweeps as _};

const ID: &str = "https://client.example/oauth/client.json";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
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
    store: Arc<MemoryStore>,
    server: AuthorizationServer,
}

impl World {
    fn new() -> Self {
        let answer = Mutex::new(Err(HttpError::Unreachable("nothing yet".into())));
        let host = Arc::new(Host { answer, asked: Mutex::default() });
        host.says(200, &document().to_string(), None);
        let clock = Arc::new(MockClock::default());
        let store = Arc::new(MemoryStore::default());
        let server = server(
            Arc::clone(&store) as _,
            Arc::clone(&clock) as _,
            1,
            Arc::clone(&host) as Arc<dyn HttpClient>,
        );
        Self { host, clock, store, server }
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

impl World {
    /// A person allows it: gives the code.
    fn allow(&self, accepted: &Accepted) -> String {
        let (identity, new) = sign_in(self.clock.now());
        let credential = block_on(self.server.sign_in(&identity, &new, "test")).unwrap();
        let scopes = accepted.pending.scopes.clone();
        let chosen =
            Chosen { scopes, limits: AccessLimits::default(), credentials: vec![credential.id] };
        let site = Site::new("https://mcp.example");
        let to = self.server.allow(&site, &accepted.pending, credential.person, &chosen);
        let to = block_on(to).unwrap().unwrap();
        to.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned()
    }

    /// A request of the client, without a proof, to the token endpoint.
    fn token(&self, form: &str) -> Result<Value, &'static str> {
        let id: String = form_urlencoded::byte_serialize(ID.as_bytes()).collect();
        let form = format!("{form}&client_id={id}");
        let site = Site::new("https://mcp.example");
        let answer =
            block_on(self.server.token(&site, None, form.as_bytes(), None, &Party::default()));
        answer.map(|tokens| serde_json::to_value(tokens).unwrap()).map_err(|error| error.code())
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
fn a8_a_described_client_needs_no_registration() {
    let world = World::new();
    let accepted = world.authorize(CALLBACK).unwrap();
    assert_eq!(accepted.client.name.as_deref(), Some("Claude Code"));
    assert_eq!(accepted.client.id.as_str(), ID);
    let other = world.authorize("https://evil.example/callback").unwrap_err();
    assert!(matches!(other, AuthorizeError::RedirectUriMismatch), "{other}");
    assert_eq!(world.host.asked(), 1, "it is kept");
}

/// A case of workers-oauth-provider by its name: the document that ChatGPT serves (2026-08).
#[test]
fn negotiates_the_live_chatgpt_cimd_shape_and_completes_a_public_client_flow() {
    let world = World::new();
    let callback = "https://chatgpt.com/connector/oauth/IbUR3zxyNQ16";
    let chatgpt = json!({
        "client_id": ID,
        "client_uri": "https://chatgpt.com/",
        "client_name": "ChatGPT",
        "logo_uri": "https://persistent.oaistatic.com/sonic/misc/openai-logo.png",
        "redirect_uris": [callback],
        "grant_types": ["authorization_code", "refresh_token",
                        "urn:ietf:params:oauth:grant-type:jwt-bearer"],
        "response_types": ["code", "id_token"],
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
        "token_endpoint_auth_signing_alg": "RS256",
        "jwks_uri": "https://chatgpt.com/oauth/jwks.json",
    });
    world.host.says(200, &chatgpt.to_string(), None);
    let accepted = world.authorize(callback).unwrap();
    let client = &accepted.client;
    assert!(matches!(client.proof, ClientProof::Keys { also_public: true, .. }), "{client:?}");
    let code = world.allow(&accepted);
    let form = format!("grant_type=authorization_code&code={code}&code_verifier={VERIFIER}");
    let tokens = world.token(&form).unwrap();
    assert!(tokens["access_token"].is_string() && tokens["refresh_token"].is_string());
}

/// A case of workers-oauth-provider by its name.
#[test]
fn rejects_a_cimd_document_whose_client_id_does_not_match_its_url() {
    let world = World::new();
    let mut attacker = document();
    attacker["client_id"] = json!("https://attacker.example.com/oauth/client-metadata.json");
    world.host.says(200, &attacker.to_string(), None);
    let error = world.authorize(CALLBACK).unwrap_err();
    assert!(matches!(error, AuthorizeError::Document(DocumentError::Unsuitable(_))), "{error}");
    assert!(block_on(world.store.clients()).unwrap().is_empty(), "nothing is stored");
}

#[test]
fn a_client_with_a_key_may_prove_itself_with_it() {
    let key = ClientKey::rsa("c");
    let mut with_key = document();
    with_key["token_endpoint_auth_method"] = json!("private_key_jwt");
    with_key["jwks"] = key.jwks();
    let world = World::new();
    world.host.says(200, &with_key.to_string(), None);
    let client = world.authorize(CALLBACK).unwrap().client;
    assert!(matches!(client.proof, ClientProof::Keys { also_public: false, .. }), "{client:?}");

    // It may have read of us when only `none` was offered here: then it comes without the key.
    with_key["token_endpoint_auth_methods_supported"] = json!(["none", "private_key_jwt"]);
    let world = World::new();
    world.host.says(200, &with_key.to_string(), None);
    let client = world.authorize(CALLBACK).unwrap().client;
    assert!(matches!(client.proof, ClientProof::Keys { also_public: true, .. }), "{client:?}");
    let ask = |proof: &str| {
        let form = format!("grant_type=refresh_token&refresh_token=snp_rt_x{proof}");
        let site = Site::new("https://mcp.example");
        block_on(world.server.token(&site, None, form.as_bytes(), None, &Party::default()))
            .unwrap_err()
            .code()
    };
    let signed = |key: &ClientKey, jti: &str| {
        let jwt = key.assertion(ID, "https://mcp.example", world.clock.now(), jti);
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        format!("&client_assertion_type={kind}&client_assertion={jwt}")
    };
    let encoded = form_urlencoded::byte_serialize(ID.as_bytes()).collect::<String>();
    assert_eq!(ask(&format!("&client_id={encoded}")), "invalid_grant");
    assert_eq!(ask(&signed(&key, "1")), "invalid_grant");
    assert_eq!(ask(&signed(&ClientKey::rsa("c"), "2")), "invalid_client", "a wrong proof is none");

    // Without a preferred way, what is offered counts, and nothing else.
    let mut only_key = with_key.clone();
    only_key.as_object_mut().unwrap().remove("token_endpoint_auth_method");
    only_key["token_endpoint_auth_methods_supported"] = json!(["private_key_jwt"]);
    let world = World::new();
    world.host.says(200, &only_key.to_string(), None);
    let client = world.authorize(CALLBACK).unwrap().client;
    assert!(matches!(client.proof, ClientProof::Keys { also_public: false, .. }), "{client:?}");

    // A key that is no use counts only when there is nothing else.
    with_key["jwks"]["keys"][0]["d"] = json!("c2VjcmV0");
    let world = World::new();
    world.host.says(200, &with_key.to_string(), None);
    let client = world.authorize(CALLBACK).unwrap().client;
    assert_eq!(client.proof, ClientProof::Public);
    with_key["token_endpoint_auth_methods_supported"] = json!(["private_key_jwt"]);
    let world = World::new();
    world.host.says(200, &with_key.to_string(), None);
    assert!(world.authorize(CALLBACK).unwrap_err().to_string().contains("private"));
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
        (200, "<html>".to_owned(), "is not valid"),
        (200, "{}".to_owned(), "client_id"),
        (
            200,
            with("client_id", json!("https://client.example/oauth/other.json")),
            "of another client",
        ),
        (200, with("client_id", json!(format!("{ID}/"))), "of another client"),
        (200, with("client_name", json!(null)), "is not valid"),
        (200, with("redirect_uris", json!([])), "no redirect URI"),
        (200, with("redirect_uris", json!(["javascript:alert(1)"])), "no redirect URI"),
        (200, with("redirect_uris", json!("https://client.example/cb")), "is not valid"),
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
    // A name in a private network is not told from one that doesn't exist.
    let mut said = Vec::new();
    for error in [
        HttpError::Refused("it resolves to no public address".into()),
        HttpError::Unreachable("no such name".into()),
    ] {
        world.host.fails(error);
        said.push(world.authorize(CALLBACK).unwrap_err().to_string());
    }
    assert!(said[0].contains("its host can't be reached"), "{said:?}");
    assert_eq!(said[0], said[1]);
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
fn a9_only_plain_https_addresses_with_a_path_are_documents() {
    for id in
        [ID, "https://claude.ai/oauth/claude-code-client-metadata", "https://c.example:8443/x?v=1"]
    {
        assert!(is_fetchable_url(id), "{id}");
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
        assert!(!is_fetchable_url(id), "{id}");
    }
}
