//! A simulated Xano: it issues keys, ends them at any time, and checks the invariants of requests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use snappy_domain::Secret;
use snappy_domain::http::{Answer, HttpError, Outgoing};
use snappy_store::CredentialSecret;

use crate::dice::Dice;
use crate::faults::Kind;
use crate::figures::{Figures, Loss};
use crate::rotating::{self, Tokens};

#[derive(Debug, Default)]
pub struct Person {
    /// The number of the newest key or pair of tokens.
    pub generation: u64,
    /// Whether the sign-in has ended, so that Xano refuses a refresh.
    pub refused: bool,
    /// How often a sign-in has ended.
    pub endings: u64,
    /// How often the person signed in again.
    pub sign_ins: u64,
    pub tokens: Tokens,
}

impl Person {
    /// Ends the sign-in.
    pub fn end(&mut self) {
        self.refused = true;
        self.endings += 1;
    }
}

#[derive(Debug, Default)]
pub struct State {
    pub people: HashMap<u64, Person>,
    /// How often each write was carried out.
    pub writes: HashMap<String, u64>,
    /// How often the current key was requested, or the next pair of tokens issued.
    pub refreshes: u64,
    pub figures: Figures,
    /// Refreshes in flight, by person and fence.
    in_flight: HashMap<(u64, u64), u64>,
}

#[derive(Debug, Clone)]
pub struct Xano {
    state: Arc<Mutex<State>>,
    kind: Kind,
}

pub fn answer(status: u16, body: &Value) -> Result<Answer, HttpError> {
    let status = StatusCode::from_u16(status).unwrap();
    Ok(Answer { status, headers: HeaderMap::new(), body: Bytes::from(body.to_string()) })
}

/// The person and the number in `<what>-<person>-<number>`, such as `key-1-7`.
pub fn parts(secret: &str) -> (u64, u64) {
    let mut parts = secret.rsplit('-');
    let number = parts.next().unwrap().parse().unwrap();
    (parts.next().unwrap().parse().unwrap(), number)
}

fn bearer(request: &Outgoing) -> &str {
    request.headers["authorization"].to_str().unwrap().trim_start_matches("Bearer ")
}

impl Xano {
    pub fn new(kind: Kind) -> Self {
        Self { state: Arc::default(), kind }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The origin that serves a person's calls.
    pub fn origin(&self, person: u64) -> String {
        match self.kind {
            Kind::Session => "https://app.xano.com".into(),
            Kind::Rotating => format!("https://x{person}.n7.xano.io"),
        }
    }

    /// The secrets of a person who signs in now.
    pub fn sign_in(&self, person: u64, now: i64, dice: &Dice) -> CredentialSecret {
        let mut state = self.state();
        let is_first = !state.people.contains_key(&person);
        let known = state.people.entry(person).or_default();
        known.refused = false;
        known.sign_ins += u64::from(!is_first);
        match self.kind {
            Kind::Session => CredentialSecret::Session {
                key: Secret::new(format!("key-{person}-{}", known.generation)),
                session: Secret::new(format!("session-{person}-{}", known.sign_ins)),
                expires_at: None,
            },
            Kind::Rotating => {
                let origin = self.origin(person);
                CredentialSecret::OAuth(Box::new(known.sign_in(person, now, dice, origin)))
            }
        }
    }

    /// Whether a call with a key of the person would be accepted at a time, if nothing else changes.
    pub fn accepts(&self, person: u64, number: u64, at: i64) -> bool {
        let known = &self.state().people[&person];
        match self.kind {
            Kind::Session => number == known.generation,
            Kind::Rotating => known.tokens.accepts(number, at),
        }
    }

    /// Ends all keys that the person has before their time.
    pub fn end_keys(&self, person: u64) {
        let mut state = self.state();
        let known = state.people.get_mut(&person).unwrap();
        match self.kind {
            Kind::Session => known.generation += 1,
            Kind::Rotating => known.tokens.end(known.generation),
        }
    }

    /// Notes that a response that issued a pair did not reach its process.
    pub fn lose(&self, person: u64, number: u64, loss: Loss) {
        let mut state = self.state();
        let State { people, figures, .. } = &mut *state;
        people.get_mut(&person).unwrap().tokens.lose(number, loss, figures);
    }

    /// Processes a request that arrived.
    pub fn serve(
        &self,
        process: usize,
        now: i64,
        dice: &Dice,
        request: &Outgoing,
    ) -> Result<Answer, HttpError> {
        let path = request.url.path();
        if rotating::is_oauth(request) {
            return self.serve_oauth(process, now, dice, request);
        }
        let unauthorized = || answer(401, &json!({"message": "Unauthorized"}));
        let bearer = bearer(request);
        let (person, number) = parts(bearer);
        if path.starts_with("/api:sign-in/") {
            assert!(bearer.starts_with("session-"), "a key went to the sign-in API");
            let known = &self.state().people[&person];
            if known.refused || number != known.sign_ins {
                return unauthorized();
            }
            let key = format!("key-{person}-{}", known.generation);
            return answer(200, &json!({"id": person, "api_key": key}));
        }
        let is_key = bearer.starts_with("key-") || bearer.starts_with("at-");
        assert!(is_key, "a session or a refresh token went to the Metadata API");
        let origin = request.url.origin().ascii_serialization();
        assert_eq!(origin, self.origin(person), "a call went to another person's instance");
        let is_accepted = self.accepts(person, number, now);
        if path.ends_with("/auth/me") {
            return if is_accepted { answer(200, &json!({"id": person})) } else { unauthorized() };
        }
        // The path names the caller, whose key the request must have.
        let asked_for: u64 = path.split('/').nth(3).unwrap().parse().unwrap();
        assert_eq!(person, asked_for, "a call was made with another person's key");
        if !is_accepted {
            return unauthorized();
        }
        if request.method == Method::POST {
            let body: Value = serde_json::from_slice(request.body.as_ref().unwrap()).unwrap();
            let call = body["call"].as_str().unwrap().to_owned();
            *self.state().writes.entry(call).or_default() += 1;
        }
        answer(200, &json!({"id": 1}))
    }
}

/// A refresh of a session in flight.
pub struct InFlight(Xano, (u64, u64));

impl InFlight {
    pub fn begin(
        xano: &Xano,
        fences: &Mutex<HashMap<u64, u64>>,
        request: &Outgoing,
    ) -> Option<Self> {
        if !request.url.path().starts_with("/api:sign-in/") {
            return None;
        }
        let (person, _) = parts(bearer(request));
        let fence = *fences.lock().unwrap().get(&person).unwrap();
        let mut state = xano.state();
        state.refreshes += 1;
        let running = state.in_flight.entry((person, fence)).or_default();
        *running += 1;
        assert_eq!(*running, 1, "two refreshes of person {person} under fence {fence}");
        drop(state);
        Some(Self(xano.clone(), (person, fence)))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        if let Some(running) = self.0.state().in_flight.get_mut(&self.1) {
            *running -= 1;
        }
    }
}
