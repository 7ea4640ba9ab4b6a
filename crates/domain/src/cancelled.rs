//! Whether whoever asked still waits.

use std::fmt::{self, Debug};
use std::sync::Arc;

/// Tells whether the client has gone away meanwhile.
#[derive(Clone, Default)]
pub struct Cancelled(Option<Arc<dyn Fn() -> bool + Send + Sync>>);

impl Cancelled {
    /// Asks `check` each time.
    pub fn when(check: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(check)))
    }

    /// Whether it has gone away by now.
    #[must_use]
    pub fn now(&self) -> bool {
        self.0.as_ref().is_some_and(|check| check())
    }
}

impl Debug for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cancelled({})", self.now())
    }
}
