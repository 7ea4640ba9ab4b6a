//! For tests: databases of their own on the PostgreSQL server that `scripts/test` starts.
#![expect(clippy::expect_used, reason = "a failing test must stop")]

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// Makes an empty database and gives its address.
///
/// # Panics
/// When there is no server.
pub async fn postgres_database() -> String {
    let server = std::env::var("SNAPPY_TEST_POSTGRES")
        .expect("SNAPPY_TEST_POSTGRES is missing: scripts/test starts a server");
    let name = format!("t_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut admin = PgConnection::connect(&server).await.expect("the server can't be reached");
    for statement in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")]
    {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut admin).await.expect("no new database");
    }
    let (base, _) = server.rsplit_once('/').expect("an address ends with a database");
    format!("{base}/{name}")
}
