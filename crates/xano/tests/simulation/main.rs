//! A deterministic simulation of the credential coordinator: processes with skewed clocks that crash at any
//! step, slow and lost responses, keys that Xano rotates at any time, people whose sessions end and who
//! sign in again. All choices come from a seed, so a failing run can be reproduced:
//!
//! ```text
//! SNAPPY_SEED=1234 cargo test -p snappy-xano --test simulation -- --nocapture
//! ```
//!
//! `SNAPPY_SEEDS=100000` explores more seeds. The invariants: no call uses another person's key, and each
//! person and fence has at most one refresh in flight (asserted in `xano`); a write is carried out at most
//! once, nobody has to sign in again unless Xano refused the refresh itself, and a stored key is never
//! replaced by an older one (asserted here).
#![expect(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a failing test must stop"
)]

mod dice;
mod store;
mod time;
mod xano;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use dice::Dice;
use futures::executor::block_on;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use snappy_domain::random::SeededRandom;
use snappy_domain::{Clock, CredentialId, PersonId, Runtime, Secret, Spawn};
use snappy_store::{
    Credential, CredentialSecret, CredentialState, CredentialStore as _, MemoryStore,
    NewCredential, Profile, UpstreamClientStore,
};
use snappy_xano::{
    HostPolicy, Request, Session, SessionError, SignInApi, Xano as XanoSide, XanoApi, XanoOAuth,
    operations,
};
use store::Shared;
use time::{SkewedClock, Time};
use xano::{FaultRates, Wire, Xano};

const PEOPLE: u64 = 2;
const CALLS: usize = 24;
/// A run with more steps is considered stuck.
const MAX_STEPS: usize = 40_000;

/// The faults that a run simulates. A rate of `n` means once in `n` choices, 0 means never.
#[derive(Debug, Clone, Copy)]
struct Faults {
    processes: usize,
    rates: FaultRates,
    store_failing: u64,
    crashes: u64,
    rotations: u64,
    /// The largest skew of a clock, in milliseconds.
    skew: u64,
    sessions_end: bool,
    /// The largest step by which time advances at once, in milliseconds.
    max_advance: u64,
    /// Whether a key may be rotated more than once during a call.
    repeated_rotations: bool,
}

type Call = Pin<Box<dyn Future<Output = Result<Value, SessionError>>>>;

struct Running {
    process: usize,
    person: u64,
    /// Whether Xano refused this person's refresh at any time since the call started.
    was_refused: bool,
    /// How often the key was rotated since the call started, plus one if the stored key was outdated.
    rotations: u32,
    call: Call,
}

/// What a process runs on its own: refreshes, which outlive the calls that began them.
#[derive(Clone, Default)]
struct Tasks(Arc<Mutex<Vec<BoxFuture<'static, ()>>>>);

impl fmt::Debug for Tasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tasks")
    }
}

impl Spawn for Tasks {
    fn spawn(&self, work: BoxFuture<'static, ()>) {
        self.0.lock().unwrap().push(work);
    }
}

impl Tasks {
    fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Goes on with one of them.
    fn poll(&self, chosen: usize) {
        let mut task = self.0.lock().unwrap().swap_remove(chosen);
        let mut context = Context::from_waker(Waker::noop());
        if task.as_mut().poll(&mut context).is_pending() {
            self.0.lock().unwrap().push(task);
        }
    }
}

struct World {
    faults: Faults,
    dice: Dice,
    time: Time,
    xano: Xano,
    store: Arc<MemoryStore>,
    credentials: HashMap<u64, (PersonId, CredentialId)>,
    people: Arc<HashMap<CredentialId, u64>>,
    processes: Vec<Arc<XanoSide>>,
    tasks: Vec<Tasks>,
    skews: Vec<i64>,
    running: Vec<Running>,
    begun: usize,
    trace: DefaultHasher,
    finished: HashMap<&'static str, usize>,
}

impl World {
    fn new(seed: u64, faults: Faults) -> Self {
        let dice = Dice::new(seed);
        let (time, xano, store) =
            (Time::default(), Xano::default(), Arc::new(MemoryStore::default()));
        let mut credentials = HashMap::new();
        let clock = SkewedClock { time: time.clone(), skew: 0 };
        for person in 1..=PEOPLE {
            xano.state().people.entry(person).or_default();
            let random = SeededRandom::new(person);
            let owner = PersonId::generate(&clock, &random);
            let id = CredentialId::generate(&clock, &random);
            block_on(store.sign_in(owner, id, &signed_in(person, 0, 0, &clock))).unwrap();
            credentials.insert(person, (owner, id));
        }
        let people = Arc::new(credentials.iter().map(|(person, (_, id))| (*id, *person)).collect());
        let mut world = Self {
            faults,
            dice,
            time,
            xano,
            store,
            credentials,
            people,
            processes: Vec::new(),
            tasks: Vec::new(),
            skews: Vec::new(),
            running: Vec::new(),
            begun: 0,
            trace: DefaultHasher::new(),
            finished: HashMap::new(),
        };
        for _ in 0..faults.processes {
            let skew = i64::try_from(world.dice.roll(faults.skew * 2 + 1)).unwrap();
            world.skews.push(skew - i64::try_from(faults.skew).unwrap());
            world.tasks.push(Tasks::default());
            let process = world.start(world.processes.len());
            world.processes.push(process);
        }
        world
    }

    fn start(&self, process: usize) -> Arc<XanoSide> {
        let fences = Arc::new(Mutex::new(HashMap::new()));
        let wire = Arc::new(Wire {
            xano: self.xano.clone(),
            time: self.time.clone(),
            dice: self.dice.clone(),
            rates: self.faults.rates,
            fences: Arc::clone(&fences),
        });
        let store = Shared {
            inner: Arc::clone(&self.store),
            people: Arc::clone(&self.people),
            time: self.time.clone(),
            dice: self.dice.clone(),
            failing: self.faults.store_failing,
            fences,
        };
        let policy = HostPolicy::new("https://app.xano.com", Vec::new()).unwrap();
        let signin = SignInApi::new(wire.clone(), policy.account().clone(), "api:sign-in");
        let runtime = Runtime {
            clock: Arc::new(SkewedClock { time: self.time.clone(), skew: self.skews[process] }),
            timer: Arc::new(self.time.clone()),
            random: Arc::new(self.dice.clone()),
            spawner: Arc::new(self.tasks[process].clone()),
        };
        let api = XanoApi::new(wire.clone());
        let clients = Arc::clone(&self.store) as Arc<dyn UpstreamClientStore>;
        let oauth = XanoOAuth::new(wire, policy.clone(), runtime.clone(), clients, None);
        Arc::new(XanoSide::new(api, policy, Some(signin), oauth, Arc::new(store), runtime))
    }

    fn begin(&mut self) {
        let process = self.pick(self.processes.len());
        let person = self.dice.roll(PEOPLE) + 1;
        let stored = self.stored(person);
        let is_old = stored.secret.bearer().clone();
        let session = self.processes[process].session(stored);
        let name = format!("call-{}", self.begun);
        let write = self.dice.once_in(2);
        self.begun += 1;
        let call = Box::pin(tool_call(session, person, name, write));
        let (was_refused, generation) = {
            let state = self.xano.state();
            (state.people[&person].refused, state.people[&person].generation)
        };
        let is_old = is_old.expose() != Xano::key(person, generation);
        let rotations = u32::from(is_old);
        self.running.push(Running { process, person, was_refused, rotations, call });
    }

    fn stored(&self, person: u64) -> Credential {
        let (owner, id) = self.credentials[&person];
        block_on(self.store.credential(owner, id)).unwrap().unwrap()
    }

    fn pick(&self, of: usize) -> usize {
        usize::try_from(self.dice.roll(of as u64)).unwrap()
    }

    /// One choice of the scheduler.
    fn step(&mut self) {
        let Faults { crashes, rotations, sessions_end, .. } = self.faults;
        let person = self.dice.roll(PEOPLE) + 1;
        if self.begun < CALLS && self.dice.once_in(8) {
            self.begin();
        } else if self.begun < CALLS && self.dice.once_in(rotations) {
            self.rotate(person);
        } else if self.begun < CALLS && self.dice.once_in(crashes) {
            let process = self.pick(self.processes.len());
            self.running.retain(|running| running.process != process);
            self.tasks[process] = Tasks::default();
            self.processes[process] = self.start(process);
        } else if sessions_end && self.dice.once_in(400) {
            self.end_session(person);
        } else if sessions_end && self.dice.once_in(200) {
            self.sign_in_again(person);
        } else if self.running.is_empty() || self.dice.once_in(6) {
            self.time.advance(i64::try_from(self.dice.roll(self.faults.max_advance)).unwrap());
        } else {
            let tasks: usize = self.tasks.iter().map(Tasks::len).sum();
            let chosen = self.pick(self.running.len() + tasks);
            chosen.hash(&mut self.trace);
            match chosen.checked_sub(self.running.len()) {
                None => self.poll_call(chosen),
                Some(task) => self.poll_task(task),
            }
        }
    }

    fn rotate(&mut self, person: u64) {
        let repeated_rotations = self.faults.repeated_rotations;
        let mut own = self.running.iter_mut().filter(|running| running.person == person);
        if !repeated_rotations && own.any(|running| running.rotations > 0) {
            return;
        }
        for running in self.running.iter_mut().filter(|running| running.person == person) {
            running.rotations += 1;
        }
        self.xano.state().people.get_mut(&person).unwrap().generation += 1;
    }

    fn end_session(&mut self, person: u64) {
        let mut state = self.xano.state();
        let known = state.people.get_mut(&person).unwrap();
        known.refused = true;
        known.generation += 1;
        drop(state);
        for running in self.running.iter_mut().filter(|running| running.person == person) {
            running.was_refused = true;
        }
    }

    fn sign_in_again(&mut self, person: u64) {
        let mut state = self.xano.state();
        let known = state.people.get_mut(&person).unwrap();
        if !known.refused {
            return;
        }
        known.refused = false;
        known.sign_ins += 1;
        let (sign_ins, generation) = (known.sign_ins, known.generation);
        drop(state);
        let clock = SkewedClock { time: self.time.clone(), skew: 0 };
        let renewed = signed_in(person, sign_ins, generation, &clock);
        let (owner, id) = self.credentials[&person];
        block_on(self.store.sign_in(owner, id, &renewed)).unwrap();
    }

    fn poll_task(&self, mut chosen: usize) {
        for tasks in &self.tasks {
            let own = tasks.len();
            if chosen < own {
                return tasks.poll(chosen);
            }
            chosen -= own;
        }
    }

    fn poll_call(&mut self, chosen: usize) {
        let mut context = Context::from_waker(Waker::noop());
        let Poll::Ready(result) = self.running[chosen].call.as_mut().poll(&mut context) else {
            return;
        };
        let ended = self.running.swap_remove(chosen);
        let what = match result {
            Ok(_) => "ok",
            Err(SessionError::SignInRequired) => {
                assert!(ended.was_refused, "person {} was asked to sign in", ended.person);
                "sign-in required"
            }
            Err(SessionError::RefreshUnavailable(_)) => "refresh unavailable",
            Err(SessionError::StillUnauthorized(_)) => "still unauthorized",
            Err(SessionError::Xano(_)) => "xano",
            Err(SessionError::Storage(_)) => "storage",
            Err(SessionError::ClientDisconnected) => "client disconnected",
        };
        *self.finished.entry(what).or_default() += 1;
    }

    /// Checks the invariants after a step. Returns the stored key generation of each person.
    fn check(&self, before: &[u64]) -> Vec<u64> {
        let state = self.xano.state();
        for (call, times) in &state.writes {
            assert!(*times <= 1, "{call} was carried out {times} times");
        }
        (1..=PEOPLE)
            .map(|person| {
                let stored = self.stored(person);
                let key = stored.secret.bearer().expose().to_owned();
                let mut parts = key.rsplit('-');
                let generation: u64 = parts.next().unwrap().parse().unwrap();
                let owner: u64 = parts.next().unwrap().parse().unwrap();
                assert_eq!(owner, person, "another person's key was stored");
                let older = before.get(usize::try_from(person - 1).unwrap());
                assert!(older.is_none_or(|older| *older <= generation), "a refresh was undone");
                if stored.state != CredentialState::Usable {
                    let known = &state.people[&person];
                    assert!(known.refused || known.sign_ins > 0, "person {person} needs a sign-in");
                }
                generation
            })
            .collect()
    }
}

fn signed_in(person: u64, sign_ins: u64, generation: u64, clock: &SkewedClock) -> NewCredential {
    NewCredential {
        authority: "https://app.xano.com".into(),
        profile: Profile { subject: person.to_string(), ..Profile::default() },
        secret: CredentialSecret::Session {
            key: Secret::new(Xano::key(person, generation)),
            session: Secret::new(Xano::session(person, sign_ins)),
            expires_at: None,
        },
        at: clock.now(),
    }
}

async fn tool_call(
    session: Session,
    person: u64,
    name: String,
    write: bool,
) -> Result<Value, SessionError> {
    let spec = if write { &operations::CREATE_RECORD } else { &operations::GET_TABLE };
    let request = Request::to(spec).set("workspace_id", person).set("table_id", 3);
    let request = if write { request.json(&json!({"call": name})) } else { request };
    let policy = HostPolicy::new("https://app.xano.com", Vec::new()).unwrap();
    session.send(policy.account(), &request.build().unwrap()).await
}

/// Runs one seed until all calls have finished.
fn run(seed: u64, faults: Faults) -> World {
    let mut world = World::new(seed, faults);
    let mut stored = world.check(&[]);
    for _ in 0..MAX_STEPS {
        if world.begun >= CALLS && world.running.is_empty() {
            return world;
        }
        world.step();
        stored = world.check(&stored);
    }
    panic!("{} calls never finished", world.running.len());
}

/// Runs all seeds, or the one in `SNAPPY_SEED`, and prints what was explored.
fn explore(name: &str, faults: impl Fn(u64) -> Faults, verify: impl Fn(&World)) {
    let number = |name| std::env::var(name).ok().map(|text: String| text.parse::<u64>().unwrap());
    let seeds = match number("SNAPPY_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SNAPPY_SEEDS").unwrap_or(1_000),
    };
    let (mut runs, mut traces) = (0_usize, HashSet::new());
    let mut finished: HashMap<&str, usize> = HashMap::new();
    for seed in seeds {
        let world = std::panic::catch_unwind(AssertUnwindSafe(|| {
            let world = run(seed, faults(seed));
            verify(&world);
            world
        }));
        let world = world.unwrap_or_else(|_| {
            panic!("seed {seed} fails: reproduce it with SNAPPY_SEED={seed} and the test {name}")
        });
        runs += 1;
        traces.insert(world.trace.finish());
        for (what, times) in world.finished {
            *finished.entry(what).or_default() += times;
        }
    }
    let mut outcomes: Vec<_> = finished.into_iter().collect();
    outcomes.sort_unstable();
    println!("{name}: {runs} runs, {} different schedules, outcomes: {outcomes:?}", traces.len());
}

const NO_FAULTS: Faults = Faults {
    processes: 3,
    rates: FaultRates { lost: 0, failing: 0, slow: 0 },
    store_failing: 0,
    crashes: 0,
    rotations: 0,
    skew: 0,
    sessions_end: false,
    max_advance: 10,
    repeated_rotations: false,
};

#[test]
fn without_faults_each_rotation_costs_one_refresh_and_no_call_fails() {
    let faults = |seed| Faults { rotations: 60, processes: 1 + (seed % 4) as usize, ..NO_FAULTS };
    explore("no faults", faults, |world| {
        assert_eq!(world.finished.keys().copied().collect::<Vec<_>>(), ["ok"]);
        let state = world.xano.state();
        let changes: u64 = state.people.values().map(|person| person.generation).sum();
        assert!(state.refreshes <= changes, "{} for {changes}", state.refreshes);
    });
}

#[test]
fn a_process_that_stalls_loses_only_its_lease() {
    let faults = |seed| Faults {
        rotations: 60,
        max_advance: 1_000,
        skew: (seed % 3) * 2_000,
        processes: 4,
        ..NO_FAULTS
    };
    explore("stalls", faults, |world| {
        assert!(!world.finished.contains_key("still unauthorized"), "{:?}", world.finished);
        assert!(!world.finished.contains_key("sign-in required"));
    });
}

#[test]
fn slow_responses_and_skewed_clocks_sign_nobody_out() {
    let rates = FaultRates { slow: 4, ..FaultRates::default() };
    let faults = |seed| Faults {
        repeated_rotations: true,
        max_advance: 400,
        rotations: 80,
        skew: (seed % 5) * 2_000,
        rates,
        ..NO_FAULTS
    };
    explore("slow", faults, |world| assert!(!world.finished.contains_key("sign-in required")));
}

#[test]
fn crashes_and_lost_responses_sign_nobody_out() {
    let rates = FaultRates { lost: 12, failing: 12, slow: 8 };
    let faults = |seed| Faults {
        repeated_rotations: true,
        max_advance: 400,
        rotations: 60,
        crashes: 40,
        store_failing: 40,
        skew: (seed % 3) * 3_000,
        rates,
        ..NO_FAULTS
    };
    explore("crashes", faults, |world| assert!(!world.finished.contains_key("sign-in required")));
}

#[test]
fn only_people_whom_xano_refused_must_sign_in_again() {
    let rates = FaultRates { lost: 20, failing: 20, slow: 8 };
    let faults = |seed| Faults {
        repeated_rotations: true,
        max_advance: 400,
        rotations: 60,
        crashes: 60,
        store_failing: 60,
        skew: (seed % 3) * 3_000,
        sessions_end: true,
        rates,
        ..NO_FAULTS
    };
    explore("refusals", faults, |_| {});
}
