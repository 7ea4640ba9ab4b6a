//! A storage whose changes are made and whose answers are lost: nobody is signed out, and nothing looks
//! like a replay.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failing test must stop")]

mod lossy;

use std::sync::Arc;

use futures::executor::block_on;
use serde_json::{Value, json};
use snappy_domain::clock::MockClock;
use snappy_domain::{AccessLimits, Clock as _};
use snappy_oauth::grant::authorize::Chosen;
use snappy_oauth::testing::{NoNetwork, server, sign_in};
use snappy_oauth::{AuthorizationServer, Site};
use snappy_store::MemoryStore;
use snappy_store::Party;

use lossy::Lossy;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

struct World {
    server: AuthorizationServer,
    store: Arc<Lossy>,
    site: Site,
    client: String,
    code: String,
}

impl World {
    /// A person has just allowed a client, which has the code.
    fn new() -> Self {
        let clock = Arc::new(MockClock::default());
        let store = Arc::new(Lossy::new(MemoryStore::default()));
        let server =
            server(Arc::clone(&store) as _, Arc::clone(&clock) as _, 1, Arc::new(NoNetwork));
        let site = Site::new("http://127.0.0.1:8787");
        let metadata = json!({"redirect_uris": ["http://127.0.0.1/cb"]}).to_string();
        let registered = block_on(server.register(metadata.as_bytes())).unwrap();
        let client = registered["client_id"].as_str().unwrap().to_owned();
        let (identity, new) = sign_in(clock.now());
        let credential = block_on(server.sign_in(&identity, &new, "test")).unwrap();
        let query = format!(
            "response_type=code&client_id={client}&code_challenge={CHALLENGE}\
             &code_challenge_method=S256"
        );
        let accepted = block_on(server.authorize(&site, &query)).unwrap();
        let scopes = accepted.pending.scopes.clone();
        let chosen =
            Chosen { scopes, limits: AccessLimits::default(), credentials: vec![credential.id] };
        let to = server.allow(&site, &accepted.pending, credential.person, &chosen);
        let to = block_on(to).unwrap().unwrap();
        let code = to.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        Self { server, store, site, client, code }
    }

    fn token(&self, form: &str) -> Result<Value, &'static str> {
        let form = format!("{form}&client_id={}", self.client);
        let answer =
            block_on(self.server.token(&self.site, None, form.as_bytes(), None, &Party::default()));
        answer.map(|tokens| serde_json::to_value(tokens).unwrap()).map_err(|error| error.code())
    }

    fn exchange(&self) -> Result<Value, &'static str> {
        let code = &self.code;
        self.token(&format!("grant_type=authorization_code&code={code}&code_verifier={VERIFIER}"))
    }

    fn refresh(&self, token: &Value) -> Result<Value, &'static str> {
        let token = token.as_str().unwrap();
        self.token(&format!("grant_type=refresh_token&refresh_token={token}"))
    }
}

#[test]
fn a_code_whose_redemption_was_stored_and_the_answer_lost_is_no_replay() {
    let world = World::new();
    world.store.lose_answers(1);
    let tokens = world.exchange().unwrap();
    assert!(world.refresh(&tokens["refresh_token"]).is_ok());
    assert_eq!(world.exchange(), Err("invalid_grant"), "now it is one");
}

#[test]
fn rotations_whose_answers_were_lost_give_the_successor() {
    let world = World::new();
    let mut tokens = world.exchange().unwrap();
    for _ in 0..3 {
        world.store.lose_answers(2);
        let next = world.refresh(&tokens["refresh_token"]).unwrap();
        assert_ne!(next["refresh_token"], tokens["refresh_token"]);
        tokens = next;
    }
}

#[test]
fn a_storage_that_stays_away_costs_no_token() {
    let world = World::new();
    let tokens = world.exchange().unwrap();
    world.store.lose_answers(3);
    assert_eq!(world.refresh(&tokens["refresh_token"]), Err("temporarily_unavailable"));
    // It was rotated all the same: the same token now gives its successor.
    let next = world.refresh(&tokens["refresh_token"]).unwrap();
    assert!(world.refresh(&next["refresh_token"]).is_ok());
}
