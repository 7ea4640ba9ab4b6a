//! Values that exist while somebody uses them: one for each key, made when it is first needed.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// One `T` for each `K` that somebody holds right now.
#[derive(Debug)]
pub struct Held<K, T>(Mutex<HashMap<K, Weak<T>>>);

impl<K, T> Default for Held<K, T> {
    fn default() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl<K: Hash + Eq, T: Default> Held<K, T> {
    /// The key's value: the one others hold, or a new one.
    #[must_use]
    pub fn get(&self, key: K) -> Arc<T> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = held.get(&key).and_then(Weak::upgrade) {
            return value;
        }
        held.retain(|_, value| value.strong_count() > 0);
        let value = Arc::new(T::default());
        held.insert(key, Arc::downgrade(&value));
        value
    }
}
