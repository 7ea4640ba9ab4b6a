//! One shared value, usually a lock, for each key that is in use.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// Gives everybody who asks for a key at the same time the same `T`. A value is dropped with its last
/// user, so the map holds no more entries than are in use.
///
/// ```
/// use snappy_domain::KeyedLocks;
///
/// let locks: KeyedLocks<u32, std::sync::Mutex<()>> = KeyedLocks::default();
/// let (first, second) = (locks.get(7), locks.get(7));
/// let _held = first.lock();
/// assert!(second.try_lock().is_err());
/// assert!(locks.get(8).try_lock().is_ok());
/// ```
#[derive(Debug)]
pub struct KeyedLocks<K, T>(Mutex<HashMap<K, Weak<T>>>);

impl<K, T> Default for KeyedLocks<K, T> {
    fn default() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl<K: Hash + Eq, T: Default> KeyedLocks<K, T> {
    /// The key's value: the one that others use, or a new one.
    #[must_use]
    pub fn get(&self, key: K) -> Arc<T> {
        let mut values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = values.get(&key).and_then(Weak::upgrade) {
            return value;
        }
        values.retain(|_, value| value.strong_count() > 0);
        let value = Arc::new(T::default());
        values.insert(key, Arc::downgrade(&value));
        value
    }
}
