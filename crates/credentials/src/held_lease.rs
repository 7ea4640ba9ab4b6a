//! The lease of a refresh, as its holder sees it.

use std::sync::atomic::{AtomicI64, Ordering};

use snappy_domain::{Clock, Timestamp};

/// The lease of a running refresh.
#[derive(Debug)]
pub struct HeldLease<'a> {
    clock: &'a dyn Clock,
    /// Its end, in milliseconds.
    until: AtomicI64,
}

impl<'a> HeldLease<'a> {
    pub(crate) fn new(clock: &'a dyn Clock, until: Timestamp) -> Self {
        Self { clock, until: AtomicI64::new(until.as_millisecond()) }
    }

    pub(crate) fn extend(&self, until: Timestamp) {
        self.until.store(until.as_millisecond(), Ordering::Release);
    }

    pub(crate) fn lose(&self) {
        self.until.store(i64::MIN, Ordering::Release);
    }

    /// Whether it is held now. A process that stalled may find that it is not.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.clock.now().as_millisecond() < self.until.load(Ordering::Acquire)
    }
}
