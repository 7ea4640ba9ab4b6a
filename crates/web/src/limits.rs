//! Limits against abuse: how often an action may happen for a key (an address, an account) within a
//! window. Counted in this process; several replicas allow as many times more.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use snappy_domain::{Clock, Timestamp};

use crate::App;

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// A sign-in tried from an address.
    Login,
    /// A sign-in failed for an e-mail address.
    LoginFailure,
    /// A registration from an address.
    Register,
    /// An authorization request from an address.
    Authorize,
    /// A refused token request from an address.
    TokenFailure,
}

/// How often each action may happen; `None` is without limit.
#[derive(Debug, Clone, Copy, Default)]
pub struct RateLimits {
    /// Sign-ins from one address within a minute.
    pub logins: Option<u32>,
    /// Failed sign-ins of one e-mail address within a quarter of an hour.
    pub login_failures: Option<u32>,
    /// Registrations from one address within a minute.
    pub registrations: Option<u32>,
    /// Authorization requests from one address within a minute.
    pub authorizations: Option<u32>,
    /// Refused token requests from one address within a minute. Valid ones are never refused.
    pub token_failures: Option<u32>,
    /// How many proxies in front of the server add to `X-Forwarded-For`.
    pub trusted_proxies: usize,
}

const MINUTE: Duration = Duration::from_secs(60);
const QUARTER: Duration = Duration::from_secs(15 * 60);
/// With more keys than this, those whose window is over are dropped.
const MANY: usize = 10_000;

impl RateLimits {
    fn of(&self, action: Action) -> (Option<u32>, Duration) {
        match action {
            Action::Login => (self.logins, MINUTE),
            Action::LoginFailure => (self.login_failures, QUARTER),
            Action::Register => (self.registrations, MINUTE),
            Action::Authorize => (self.authorizations, MINUTE),
            Action::TokenFailure => (self.token_failures, MINUTE),
        }
    }
}

#[derive(Debug)]
struct Window {
    ends: Timestamp,
    count: u32,
}

/// Counts actions.
#[derive(Debug)]
pub(crate) struct Limiter {
    limits: RateLimits,
    clock: Arc<dyn Clock>,
    windows: Mutex<HashMap<(Action, String), Window>>,
}

impl Limiter {
    pub(crate) fn new(limits: RateLimits, clock: Arc<dyn Clock>) -> Self {
        Self { limits, clock, windows: Mutex::default() }
    }

    /// Counts one more, and says whether it is within the limit.
    pub(crate) fn count(&self, action: Action, key: &str) -> bool {
        self.within(action, key, 1)
    }

    /// Whether one more would be within the limit; counts nothing.
    pub(crate) fn has_room(&self, action: Action, key: &str) -> bool {
        self.within(action, key, 0)
    }

    fn within(&self, action: Action, key: &str, more: u32) -> bool {
        let (Some(most), length) = self.limits.of(action) else { return true };
        let now = self.clock.now();
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= MANY {
            windows.retain(|_, window| window.ends > now);
        }
        let new = || Window { ends: snappy_domain::clock::after(now, length), count: 0 };
        let window = windows.entry((action, key.to_owned())).or_insert_with(new);
        if window.ends <= now {
            *window = new();
        }
        let within = window.count.saturating_add(more.max(1)) <= most;
        window.count = window.count.saturating_add(more);
        if !within && more > 0 && window.count == most.saturating_add(1) {
            tracing::warn!(?action, "A limit is reached");
        }
        within
    }

    /// The address that a request comes from: the connection's, or what the trusted proxies say.
    /// Counted from the right, because anybody can write more to the left.
    pub(crate) fn address(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> String {
        let hops = self.limits.trusted_proxies;
        let forwarded = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim);
        let forwarded: Vec<_> = forwarded.collect();
        let said = hops
            .checked_sub(1)
            .and_then(|back| forwarded.iter().rev().nth(back))
            .and_then(|said| said.parse::<IpAddr>().ok());
        match said.or(peer) {
            // A household or an office has a whole /64.
            Some(IpAddr::V6(v6)) => {
                let [a, b, c, d, ..] = v6.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
            Some(IpAddr::V4(v4)) => v4.to_string(),
            None => "unknown".to_owned(),
        }
    }
}

/// The address at the other end of a request's connection. The host puts it into the request's
/// extensions, if it knows.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// Who sent a request, for counting: put into the request's extensions by [`identify`].
#[derive(Debug, Clone)]
pub(crate) struct Sender(pub(crate) String);

/// Works out who sent the request.
pub(crate) async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map(|Peer(address)| *address);
    let sender = app.limiter().address(peer, request.headers());
    request.extensions_mut().insert(Sender(sender));
    next.run(request).await
}
