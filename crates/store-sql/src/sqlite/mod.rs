//! SQLite: one file, one writer, many readers.

mod accounts;
mod clients;
mod grants;

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use snappy_domain::{Keyring, Random};
use snappy_store::{Applied, Resealed, Store, StoreResult};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteQueryResult,
    SqliteSynchronous,
};

use crate::rows::SealedRow;
use crate::seal::Sealer;
use crate::{OpenError, unavailable};

const READERS: u32 = 4;
const WAIT: Duration = Duration::from_secs(5);

/// The storage in one SQLite file.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    /// One connection: SQLite has one writer anyway, and a queue in front of it is fairer than its
    /// busy handler.
    writer: SqlitePool,
    readers: SqlitePool,
    sealer: Sealer,
}

impl SqliteStore {
    /// Opens the database at `url` (`sqlite:///absolute/path` or `sqlite://relative/path`), makes
    /// the file (readable by its owner alone) when there is none, and brings the schema up to date.
    ///
    /// # Errors
    /// When the address is not one of a file, or the file can't be opened, made, or migrated.
    pub async fn open(
        url: &str,
        keys: Arc<Keyring>,
        random: Arc<dyn Random>,
    ) -> Result<Self, OpenError> {
        let named = url.strip_prefix("sqlite://").filter(|path| !path.is_empty());
        if named.is_none_or(|path| path.contains(":memory:")) {
            return Err(OpenError::Address("it is not sqlite:// with the path of a file".into()));
        }
        let options = SqliteConnectOptions::from_str(url)
            .map_err(|error| OpenError::Address(error.to_string()))?;
        make_private(options.get_filename())?;
        let options = options
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(WAIT);
        let pool = |size| SqlitePoolOptions::new().max_connections(size).acquire_timeout(WAIT);
        let writer = pool(1).connect_with(options.clone()).await.map_err(OpenError::Open)?;
        let sealer = Sealer { keys, random };
        check_keys(&writer, &sealer).await?;
        let mut migrations = sqlx::migrate!("migrations/sqlite");
        // A newer version may have added some.
        migrations.set_ignore_missing(true);
        migrations.run(&writer).await?;
        // With the newest key, so that an older one can be dropped once its records are.
        sqlx::query("INSERT OR REPLACE INTO key_check (id, sealed) VALUES (1, ?)")
            .bind(sealer.seal_check()?)
            .execute(&writer)
            .await
            .map_err(OpenError::Open)?;
        let readers =
            pool(READERS).connect_with(options.read_only(true)).await.map_err(OpenError::Open)?;
        Ok(Self { writer, readers, sealer })
    }
}

/// Whether the keys open what is there. Before anything is changed.
async fn check_keys(db: &SqlitePool, sealer: &Sealer) -> Result<(), OpenError> {
    let table = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'key_check'";
    if sqlx::query(table).fetch_optional(db).await.map_err(OpenError::Open)?.is_none() {
        return Ok(());
    }
    let sealed: Option<(Vec<u8>,)> = sqlx::query_as("SELECT sealed FROM key_check")
        .fetch_optional(db)
        .await
        .map_err(OpenError::Open)?;
    sealed.map_or(Ok(()), |(sealed,)| sealer.open_check(&sealed))
}

/// Makes an empty file that only its owner can read (and the directories above it), unless there is one; SQLite gives its
/// side files the same mode.
fn make_private(path: &Path) -> std::io::Result<()> {
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        std::fs::create_dir_all(parent)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Whether a conditional statement changed its row.
fn applied(result: &SqliteQueryResult) -> Applied {
    if result.rows_affected() > 0 { Applied::Yes } else { Applied::No }
}

#[async_trait]
impl Store for SqliteStore {
    async fn check(&self) -> StoreResult<()> {
        // A write that changes nothing: it fails on a full or read-only disk as a real one would.
        sqlx::query("UPDATE clients SET used_at = used_at WHERE id = ''")
            .execute(&self.writer)
            .await
            .map_err(unavailable)?;
        sqlx::query("SELECT 1").execute(&self.readers).await.map_err(unavailable)?;
        Ok(())
    }

    async fn reseal(&self) -> StoreResult<Resealed> {
        let sql = "SELECT id, sealed_profile, sealed_credential FROM accounts ORDER BY id";
        let rows = sqlx::query_as::<_, SealedRow>(sql).fetch_all(&self.readers).await;
        let mut done = Resealed::default();
        for row in rows.map_err(unavailable)? {
            let Some(anew) = row.sealed_anew(&self.sealer, &mut done)? else { continue };
            let changed = sqlx::query(
                "UPDATE accounts SET sealed_profile = ?, sealed_credential = ?
                 WHERE id = ? AND sealed_profile = ? AND sealed_credential = ?",
            )
            .bind(anew.sealed_profile)
            .bind(anew.sealed_credential)
            .bind(row.id)
            .bind(row.sealed_profile)
            .bind(row.sealed_credential)
            .execute(&self.writer)
            .await
            .map_err(unavailable)?;
            // What was changed meanwhile was sealed by whoever changed it.
            if applied(&changed) == Applied::Yes {
                done.renewed += 1;
            }
        }
        Ok(done)
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
