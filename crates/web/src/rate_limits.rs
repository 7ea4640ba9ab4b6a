//! Rate limits: how often an action may happen for a key (an address or an account) within a fixed
//! window. Each process counts for itself, so the effective limit grows with the number of replicas.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use snappy_domain::clock::after;
use snappy_domain::{Cache, Clock, Timestamp};

/// What is limited, and the key that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// A sign-in attempt, by remote address.
    Login,
    /// A failed sign-in, by email address.
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
    /// Failed sign-ins per email address and 15 minutes.
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
const FIFTEEN_MINUTES: Duration = Duration::from_secs(15 * 60);
/// The number of windows that are kept. Beyond it the least recently used window is dropped.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

impl RateLimits {
    /// The limit of an action and the length of its window.
    fn of(&self, action: Action) -> (Option<u32>, Duration) {
        match action {
            Action::Login => (self.logins, MINUTE),
            Action::LoginFailure => (self.login_failures, FIFTEEN_MINUTES),
            Action::Register => (self.registrations, MINUTE),
            Action::Authorize => (self.authorizations, MINUTE),
            Action::TokenFailure => (self.token_failures, MINUTE),
        }
    }
}

#[derive(Debug, Default)]
struct Window {
    ends_at: Timestamp,
    count: u32,
}

/// Counts actions in memory.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    limits: RateLimits,
    clock: Arc<dyn Clock>,
    windows: Cache<(Action, String), Window>,
}

impl RateLimiter {
    pub(crate) fn new(limits: RateLimits, clock: Arc<dyn Clock>) -> Self {
        Self { limits, clock, windows: Cache::new(CAPACITY) }
    }

    /// Counts an action, and returns whether it is within the limit.
    pub(crate) fn count(&self, action: Action, key: &str) -> bool {
        self.update(action, key, 1)
    }

    /// Whether one more action would be within the limit. It is not counted.
    pub(crate) fn allows(&self, action: Action, key: &str) -> bool {
        self.update(action, key, 0)
    }

    fn update(&self, action: Action, key: &str, increment: u32) -> bool {
        let (Some(limit), length) = self.limits.of(action) else { return true };
        let now = self.clock.now();
        let count = self.windows.update((action, key.to_owned()), |window| {
            if window.ends_at <= now {
                *window = Window { ends_at: after(now, length), count: 0 };
            }
            window.count = window.count.saturating_add(increment);
            window.count
        });
        if increment == 0 {
            return count < limit;
        }
        if count == limit.saturating_add(1) {
            tracing::warn!(?action, "Rate limit reached");
        }
        count <= limit
    }
}

#[cfg(test)]
mod tests {
    use snappy_domain::clock::MockClock;

    use super::*;

    #[test]
    fn attempts_are_counted_per_key_until_their_window_ends() {
        let clock = Arc::new(MockClock::default());
        let limits = RateLimits { logins: Some(1), ..RateLimits::default() };
        let limiter = RateLimiter::new(limits, clock.clone());
        assert!(limiter.allows(Action::Login, "a") && limiter.count(Action::Login, "a"));
        assert!(!limiter.allows(Action::Login, "a") && !limiter.count(Action::Login, "a"));
        assert!(limiter.count(Action::Login, "b") && limiter.count(Action::Register, "a"));
        clock.advance(MINUTE);
        assert!(limiter.count(Action::Login, "a"));
    }
}
