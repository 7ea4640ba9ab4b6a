//! What an SQL error means.

use snappy_store::StoreError;

/// Why a database can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL is not one of a database that this build knows.
    #[error("{0}")]
    Url(String),
    /// The file or server can't be opened.
    #[error("the database can't be opened: {0}")]
    Open(sqlx::Error),
    /// The schema can't be brought up to date.
    #[error("the database schema can't be updated: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// It was sealed with keys that are not among the given ones.
    #[error(
        "none of the keys opens the database, which was encrypted with another one. Add that key \
         after the newest one, separated by a comma. Nothing was changed"
    )]
    Key,
    /// The value that the keys are checked with can't be sealed or read.
    #[error("the keys can't be checked: {0}")]
    KeyCheck(String),
    /// The file can't be made private to its owner.
    #[error("the database file can't be created: {0}")]
    File(#[from] std::io::Error),
}

/// What an SQL error means to a caller: unavailable storage, in a text without row data.
pub(crate) fn unavailable(error: sqlx::Error) -> StoreError {
    tracing::error!(error = %error, "Storage call failed");
    StoreError::Unavailable(match error {
        sqlx::Error::PoolTimedOut => "no connection became free in time".into(),
        sqlx::Error::Database(error) => {
            format!("the database answered {}", error.code().unwrap_or("an error".into()))
        }
        other => other.to_string(),
    })
}
