//! Randomness, injected.

use std::fmt::Debug;

/// A source of unpredictable bytes. The binary gives the operating system's; tests give a seeded one.
pub trait Random: Send + Sync + Debug {
    /// Fills `bytes`. An implementation that can't must abort the process: no caller can continue
    /// safely without randomness.
    fn fill(&self, bytes: &mut [u8]);
}

/// `N` fresh bytes.
#[must_use]
pub fn bytes<const N: usize>(random: &dyn Random) -> [u8; N] {
    let mut bytes = [0; N];
    random.fill(&mut bytes);
    bytes
}

/// Reproducible bytes for tests.
#[cfg(feature = "testing")]
#[derive(Debug)]
pub struct SeededRandom(std::sync::Mutex<rand::rngs::ChaCha8Rng>);

#[cfg(feature = "testing")]
impl SeededRandom {
    /// A source whose bytes follow from `seed` alone.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        use rand::SeedableRng as _;
        Self(std::sync::Mutex::new(rand::rngs::ChaCha8Rng::seed_from_u64(seed)))
    }
}

#[cfg(feature = "testing")]
impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        use rand::Rng as _;
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(bytes);
    }
}
