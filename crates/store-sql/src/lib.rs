//! The SQL backends of the storage traits. SQLite is the embedded default; it lives in one file,
//! writes ahead, and makes a commit durable before it answers, so that a crash loses nothing that
//! was answered. PostgreSQL is for several replicas that share one database.
//!
//! Secrets are sealed (`seal`) or kept as keyed hashes; rows are decoded once for all engines
//! (`rows`); each engine has its own SQL and its own migrations.

#[cfg(feature = "postgres")]
pub mod postgres;
mod rows;
mod seal;
pub mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;

#[cfg(feature = "postgres")]
pub use postgres::PostgresStore;
pub use sqlite::SqliteStore;

use std::sync::Arc;

use snappy_domain::{Keyring, Random};
use snappy_store::{Store, StoreError};

/// Opens the database at an address, whichever engine it names.
///
/// # Errors
/// See [`OpenError`].
pub async fn open(
    url: &str,
    keys: Arc<Keyring>,
    random: Arc<dyn Random>,
) -> Result<Arc<dyn Store>, OpenError> {
    #[cfg(feature = "postgres")]
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(Arc::new(PostgresStore::open(url, keys, random).await?));
    }
    Ok(Arc::new(SqliteStore::open(url, keys, random).await?))
}

/// Why a database can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is not one of a database.
    #[error("{0}")]
    Address(String),
    /// The file or server can't be opened.
    #[error("the database can't be opened: {0}")]
    Open(sqlx::Error),
    /// The schema can't be brought up to date.
    #[error("the database's schema can't be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// It was sealed with keys that are not among the given ones.
    #[error(
        "none of the keys opens the database: it was sealed with another one. Give that one too \
         (after a comma, if there is a newer one). Nothing was changed"
    )]
    Key,
    /// The value that the keys are checked with can't be sealed or read.
    #[error("the keys can't be checked: {0}")]
    KeyCheck(String),
    /// The file can't be made private to its owner.
    #[error("the database file can't be made: {0}")]
    File(#[from] std::io::Error),
}

/// What an SQL error means to a caller: storage trouble, whose text never carries row data.
fn unavailable(error: sqlx::Error) -> StoreError {
    tracing::error!(error = %error, "Storage call failed");
    StoreError::Unavailable(match error {
        sqlx::Error::PoolTimedOut => "no connection became free in time".into(),
        sqlx::Error::Database(error) => {
            format!("the database answered {}", error.code().unwrap_or("an error".into()))
        }
        other => other.to_string(),
    })
}
