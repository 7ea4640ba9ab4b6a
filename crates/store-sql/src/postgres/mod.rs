//! PostgreSQL: one database that many replicas share.

mod accounts;
mod changes;
mod clients;
mod grants;

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use changes::Changes;
use snappy_domain::{Keyring, Random};
use snappy_store::{Applied, Resealed, Store, StoreResult};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgQueryResult};
use sqlx::{Connection as _, PgConnection, PgPool};

use crate::rows::SealedRow;
use crate::seal::Sealer;
use crate::{OpenError, unavailable};

/// The most connections of one process, with the one it listens on.
const CONNECTIONS: u32 = 16;
const WAIT: Duration = Duration::from_secs(5);

/// The storage in one PostgreSQL database.
#[derive(Debug, Clone)]
pub struct PostgresStore {
    pool: PgPool,
    sealer: Sealer,
    changes: Changes,
}

impl PostgresStore {
    /// Connects to the database at `url` (`postgres://…`) and brings the schema up to date. Several
    /// processes may do so at once, and an older version may go on beside a newer one: migrations
    /// only add.
    ///
    /// # Errors
    /// When the address is not one of a database, or it can't be reached or migrated.
    pub async fn open(
        url: &str,
        keys: Arc<Keyring>,
        random: Arc<dyn Random>,
    ) -> Result<Self, OpenError> {
        // The error would show the address with its password.
        let options = PgConnectOptions::from_str(url)
            .map_err(|_| OpenError::Address("it is not postgres://user:password@host/name".into()))?
            .application_name("snappy-mcp");
        // Others may be migrating, and a migration may take its time.
        let mut db = PgConnection::connect_with(&options).await.map_err(OpenError::Open)?;
        let sealer = Sealer { keys, random };
        check_keys(&mut db, &sealer).await?;
        let mut migrations = sqlx::migrate!("migrations/postgres");
        // A newer version may have added some.
        migrations.set_ignore_missing(true);
        migrations.run(&mut db).await?;
        // Of several that start on an empty database, the first decides about the keys.
        sqlx::query("INSERT INTO key_check (id, sealed) VALUES (1, $1) ON CONFLICT DO NOTHING")
            .bind(sealer.seal_check()?)
            .execute(&mut db)
            .await
            .map_err(OpenError::Open)?;
        check_keys(&mut db, &sealer).await?;
        // With the newest key, so that an older one can be dropped once its records are.
        sqlx::query("UPDATE key_check SET sealed = $1 WHERE id = 1")
            .bind(sealer.seal_check()?)
            .execute(&mut db)
            .await
            .map_err(OpenError::Open)?;
        db.close().await.map_err(OpenError::Open)?;
        // Nothing waits for ever at the server: what takes longer is trouble, which is told and passes.
        let options = options.options([("lock_timeout", "5s"), ("statement_timeout", "15s")]);
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(WAIT)
            .connect_with(options)
            .await
            .map_err(OpenError::Open)?;
        let changes = Changes::listen(pool.clone());
        Ok(Self { pool, sealer, changes })
    }
}

/// Whether the keys open what is there. Before anything is changed.
async fn check_keys(db: &mut PgConnection, sealer: &Sealer) -> Result<(), OpenError> {
    let table: (bool,) = sqlx::query_as("SELECT to_regclass('key_check') IS NOT NULL")
        .fetch_one(&mut *db)
        .await
        .map_err(OpenError::Open)?;
    if !table.0 {
        return Ok(());
    }
    let sealed: Option<(Vec<u8>,)> = sqlx::query_as("SELECT sealed FROM key_check")
        .fetch_optional(db)
        .await
        .map_err(OpenError::Open)?;
    sealed.map_or(Ok(()), |(sealed,)| sealer.open_check(&sealed))
}

/// Whether a conditional statement changed its row.
fn applied(result: &PgQueryResult) -> Applied {
    if result.rows_affected() > 0 { Applied::Yes } else { Applied::No }
}

#[async_trait]
impl Store for PostgresStore {
    async fn check(&self) -> StoreResult<()> {
        // A write that changes nothing: it fails where a real one would.
        sqlx::query("UPDATE clients SET used_at = used_at WHERE id = ''")
            .execute(&self.pool)
            .await
            .map_err(unavailable)?;
        Ok(())
    }

    async fn reseal(&self) -> StoreResult<Resealed> {
        let sql = "SELECT id, sealed_profile, sealed_credential FROM accounts ORDER BY id";
        let rows = sqlx::query_as::<_, SealedRow>(sql).fetch_all(&self.pool).await;
        let mut done = Resealed::default();
        for row in rows.map_err(unavailable)? {
            let Some(anew) = row.sealed_anew(&self.sealer, &mut done)? else { continue };
            let changed = sqlx::query(
                "UPDATE accounts SET sealed_profile = $1, sealed_credential = $2
                 WHERE id = $3 AND sealed_profile = $4 AND sealed_credential = $5",
            )
            .bind(anew.sealed_profile)
            .bind(anew.sealed_credential)
            .bind(row.id)
            .bind(row.sealed_profile)
            .bind(row.sealed_credential)
            .execute(&self.pool)
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
        self.changes.stop();
        self.pool.close().await;
    }
}
