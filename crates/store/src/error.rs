//! Why the storage could not answer.

/// Why storage could not answer. Always the operator's problem, never the caller's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The storage is out of reach or overloaded; trying again may work. A change may have been made.
    #[error("the storage is not available: {0}")]
    Unavailable(String),
    /// A record is not what this program writes; trying again does not help.
    #[error("a stored {what} can't be read: {why}")]
    Corrupt {
        /// Which kind of record.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

impl StoreError {
    /// A record of a kind that can't be read.
    #[must_use]
    pub fn corrupt(what: &'static str, why: impl ToString) -> Self {
        Self::Corrupt { what, why: why.to_string() }
    }
}

/// The result of a storage call.
pub type StoreResult<T> = Result<T, StoreError>;
