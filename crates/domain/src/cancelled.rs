//! Whether the client of a call has gone away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Tells a call whether its client has gone away. The default never does.
#[derive(Debug, Clone, Default)]
pub struct Cancelled(Arc<AtomicBool>);

impl Cancelled {
    /// A flag, and the guard that sets it when it is dropped.
    #[must_use]
    pub fn on_drop() -> (CancelOnDrop, Self) {
        let cancelled = Self::default();
        (CancelOnDrop(cancelled.clone()), cancelled)
    }

    /// Whether the client has gone away by now.
    #[must_use]
    pub fn now(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Sets its [`Cancelled`] when it is dropped.
#[derive(Debug)]
pub struct CancelOnDrop(Cancelled);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Release);
    }
}
