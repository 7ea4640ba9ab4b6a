//! The choices of one run, all from its seed.

use std::sync::{Arc, Mutex};

/// Random choices that everybody in the run shares.
#[derive(Debug, Clone)]
pub struct Dice(Arc<Mutex<u64>>);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)))
    }

    /// One of `0..sides` (xorshift64*).
    pub fn roll(&self, sides: u64) -> u64 {
        let mut state = self.0.lock().unwrap();
        *state ^= *state >> 12;
        *state ^= *state << 25;
        *state ^= *state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % sides
    }

    /// Whether something happens that happens once in `times`; never when `times` is 0.
    pub fn once_in(&self, times: u64) -> bool {
        times > 0 && self.roll(times) == 0
    }
}

impl snappy_domain::Random for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = u8::try_from(self.roll(256)).unwrap();
        }
    }
}
