//! One way to run a statement on either engine: values in, rows out.

use std::time::Duration;

use snappy_domain::{ClientId, CredentialId, GrantId, PersonId, Timestamp, TokenHash};
use snappy_store::codec::Columns;
use snappy_store::{Applied, StoreError, StoreResult};
#[cfg(feature = "postgres")]
use sqlx::postgres::{PgPool, PgRow};
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{Row as _, Sqlite, Transaction};

use crate::error::unavailable;
#[cfg(feature = "postgres")]
use crate::postgres::changes::Changes;

/// How soon the file is read again for what another process does.
const POLL: Duration = Duration::from_millis(100);
#[cfg(feature = "postgres")]
/// Locks a name until the end of the transaction.
const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
#[cfg(feature = "postgres")]
/// Tells other processes that a credential has changed; `changes` listens to it.
const NOTIFY: &str = "SELECT pg_notify('snappy_accounts', $1)";

/// A value of a statement. PostgreSQL wants to know the type of a NULL too.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text(Option<String>),
    Integer(Option<i64>),
    Bytes(Option<Vec<u8>>),
    Boolean(bool),
}

macro_rules! values {
    ($($from:ty => |$value:ident| $to:expr;)*) => {
        $(impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $to
            }
        })*
    };
}

values! {
    &str => |text| Self::Text(Some(text.to_owned()));
    String => |text| Self::Text(Some(text));
    Option<String> => |text| Self::Text(text);
    &ClientId => |id| Self::Text(Some(id.as_str().to_owned()));
    PersonId => |id| Self::Text(Some(id.to_string()));
    CredentialId => |id| Self::Text(Some(id.to_string()));
    GrantId => |id| Self::Text(Some(id.to_string()));
    i64 => |number| Self::Integer(Some(number));
    Option<i64> => |number| Self::Integer(number);
    u32 => |number| Self::Integer(Some(i64::from(number)));
    Timestamp => |at| Self::Integer(Some(at.as_millisecond()));
    Option<Timestamp> => |at| Self::Integer(at.map(Timestamp::as_millisecond));
    Vec<u8> => |bytes| Self::Bytes(Some(bytes));
    &TokenHash => |hash| Self::Bytes(Some(hash.as_bytes().to_vec()));
    Option<TokenHash> => |hash| Self::Bytes(hash.map(|hash| hash.as_bytes().to_vec()));
    bool => |truth| Self::Boolean(truth);
}

/// The values of a statement, in the order of `$1`, `$2`, ….
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Value::from($value)),*] };
}

pub(crate) use args;

/// A statement with its values, for whichever engine runs it.
macro_rules! query {
    ($sql:expr, $args:expr) => {{
        let mut query = sqlx::query($sql);
        for value in $args {
            query = match value {
                Value::Text(value) => query.bind(value),
                Value::Integer(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
                Value::Boolean(value) => query.bind(value),
            };
        }
        query
    }};
}

/// A row of either engine.
#[derive(Debug)]
pub(crate) enum Row {
    Sqlite(SqliteRow),
    #[cfg(feature = "postgres")]
    Postgres(PgRow),
}

macro_rules! column {
    ($row:expr, $name:expr) => {
        match $row {
            Row::Sqlite(row) => row.try_get($name),
            #[cfg(feature = "postgres")]
            Row::Postgres(row) => row.try_get($name),
        }
        .map_err(|error| StoreError::corrupt("row", error))
    };
}

impl Columns for Row {
    fn text(&self, name: &str) -> StoreResult<Option<String>> {
        column!(self, name)
    }

    fn integer(&self, name: &str) -> StoreResult<Option<i64>> {
        column!(self, name)
    }

    fn bytes(&self, name: &str) -> StoreResult<Option<Vec<u8>>> {
        column!(self, name)
    }
}

/// The connections to one database.
#[derive(Debug, Clone)]
pub(crate) enum Database {
    Sqlite {
        /// One connection: SQLite has one writer anyway, and a queue in front of it is fairer than
        /// its busy handler.
        writer: SqlitePool,
        readers: SqlitePool,
    },
    #[cfg(feature = "postgres")]
    Postgres { pool: PgPool, changes: Changes },
}

impl Database {
    /// The rows of a statement that changes nothing.
    pub(crate) async fn read(&self, sql: &'static str, args: Vec<Value>) -> StoreResult<Vec<Row>> {
        match self {
            Self::Sqlite { readers, .. } => {
                let rows = query!(sql, args).fetch_all(readers).await.map_err(unavailable)?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            #[cfg(feature = "postgres")]
            Self::Postgres { pool, .. } => {
                let rows = query!(sql, args).fetch_all(pool).await.map_err(unavailable)?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    /// The only row of a statement that changes nothing.
    pub(crate) async fn read_one(
        &self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> StoreResult<Option<Row>> {
        Ok(match self {
            Self::Sqlite { readers, .. } => query!(sql, args)
                .fetch_optional(readers)
                .await
                .map_err(unavailable)?
                .map(Row::Sqlite),
            #[cfg(feature = "postgres")]
            Self::Postgres { pool, .. } => query!(sql, args)
                .fetch_optional(pool)
                .await
                .map_err(unavailable)?
                .map(Row::Postgres),
        })
    }

    /// Runs one statement; gives how many rows it changed.
    pub(crate) async fn write(&self, sql: &'static str, args: Vec<Value>) -> StoreResult<u64> {
        Ok(match self {
            Self::Sqlite { writer, .. } => {
                query!(sql, args).execute(writer).await.map_err(unavailable)?.rows_affected()
            }
            #[cfg(feature = "postgres")]
            Self::Postgres { pool, .. } => {
                query!(sql, args).execute(pool).await.map_err(unavailable)?.rows_affected()
            }
        })
    }

    /// Runs one conditional statement.
    pub(crate) async fn apply(&self, sql: &'static str, args: Vec<Value>) -> StoreResult<Applied> {
        Ok(Applied::when(self.write(sql, args).await? > 0))
    }

    /// Begins a transaction that will write.
    pub(crate) async fn begin(&self) -> StoreResult<Tx> {
        Ok(match self {
            Self::Sqlite { writer, .. } => {
                Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await.map_err(unavailable)?)
            }
            #[cfg(feature = "postgres")]
            Self::Postgres { pool, .. } => Tx::Postgres(pool.begin().await.map_err(unavailable)?),
        })
    }

    /// Waits for another process's change of a credential, for at most `at_most`.
    pub(crate) async fn wait_for(&self, credential: CredentialId, at_most: Duration) {
        match self {
            // Processes that share a file are on one computer, and only one task of each waits.
            Self::Sqlite { .. } => tokio::time::sleep(at_most.min(POLL)).await,
            #[cfg(feature = "postgres")]
            Self::Postgres { changes, .. } => changes.of(credential, at_most).await,
        }
        #[cfg(not(feature = "postgres"))]
        let _ = credential;
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            #[cfg(feature = "postgres")]
            Self::Postgres { pool, changes } => {
                changes.stop();
                pool.close().await;
            }
        }
    }
}

/// A transaction. Without a commit nothing of it happens.
#[derive(Debug)]
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    #[cfg(feature = "postgres")]
    Postgres(Transaction<'static, sqlx::Postgres>),
}

impl Tx {
    /// Runs one statement; gives how many rows it changed.
    pub(crate) async fn write(&mut self, sql: &'static str, args: Vec<Value>) -> StoreResult<u64> {
        Ok(match self {
            Self::Sqlite(tx) => {
                query!(sql, args).execute(&mut **tx).await.map_err(unavailable)?.rows_affected()
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(tx) => {
                query!(sql, args).execute(&mut **tx).await.map_err(unavailable)?.rows_affected()
            }
        })
    }

    /// Runs one conditional statement.
    pub(crate) async fn apply(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> StoreResult<Applied> {
        Ok(Applied::when(self.write(sql, args).await? > 0))
    }

    /// The rows of a statement.
    pub(crate) async fn read(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> StoreResult<Vec<Row>> {
        match self {
            Self::Sqlite(tx) => {
                let rows = query!(sql, args).fetch_all(&mut **tx).await.map_err(unavailable)?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(tx) => {
                let rows = query!(sql, args).fetch_all(&mut **tx).await.map_err(unavailable)?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    /// The first row of a statement.
    pub(crate) async fn read_one(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> StoreResult<Option<Row>> {
        Ok(self.read(sql, args).await?.into_iter().next())
    }

    /// Lets one transaction at a time of those that lock the same name go on. SQLite has one writer
    /// anyway.
    pub(crate) async fn lock(&mut self, name: &str) -> StoreResult<()> {
        #[cfg(feature = "postgres")]
        if let Self::Postgres(_) = self {
            self.read(LOCK, args![name]).await?;
        }
        let _ = name;
        Ok(())
    }

    /// Tells other processes, on commit, that a credential has changed. SQLite's look for themselves.
    pub(crate) async fn notify(&mut self, credential: CredentialId) -> StoreResult<()> {
        #[cfg(feature = "postgres")]
        if let Self::Postgres(_) = self {
            self.read(NOTIFY, args![credential]).await?;
        }
        let _ = credential;
        Ok(())
    }

    pub(crate) async fn commit(self) -> StoreResult<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await.map_err(unavailable),
            #[cfg(feature = "postgres")]
            Self::Postgres(tx) => tx.commit().await.map_err(unavailable),
        }
    }
}
