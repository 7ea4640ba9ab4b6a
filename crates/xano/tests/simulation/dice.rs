//! The choices of one run, all from its seed.

use std::sync::{Arc, Mutex};

use rand::rngs::ChaCha8Rng;
use rand::{Rng as _, SeedableRng as _};

/// Random choices that everybody in the run shares.
#[derive(Debug, Clone)]
pub struct Dice(Arc<Mutex<ChaCha8Rng>>);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(ChaCha8Rng::seed_from_u64(seed))))
    }

    /// One of `0..sides`.
    pub fn roll(&self, sides: u64) -> u64 {
        self.0.lock().unwrap().next_u64() % sides
    }

    /// Whether something happens that happens once in `times`; never when `times` is 0.
    pub fn once_in(&self, times: u64) -> bool {
        times > 0 && self.roll(times) == 0
    }
}

impl snappy_domain::Random for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap().fill_bytes(bytes);
    }
}
