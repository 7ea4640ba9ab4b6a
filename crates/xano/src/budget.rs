//! How many requests an instance takes: learned from its `rate_limit` and from its 429s, and kept to
//! by waiting in line. Counted in this process.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::time::Duration;

use snappy_domain::clock::{after, before};
use snappy_domain::{Cache, CredentialId, Timestamp};

use crate::XanoOrigin;

/// The free plan's window; Xano is not known to send `Retry-After`.
pub const WINDOW: Duration = Duration::from_secs(20);
/// The free plan's requests within a window.
const REQUESTS: usize = 10;
/// How long what a 429 taught counts.
const REMEMBERED: Duration = Duration::from_secs(600);
/// For how many instances a process remembers it.
const INSTANCES: NonZeroUsize = NonZeroUsize::MIN.saturating_add(9_999);

/// One instance's budget.
#[derive(Debug, Default)]
struct Budget {
    /// Until when it is known to be limited; `None` when nothing is known.
    limited_until: Option<Timestamp>,
    /// When the last requests were sent.
    sent: VecDeque<Timestamp>,
    /// Nothing is sent before.
    closed_until: Option<Timestamp>,
}

impl Budget {
    /// Takes one request from the budget, or says when to ask again.
    fn take(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        if let Some(opens) = self.closed_until.filter(|opens| *opens > now) {
            return Err(opens);
        }
        self.closed_until = None;
        if self.limited_until.is_none_or(|until| until <= now) {
            self.limited_until = None;
            self.sent.clear();
            return Ok(());
        }
        let window_began = before(now, WINDOW);
        while self.sent.front().is_some_and(|sent| *sent <= window_began) {
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
        Self(Cache::new(INSTANCES))
    }
}

/// Whose requests are counted together: all of an instance's; at the account API, which everybody
/// shares, one credential's.
pub(crate) type Key = (Option<CredentialId>, XanoOrigin);

impl Budgets {
    fn with<T>(&self, key: &Key, work: impl FnOnce(&mut Budget) -> T) -> T {
        self.0.update(key.clone(), work)
    }

    /// Takes one request from an instance's budget, or says when to ask again.
    pub(crate) fn take(&self, key: &Key, now: Timestamp) -> Result<(), Timestamp> {
        self.with(key, |budget| budget.take(now))
    }

    /// The instance says of itself that it is limited.
    pub(crate) fn is_limited(&self, key: &Key, now: Timestamp) {
        self.with(key, |budget| budget.limited_until = Some(after(now, REMEMBERED)));
    }

    /// The instance answered 429: nothing is sent for as long as it says, or for a window. Gives
    /// when that ends.
    pub(crate) fn refused(
        &self,
        key: &Key,
        retry_after: Option<Duration>,
        now: Timestamp,
    ) -> Timestamp {
        let opens = after(now, retry_after.unwrap_or(WINDOW).min(REMEMBERED));
        self.with(key, |budget| {
            // What the account API takes is not known.
            if key.0.is_none() {
                budget.limited_until = Some(after(now, REMEMBERED));
            }
            budget.closed_until = budget.closed_until.max(Some(opens));
            budget.sent.clear();
            budget.closed_until.unwrap_or(opens)
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
    fn nothing_known_is_no_limit() {
        let (budgets, now) = (Budgets::default(), MockClock::default().now());
        assert!((0..1000).all(|_| budgets.take(&origin(), now).is_ok()));
    }

    #[test]
    fn a_429_closes_for_a_window_or_for_as_long_as_it_says() {
        let now = MockClock::default().now();
        let seconds = Duration::from_secs;
        for (says, wait) in [
            (None, WINDOW),
            (Some(seconds(3)), seconds(3)),
            // Longer than that nobody is believed without another look.
            (Some(Duration::MAX), REMEMBERED),
        ] {
            let budgets = Budgets::default();
            assert_eq!(budgets.refused(&origin(), says, now), after(now, wait));
            assert_eq!(budgets.take(&origin(), now), Err(after(now, wait)));
            let opened = after(now, wait);
            if wait < REMEMBERED {
                assert!((0..10).all(|_| budgets.take(&origin(), opened).is_ok()));
                assert_eq!(budgets.take(&origin(), opened), Err(after(opened, WINDOW)));
            }
            let forgotten = after(now, REMEMBERED);
            assert!((0..100).all(|_| budgets.take(&origin(), forgotten).is_ok()));
        }
    }

    proptest! {
        #[test]
        fn no_window_ever_has_more_than_it_may(steps in prop::collection::vec(0..5000u64, 1..300)) {
            let budgets = Budgets::default();
            let mut now = MockClock::default().now();
            budgets.is_limited(&origin(), now);
            let mut sent: Vec<Timestamp> = Vec::new();
            for step in steps {
                now = after(now, Duration::from_millis(step));
                budgets.is_limited(&origin(), now);
                match budgets.take(&origin(), now) {
                    Ok(()) => sent.push(now),
                    Err(opens) => prop_assert!(opens > now && opens <= after(now, WINDOW)),
                }
                let window = sent.iter().filter(|at| **at > before(now, WINDOW)).count();
                prop_assert!(window <= REQUESTS);
            }
        }
    }
}
