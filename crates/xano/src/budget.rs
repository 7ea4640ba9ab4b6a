//! Request budgets: whether an instance limits requests is learned from its `rate_limit` and from its
//! 429 responses. Requests are counted in this process.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::time::Duration;

use snappy_domain::clock::{after, before};
use snappy_domain::{Cache, CredentialId, Timestamp};

use crate::XanoOrigin;

/// The window of the free plan's request limit. Xano is not known to send `Retry-After`.
pub const WINDOW: Duration = Duration::from_secs(20);
/// The requests that the free plan allows within a window.
const REQUESTS: usize = 10;
/// How long an instance is assumed to be limited after it said so.
const RETENTION: Duration = Duration::from_secs(600);
/// The most budgets that a process keeps.
const CAPACITY: NonZeroUsize = NonZeroUsize::MIN.saturating_add(9_999);

/// One instance's budget.
#[derive(Debug, Default)]
struct Budget {
    /// Until when the instance is assumed to be limited; `None` if no limit is known.
    limited_until: Option<Timestamp>,
    /// When the requests of the current window were sent.
    sent: VecDeque<Timestamp>,
    /// No request may be sent before this time.
    blocked_until: Option<Timestamp>,
}

impl Budget {
    /// Takes one request from the budget, or returns when to try again.
    fn try_acquire(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        if let Some(until) = self.blocked_until.filter(|until| *until > now) {
            return Err(until);
        }
        self.blocked_until = None;
        if self.limited_until.is_none_or(|until| until <= now) {
            self.limited_until = None;
            self.sent.clear();
            return Ok(());
        }
        let window_start = before(now, WINDOW);
        while self.sent.front().is_some_and(|sent| *sent <= window_start) {
            self.sent.pop_front();
        }
        match self.sent.front() {
            Some(oldest) if self.sent.len() >= REQUESTS => Err(after(*oldest, WINDOW)),
            _ => {
                self.sent.push_back(now);
                Ok(())
            }
        }
    }
}

/// The budgets of all instances.
#[derive(Debug)]
pub(crate) struct Budgets(Cache<Key, Budget>);

impl Default for Budgets {
    fn default() -> Self {
        Self(Cache::new(CAPACITY))
    }
}

/// Which requests are counted together: all to an instance, or those of one credential to the account
/// API, which all credentials share.
pub(crate) type Key = (Option<CredentialId>, XanoOrigin);

impl Budgets {
    fn with<T>(&self, key: &Key, change: impl FnOnce(&mut Budget) -> T) -> T {
        self.0.update(key.clone(), change)
    }

    /// Takes one request from a budget, or returns when to try again.
    pub(crate) fn try_acquire(&self, key: &Key, now: Timestamp) -> Result<(), Timestamp> {
        self.with(key, |budget| budget.try_acquire(now))
    }

    /// Records that the instance has a request limit (`rate_limit`).
    pub(crate) fn mark_limited(&self, key: &Key, now: Timestamp) {
        self.with(key, |budget| budget.limited_until = Some(after(now, RETENTION)));
    }

    /// Records a 429 response: no request is sent before `retry_after` has passed, or a window if it is
    /// not given. Returns when the next request may be sent.
    pub(crate) fn record_429(
        &self,
        key: &Key,
        retry_after: Option<Duration>,
        now: Timestamp,
    ) -> Timestamp {
        let retry_at = after(now, retry_after.unwrap_or(WINDOW).min(RETENTION));
        self.with(key, |budget| {
            // The limit of the account API is not known.
            if key.0.is_none() {
                budget.limited_until = Some(after(now, RETENTION));
            }
            budget.blocked_until = budget.blocked_until.max(Some(retry_at));
            budget.sent.clear();
            budget.blocked_until.unwrap_or(retry_at)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use snappy_domain::Clock as _;
    use snappy_domain::clock::MockClock;

    use super::*;
    use crate::HostPolicy;

    fn origin() -> Key {
        (None, HostPolicy::new("https://app.xano.com", Vec::new()).unwrap().account().clone())
    }

    #[test]
    fn without_a_known_limit_nothing_waits() {
        let (budgets, now) = (Budgets::default(), MockClock::default().now());
        assert!((0..1000).all(|_| budgets.try_acquire(&origin(), now).is_ok()));
    }

    #[test]
    fn a_429_blocks_for_a_window_or_for_retry_after() {
        let now = MockClock::default().now();
        let seconds = Duration::from_secs;
        for (retry_after, wait) in [
            (None, WINDOW),
            (Some(seconds(3)), seconds(3)),
            // A longer Retry-After is capped.
            (Some(Duration::MAX), RETENTION),
        ] {
            let budgets = Budgets::default();
            assert_eq!(budgets.record_429(&origin(), retry_after, now), after(now, wait));
            assert_eq!(budgets.try_acquire(&origin(), now), Err(after(now, wait)));
            let opened = after(now, wait);
            if wait < RETENTION {
                assert!((0..10).all(|_| budgets.try_acquire(&origin(), opened).is_ok()));
                assert_eq!(budgets.try_acquire(&origin(), opened), Err(after(opened, WINDOW)));
            }
            let forgotten = after(now, RETENTION);
            assert!((0..100).all(|_| budgets.try_acquire(&origin(), forgotten).is_ok()));
        }
    }

    proptest! {
        #[test]
        fn no_window_exceeds_the_limit(steps in prop::collection::vec(0..5000u64, 1..300)) {
            let budgets = Budgets::default();
            let mut now = MockClock::default().now();
            budgets.mark_limited(&origin(), now);
            let mut sent: Vec<Timestamp> = Vec::new();
            for step in steps {
                now = after(now, Duration::from_millis(step));
                budgets.mark_limited(&origin(), now);
                match budgets.try_acquire(&origin(), now) {
                    Ok(()) => sent.push(now),
                    Err(opens) => prop_assert!(opens > now && opens <= after(now, WINDOW)),
                }
                let window = sent.iter().filter(|at| **at > before(now, WINDOW)).count();
                prop_assert!(window <= REQUESTS);
            }
        }
    }
}
