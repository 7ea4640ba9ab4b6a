//! The connection of one process to Xano: requests and responses may be slow or lost.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use snappy_domain::http::{Answer, HttpClient, HttpError, Outgoing};

use crate::dice::Dice;
use crate::faults::FaultRates;
use crate::figures::Loss;
use crate::rotating;
use crate::time::{Time, step};
use crate::xano::{InFlight, Xano, answer};

/// The connection of one process to Xano.
#[derive(Debug)]
pub struct Wire {
    pub xano: Xano,
    pub time: Time,
    pub dice: Dice,
    pub rates: FaultRates,
    pub process: usize,
    /// The newest fence of this process, by person.
    pub fences: Arc<Mutex<HashMap<u64, u64>>>,
}

/// A request on its way. If its process crashes, it may arrive nevertheless.
struct Sent<'a> {
    wire: &'a Wire,
    request: &'a Outgoing,
    is_on_its_way: bool,
}

impl Sent<'_> {
    fn arrive(&mut self) -> Result<Answer, HttpError> {
        self.is_on_its_way = false;
        self.wire.serve(self.request)
    }
}

impl Drop for Sent<'_> {
    fn drop(&mut self) {
        if self.is_on_its_way && !std::thread::panicking() && self.wire.dice.once_in(2) {
            let _ = self.arrive();
        }
    }
}

impl Wire {
    async fn delay(&self, request: &Outgoing, deadline: i64) {
        step().await;
        let is_oauth = rotating::is_oauth(request);
        let slow = if is_oauth { self.rates.slow_oauth } else { self.rates.slow };
        if self.dice.once_in(slow) {
            let wait = i64::try_from(self.dice.roll(self.rates.slowest)).unwrap();
            self.time.until((self.time.now() + wait).min(deadline + 1)).await;
        }
    }

    fn serve(&self, request: &Outgoing) -> Result<Answer, HttpError> {
        if self.dice.once_in(self.rates.failing) {
            let is_limited = rotating::refresh_token(request).is_some() && self.dice.once_in(2);
            let status = if is_limited { 429 } else { 503 };
            return answer(status, &serde_json::json!({"message": "busy"}));
        }
        self.xano.serve(self.process, self.time.now(), &self.dice, request)
    }

    /// A response that does not reach the process as it was.
    fn lose(&self, request: &Outgoing) -> Result<Answer, HttpError> {
        let forms = match rotating::refresh_token(request) {
            None => 1,
            Some((person, number)) => {
                self.xano.lose(person, number, Loss::Answer);
                3
            }
        };
        let cut_off = |status, body: &str| {
            let body = Bytes::from(body.to_owned());
            Ok(Answer { status, headers: HeaderMap::new(), body })
        };
        match self.dice.roll(forms) {
            0 => Err(HttpError::Broken("response lost".into())),
            1 => cut_off(StatusCode::OK, r#"{"access_token":"at-"#),
            _ => cut_off(StatusCode::GATEWAY_TIMEOUT, "<html>"),
        }
    }
}

#[async_trait]
impl HttpClient for Wire {
    async fn send(&self, request: Outgoing) -> Result<Answer, HttpError> {
        let in_flight = InFlight::begin(&self.xano, &self.fences, &request);
        let deadline = self.time.now() + i64::try_from(request.timeout.as_millis()).unwrap();
        let mut sent = Sent { wire: self, request: &request, is_on_its_way: true };
        self.delay(&request, deadline).await;
        if self.time.now() > deadline {
            // It may arrive now, when nobody waits for the response any more.
            drop(sent);
            let _ = self.lose(&request);
            return Err(HttpError::TimedOut(request.timeout));
        }
        if self.dice.once_in(self.rates.lost) {
            sent.is_on_its_way = false;
            let why = "request lost".into();
            let is_known = self.dice.once_in(2);
            return Err(if is_known {
                HttpError::Unreachable(why)
            } else {
                HttpError::Broken(why)
            });
        }
        let response = sent.arrive();
        self.delay(&request, deadline).await;
        drop(in_flight);
        if self.dice.once_in(self.rates.lost) {
            return self.lose(&request);
        }
        if self.time.now() > deadline {
            let _ = self.lose(&request);
            return Err(HttpError::TimedOut(request.timeout));
        }
        response
    }
}
