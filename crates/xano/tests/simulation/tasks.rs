//! What a process runs on its own: refreshes, which outlive the calls that began them.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};

use futures::future::BoxFuture;
use snappy_domain::Spawn;

use crate::time::Time;

struct Task {
    polled_at: i64,
    work: BoxFuture<'static, ()>,
}

/// The tasks of one process.
#[derive(Clone)]
pub struct Tasks {
    time: Time,
    tasks: Arc<Mutex<Vec<Task>>>,
}

impl fmt::Debug for Tasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tasks")
    }
}

impl Spawn for Tasks {
    fn spawn(&self, work: BoxFuture<'static, ()>) {
        self.tasks.lock().unwrap().push(Task { polled_at: self.time.now(), work });
    }
}

impl Tasks {
    pub fn new(time: Time) -> Self {
        Self { time, tasks: Arc::default() }
    }

    pub fn len(&self) -> usize {
        self.tasks.lock().unwrap().len()
    }

    /// When each of them was polled last.
    pub fn polled_at(&self) -> Vec<i64> {
        self.tasks.lock().unwrap().iter().map(|task| task.polled_at).collect()
    }

    /// Goes on with one of them.
    pub fn poll(&self, chosen: usize) {
        let mut task = self.tasks.lock().unwrap().swap_remove(chosen);
        task.polled_at = self.time.now();
        let mut context = Context::from_waker(Waker::noop());
        if task.work.as_mut().poll(&mut context).is_pending() {
            self.tasks.lock().unwrap().push(task);
        }
    }

    /// Drops them where they are. The tasks hold this spawner, so dropping it is not enough.
    pub fn crash(&self) {
        let dropped = std::mem::take(&mut *self.tasks.lock().unwrap());
        drop(dropped);
    }
}
