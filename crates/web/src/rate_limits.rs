//! Rate limits: how often an action may happen for a key (an address or an account) within a fixed
//! window. Each process counts for itself, so the effective limit grows with the number of replicas.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use snappy_domain::clock::after;
use snappy_domain::{Clock, Timestamp};

/// What is limited, and the key that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// A sign-in attempt, by remote address.
    Login,
    /// A failed sign-in, by e-mail address.
    LoginFailure,
    /// A client registration, by remote address.
    Register,
    /// An authorization request, by remote address.
    Authorize,
    /// A rejected token request, by remote address.
    TokenFailure,
}

/// The rate limits; `None` means no limit.
#[derive(Debug, Clone, Copy, Default)]
pub struct RateLimits {
    /// Sign-in attempts per remote address and minute.
    pub logins: Option<u32>,
    /// Failed sign-ins per e-mail address and 15 minutes.
    pub login_failures: Option<u32>,
    /// Client registrations per remote address and minute.
    pub registrations: Option<u32>,
    /// Authorization requests per remote address and minute.
    pub authorizations: Option<u32>,
    /// Rejected token requests per remote address and minute. Valid requests are never limited.
    pub token_failures: Option<u32>,
    /// The number of proxies in front of the server that append to `X-Forwarded-For`.
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
pub(crate) struct RateLimiter {
    limits: RateLimits,
    clock: Arc<dyn Clock>,
    windows: Mutex<HashMap<(Action, String), Window>>,
}

impl RateLimiter {
    pub(crate) fn new(limits: RateLimits, clock: Arc<dyn Clock>) -> Self {
        Self { limits, clock, windows: Mutex::default() }
    }

    /// Counts one more, and says whether it is within the limit.
    pub(crate) fn count(&self, action: Action, key: &str) -> bool {
        self.within(action, key, 1)
    }

    /// Whether one more would be within the limit; counts nothing.
    pub(crate) fn allows(&self, action: Action, key: &str) -> bool {
        self.within(action, key, 0)
    }

    fn within(&self, action: Action, key: &str, more: u32) -> bool {
        let (Some(most), length) = self.limits.of(action) else { return true };
        let now = self.clock.now();
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= MANY {
            windows.retain(|_, window| window.ends > now);
        }
        let new = || Window { ends: after(now, length), count: 0 };
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
}
