//! Virtual time, and the points at which the scheduler may let somebody else go on.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use snappy_domain::{Clock, Timer, Timestamp};

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

    /// Done when the time has come.
    pub async fn until(&self, at: i64) {
        poll_fn(|_| if self.now() >= at { Poll::Ready(()) } else { Poll::Pending }).await;
    }
}

/// Lets the scheduler choose who goes on.
pub async fn step() {
    let mut gave_way = false;
    poll_fn(
        |_| if std::mem::replace(&mut gave_way, true) { Poll::Ready(()) } else { Poll::Pending },
    )
    .await;
}

/// A process's clock, which may be wrong.
#[derive(Debug)]
pub struct SkewedClock {
    pub time: Time,
    pub skew: i64,
}

impl Clock for SkewedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(1_767_225_600_000 + self.time.now() + self.skew).unwrap()
    }
}

#[async_trait]
impl Timer for Time {
    async fn sleep(&self, span: Duration) {
        let span = i64::try_from(span.as_millis()).unwrap();
        self.until(self.now() + span).await;
    }
}
