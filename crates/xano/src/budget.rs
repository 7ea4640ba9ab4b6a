//! Request budgets: how many requests Xano takes, as far as is known, and who is next.
//!
//! The free plan's figures apply only to instances that say so (`rate_limit`). Any other limit is learned, as TCP
//! learns the capacity of a network: a 429 response closes the budget for some seconds, twice as long each time;
//! then one request goes first, and each answer lets one more be in flight, until the limit is forgotten. Requests
//! are counted in this process.

use std::collections::{HashMap, VecDeque};
use std::num::NonZeroUsize;
use std::time::Duration;

use snappy_domain::clock::{after, before};
use snappy_domain::{CredentialId, Timestamp};

use crate::XanoOrigin;

/// The window of the free plan's request limit. Xano is not known to send `Retry-After`.
pub const WINDOW: Duration = Duration::from_secs(20);
/// The requests that the free plan allows within a window.
const REQUESTS: usize = 10;
/// How long an instance is assumed to be limited after it said so.
const RETENTION: Duration = Duration::from_secs(600);
/// How long the first 429 response closes a budget, without `Retry-After`; each further one twice as long, at most
/// four times.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// The longest time without a request, whatever `Retry-After` says.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// With so many requests in flight and answered, the limit is forgotten.
const MANY: usize = 32;
/// The most requests that wait for one budget; more are refused at once.
const MOST_WAITING: usize = 1_000;
/// The most budgets that a process keeps.
pub(crate) const CAPACITY: NonZeroUsize = NonZeroUsize::MIN.saturating_add(9_999);

/// Which requests are counted together: all to an instance, or those of one credential to the account
/// API, which all credentials share.
pub(crate) type Key = (Option<CredentialId>, XanoOrigin);

/// A place in the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticket {
    number: u64,
    credential: CredentialId,
}

/// Whether a request may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    Go,
    /// Not before this time.
    Until(Timestamp),
    /// When another request was answered, or has left the line.
    Turn,
}

/// One budget.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    /// Until when the free plan's limit is assumed.
    plan_until: Option<Timestamp>,
    /// When the requests of the plan's current window were sent.
    sent: VecDeque<Timestamp>,
    /// No request may be sent before this time.
    closed_until: Option<Timestamp>,
    /// When a 429 response last changed something.
    limited_at: Option<Timestamp>,
    /// The number of pauses since the last answer.
    pauses: u32,
    /// How many requests may be in flight; `None` if no limit is known.
    window: Option<usize>,
    in_flight: usize,
    line: Vec<Ticket>,
    next_number: u64,
    /// When each credential in the line was last served, as a number that grows.
    served: HashMap<CredentialId, u64>,
}

impl Budget {
    /// Joins the line; `None` when it is too long.
    pub(crate) fn join(&mut self, credential: CredentialId) -> Option<Ticket> {
        if self.line.len() >= MOST_WAITING {
            return None;
        }
        self.next_number += 1;
        let ticket = Ticket { number: self.next_number, credential };
        self.line.push(ticket);
        Some(ticket)
    }

    /// Leaves the line.
    pub(crate) fn leave(&mut self, ticket: Ticket) {
        self.line.retain(|one| *one != ticket);
        if self.line.is_empty() {
            self.served.clear();
        }
    }

    /// Takes one request from the budget, if it is the ticket's turn.
    pub(crate) fn admit(&mut self, ticket: Ticket, now: Timestamp) -> Admission {
        if let Some(opens) = self.opens(now) {
            let windows = self.plan_until.map_or(0, |_| self.ahead(ticket) / REQUESTS);
            let windows = u32::try_from(windows).unwrap_or(u32::MAX);
            return Admission::Until(after(opens, WINDOW.saturating_mul(windows)));
        }
        let is_full = self.window.is_some_and(|window| self.in_flight >= window);
        if is_full || self.first() != Some(ticket) {
            return Admission::Turn;
        }
        self.next_number += 1;
        self.served.insert(ticket.credential, self.next_number);
        self.leave(ticket);
        self.in_flight += 1;
        if self.plan_until.is_some() {
            self.sent.push_back(now);
        }
        Admission::Go
    }

    /// When the next request may be sent, if not now.
    fn opens(&mut self, now: Timestamp) -> Option<Timestamp> {
        if let Some(until) = self.closed_until.filter(|until| *until > now) {
            return Some(until);
        }
        self.closed_until = None;
        if self.plan_until.is_none_or(|until| until <= now) {
            self.plan_until = None;
            self.sent.clear();
            return None;
        }
        let window_start = before(now, WINDOW);
        while self.sent.front().is_some_and(|sent| *sent <= window_start) {
            self.sent.pop_front();
        }
        let oldest = self.sent.front().filter(|_| self.sent.len() >= REQUESTS);
        oldest.map(|oldest| after(*oldest, WINDOW))
    }

    /// Whose turn it is: the credential that was served longest ago, and its oldest ticket.
    fn first(&self) -> Option<Ticket> {
        let served = |ticket: &Ticket| self.served.get(&ticket.credential).copied().unwrap_or(0);
        self.line.iter().min_by_key(|ticket| (served(ticket), ticket.number)).copied()
    }

    /// How many are served before a ticket, as they take turns.
    fn ahead(&self, ticket: Ticket) -> usize {
        let mut earlier: HashMap<CredentialId, usize> = HashMap::new();
        for one in &self.line {
            let is_own = one.credential == ticket.credential;
            if !is_own || one.number < ticket.number {
                *earlier.entry(one.credential).or_default() += 1;
            }
        }
        let own = earlier.remove(&ticket.credential).unwrap_or(0);
        own + earlier.values().map(|others| *others.min(&(own + 1))).sum::<usize>()
    }

    /// Records that the instance has the free plan's limit (`rate_limit`).
    pub(crate) fn mark_limited(&mut self, now: Timestamp) {
        self.plan_until = Some(after(now, RETENTION));
    }

    /// Records that a request is no longer in flight. `answered` says whether Xano answered it.
    pub(crate) fn done(&mut self, answered: bool) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if !answered {
            return;
        }
        self.pauses = 0;
        self.window = self.window.map(|window| window + 1).filter(|window| *window < MANY);
    }

    /// Records a 429 response to a request that was sent at `sent`. Returns when the next one may be sent.
    pub(crate) fn refused(
        &mut self,
        sent: Timestamp,
        retry_after: Option<Duration>,
        now: Timestamp,
    ) -> Timestamp {
        self.in_flight = self.in_flight.saturating_sub(1);
        // Requests that were in flight together are refused together, and count once.
        let is_new = self.limited_at.is_none_or(|at| sent >= at);
        if is_new {
            self.limited_at = Some(now);
            self.pauses += 1;
            self.window = Some(1);
        }
        let growing = FIRST_PAUSE * 2_u32.saturating_pow(self.pauses.saturating_sub(1).min(2));
        let pause = match (self.plan_until, retry_after) {
            (_, Some(asked)) => asked.max(growing),
            (Some(_), None) => WINDOW,
            (None, None) => growing,
        };
        let until = after(now, pause.min(LONGEST_PAUSE));
        let is_closed = self.closed_until.is_some_and(|known| known > now);
        if is_new || !is_closed || retry_after.is_some() {
            self.closed_until = self.closed_until.max(Some(until));
        }
        self.sent.clear();
        self.closed_until.unwrap_or(until)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use snappy_domain::Clock as _;
    use snappy_domain::clock::MockClock;
    use snappy_domain::random::SeededRandom;

    use super::*;

    fn now() -> Timestamp {
        MockClock::default().now()
    }

    fn credential(seed: u64) -> CredentialId {
        CredentialId::generate(&MockClock::default(), &SeededRandom::new(seed))
    }

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    /// Takes one request, as if nobody else waited.
    fn take(budget: &mut Budget, now: Timestamp) -> Admission {
        let ticket = budget.join(credential(1)).unwrap();
        let admission = budget.admit(ticket, now);
        budget.leave(ticket);
        admission
    }

    #[test]
    fn without_a_known_limit_nothing_waits() {
        let mut budget = Budget::default();
        assert!((0..1000).all(|_| take(&mut budget, now()) == Admission::Go));
    }

    #[test]
    fn a_429_closes_for_a_while_and_never_for_more_than_a_minute() {
        for (retry_after, pause) in [
            (None, FIRST_PAUSE),
            (Some(seconds(3)), seconds(3)),
            (Some(seconds(3_600)), LONGEST_PAUSE),
            (Some(Duration::MAX), LONGEST_PAUSE),
        ] {
            let mut budget = Budget::default();
            assert_eq!(take(&mut budget, now()), Admission::Go);
            let opens = after(now(), pause);
            assert_eq!(budget.refused(now(), retry_after, now()), opens);
            assert_eq!(take(&mut budget, now()), Admission::Until(opens));
            assert_eq!(take(&mut budget, opens), Admission::Go, "one goes first");
            assert_eq!(take(&mut budget, opens), Admission::Turn);
        }
    }

    #[test]
    fn pauses_grow_while_nothing_is_answered_and_refusals_at_once_count_once() {
        let (mut budget, mut at) = (Budget::default(), now());
        for pause in [2, 4, 8, 8, 8] {
            assert_eq!(take(&mut budget, at), Admission::Go);
            let opens = budget.refused(at, None, at);
            assert_eq!(opens, after(at, seconds(pause)));
            at = opens;
        }
        let (mut budget, at) = (Budget::default(), now());
        for _ in 0..10 {
            assert_eq!(take(&mut budget, at), Admission::Go);
        }
        let answered = after(at, seconds(1));
        for _ in 0..10 {
            assert_eq!(budget.refused(at, None, answered), after(answered, FIRST_PAUSE));
        }
    }

    #[test]
    fn after_a_single_429_everything_is_soon_as_before() {
        let (mut budget, at) = (Budget::default(), now());
        assert_eq!(take(&mut budget, at), Admission::Go);
        let opens = budget.refused(at, None, at);
        let (mut answered, mut rounds) = (0, 0);
        while budget.window.is_some() {
            let sent = (0..100).take_while(|_| take(&mut budget, opens) == Admission::Go).count();
            (0..sent).for_each(|_| budget.done(true));
            (answered, rounds) = (answered + sent, rounds + 1);
        }
        assert_eq!((answered, rounds), (31, 5), "the number doubles with each round");
        assert!((0..1000).all(|_| take(&mut budget, opens) == Admission::Go));
    }

    #[test]
    fn those_who_wait_take_turns() {
        let mut budget = Budget::default();
        budget.refused(now(), None, now());
        let opens = after(now(), FIRST_PAUSE);
        let many: Vec<_> = (0..5).map(|_| budget.join(credential(1)).unwrap()).collect();
        let other = budget.join(credential(2)).unwrap();
        let mut order = Vec::new();
        while order.len() < 6 {
            let all = many.iter().chain([&other]);
            let turn = all.copied().find(|one| budget.admit(*one, opens) == Admission::Go);
            order.push(turn.unwrap());
            // Not answered, so that one at a time goes on.
            budget.done(false);
        }
        assert_eq!(order[..3], [many[0], other, many[1]]);
    }

    proptest! {
        #[test]
        fn no_window_of_the_free_plan_exceeds_its_limit(
            steps in prop::collection::vec(0..5000u64, 1..300),
        ) {
            let (mut budget, mut now) = (Budget::default(), now());
            let mut sent: Vec<Timestamp> = Vec::new();
            for step in steps {
                now = after(now, Duration::from_millis(step));
                budget.mark_limited(now);
                match take(&mut budget, now) {
                    Admission::Go => {
                        sent.push(now);
                        budget.done(true);
                    }
                    Admission::Until(opens) => {
                        prop_assert!(opens > now && opens <= after(now, WINDOW));
                    }
                    Admission::Turn => prop_assert!(false, "nobody else waits"),
                }
                let window = sent.iter().filter(|at| **at > before(now, WINDOW)).count();
                prop_assert!(window <= REQUESTS);
            }
        }

        #[test]
        fn a_budget_always_opens_again(
            events in prop::collection::vec((0..4u8, 0..30_000u64), 1..100),
        ) {
            let (mut budget, mut now) = (Budget::default(), now());
            let mut flying = Vec::new();
            for (event, step) in events {
                now = after(now, Duration::from_millis(step));
                match (event, flying.pop()) {
                    (0, Some(sent)) => { budget.refused(sent, None, now); }
                    (1, Some(sent)) => {
                        budget.refused(sent, Some(Duration::from_millis(step * 100)), now);
                    }
                    (2, Some(_)) => budget.done(true),
                    (_, before) => {
                        flying.extend(before);
                        if take(&mut budget, now) == Admission::Go { flying.push(now); }
                    }
                }
            }
            flying.iter().for_each(|_| budget.done(false));
            let later = after(now, LONGEST_PAUSE);
            prop_assert_eq!(take(&mut budget, later), Admission::Go);
        }
    }
}
