//! SQLite: one file, one writer, many readers.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use snappy_store::sealing::Sealer;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use crate::OpenError;
use crate::db::Database;
use crate::key_check::{check_keys, seal_check};

const READERS: u32 = 4;
/// How long a call waits for a connection, and a writer for another process.
const WAIT: Duration = Duration::from_secs(5);

/// Opens the database at `url` (`sqlite:///absolute/path` or `sqlite://relative/path`), creates the file
/// (readable by its owner alone) when there is none, and updates the schema.
pub(crate) async fn open(url: &str, sealer: &Sealer) -> Result<Database, OpenError> {
    let named = url.strip_prefix("sqlite://").filter(|path| !path.is_empty());
    if named.is_none_or(|path| path.contains(":memory:")) {
        return Err(OpenError::Url("it is not sqlite:// with the path of a file".into()));
    }
    let options =
        SqliteConnectOptions::from_str(url).map_err(|error| OpenError::Url(error.to_string()))?;
    create_private(options.get_filename())?;
    let options = options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(WAIT);
    let pool = |size| SqlitePoolOptions::new().max_connections(size).acquire_timeout(WAIT);
    let writer = pool(1).connect_with(options.clone()).await.map_err(OpenError::Open)?;
    check_keys(sealer, stored_check(&writer).await?)?;
    let mut migrations = sqlx::migrate!("migrations/sqlite");
    // A newer version may have added some.
    migrations.set_ignore_missing(true);
    migrations.run(&writer).await?;
    // With the newest key, so that an older one can be dropped once its records are.
    sqlx::query("INSERT OR REPLACE INTO key_check (id, sealed) VALUES (1, ?)")
        .bind(seal_check(sealer)?)
        .execute(&writer)
        .await
        .map_err(OpenError::Open)?;
    let readers = pool(READERS).connect_with(options.read_only(true)).await;
    Ok(Database::Sqlite { writer, readers: readers.map_err(OpenError::Open)? })
}

/// The value of an earlier start that the keys are checked with. Read before anything is changed.
async fn stored_check(db: &SqlitePool) -> Result<Option<(Vec<u8>,)>, OpenError> {
    let table = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'key_check'";
    if sqlx::query(table).fetch_optional(db).await.map_err(OpenError::Open)?.is_none() {
        return Ok(None);
    }
    let sealed = sqlx::query_as("SELECT sealed FROM key_check").fetch_optional(db).await;
    sealed.map_err(OpenError::Open)
}

/// Creates an empty file that only its owner can read, and the directories above it, unless there is
/// one; SQLite gives its side files the same mode.
fn create_private(path: &Path) -> std::io::Result<()> {
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        std::fs::create_dir_all(parent)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
