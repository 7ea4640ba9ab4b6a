//! PostgreSQL: one database that many replicas share.

pub(crate) mod changes;

use std::str::FromStr;
use std::time::Duration;

use snappy_store::sealing::Sealer;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, PgConnection};

use changes::Changes;

use crate::OpenError;
use crate::db::Database;
use crate::key_check::{check_keys, seal_check};

/// The most connections of one process, including the one that it listens on.
const CONNECTIONS: u32 = 16;
const WAIT: Duration = Duration::from_secs(5);

/// Connects to the database at `url` (`postgres://…`) and updates the schema. Several processes may do so
/// at once, and an older version may go on beside a newer one: migrations only add.
pub(crate) async fn open(url: &str, sealer: &Sealer) -> Result<Database, OpenError> {
    // The error would show the URL with its password.
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| OpenError::Url("it is not postgres://user:password@host/name".into()))?
        .application_name("snappy-mcp");
    // Others may be migrating, and a migration may take its time: no statement timeout here.
    let mut db = PgConnection::connect_with(&options).await.map_err(OpenError::Open)?;
    check_keys(sealer, stored_check(&mut db).await?)?;
    let mut migrations = sqlx::migrate!("migrations/postgres");
    // A newer version may have added some.
    migrations.set_ignore_missing(true);
    migrations.run(&mut db).await?;
    // Of several that start on an empty database, the first decides about the keys.
    for statement in [
        "INSERT INTO key_check (id, sealed) VALUES (1, $1) ON CONFLICT DO NOTHING",
        // With the newest key, so that an older one can be dropped once its records are.
        "UPDATE key_check SET sealed = $1 WHERE id = 1",
    ] {
        check_keys(sealer, stored_check(&mut db).await?)?;
        sqlx::query(statement)
            .bind(seal_check(sealer)?)
            .execute(&mut db)
            .await
            .map_err(OpenError::Open)?;
    }
    db.close().await.map_err(OpenError::Open)?;
    // No statement waits for ever at the server: what takes longer is an error that can be repeated.
    let options = options.options([("lock_timeout", "5s"), ("statement_timeout", "15s")]);
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(WAIT)
        .connect_with(options)
        .await
        .map_err(OpenError::Open)?;
    let changes = Changes::listen(pool.clone());
    Ok(Database::Postgres { pool, changes })
}

/// The value of an earlier start that the keys are checked with.
async fn stored_check(db: &mut PgConnection) -> Result<Option<(Vec<u8>,)>, OpenError> {
    let table: (bool,) = sqlx::query_as("SELECT to_regclass('key_check') IS NOT NULL")
        .fetch_one(&mut *db)
        .await
        .map_err(OpenError::Open)?;
    if !table.0 {
        return Ok(None);
    }
    let sealed = sqlx::query_as("SELECT sealed FROM key_check").fetch_optional(db).await;
    sealed.map_err(OpenError::Open)
}
