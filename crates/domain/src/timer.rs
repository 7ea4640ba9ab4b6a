//! Waiting, injected like the time itself.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;

/// Waits.
#[async_trait]
pub trait Timer: Send + Sync + Debug {
    /// Completes after `span`.
    async fn sleep(&self, span: Duration);
}
