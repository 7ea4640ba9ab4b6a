//! Waiting for a request budget.

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::select;
use snappy_domain::{Cache, CredentialId, Runtime, Timestamp};
use tokio::sync::Notify;

use crate::budget::{Admission, Budget, CAPACITY, Key, Ticket};

#[derive(Debug, Default)]
struct Line {
    budget: Mutex<Budget>,
    /// Told when somebody else may be next.
    changed: Notify,
}

impl Line {
    fn budget(&self) -> MutexGuard<'_, Budget> {
        self.budget.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The budgets of all instances.
#[derive(Debug)]
pub(crate) struct Budgets(Cache<Key, Arc<Line>>);

impl Default for Budgets {
    fn default() -> Self {
        Self(Cache::new(CAPACITY))
    }
}

impl Budgets {
    fn line(&self, key: &Key) -> Arc<Line> {
        self.0.update(key.clone(), |line| Arc::clone(line))
    }

    /// Records that the instance has the free plan's limit (`rate_limit`).
    pub(crate) fn mark_limited(&self, key: &Key, now: Timestamp) {
        self.line(key).budget().mark_limited(now);
    }

    /// Waits until the budget allows a request of the credential.
    ///
    /// # Errors
    /// When that takes longer than until `deadline`; gives when to try again.
    pub(crate) async fn enter(
        &self,
        key: &Key,
        credential: CredentialId,
        runtime: &Runtime,
        deadline: Timestamp,
    ) -> Result<InFlight, Timestamp> {
        let line = self.line(key);
        let ticket = line.budget().join(credential).ok_or(deadline)?;
        // Whoever goes away in the meantime leaves the line.
        let waiting = Waiting { line: &line, ticket };
        loop {
            let changed = line.changed.notified();
            let now = runtime.clock.now();
            let admission = line.budget().admit(ticket, now);
            match admission {
                Admission::Go => {
                    drop(waiting);
                    let line = Arc::clone(&line);
                    return Ok(InFlight { line, sent: now, open: true });
                }
                Admission::Until(opens) if opens > deadline => return Err(opens),
                Admission::Turn if now > deadline => return Err(deadline),
                Admission::Until(opens) => {
                    let left = Duration::try_from(opens.duration_since(now)).unwrap_or_default();
                    select(pin!(changed), runtime.timer.sleep(left)).await;
                }
                Admission::Turn => changed.await,
            }
        }
    }
}

struct Waiting<'a> {
    line: &'a Line,
    ticket: Ticket,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.line.budget().leave(self.ticket);
        self.line.changed.notify_waiters();
    }
}

/// A request that the budget allowed. When it is dropped without a word, nobody knows whether Xano answered.
#[derive(Debug)]
pub(crate) struct InFlight {
    line: Arc<Line>,
    sent: Timestamp,
    open: bool,
}

impl InFlight {
    /// Xano answered, with anything but 429.
    pub(crate) fn answered(mut self) {
        self.open = false;
        self.line.budget().done(true);
        self.line.changed.notify_waiters();
    }

    /// Xano answered with 429. Returns when the next request may be sent.
    pub(crate) fn refused(mut self, retry_after: Option<Duration>, now: Timestamp) -> Timestamp {
        self.open = false;
        let opens = self.line.budget().refused(self.sent, retry_after, now);
        self.line.changed.notify_waiters();
        opens
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if self.open {
            self.line.budget().done(false);
            self.line.changed.notify_waiters();
        }
    }
}
