//! One run: the processes, the people, and the scheduler, which chooses what happens next.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::task::{Context, Poll, Waker};

use futures::executor::block_on;
use snappy_domain::random::SeededRandom;
use snappy_domain::{Clock as _, CredentialId, PersonId};
use snappy_store::{Credential, CredentialStore as _, MemoryStore, NewCredential, Profile};
use snappy_xano::Xano as XanoSide;

use crate::call::{Running, tool_call};
use crate::dice::Dice;
use crate::faults::{Faults, Kind};
use crate::tasks::Tasks;
use crate::time::{SkewedClock, Time};
use crate::xano::{State, Xano, parts};

pub const PEOPLE: u64 = 2;
const CALLS: usize = 24;

/// The state of a run.
pub struct World {
    pub faults: Faults,
    pub dice: Dice,
    pub time: Time,
    pub xano: Xano,
    pub store: Arc<MemoryStore>,
    pub store_is_down: Arc<AtomicBool>,
    credentials: HashMap<u64, (PersonId, CredentialId)>,
    pub people: Arc<HashMap<CredentialId, u64>>,
    pub processes: Vec<Arc<XanoSide>>,
    pub tasks: Vec<Tasks>,
    pub skews: Vec<i64>,
    running: Vec<Running>,
    begun: usize,
    pub trace: DefaultHasher,
    /// How many calls have finished, by their results.
    pub finished: HashMap<&'static str, usize>,
}

impl World {
    pub fn new(seed: u64, faults: Faults) -> Self {
        let (dice, time) = (Dice::new(seed), Time::default());
        let (xano, store) = (Xano::new(faults.kind), Arc::new(MemoryStore::default()));
        let mut credentials = HashMap::new();
        let clock = SkewedClock { time: time.clone(), skew: 0 };
        for person in 1..=PEOPLE {
            let random = SeededRandom::new(person);
            let owner = PersonId::generate(&clock, &random);
            credentials.insert(person, (owner, CredentialId::generate(&clock, &random)));
        }
        let people = Arc::new(credentials.iter().map(|(person, (_, id))| (*id, *person)).collect());
        let mut world = Self {
            faults,
            dice,
            time,
            xano,
            store,
            store_is_down: Arc::default(),
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
        for person in 1..=PEOPLE {
            world.sign_in(person);
        }
        for _ in 0..faults.processes {
            let skew = i64::try_from(world.dice.roll(faults.skew * 2 + 1)).unwrap();
            world.skews.push(skew - i64::try_from(faults.skew).unwrap());
            world.tasks.push(Tasks::new(world.time.clone()));
            let process = world.start(world.processes.len());
            world.processes.push(process);
        }
        world
    }

    fn begin(&mut self) {
        let process = self.pick(self.processes.len());
        let person = self.dice.roll(PEOPLE) + 1;
        let stored = self.stored(person);
        let (_, number) = parts(stored.secret.bearer().expose());
        let is_ending = stored.secret.rotates() && !stored.secret.is_renewable();
        let session = self.processes[process].session(stored);
        let name = format!("call-{}", self.begun);
        let write = self.dice.once_in(2);
        // A key may also be refreshed while it lives.
        let refresh = self.faults.kind == Kind::Rotating && self.dice.once_in(2);
        self.begun += 1;
        let call =
            Box::pin(tool_call(session, person, self.xano.origin(person), name, write, refresh));
        let (was_refused, endings) = {
            let known = &self.xano.state().people[&person];
            (known.refused, known.endings)
        };
        // One that ends soon may end during the call.
        let polled_at = self.time.now();
        let rotations = u32::from(!self.xano.accepts(person, number, polled_at + 5_000));
        let running = Running {
            process,
            person,
            was_refused,
            endings,
            rotations,
            polled_at,
            number,
            is_ending,
            call,
        };
        self.running.push(running);
    }

    pub fn stored(&self, person: u64) -> Credential {
        let (owner, id) = self.credentials[&person];
        block_on(self.store.credential(owner, id)).unwrap().unwrap()
    }

    fn pick(&self, of: usize) -> usize {
        usize::try_from(self.dice.roll(of as u64)).unwrap()
    }

    /// Whether all calls, and what they began, have ended.
    pub fn is_over(&self) -> bool {
        let is_idle = self.running.is_empty() && self.tasks.iter().all(|own| own.len() == 0);
        self.begun >= CALLS && is_idle
    }

    /// One choice of the scheduler.
    pub fn step(&mut self) {
        let Faults { crashes, rotations, endings, .. } = self.faults;
        let person = self.dice.roll(PEOPLE) + 1;
        let ready = self.running.len() + self.tasks.iter().map(Tasks::len).sum::<usize>();
        if self.begun < CALLS && self.dice.once_in(self.faults.calls) {
            self.begin();
        } else if self.begun < CALLS && self.dice.once_in(rotations) {
            self.rotate(person);
        } else if self.begun < CALLS && self.dice.once_in(crashes) {
            self.crash();
        } else if self.dice.once_in(endings) {
            self.xano.state().people.get_mut(&person).unwrap().end();
            if self.faults.kind == Kind::Session || self.dice.once_in(2) {
                self.xano.end_keys(person);
            }
        } else if self.dice.once_in(200) {
            let is_refused = self.xano.state().people[&person].refused;
            // Somebody may also sign in again without need.
            let again = self.faults.kind == Kind::Rotating && endings > 0 && self.dice.once_in(4);
            if is_refused || again {
                self.sign_in(person);
            }
        } else if ready == 0 || self.dice.once_in(6) {
            self.advance();
        } else {
            let chosen = self.pick(ready);
            chosen.hash(&mut self.trace);
            self.poll(chosen);
        }
    }

    /// Advances the time, unless something would stall for too long: then that goes on.
    fn advance(&mut self) {
        let by = i64::try_from(self.dice.roll(self.faults.max_advance)).unwrap();
        let polled = self.running.iter().map(|running| running.polled_at);
        let polled = polled.chain(self.tasks.iter().flat_map(Tasks::polled_at)).enumerate();
        match polled.min_by_key(|(_, polled_at)| *polled_at) {
            Some((oldest, at)) if self.time.now() + by - at > self.faults.max_stall => {
                self.poll(oldest);
            }
            _ => self.time.advance(by),
        }
    }

    fn crash(&mut self) {
        let process = self.pick(self.processes.len());
        self.running.retain(|running| running.process != process);
        self.tasks[process].crash();
        self.processes[process] = self.start(process);
        let mut state = self.xano.state();
        let State { people, figures, .. } = &mut *state;
        figures.crashes += 1;
        for person in people.values_mut() {
            person.tokens.crash(process, figures);
        }
    }

    fn rotate(&mut self, person: u64) {
        let repeated_rotations = self.faults.repeated_rotations;
        let mut own = self.running.iter_mut().filter(|running| running.person == person);
        // A call is sent twice at most, so its key and the one after it must not both end.
        let newest = self.xano.state().people[&person].generation;
        let is_rotated = |own: &mut Running| own.rotations > 0 || own.number != newest;
        if !repeated_rotations && own.any(is_rotated) {
            return;
        }
        for running in self.running.iter_mut().filter(|running| running.person == person) {
            running.rotations += 1;
        }
        self.xano.end_keys(person);
    }

    fn sign_in(&self, person: u64) {
        let secret = self.xano.sign_in(person, self.time.now(), &self.dice);
        let clock = SkewedClock { time: self.time.clone(), skew: 0 };
        let new = NewCredential {
            authority: "https://app.xano.com".into(),
            profile: Profile { subject: person.to_string(), ..Profile::default() },
            secret,
            at: clock.now(),
        };
        let (owner, id) = self.credentials[&person];
        block_on(self.store.sign_in(owner, id, &new)).unwrap();
    }

    /// Goes on with a call or, after all calls, a task.
    fn poll(&mut self, chosen: usize) {
        let Some(mut task) = chosen.checked_sub(self.running.len()) else {
            return self.poll_call(chosen);
        };
        for tasks in &self.tasks {
            let own = tasks.len();
            if task < own {
                return tasks.poll(task);
            }
            task -= own;
        }
    }

    fn poll_call(&mut self, chosen: usize) {
        let mut context = Context::from_waker(Waker::noop());
        let running = &mut self.running[chosen];
        running.polled_at = self.time.now();
        let Poll::Ready(result) = running.call.as_mut().poll(&mut context) else {
            return;
        };
        let ended = self.running.swap_remove(chosen);
        let endings = self.xano.state().people[&ended.person].endings;
        let Running { person, number, is_ending, .. } = ended;
        let lives = is_ending && self.xano.accepts(person, number, self.time.now());
        if ended.check_ending(&result, lives) {
            self.xano.state().figures.ok_while_ending += 1;
        }
        let what = ended.outcome(&result, endings);
        *self.finished.entry(what).or_default() += 1;
    }
}
