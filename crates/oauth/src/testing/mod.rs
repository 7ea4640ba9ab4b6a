//! For tests of this crate and of those below: a server over any store, people who are signed in, and
//! clients with keys of their own.
#![expect(clippy::unwrap_used, reason = "a failing test must stop")]

mod client_key;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use snappy_domain::http::{Answer, HttpClient, HttpError, Outgoing};
use snappy_domain::random::SeededRandom;
use snappy_domain::spawn::NoSpawner;
use snappy_domain::{Clock, Keyring, Runtime, Scope, Secret, Timer, Timestamp};
use snappy_store::{CredentialSecret, Identity, NewCredential, Profile, Store};

pub use client_key::{ClientKey, claims};

use crate::{Admission, AuthorizationServer, Config, Lifetimes, Service};

/// An invented service.
pub const SERVICE: Service = Service {
    name: "Example",
    resource_name: "Example over MCP",
    scopes: &[
        Scope { name: "read", meaning: "Read", implied: true },
        Scope { name: "write", meaning: "Write", implied: false },
    ],
};

/// Refuses every request.
#[derive(Debug)]
pub struct NoNetwork;

#[async_trait]
impl HttpClient for NoNetwork {
    async fn send(&self, _: Outgoing) -> Result<Answer, HttpError> {
        Err(HttpError::Refused("no network in this test".into()))
    }
}

/// Waits for nothing.
#[derive(Debug)]
pub struct NoWaiting;

#[async_trait]
impl Timer for NoWaiting {
    async fn sleep(&self, _: Duration) {}
}

/// A server of [`SERVICE`] whose randomness follows from `seed`. Access tokens live for a day, and any
/// client may connect.
#[must_use]
pub fn server(
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    seed: u64,
    http: Arc<dyn HttpClient>,
) -> AuthorizationServer {
    let keys = Arc::new(Keyring::new(&[Secret::new("a-key-for-the-oauth-tests")]).unwrap());
    let random = Arc::new(SeededRandom::new(seed));
    let runtime =
        Runtime { clock, timer: Arc::new(NoWaiting), random, spawner: Arc::new(NoSpawner) };
    let config = Config {
        service: SERVICE,
        lifetimes: Lifetimes::for_access(Duration::from_secs(86_400)),
        admission: Admission::Open,
        clients: crate::client::rules::ClientRules::default(),
    };
    AuthorizationServer::new(store, keys, runtime, http, config)
}

/// A completed sign-in of the person `1`.
#[must_use]
pub fn sign_in(at: Timestamp) -> (Identity, NewCredential) {
    let authority = "https://x.example";
    let identity = Identity { upstream: format!("{authority}/auth"), subject: "1".into() };
    let new = NewCredential {
        authority: authority.into(),
        profile: Profile { subject: "1".into(), ..Profile::default() },
        secret: CredentialSecret::Session {
            key: Secret::new("k"),
            session: Secret::new("s"),
            expires_at: None,
        },
        at,
    };
    (identity, new)
}
