//! The SQL backend of the storage traits, on two engines. SQLite is the embedded default; it lives in one
//! file, writes ahead, and makes a commit durable before it answers, so that a crash loses nothing that
//! was answered. PostgreSQL is for several replicas that share one database.
//!
//! The statements are written once, for both engines ([`db`]); what differs (opening, locks,
//! notifications) stands in [`sqlite`] and [`postgres`]. Rows are decoded by [`snappy_store::codec`],
//! secrets are sealed by [`snappy_store::sealing`]. A column or table keeps the name it was first given:
//! `accounts` holds credentials.
//!
//! ```
//! use std::sync::Arc;
//! use snappy_domain::random::SeededRandom;
//! use snappy_domain::{Keyring, Secret};
//! use snappy_store::Store as _;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! # let dir = tempfile::tempdir().unwrap();
//! let url = format!("sqlite://{}", dir.path().join("snappy.db").display());
//! let keys = Arc::new(Keyring::new(&[Secret::new("at-least-16-characters")]).unwrap());
//! let store = snappy_store_sql::open(&url, keys, Arc::new(SeededRandom::new(1))).await.unwrap();
//! store.check().await.unwrap();
//! store.close().await;
//! # });
//! ```

mod clients;
mod credentials;
mod db;
mod directory;
mod grants;
#[cfg(feature = "postgres")]
mod postgres;
mod sqlite;
mod sweeps;
#[cfg(all(feature = "testing", feature = "postgres"))]
pub mod testing;

use std::sync::Arc;

use async_trait::async_trait;
use snappy_domain::{Keyring, Random};
use snappy_store::sealing::Sealer;
use snappy_store::{Store, StoreError, StoreResult};

use db::{Database, args};

/// The storage in one SQL database.
#[derive(Debug, Clone)]
pub struct SqlStore {
    db: Database,
    sealer: Sealer,
}

/// Opens the database at a URL: `sqlite://` with the path of a file, or `postgres://`.
///
/// # Errors
/// See [`OpenError`].
pub async fn open(
    url: &str,
    keys: Arc<Keyring>,
    random: Arc<dyn Random>,
) -> Result<SqlStore, OpenError> {
    let sealer = Sealer { keys, random };
    let db = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        #[cfg(feature = "postgres")]
        let db = postgres::open(url, &sealer).await?;
        #[cfg(not(feature = "postgres"))]
        let db = Err(OpenError::Url("this build has no support for PostgreSQL".into()))?;
        db
    } else {
        sqlite::open(url, &sealer).await?
    };
    Ok(SqlStore { db, sealer })
}

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

/// The sealed value by which the next start checks the keys.
fn seal_check(sealer: &Sealer) -> Result<Vec<u8>, OpenError> {
    sealer.seal_check().map_err(|error| OpenError::KeyCheck(error.to_string()))
}

/// Whether the keys open the value of an earlier start, if there was one.
fn check_keys(sealer: &Sealer, sealed: Option<(Vec<u8>,)>) -> Result<(), OpenError> {
    use snappy_domain::keys;
    let Some((sealed,)) = sealed else { return Ok(()) };
    sealer.open_check(&sealed).map_err(|error| match error {
        keys::OpenError::UnknownKey => OpenError::Key,
        keys::OpenError::Damaged => OpenError::KeyCheck(error.to_string()),
    })
}

/// What an SQL error means to a caller: unavailable storage, in a text without row data.
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

#[async_trait]
impl Store for SqlStore {
    async fn check(&self) -> StoreResult<()> {
        // A write that changes nothing: it fails on a full or read-only disk as a real one would.
        self.db.write("UPDATE clients SET used_at = used_at WHERE id = ''", args![]).await?;
        self.db.read("SELECT 1", args![]).await?;
        Ok(())
    }

    async fn close(&self) {
        self.db.close().await;
    }
}
