//! Randomness, injected.

use std::fmt::Debug;

/// A source of unpredictable bytes. The binary gives the operating system's; tests give a seeded one.
pub trait Random: Send + Sync + Debug {
    /// Fills `bytes`. An implementation that cannot must end the process: nothing that asks for
    /// randomness here can go on safely without it.
    fn fill(&self, bytes: &mut [u8]);
}

/// `N` fresh bytes.
#[must_use]
pub fn bytes<const N: usize>(random: &dyn Random) -> [u8; N] {
    let mut bytes = [0; N];
    random.fill(&mut bytes);
    bytes
}

/// Bytes that depend on the seed and on how often it was asked: SHA-256 in counter mode.
#[cfg(feature = "testing")]
#[derive(Debug)]
pub struct SeededRandom {
    seed: u64,
    counter: std::sync::atomic::AtomicU64,
}

#[cfg(feature = "testing")]
impl SeededRandom {
    /// A source whose bytes follow from `seed` alone.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, counter: std::sync::atomic::AtomicU64::new(0) }
    }
}

#[cfg(feature = "testing")]
impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        use sha2::Digest as _;
        for chunk in bytes.chunks_mut(32) {
            let turn = self.counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let mut hasher = sha2::Sha256::new();
            hasher.update(self.seed.to_be_bytes());
            hasher.update(turn.to_be_bytes());
            for (to, from) in chunk.iter_mut().zip(hasher.finalize()) {
                *to = from;
            }
        }
    }
}
