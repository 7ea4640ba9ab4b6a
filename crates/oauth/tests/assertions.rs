//! `private_key_jwt`: what an assertion must be, and where a client's keys come from.
#![expect(clippy::unwrap_used, reason = "a failing test must stop")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use bytes::Bytes;
use futures::executor::block_on;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use snappy_domain::clock::MockClock;
use snappy_domain::http::{Answer, HttpClient, HttpError, Outgoing};
use snappy_domain::{AccessLimits, ClientId, Clock, Scopes};
use snappy_oauth::client::preregister::Preregistration;
use snappy_oauth::testing::{ClientKey, SERVICE, claims, server, sign_in};
use snappy_oauth::{AuthorizationServer, Site};
use snappy_store::{MemoryStore, Party, Sweeps as _, TokenEndpointAuth};

const ISSUER: &str = "https://mcp.example";
const CLIENT: &str = "machine";
const JWKS: &str = "https://client.example/jwks.json";

/// The host of the client's keys.
#[derive(Debug)]
struct Host {
    answer: Mutex<Result<Value, HttpError>>,
    asked: Mutex<usize>,
}

#[async_trait::async_trait]
impl HttpClient for Host {
    async fn send(&self, request: Outgoing) -> Result<Answer, HttpError> {
        assert_eq!(request.url.as_str(), JWKS);
        *self.asked.lock().unwrap() += 1;
        let body = self.answer.lock().unwrap().clone()?;
        let body = Bytes::from(body.to_string());
        Ok(Answer { status: StatusCode::OK, headers: HeaderMap::new(), body })
    }
}

struct World {
    clock: Arc<MockClock>,
    host: Arc<Host>,
    store: Arc<MemoryStore>,
    server: AuthorizationServer,
}

/// How the client gives its keys.
enum Keys {
    Inline(Value),
    At(Value),
}

impl World {
    fn new(keys: Keys) -> Self {
        let (jwks, uri, served) = match keys {
            Keys::Inline(set) => (Some(set), None, json!({})),
            Keys::At(set) => (None, Some(JWKS.to_owned()), set),
        };
        let host = Arc::new(Host { answer: Mutex::new(Ok(served)), asked: Mutex::default() });
        let clock = Arc::new(MockClock::default());
        let store = Arc::new(MemoryStore::default());
        let server =
            server(Arc::clone(&store) as _, Arc::clone(&clock) as _, 1, Arc::clone(&host) as _);
        let (_, credential) = sign_in(clock.now());
        let scopes: Scopes = SERVICE.scopes.iter().copied().collect();
        let account = server.new_service_account(&credential, scopes, AccessLimits::default());
        let service_account = block_on(account).unwrap();
        let new = Preregistration {
            id: Some(ClientId::new(CLIENT)),
            name: "CI".into(),
            redirect_uris: Vec::new(),
            auth: TokenEndpointAuth::PrivateKeyJwt,
            jwks,
            jwks_uri: uri,
            service_account: Some(service_account),
        };
        block_on(server.preregister(new)).unwrap();
        Self { clock, host, store, server }
    }

    /// The error code with its sentence, if there is one.
    fn send(&self, form: &str) -> Result<(), (String, String)> {
        let form = format!("grant_type=client_credentials&{form}");
        let answer = block_on(self.server.token(
            &Site::new(ISSUER),
            None,
            form.as_bytes(),
            None,
            &Party::default(),
        ));
        answer.map(drop).map_err(|error| (error.code().to_owned(), error.to_string()))
    }

    fn present(&self, assertion: &str) -> Result<(), (String, String)> {
        let kind = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
        self.send(&format!("client_assertion_type={kind}&client_assertion={assertion}"))
    }

    fn good(&self, key: &ClientKey, jti: &str) -> String {
        key.assertion(CLIENT, ISSUER, self.clock.now(), jti)
    }

    fn asked(&self) -> usize {
        *self.host.asked.lock().unwrap()
    }

    fn serve(&self, answer: Result<Value, HttpError>) {
        *self.host.answer.lock().unwrap() = answer;
    }
}

#[test]
fn private_key_jwt_proves_a_client_with_either_kind_of_key() {
    for key in [ClientKey::ec("a"), ClientKey::rsa("a")] {
        let world = World::new(Keys::Inline(key.jwks()));
        assert_eq!(world.present(&world.good(&key, "1")), Ok(()));
        for (n, audience) in
            [json!(format!("{ISSUER}/")), json!(format!("{ISSUER}/token")), json!([ISSUER])]
                .into_iter()
                .enumerate()
        {
            let mut good = claims(CLIENT, "", world.clock.now(), &format!("a{n}"));
            good["aud"] = audience;
            assert_eq!(world.present(&key.sign(&key.header(), &good)), Ok(()));
        }
        let unnamed = json!({"alg": key.alg()});
        let good = claims(CLIENT, ISSUER, world.clock.now(), "no kid");
        assert_eq!(world.present(&key.sign(&unnamed, &good)), Ok(()));
    }
}

#[test]
fn whatever_is_wrong_with_an_assertion_is_invalid_client() {
    let key = ClientKey::ec("a");
    let world = World::new(Keys::Inline(key.jwks()));
    let now = world.clock.now().as_second();
    let good = claims(CLIENT, ISSUER, world.clock.now(), "good");
    let with = |name: &str, value: Value| {
        let mut changed = good.clone();
        changed[name] = value;
        key.sign(&key.header(), &changed)
    };
    let without = |name: &str| {
        let mut changed = good.clone();
        changed.as_object_mut().unwrap().remove(name);
        key.sign(&key.header(), &changed)
    };
    let header = |header: Value| key.sign(&header, &good);
    let encode = |part: &Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
    let unsigned = format!("{}.{}.", encode(&json!({"alg": "none"})), encode(&good));
    let other = ClientKey::ec("a");
    let rsa = ClientKey::rsa("a");
    let tampered = world.good(&key, "t").replace('.', ".e");
    for (assertion, says) in [
        ("nonsense".to_owned(), "not a signed JWT"),
        ("a.b.c".to_owned(), "not a signed JWT"),
        (unsigned, "its alg must be"),
        (header(json!({"alg": "HS256", "kid": "a"})), "its alg must be"),
        (header(json!({"alg": "ES384", "kid": "a"})), "its alg must be"),
        (header(json!({"alg": "RS256", "kid": "a"})), "not signed with a key"),
        (header(json!({"alg": "ES256", "kid": "b"})), "not signed with a key"),
        (header(json!({"alg": "ES256", "crit": ["x"], "x": 1})), "crit"),
        (world.good(&other, "o"), "not signed with a key"),
        (world.good(&rsa, "r"), "not signed with a key"),
        (tampered, "not a signed JWT"),
        (with("iss", json!("other")), "iss and sub"),
        (with("aud", json!("https://other.example")), "its aud"),
        (with("aud", json!([ISSUER, "https://other.example"])), "its aud"),
        (with("aud", json!([])), "its aud"),
        (with("aud", json!(format!("{ISSUER}.other.example"))), "its aud"),
        (with("aud", json!(format!("{ISSUER}/mcp"))), "its aud"),
        (without("aud"), "not a signed JWT"),
        (without("exp"), "not a signed JWT"),
        (without("jti"), "not a signed JWT"),
        (with("jti", json!("")), "not a signed JWT"),
        (with("jti", json!("x".repeat(501))), "not a signed JWT"),
        (with("exp", json!("soon")), "not a signed JWT"),
        (with("exp", json!(now - 60)), "expired"),
        (with("exp", json!(now + 361)), "5 minutes"),
        (with("exp", json!(1e300)), "5 minutes"),
        (with("iat", json!(now + 61)), "future"),
        (with("nbf", json!(now + 61)), "future"),
    ] {
        let (code, why) = world.present(&assertion).unwrap_err();
        assert_eq!(code, "invalid_client", "{assertion}");
        assert!(why.contains(says), "{why}: {says}");
    }
    // None of these used up the id.
    assert_eq!(world.present(&key.sign(&key.header(), &good)), Ok(()));
}

#[test]
fn clocks_may_differ_by_a_minute() {
    let key = ClientKey::ec("a");
    let world = World::new(Keys::Inline(key.jwks()));
    let now = world.clock.now().as_second();
    for (n, exp) in [now - 59, now + 360].into_iter().enumerate() {
        let mut claims = claims(CLIENT, ISSUER, world.clock.now(), &n.to_string());
        claims["exp"] = exp.into();
        claims["iat"] = (now + 60).into();
        assert_eq!(world.present(&key.sign(&key.header(), &claims)), Ok(()), "{exp}");
    }
}

#[test]
fn an_assertion_is_used_once_also_after_the_cleaning() {
    let key = ClientKey::ec("a");
    let world = World::new(Keys::Inline(key.jwks()));
    let assertion = world.good(&key, "once");
    assert_eq!(world.present(&assertion), Ok(()));
    for seconds in [0, 299, 60] {
        world.clock.advance(Duration::from_secs(seconds));
        block_on(world.store.purge_expired(world.clock.now(), 100)).unwrap();
        let (code, why) = world.present(&assertion).unwrap_err();
        assert_eq!(code, "invalid_client");
        assert!(why.contains("used before") || why.contains("expired"), "{why}");
    }
}

#[test]
fn an_assertion_goes_alone_and_says_who_it_is_from() {
    let key = ClientKey::ec("a");
    let world = World::new(Keys::Inline(key.jwks()));
    let assertion = world.good(&key, "alone");
    let kind = "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    for (form, code) in [
        (format!("client_assertion={assertion}"), "invalid_client"),
        (format!("client_assertion={assertion}&client_assertion_type=saml"), "invalid_client"),
        (format!("{kind}&client_assertion={assertion}&client_id=other"), "invalid_client"),
        (format!("{kind}&client_assertion={assertion}&client_secret=x"), "invalid_request"),
        (format!("client_id={CLIENT}"), "invalid_client"),
        (format!("client_id={CLIENT}&client_secret=x"), "invalid_client"),
    ] {
        assert_eq!(world.send(&form).unwrap_err().0, code, "{form}");
    }
    let named = format!("{kind}&client_assertion={assertion}&client_id={CLIENT}");
    assert_eq!(world.send(&named), Ok(()));
}

#[test]
fn keys_at_an_address_are_read_when_they_are_needed_and_kept() {
    let (old, new) = (ClientKey::ec("old"), ClientKey::rsa("new"));
    let world = World::new(Keys::At(old.jwks()));
    assert_eq!(world.asked(), 0);
    for n in 0..5 {
        assert_eq!(world.present(&world.good(&old, &n.to_string())), Ok(()));
    }
    assert_eq!(world.asked(), 1);
    // A key that is not there yet: asked again, but not more than once a minute.
    world.clock.advance(Duration::from_secs(60));
    for n in 0..5 {
        let (code, _) = world.present(&world.good(&new, &n.to_string())).unwrap_err();
        assert_eq!(code, "invalid_client");
    }
    assert_eq!(world.asked(), 2);
    world.serve(Ok(json!({"keys": [old.jwk(), new.jwk()]})));
    world.clock.advance(Duration::from_secs(60));
    assert_eq!(world.present(&world.good(&new, "now")), Ok(()));
    assert_eq!(world.present(&world.good(&old, "too")), Ok(()));
    assert_eq!(world.asked(), 3);
    // A key that was withdrawn ends within the hour.
    world.serve(Ok(new.jwks()));
    world.clock.advance(Duration::from_secs(3600));
    assert_eq!(world.present(&world.good(&new, "later")), Ok(()));
    assert_eq!(world.present(&world.good(&old, "gone")).unwrap_err().0, "invalid_client");
}

#[test]
fn a_key_that_changed_under_the_same_name_is_found() {
    let (old, new) = (ClientKey::ec("same"), ClientKey::ec("same"));
    let world = World::new(Keys::At(old.jwks()));
    assert_eq!(world.present(&world.good(&old, "1")), Ok(()));
    world.serve(Ok(new.jwks()));
    world.clock.advance(Duration::from_secs(60));
    assert_eq!(world.present(&world.good(&new, "2")), Ok(()));
    assert_eq!(world.present(&world.good(&old, "3")).unwrap_err().0, "invalid_client");
}

#[test]
fn a_withdrawn_key_ends_within_the_hour_however_it_is_withdrawn() {
    let (leaked, other) = (ClientKey::ec("a"), ClientKey::rsa("b"));
    let mut private = leaked.jwks();
    private["keys"][0]["d"] = json!("c2VjcmV0");
    for (now_there, code) in [
        (json!({"keys": []}), "invalid_client"),
        (other.jwks(), "invalid_client"),
        (private, "invalid_client"),
        // Whether that is a withdrawal or a page that says "closed", nobody knows.
        (json!({"error": "not found"}), "temporarily_unavailable"),
        (json!("<html>"), "temporarily_unavailable"),
    ] {
        let world = World::new(Keys::At(leaked.jwks()));
        assert_eq!(world.present(&world.good(&leaked, "1")), Ok(()));
        world.serve(Ok(now_there.clone()));
        world.clock.advance(Duration::from_secs(3600));
        for n in 0..3 {
            let refused = world.present(&world.good(&leaked, &n.to_string())).unwrap_err();
            assert_eq!(refused.0, code, "{now_there}");
        }
        assert_eq!(world.asked(), 2);
    }
}

#[test]
fn nobody_makes_the_server_ask_with_an_assertion_that_is_refused_anyway() {
    let key = ClientKey::ec("a");
    let world = World::new(Keys::At(key.jwks()));
    let mut claims = claims(CLIENT, "https://other.example", world.clock.now(), "1");
    assert!(world.present(&key.sign(&key.header(), &claims)).is_err());
    claims["aud"] = json!(ISSUER);
    claims["exp"] = json!(1);
    assert!(world.present(&key.sign(&key.header(), &claims)).is_err());
    assert_eq!(world.asked(), 0);
}

#[test]
fn a_host_that_is_down_costs_no_client_its_registration() {
    let key = ClientKey::ec("a");
    let world = World::new(Keys::At(key.jwks()));
    let down = || Err(HttpError::TimedOut(Duration::from_secs(8)));
    world.serve(down());
    for n in 0..3 {
        let (code, _) = world.present(&world.good(&key, &n.to_string())).unwrap_err();
        assert_eq!(code, "temporarily_unavailable", "invalid_client would make it register anew");
    }
    assert_eq!(world.asked(), 1, "not at every try");
    world.serve(Ok(key.jwks()));
    world.clock.advance(Duration::from_secs(60));
    assert_eq!(world.present(&world.good(&key, "up")), Ok(()));
    world.serve(down());
    for day in 1..7 {
        world.clock.advance(Duration::from_secs(86_400));
        assert_eq!(world.present(&world.good(&key, &format!("day {day}"))), Ok(()));
        assert_eq!(world.present(&world.good(&key, &format!("day {day} again"))), Ok(()));
    }
    world.clock.advance(Duration::from_secs(2 * 86_400));
    let (code, _) = world.present(&world.good(&key, "too old")).unwrap_err();
    assert_eq!(code, "temporarily_unavailable");
}

#[test]
fn a_set_with_a_private_key_is_not_used() {
    let key = ClientKey::ec("a");
    let mut set = key.jwks();
    set["keys"][0]["d"] = json!("c2VjcmV0");
    let world = World::new(Keys::At(set));
    let (code, why) = world.present(&world.good(&key, "1")).unwrap_err();
    assert_eq!(code, "invalid_client");
    assert!(why.contains("private"), "{why}");
}
