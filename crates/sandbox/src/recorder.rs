//! The record of requests.

use std::collections::VecDeque;

use bytes::Bytes;

/// The most requests that are recorded.
const CAPACITY: usize = 20_000;

/// A request and the status of its response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The sequence number in order of arrival, starting at 1.
    pub sequence: u64,
    /// The method.
    pub method: String,
    /// The raw path with its query, not decoded.
    pub path: String,
    /// The contract's operation name, `signin.login`, `signin.auth_me`, `oauth.metadata`, `oauth.register`,
    /// `oauth.authorize`, `oauth.token`, `oauth.revoke`, or `unknown`.
    pub operation: String,
    /// The authorization header.
    pub authorization: Option<String>,
    /// The host header.
    pub host: Option<String>,
    /// The body.
    pub body: Bytes,
    /// The status of the response; `None` while the request is in progress, or if the connection was closed
    /// without a response.
    pub status: Option<u16>,
}

/// The newest requests.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    arrived: u64,
    kept: VecDeque<Recorded>,
}

impl Recorder {
    /// Records a request and returns its sequence number.
    pub(crate) fn begin(&mut self, mut request: Recorded) -> u64 {
        self.arrived += 1;
        request.sequence = self.arrived;
        if self.kept.len() == CAPACITY {
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
