//! Outgoing HTTP as one method, so that the core runs over reqwest, over a Worker's fetch, and over
//! a test's double alike.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

/// A request to send. Redirects are never followed.
#[derive(Debug, Clone)]
pub struct Outgoing {
    pub method: Method,
    /// The absolute address.
    pub url: Url,
    /// Headers; secret ones are marked sensitive by whoever adds them.
    pub headers: HeaderMap,
    /// The body, if there is one.
    pub body: Option<Bytes>,
    /// How long the whole exchange may take.
    pub timeout: Duration,
    /// The most bytes of an answer's body that are read.
    pub max_body: usize,
}

/// A whole answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// No connection was made: the other side has seen nothing.
    #[error("no connection could be made: {0}")]
    Unreachable(String),
    /// The address is one this server refuses to call: the other side has seen nothing.
    #[error("the address is not allowed: {0}")]
    Refused(String),
    /// The request was sent and the connection broke: it may have been carried out.
    #[error("the connection broke before a whole answer came: {0}")]
    Broken(String),
    /// The request was sent and no answer came in time: it may have been carried out.
    #[error("no answer came within {} seconds", .0.as_secs())]
    TimedOut(Duration),
    /// The answer is larger than the request allowed.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
}

/// Sends requests.
#[async_trait]
pub trait HttpClient: Send + Sync + Debug {
    /// Sends `request` once and reads the whole answer. Never follows a redirect, never retries.
    async fn send(&self, request: Outgoing) -> Result<Answer, HttpError>;
}
