//! Older and newer versions run side by side on one database during a deploy: migrations only add, and
//! what an older version writes is read by a newer one, before and after the migration.
#![expect(clippy::unwrap_used, reason = "a failing test must stop")]

use std::path::Path;
use std::sync::Arc;

use snappy_domain::random::SeededRandom;
use snappy_domain::{ClientId, GrantId, Keyring, PersonId, Secret};
use snappy_store::{ClientProof, GrantState, Store};
use snappy_store_sql::open;
use snappy_store_sql::testing::postgres_database;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

/// What the first version wrote: every column that it knew, and none that came later.
const FIRST_VERSION: &str = r#"
    INSERT INTO clients (id, record, dynamic, created_at) VALUES ('c-N',
        '{"id":"c-N","registration":"dynamic","name":"App","redirect_uris":["http://127.0.0.1/cb"],
          "auth":"none","metadata":{},"created_at":"2026-01-01T00:00:00Z","used_at":null}',
        TRUE, 1767225600000);
    INSERT INTO accounts (id, kind, authority, user_id, sealed_profile, sealed_credential, version,
                          refreshed_at)
        VALUES ('ACCOUNT', 'profile', 'https://x.example', 'N', BYTES, BYTES, 1, 1767225600000);
    INSERT INTO grants (id, client_id, account_id, resource, scopes, created_at, expires_at)
        VALUES ('GRANT', 'c-N', 'ACCOUNT', 'https://mcp.example/mcp', 'xano:read', 1767225600000,
                1798761600000);
    INSERT INTO codes (hash, client_id, redirect_uri, code_challenge, resource, scopes, account_id,
                       expires_at)
        VALUES (BYTES, 'c-N', 'http://127.0.0.1/cb', 'x', 'https://mcp.example/mcp', 'xano:read',
                'ACCOUNT', 1767225660000);
    INSERT INTO refresh_tokens (hash, grant_id, expires_at) VALUES (BYTES, 'GRANT', 1775001600000);
    INSERT INTO access_tokens (hash, grant_id, scopes, expires_at)
        VALUES (BYTES, 'GRANT', 'xano:read', 1767312000000);
"#;

fn grant(n: u8) -> GrantId {
    format!("01920000-0000-7000-8000-00000000000{n}").parse().unwrap()
}

/// The statements for row `n`, with binary values as an engine writes them.
fn first_version(n: u8, bytes: impl Fn(u8) -> String) -> String {
    let grant = grant(n).to_string();
    FIRST_VERSION
        .replace("GRANT", &grant)
        .replace("ACCOUNT", &format!("01930000-0000-7000-8000-00000000000{n}"))
        .replace("BYTES", &bytes(n))
        .replace("'N'", &format!("'{n}'"))
        .replace("-N", &format!("-{n}"))
}

fn keys() -> Arc<Keyring> {
    Arc::new(Keyring::new(&[Secret::new("test-key-test-key")]).unwrap())
}

async fn reads_what_was_written(store: &dyn Store, n: u8) {
    let client = store.client(&ClientId::new(format!("c-{n}"))).await.unwrap().unwrap();
    assert_eq!(client.name.as_deref(), Some("App"));
    assert_eq!((client.proof, client.service_account), (ClientProof::Public, None));
    let owner = store.owner_of_grant(grant(n)).await.unwrap().unwrap();
    let grant = store.grant(owner, grant(n)).await.unwrap().unwrap();
    assert_eq!((grant.state, grant.used_at), (GrantState::Active, None));
    assert_eq!(grant.limits, snappy_domain::AccessLimits::default());
    assert_eq!(grant.credentials.first().copied().map(PersonId::of_credential), Some(owner));
}

#[tokio::test]
async fn a_sqlite_file_of_the_first_version_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", dir.path().join("s.db").display());
    let bytes = |n: u8| format!("x'{}'", format!("0{n}").repeat(32));
    let mut older = SqliteConnection::connect(&url).await.unwrap();
    let mut migrations = sqlx::migrate!("migrations/sqlite");
    let all = migrations.migrations.to_mut();
    all.truncate(1);
    migrations.run(&mut older).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(first_version(1, bytes))).execute(&mut older).await.unwrap();

    let newer = open(&url, keys(), Arc::new(SeededRandom::new(1))).await.unwrap();
    reads_what_was_written(&newer, 1).await;
    // The older process goes on beside it, and can even be started again.
    sqlx::raw_sql(AssertSqlSafe(first_version(2, bytes))).execute(&mut older).await.unwrap();
    reads_what_was_written(&newer, 2).await;
    migrations.set_ignore_missing(true).run(&mut older).await.unwrap();
}

#[tokio::test]
async fn a_postgresql_database_takes_what_the_first_version_writes() {
    let url = postgres_database().await;
    let newer = open(&url, keys(), Arc::new(SeededRandom::new(1))).await.unwrap();
    let mut older = PgConnection::connect(&url).await.unwrap();
    let bytes = |n: u8| format!("'\\x{}'::bytea", format!("0{n}").repeat(32));
    for n in [1, 2] {
        sqlx::raw_sql(AssertSqlSafe(first_version(n, bytes))).execute(&mut older).await.unwrap();
        reads_what_was_written(&newer, n).await;
    }
}

/// The kinds of statements that an older process does not notice.
fn only_adds(statement: &str) -> bool {
    let words: Vec<_> = statement.split_whitespace().map(str::to_uppercase).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["CREATE", "TABLE" | "INDEX", ..] => true,
        ["ALTER", "TABLE", _, "ADD", "COLUMN", _, _, rest @ ..] => {
            !rest.contains(&"NOT") || rest.contains(&"DEFAULT")
        }
        _ => false,
    }
}

#[test]
fn migrations_only_add() {
    for engine in ["sqlite", "postgres"] {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
        let mut files: Vec<_> =
            std::fs::read_dir(dir).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("--"));
            let text = lines.collect::<Vec<_>>().join("\n");
            for statement in text.split(';').filter(|statement| !statement.trim().is_empty()) {
                assert!(only_adds(statement), "{}: {statement}", file.display());
            }
        }
    }
    for bad in [
        "DROP TABLE clients",
        "ALTER TABLE clients RENAME COLUMN id TO client_id",
        "ALTER TABLE clients ADD COLUMN x TEXT NOT NULL",
        "CREATE UNIQUE INDEX x ON clients (record)",
        "UPDATE clients SET id = ''",
    ] {
        assert!(!only_adds(bad), "{bad}");
    }
}
