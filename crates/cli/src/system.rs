//! The system's clock, timer, randomness and spawner. No other code uses them directly.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use futures::future::BoxFuture;
use snappy_domain::{Clock, Random, Runtime, Spawn, Timer, Timestamp};

/// The runtime of the real system.
#[must_use]
pub fn runtime() -> Runtime {
    Runtime {
        clock: Arc::new(SystemClock),
        timer: Arc::new(SystemTimer),
        random: Arc::new(SystemRandom),
        spawner: Arc::new(SystemSpawner),
    }
}

/// Tokio's timer.
#[derive(Debug, Clone, Copy)]
pub struct SystemTimer;

#[async_trait]
impl Timer for SystemTimer {
    async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}

/// Tokio's spawner.
#[derive(Debug, Clone, Copy)]
pub struct SystemSpawner;

impl Spawn for SystemSpawner {
    fn spawn(&self, work: BoxFuture<'static, ()>) {
        tokio::spawn(work);
    }
}

/// The system's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that is injected elsewhere")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX)
    }
}

/// The system's randomness.
#[derive(Debug, Clone, Copy)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[expect(clippy::disallowed_methods, reason = "this is the source that is injected elsewhere")]
    fn fill(&self, bytes: &mut [u8]) {
        if getrandom::fill(bytes).is_err() {
            // Without randomness, tokens would be guessable.
            tracing::error!("The system provides no random bytes");
            std::process::abort();
        }
    }
}
