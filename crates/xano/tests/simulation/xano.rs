//! A simulated Xano: it rotates keys at any time, its responses may be slow, lost or failures, and it checks
//! the invariants of requests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use snappy_domain::http::{Answer, HttpClient, HttpError, Outgoing};

use crate::dice::Dice;
use crate::time::{Time, step};

/// How often requests fail: once in `n` requests, never if 0.
#[derive(Debug, Clone, Copy, Default)]
pub struct FaultRates {
    pub lost: u64,
    pub failing: u64,
    pub slow: u64,
}

#[derive(Debug, Default)]
pub struct Person {
    /// How often the key was rotated.
    pub generation: u64,
    /// Whether the session has ended, so that Xano refuses a refresh.
    pub refused: bool,
    /// How often the person signed in again.
    pub sign_ins: u64,
}

#[derive(Debug, Default)]
pub struct State {
    pub people: HashMap<u64, Person>,
    /// How often each write was carried out.
    pub writes: HashMap<String, u64>,
    /// How often the current key was requested.
    pub refreshes: u64,
    /// Refreshes in flight, by person and fence.
    in_flight: HashMap<(u64, u64), u64>,
}

#[derive(Debug, Clone, Default)]
pub struct Xano(Arc<Mutex<State>>);

impl Xano {
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub fn key(person: u64, generation: u64) -> String {
        format!("key-{person}-{generation}")
    }

    pub fn session(person: u64, sign_ins: u64) -> String {
        format!("session-{person}-{sign_ins}")
    }
}

/// The connection of one process to Xano.
#[derive(Debug)]
pub struct Wire {
    pub xano: Xano,
    pub time: Time,
    pub dice: Dice,
    pub rates: FaultRates,
    /// The newest fence of this process, by person.
    pub fences: Arc<Mutex<HashMap<u64, u64>>>,
}

/// One refresh in flight.
struct InFlight(Xano, (u64, u64));

impl InFlight {
    fn begin(xano: &Xano, person: u64, fence: u64) -> Self {
        let mut state = xano.state();
        state.refreshes += 1;
        let running = state.in_flight.entry((person, fence)).or_default();
        *running += 1;
        assert_eq!(*running, 1, "two refreshes of person {person} under fence {fence}");
        drop(state);
        Self(xano.clone(), (person, fence))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if let Some(running) = self.0.state().in_flight.get_mut(&self.1) {
            *running -= 1;
        }
    }
}

fn answer(status: u16, body: &Value) -> Result<Answer, HttpError> {
    let status = StatusCode::from_u16(status).unwrap();
    Ok(Answer { status, headers: HeaderMap::new(), body: Bytes::from(body.to_string()) })
}

/// The person and the number in `key-<person>-<number>` or `session-<person>-<number>`.
fn parts(bearer: &str) -> (u64, u64) {
    let mut parts = bearer.rsplit('-');
    let number = parts.next().unwrap().parse().unwrap();
    (parts.next().unwrap().parse().unwrap(), number)
}

impl Wire {
    async fn delay(&self) {
        step().await;
        if self.dice.once_in(self.rates.slow) {
            let wait = i64::try_from(self.dice.roll(14_000)).unwrap();
            self.time.until(self.time.now() + wait).await;
        }
    }

    /// Processes a request that arrived.
    fn serve(&self, request: &Outgoing) -> Result<Answer, HttpError> {
        if self.dice.once_in(self.rates.failing) {
            return answer(503, &json!({"message": "busy"}));
        }
        let bearer = request.headers["authorization"].to_str().unwrap();
        let bearer = bearer.trim_start_matches("Bearer ");
        let (person, number) = parts(bearer);
        let path = request.url.path();
        let mut state = self.xano.state();
        let known = state.people.get(&person).unwrap();
        let unauthorized = || answer(401, &json!({"message": "Unauthorized"}));
        if path.starts_with("/api:sign-in/") {
            assert!(bearer.starts_with("session-"), "a key went to the sign-in API");
            if known.refused || number != known.sign_ins {
                return unauthorized();
            }
            let key = Xano::key(person, known.generation);
            return answer(200, &json!({"id": person, "api_key": key}));
        }
        assert!(bearer.starts_with("key-"), "a session went to the Metadata API");
        if path.ends_with("/auth/me") {
            let good = number == known.generation;
            return if good { answer(200, &json!({"id": person})) } else { unauthorized() };
        }
        // The path names the caller, whose key the request must have.
        let asked_for: u64 = path.split('/').nth(3).unwrap().parse().unwrap();
        assert_eq!(person, asked_for, "a call was made with another person's key");
        if number != known.generation {
            return unauthorized();
        }
        if request.method == Method::POST {
            let body: Value = serde_json::from_slice(request.body.as_ref().unwrap()).unwrap();
            let call = body["call"].as_str().unwrap().to_owned();
            *state.writes.entry(call).or_default() += 1;
        }
        answer(200, &json!({"id": 1}))
    }
}

#[async_trait]
impl HttpClient for Wire {
    async fn send(&self, request: Outgoing) -> Result<Answer, HttpError> {
        let path = request.url.path();
        let refreshing = path.starts_with("/api:sign-in/").then(|| {
            let bearer = request.headers["authorization"].to_str().unwrap();
            let (person, _) = parts(bearer);
            let fence = *self.fences.lock().unwrap().get(&person).unwrap();
            InFlight::begin(&self.xano, person, fence)
        });
        let deadline = self.time.now() + i64::try_from(request.timeout.as_millis()).unwrap();
        self.delay().await;
        if self.dice.once_in(self.rates.lost) {
            return Err(HttpError::Unreachable("request lost".into()));
        }
        let response = self.serve(&request);
        self.delay().await;
        drop(refreshing);
        if self.dice.once_in(self.rates.lost) {
            return Err(HttpError::Broken("response lost".into()));
        }
        if self.time.now() > deadline {
            return Err(HttpError::TimedOut(request.timeout));
        }
        response
    }
}
