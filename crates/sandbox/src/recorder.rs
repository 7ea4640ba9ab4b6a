//! The record of every request.

use std::collections::VecDeque;

use bytes::Bytes;

const KEPT: usize = 20_000;

/// One request as it arrived, and the status it was answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Counts up from 1 in order of arrival.
    pub sequence: u64,
    /// The method.
    pub method: String,
    /// The raw path with its query, nothing decoded.
    pub path: String,
    /// The contract's operation name, `signin.login`, `signin.auth_me`, or `unknown`.
    pub operation: String,
    /// The authorization header.
    pub authorization: Option<String>,
    /// The host header.
    pub host: Option<String>,
    /// The body.
    pub body: Bytes,
    /// The status answered; `None` while the answer is under way, and when the connection was
    /// closed without one.
    pub status: Option<u16>,
}

/// The newest requests.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    arrived: u64,
    kept: VecDeque<Recorded>,
}

impl Recorder {
    /// Keeps a request and gives it its number.
    pub(crate) fn begin(&mut self, mut request: Recorded) -> u64 {
        self.arrived += 1;
        request.sequence = self.arrived;
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(request);
        self.arrived
    }

    pub(crate) fn finish(&mut self, sequence: u64, status: u16) {
        // Numbers are consecutive, so the position follows from the number.
        let first = self.kept.front().map_or(u64::MAX, |request| request.sequence);
        let position = sequence.checked_sub(first).and_then(|place| usize::try_from(place).ok());
        if let Some(request) = position.and_then(|place| self.kept.get_mut(place)) {
            request.status = Some(status);
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Recorded> {
        self.kept.iter()
    }

    pub(crate) fn clear(&mut self) {
        self.kept.clear();
    }
}
