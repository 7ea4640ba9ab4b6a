//! The store: opening it, and what concerns all of it.

use std::sync::Arc;

use async_trait::async_trait;
use snappy_domain::{Keyring, Random};
use snappy_store::sealing::Sealer;
use snappy_store::{Store, StoreResult};

use crate::db::{Database, args};
#[cfg(feature = "postgres")]
use crate::postgres;
use crate::{OpenError, sqlite};

/// The storage in one SQL database.
#[derive(Debug, Clone)]
pub struct SqlStore {
    pub(crate) db: Database,
    pub(crate) sealer: Sealer,
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
