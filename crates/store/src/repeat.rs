//! Repeating a change whose outcome is not known.

use std::time::Duration;

use snappy_domain::Timer;

use crate::{StoreError, StoreResult};

/// The pauses between the attempts.
const PAUSES: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(250)];

/// Makes a change, and repeats it when the storage gave no answer: the change may have been made, and the
/// answer lost. Every conditional change of the traits can be repeated with the same arguments.
///
/// # Errors
/// When the storage stays unavailable, or a record can't be read.
pub async fn repeat<T, F>(timer: &dyn Timer, change: impl Fn() -> F) -> StoreResult<T>
where
    F: Future<Output = StoreResult<T>>,
{
    for pause in PAUSES {
        match change().await {
            Err(StoreError::Unavailable(why)) => {
                tracing::warn!("A storage change is repeated: {why}");
                timer.sleep(pause).await;
            }
            done => return done,
        }
    }
    change().await
}
