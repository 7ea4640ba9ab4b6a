//! Random interleavings of several processes of one client, lost answers, stale copies, thieves,
//! restarts, revocations and the passing of time, against the two promises: an honest client is
//! never signed out, and a superseded token whose successor is in use never yields a refresh token.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failing test must stop")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::executor::block_on;
use proptest::prelude::*;
use serde_json::{Value, json};
use snappy_domain::clock::MockClock;
use snappy_domain::{AccessLimits, Clock};
use snappy_oauth::grant::authorize::Chosen;
use snappy_oauth::testing::{NoNetwork, server, sign_in};
use snappy_oauth::{AuthorizationServer, Site};
use snappy_store::MemoryStore;
use snappy_store::Party;

const HOUR: u64 = 3600;
const PROCESSES: usize = 4;
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

struct World {
    clock: Arc<MockClock>,
    store: Arc<MemoryStore>,
    server: AuthorizationServer,
    site: Site,
    client: String,
    restarts: u64,
}

impl World {
    fn new() -> Self {
        let (clock, store) = (Arc::new(MockClock::default()), Arc::new(MemoryStore::default()));
        let server = open(&clock, &store, 0);
        let metadata = json!({"redirect_uris": ["http://127.0.0.1/cb"]}).to_string();
        let registered = block_on(server.register(metadata.as_bytes())).unwrap();
        let client = registered["client_id"].as_str().unwrap().to_owned();
        let site = Site::new("http://127.0.0.1:8787");
        Self { clock, store, server, site, client, restarts: 0 }
    }

    fn restart(&mut self) {
        self.restarts += 1;
        self.server = open(&self.clock, &self.store, self.restarts);
    }

    /// A person allows the client: gives the first refresh token.
    fn connect(&self) -> String {
        let (identity, new) = sign_in(self.clock.now());
        let credential = block_on(self.server.sign_in(&identity, &new, "test")).unwrap();
        let query = format!(
            "response_type=code&client_id={}&code_challenge={CHALLENGE}&code_challenge_method=S256",
            self.client
        );
        let accepted = block_on(self.server.authorize(&self.site, &query)).unwrap();
        let scopes = accepted.pending.scopes.clone();
        let chosen =
            Chosen { scopes, limits: AccessLimits::default(), credentials: vec![credential.id] };
        let to = self.server.allow(&self.site, &accepted.pending, credential.person, &chosen);
        let to = block_on(to).unwrap().unwrap();
        let code = to.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        let form = format!("grant_type=authorization_code&code={code}&code_verifier={VERIFIER}");
        self.token(&form).unwrap()["refresh_token"].as_str().unwrap().to_owned()
    }

    fn token(&self, form: &str) -> Result<Value, String> {
        let form = format!("{form}&client_id={}", self.client);
        let answer =
            block_on(self.server.token(&self.site, None, form.as_bytes(), None, &Party::default()));
        answer.map(|tokens| serde_json::to_value(tokens).unwrap()).map_err(|e| e.code().to_owned())
    }

    fn refresh(&self, token: &str) -> Result<Value, String> {
        self.token(&format!("grant_type=refresh_token&refresh_token={token}"))
    }
}

fn open(clock: &Arc<MockClock>, store: &Arc<MemoryStore>, seed: u64) -> AuthorizationServer {
    server(Arc::clone(store) as _, Arc::clone(clock) as _, seed, Arc::new(NoNetwork))
}

#[derive(Debug, Clone)]
enum Step {
    /// A process refreshes with the copy it has in memory, and stores what it gets.
    Refresh(usize),
    /// The same, but the answer never arrives: a crash after the commit, a broken connection.
    Lose(usize),
    /// A process looks at what is stored, as when it starts.
    Reload(usize),
    /// Somebody has copied what is stored.
    Steal,
    /// The thief presents one of the copies.
    Abuse(usize),
    /// The server starts again.
    Restart,
    /// Hours pass.
    Wait(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let process = 0..PROCESSES;
    let step = prop_oneof![
        4 => process.clone().prop_map(Step::Refresh),
        2 => process.clone().prop_map(Step::Lose),
        2 => process.prop_map(Step::Reload),
        1 => Just(Step::Steal),
        2 => (0..8usize).prop_map(Step::Abuse),
        1 => Just(Step::Restart),
        2 => (1..72u64).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..60)
}

/// The processes of one client on one machine: a shared file, and a copy in each memory.
struct Processes {
    stored: String,
    memory: Vec<String>,
    /// Every refresh token the client ever had, oldest first.
    chain: Vec<String>,
}

impl Processes {
    fn learn(&mut self, process: usize, tokens: &Value) {
        match tokens["refresh_token"].as_str() {
            Some(token) => {
                if !self.chain.iter().any(|known| known == token) {
                    self.chain.push(token.to_owned());
                }
                self.memory[process] = token.to_owned();
                self.stored = token.to_owned();
            }
            // Access only: as the SDKs do, the presented token is kept, and stored over a newer one.
            None => self.stored = self.memory[process].clone(),
        }
    }

    fn generation(&self, token: &str) -> Option<usize> {
        self.chain.iter().position(|known| known == token)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Up to sixty steps, with pauses that each process survives (it comes back within the week):
    /// every refresh of an honest process succeeds, and there is one chain, never a fork.
    #[test]
    fn honest_processes_are_never_signed_out_and_never_fork(steps in steps()) {
        let mut world = World::new();
        let first = world.connect();
        let mut client = Processes {
            stored: first.clone(),
            memory: vec![first.clone(); PROCESSES],
            chain: vec![first],
        };
        let mut loot = Vec::new();
        let mut unused = [0; PROCESSES];
        for step in steps {
            match step {
                Step::Refresh(process) => {
                    let presented = client.memory[process].clone();
                    let tokens = world.refresh(&presented);
                    prop_assert!(tokens.is_ok(), "{:?}", tokens);
                    let tokens = tokens.unwrap();
                    if let Some(next) = tokens["refresh_token"].as_str() {
                        let at = client.generation(&presented).unwrap();
                        if let Some(known) = client.generation(next) {
                            prop_assert_eq!(known, at + 1, "a successor is always the same one");
                        } else {
                            prop_assert_eq!(at, client.chain.len() - 1, "only the newest grows");
                        }
                    }
                    client.learn(process, &tokens);
                    unused[process] = 0;
                }
                Step::Lose(process) => {
                    prop_assert!(world.refresh(&client.memory[process].clone()).is_ok());
                    unused[process] = 0;
                }
                Step::Reload(process) => client.memory[process] = client.stored.clone(),
                Step::Steal => loot.push(client.stored.clone()),
                Step::Abuse(which) => {
                    let Some(token) = loot.get(which).cloned() else { continue };
                    let Ok(tokens) = world.refresh(&token) else { panic!("within the window") };
                    let at = client.generation(&token).unwrap();
                    let successor_is_used = client.chain.len() > at + 2;
                    if successor_is_used {
                        prop_assert!(tokens.get("refresh_token").is_none());
                    }
                }
                Step::Restart => world.restart(),
                Step::Wait(hours) => {
                    // An honest process is back within the window, and a thief is not before it.
                    if unused.iter().all(|unused| unused + hours < 7 * 24) && loot.is_empty() {
                        unused.iter_mut().for_each(|unused| *unused += hours);
                        world.clock.advance(Duration::from_secs(hours * HOUR));
                    }
                }
            }
        }
    }

    /// After the window a stolen predecessor gets nothing, and takes the grant with it.
    #[test]
    fn a_late_thief_gets_nothing(generations in 2..6usize, stolen in 0..4usize, late in 0..100u64) {
        let world = World::new();
        let mut chain = vec![world.connect()];
        for _ in 0..generations {
            let tokens = world.refresh(chain.last().unwrap()).unwrap();
            chain.push(tokens["refresh_token"].as_str().unwrap().to_owned());
        }
        let stolen = stolen.min(generations - 2);
        world.clock.advance(Duration::from_secs(7 * 24 * HOUR + late));
        prop_assert_eq!(world.refresh(&chain[stolen]), Err("invalid_grant".to_owned()));
        for token in &chain {
            prop_assert_eq!(world.refresh(token), Err("invalid_grant".to_owned()));
        }
    }

    /// Revoked is revoked, whatever came before and whoever asks.
    #[test]
    fn nothing_lives_on_after_a_revocation(generations in 0..5usize, revoke_with in 0..5usize) {
        let world = World::new();
        let mut chain = vec![world.connect()];
        for _ in 0..generations {
            let tokens = world.refresh(chain.last().unwrap()).unwrap();
            chain.push(tokens["refresh_token"].as_str().unwrap().to_owned());
        }
        let token = &chain[revoke_with.min(generations)];
        let form = format!("token={token}&client_id={}", world.client);
        block_on(world.server.revoke_token(&world.site, None, form.as_bytes())).unwrap();
        for token in &chain {
            prop_assert_eq!(world.refresh(token), Err("invalid_grant".to_owned()));
        }
    }
}

/// A hundred clients, each ten processes that share one stored token and refresh at the same time,
/// for sixty simulated hours: nobody is signed out, and each grant has one live refresh token.
#[test]
fn a_fleet_of_racing_processes_is_never_signed_out() {
    const CLIENTS: usize = 100;
    const RACERS: usize = 10;
    let world = World::new();
    let first: Vec<String> = (0..CLIENTS).map(|_| world.connect()).collect();
    // What each client has stored, and each process in memory.
    let stored: Vec<Mutex<String>> = first.iter().cloned().map(Mutex::new).collect();
    let mut memories: Vec<Vec<String>> = vec![first; RACERS];
    for hour in 0..60 {
        world.clock.advance(Duration::from_secs(HOUR));
        std::thread::scope(|scope| {
            for (process, memory) in memories.iter_mut().enumerate() {
                let (world, stored) = (&world, &stored);
                scope.spawn(move || {
                    for (client, token) in memory.iter_mut().enumerate() {
                        // Every hour other processes are awake; some start anew from the file.
                        match (process * 7 + client * 3 + hour) % 5 {
                            0 | 1 => {}
                            2 => continue,
                            3 => *token = stored[client].lock().unwrap().clone(),
                            _ => continue,
                        }
                        let tokens = world.refresh(token).unwrap();
                        if let Some(next) = tokens["refresh_token"].as_str() {
                            next.clone_into(token);
                        }
                        // As the SDKs do: what the process has now is stored, newer or not.
                        stored[client].lock().unwrap().clone_from(token);
                    }
                });
            }
        });
    }
    for client in 0..CLIENTS {
        let live: std::collections::HashSet<String> = memories
            .iter()
            .map(|memory| memory[client].clone())
            .chain([stored[client].lock().unwrap().clone()])
            .filter_map(|token| {
                let tokens = world.refresh(&token).unwrap();
                tokens["refresh_token"].as_str().map(str::to_owned)
            })
            .collect();
        // A process that is one behind gets the newest, one that holds the newest its successor; all
        // others an access token only. So there is one chain, and it has not forked. Nobody may hold
        // the newest any more, when an older one was stored over it: then all work on without.
        assert!(live.len() <= 2, "{} live refresh tokens", live.len());
    }
}
