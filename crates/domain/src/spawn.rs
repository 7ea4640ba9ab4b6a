//! Work that runs on its own, injected like the time.

use std::fmt::Debug;

use futures::channel::oneshot;
use futures::future::BoxFuture;
use tracing::Instrument as _;

use crate::Cancelled;

/// Starts work that runs on its own.
pub trait Spawn: Send + Sync + Debug {
    /// Starts `work`, which runs to its end although nobody waits for it.
    fn spawn(&self, work: BoxFuture<'static, ()>);
}

/// Runs `work` to its end and returns its output.
///
/// Dropping the returned future does not stop the work: it sets the [`Cancelled`] that the work was given, and
/// the work goes on. Servers drop the future of a request when its client goes away.
///
/// Returns `None` when the work panicked or the spawner dropped it.
pub async fn run_to_end<F>(
    spawner: &dyn Spawn,
    work: impl FnOnce(Cancelled) -> F,
) -> Option<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let (_guard, cancelled) = Cancelled::on_drop();
    let (sender, receiver) = oneshot::channel();
    let work = work(cancelled);
    let work = async move {
        // The receiver is gone when the client is.
        let _ = sender.send(work.await);
    };
    spawner.spawn(Box::pin(work.in_current_span()));
    receiver.await.ok()
}

/// For tests whose work never has to wait: runs it as far as it goes at once, then drops it.
#[cfg(feature = "testing")]
#[derive(Debug, Clone, Copy)]
pub struct RunAtOnce;

#[cfg(feature = "testing")]
impl Spawn for RunAtOnce {
    fn spawn(&self, work: BoxFuture<'static, ()>) {
        let _ = futures::FutureExt::now_or_never(work);
    }
}

/// For tests that spawn nothing: drops the work.
#[cfg(feature = "testing")]
#[derive(Debug, Clone, Copy)]
pub struct NoSpawner;

#[cfg(feature = "testing")]
impl Spawn for NoSpawner {
    fn spawn(&self, _: BoxFuture<'static, ()>) {}
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures::FutureExt as _;

    use super::*;

    /// Keeps the work for the test to run.
    #[derive(Default)]
    struct Kept(Mutex<Option<BoxFuture<'static, ()>>>);

    impl Debug for Kept {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("Kept")
        }
    }

    impl Spawn for Kept {
        fn spawn(&self, work: BoxFuture<'static, ()>) {
            *self.0.lock().unwrap() = Some(work);
        }
    }

    #[test]
    fn the_work_goes_on_and_knows_that_nobody_waits() {
        let spawner = Kept::default();
        let (sender, receiver) = std::sync::mpsc::channel();
        let mut waiting = Box::pin(run_to_end(&spawner, |cancelled| async move {
            sender.send(cancelled.now()).unwrap();
        }));
        assert!(waiting.as_mut().now_or_never().is_none());
        drop(waiting);
        spawner.0.lock().unwrap().take().unwrap().now_or_never().unwrap();
        assert_eq!(receiver.recv(), Ok(true));
    }

    #[test]
    fn whoever_waits_gets_the_output() {
        let spawner = Kept::default();
        let mut waiting =
            Box::pin(run_to_end(&spawner, |cancelled| async move { cancelled.now() }));
        assert!(waiting.as_mut().now_or_never().is_none());
        spawner.0.lock().unwrap().take().unwrap().now_or_never().unwrap();
        assert_eq!(waiting.now_or_never(), Some(Some(false)));
    }

    #[test]
    fn work_that_was_dropped_has_no_output() {
        assert_eq!(run_to_end(&NoSpawner, |_| async {}).now_or_never(), Some(None));
    }
}
