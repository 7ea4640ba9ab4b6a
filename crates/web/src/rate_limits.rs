//! Rate limits: how often an action may happen for a key (an address or an account) within a fixed
//! window. Each process counts for itself, so the effective limit grows with the number of replicas.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use snappy_domain::clock::after;
use snappy_domain::{Cache, Clock, Keyring, Timestamp, TokenHash};

/// What is limited, and the key that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// A sign-in attempt, by remote address.
    Login,
    /// A failed sign-in, by email address and remote address.
    LoginFailure,
    /// A failed sign-in, by email address alone: what many networks together may try.
    LoginFailureAnywhere,
    /// A client registration, by remote address.
    Register,
    /// An authorization request or a consent page, by remote address.
    Authorize,
    /// A rejected token request, by remote address.
    TokenFailure,
}

/// The rate limits; `None` means no limit.
#[derive(Debug, Clone, Copy, Default)]
pub struct RateLimits {
    /// Sign-in attempts per remote address and minute.
    pub logins: Option<u32>,
    /// Failed sign-ins per email address, remote address and 15 minutes; from all addresses together ten times as
    /// many.
    pub login_failures: Option<u32>,
    /// Client registrations per remote address and minute.
    pub registrations: Option<u32>,
    /// Authorization requests and consent pages per remote address and minute.
    pub authorizations: Option<u32>,
    /// Rejected token requests per remote address and minute. Valid requests are never limited.
    pub token_failures: Option<u32>,
    /// The number of proxies in front of the server that append to `X-Forwarded-For`.
    pub trusted_proxies: usize,
}

const MINUTE: Duration = Duration::from_secs(60);
const FIFTEEN_MINUTES: Duration = Duration::from_secs(15 * 60);
/// How many times more failed sign-ins all networks together may cause for one email address.
const ANYWHERE: u32 = 10;
/// The number of windows that are kept for each action, about 10 MB in all. Beyond it the least recently used window is
/// dropped.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(20_000).unwrap();

impl RateLimits {
    /// The limit of an action and the length of its window.
    fn of(&self, action: Action) -> (Option<u32>, Duration) {
        let anywhere = self.login_failures.map(|limit| limit.saturating_mul(ANYWHERE));
        match action {
            Action::Login => (self.logins, MINUTE),
            Action::LoginFailure => (self.login_failures, FIFTEEN_MINUTES),
            Action::LoginFailureAnywhere => (anywhere, FIFTEEN_MINUTES),
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

/// The windows of one action, by the hashes of their keys: what strangers send is never kept.
type Windows = Cache<TokenHash, Window>;

/// Counts actions in memory.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    limits: RateLimits,
    clock: Arc<dyn Clock>,
    keys: Arc<Keyring>,
    /// One set for each action, so that a flood of one does not end the windows of another.
    windows: [Windows; 6],
}

impl RateLimiter {
    pub(crate) fn new(limits: RateLimits, clock: Arc<dyn Clock>, keys: Arc<Keyring>) -> Self {
        Self { limits, clock, keys, windows: std::array::from_fn(|_| Cache::new(CAPACITY)) }
    }

    const fn windows(&self, action: Action) -> &Windows {
        let [login, failure, anywhere, register, authorize, token] = &self.windows;
        match action {
            Action::Login => login,
            Action::LoginFailure => failure,
            Action::LoginFailureAnywhere => anywhere,
            Action::Register => register,
            Action::Authorize => authorize,
            Action::TokenFailure => token,
        }
    }

    fn key(&self, key: &str) -> TokenHash {
        self.keys.hash("rate limit", key)
    }

    /// Counts an action, and returns whether it is within the limit.
    pub(crate) fn count(&self, action: Action, key: &str) -> bool {
        let (Some(limit), length) = self.limits.of(action) else { return true };
        let now = self.clock.now();
        let count = self.windows(action).update(self.key(key), |window| {
            if window.ends_at <= now {
                *window = Window { ends_at: after(now, length), count: 0 };
            }
            window.count = window.count.saturating_add(1);
            window.count
        });
        if count == limit.saturating_add(1) {
            tracing::warn!(?action, "Rate limit reached");
        }
        count <= limit
    }

    /// Whether one more action would be within the limit. Nothing is counted or kept.
    pub(crate) fn allows(&self, action: Action, key: &str) -> bool {
        let (Some(limit), _) = self.limits.of(action) else { return true };
        let now = self.clock.now();
        self.windows(action).look(&self.key(key), |window| {
            window.is_none_or(|window| window.ends_at <= now || window.count < limit)
        })
    }
}

#[cfg(test)]
mod tests {
    use snappy_domain::Secret;
    use snappy_domain::clock::MockClock;

    use super::*;

    fn limiter(clock: &Arc<MockClock>) -> RateLimiter {
        let limits = RateLimits {
            logins: Some(1),
            login_failures: Some(1),
            registrations: Some(1),
            ..RateLimits::default()
        };
        let keys = Arc::new(Keyring::new(&[Secret::new("a-key-of-the-tests")]).unwrap());
        RateLimiter::new(limits, clock.clone(), keys)
    }

    #[test]
    fn attempts_are_counted_per_key_until_their_window_ends() {
        let clock = Arc::new(MockClock::default());
        let limiter = limiter(&clock);
        assert!(limiter.allows(Action::Login, "a") && limiter.count(Action::Login, "a"));
        assert!(!limiter.allows(Action::Login, "a") && !limiter.count(Action::Login, "a"));
        assert!(limiter.count(Action::Login, "b") && limiter.count(Action::Register, "a"));
        clock.advance(MINUTE);
        assert!(limiter.allows(Action::Login, "a") && limiter.count(Action::Login, "a"));
    }

    #[test]
    fn a_look_keeps_nothing_and_a_flood_of_one_action_leaves_the_others_alone() {
        let clock = Arc::new(MockClock::default());
        let limiter = limiter(&clock);
        limiter.count(Action::LoginFailure, "victim");
        for n in 0..3 * CAPACITY.get() {
            limiter.allows(Action::LoginFailure, &format!("look {n}"));
            limiter.count(Action::Login, &format!("flood {n}"));
        }
        assert!(!limiter.allows(Action::LoginFailure, "victim"));
        assert_eq!(format!("{:?}", limiter.windows(Action::LoginFailure)), "Cache(1 of 20000)");
        assert_eq!(format!("{:?}", limiter.windows(Action::Login)), "Cache(20000 of 20000)");
    }
}
