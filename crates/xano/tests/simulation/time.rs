//! Virtual time, and the points at which the scheduler may switch to another call.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use snappy_domain::{Clock, Timer, Timestamp};

/// The beginning of the time, in milliseconds since 1970.
pub const EPOCH: i64 = 1_767_225_600_000;

/// The time of the whole simulation, in milliseconds.
#[derive(Debug, Clone, Default)]
pub struct Time(Arc<AtomicI64>);

impl Time {
    pub fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    pub fn advance(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }

    /// Completes when the time is reached.
    pub async fn until(&self, at: i64) {
        poll_fn(|_| if self.now() >= at { Poll::Ready(()) } else { Poll::Pending }).await;
    }
}

/// Yields to the scheduler.
pub async fn step() {
    let mut has_yielded = false;
    poll_fn(|_| {
        if std::mem::replace(&mut has_yielded, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// The clock of a process.
#[derive(Debug)]
pub struct SkewedClock {
    pub time: Time,
    pub skew: i64,
}

impl Clock for SkewedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(EPOCH + self.time.now() + self.skew).unwrap()
    }
}

#[async_trait]
impl Timer for Time {
    async fn sleep(&self, span: Duration) {
        let span = i64::try_from(span.as_millis()).unwrap();
        self.until(self.now() + span).await;
    }
}
