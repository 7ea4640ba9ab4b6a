//! One lock for each account, made when it is needed and gone when nobody waits for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use snappy_domain::AccountId;

/// Values of type `T`, one for each account that somebody is using right now.
#[derive(Debug, Default)]
pub(crate) struct PerAccount<T>(Mutex<HashMap<AccountId, Weak<T>>>);

impl<T: Default> PerAccount<T> {
    /// The account's value: the one others hold, or a new one.
    pub(crate) fn get(&self, account: AccountId) -> Arc<T> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = held.get(&account).and_then(Weak::upgrade) {
            return value;
        }
        held.retain(|_, value| value.strong_count() > 0);
        let value = Arc::new(T::default());
        held.insert(account, Arc::downgrade(&value));
        value
    }
}
