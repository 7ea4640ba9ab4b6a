//! What the server takes from the system it runs on.

use std::sync::Arc;

use crate::{Clock, Random, Spawn, Timer};

/// The roles that a host fills.
#[derive(Debug, Clone)]
pub struct Runtime {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Waiting.
    pub timer: Arc<dyn Timer>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Starting work that runs on its own.
    pub spawner: Arc<dyn Spawn>,
}
