//! Xano as the processes see it: keys that change at any time, answers that are slow, lost or wrong; and
//! the rules that must hold whatever happens.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use snappy_domain::http::{Answer, HttpClient, HttpError, Outgoing};

use crate::dice::Dice;
use crate::time::{Time, step};

/// How often things go wrong: once in so many times, never when 0.
#[derive(Debug, Clone, Copy, Default)]
pub struct Moods {
    pub lost: u64,
    pub failing: u64,
    pub slow: u64,
}

#[derive(Debug, Default)]
pub struct Person {
    /// How often the key was changed.
    pub generation: u64,
    /// Whether the session was ended: then Xano refuses a refresh.
    pub refused: bool,
    /// How often the session was renewed by the person.
    pub sign_ins: u64,
}

#[derive(Debug, Default)]
pub struct State {
    pub people: HashMap<u64, Person>,
    /// How often each write was carried out.
    pub writes: HashMap<String, u64>,
    /// How often Xano was asked for the current key.
    pub refreshes: u64,
    /// Refreshes under way, by person and fence.
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

/// The way of one process to Xano.
#[derive(Debug)]
pub struct Wire {
    pub xano: Xano,
    pub time: Time,
    pub dice: Dice,
    pub moods: Moods,
    /// The newest fence that this process was given, by person.
    pub fences: Arc<Mutex<HashMap<u64, u64>>>,
}

/// One refresh under way.
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
        if self.dice.once_in(self.moods.slow) {
            let wait = i64::try_from(self.dice.roll(14_000)).unwrap();
            self.time.until(self.time.now() + wait).await;
        }
    }

    /// What Xano does when the request arrives.
    fn serve(&self, request: &Outgoing) -> Result<Answer, HttpError> {
        if self.dice.once_in(self.moods.failing) {
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
        // Whose call it is stands in the path: nobody else's key may come with it.
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
        let gives_up = self.time.now() + i64::try_from(request.timeout.as_millis()).unwrap();
        self.delay().await;
        if self.dice.once_in(self.moods.lost) {
            return Err(HttpError::Unreachable("lost on the way".into()));
        }
        let answered = self.serve(&request);
        self.delay().await;
        drop(refreshing);
        if self.dice.once_in(self.moods.lost) {
            return Err(HttpError::Broken("lost on the way back".into()));
        }
        if self.time.now() > gives_up {
            return Err(HttpError::TimedOut(request.timeout));
        }
        answered
    }
}
