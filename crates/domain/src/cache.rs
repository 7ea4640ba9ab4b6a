//! A bounded cache that several tasks share.

use std::fmt;
use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use lru::LruCache;

/// At most so many entries; the least recently used one makes room for a new one.
///
/// ```
/// use std::num::NonZeroUsize;
/// use snappy_domain::Cache;
///
/// let counts: Cache<&str, u32> = Cache::new(NonZeroUsize::MIN);
/// assert_eq!(counts.update("a", |count| { *count += 1; *count }), 1);
/// assert_eq!(counts.update("a", |count| { *count += 1; *count }), 2);
/// counts.update("b", |_| ());
/// assert_eq!(counts.look(&"a", |count| count.copied()), None, "it made room");
/// ```
pub struct Cache<K, V>(Mutex<LruCache<K, V>>);

impl<K: Hash + Eq, V: Default> Cache<K, V> {
    /// An empty cache with room for `capacity` entries.
    #[must_use]
    pub fn new(capacity: NonZeroUsize) -> Self {
        Self(Mutex::new(LruCache::new(capacity)))
    }

    /// Runs `work` on the key's entry, which is made first where there is none.
    pub fn update<T>(&self, key: K, work: impl FnOnce(&mut V) -> T) -> T {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        work(entries.get_or_insert_mut(key, V::default))
    }

    /// Runs `work` on the key's entry, if there is one. It changes nothing.
    pub fn look<T>(&self, key: &K, work: impl FnOnce(Option<&V>) -> T) -> T {
        work(self.0.lock().unwrap_or_else(PoisonError::into_inner).peek(key))
    }
}

impl<K: Hash + Eq, V> fmt::Debug for Cache<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        write!(f, "Cache({} of {})", entries.len(), entries.cap())
    }
}
