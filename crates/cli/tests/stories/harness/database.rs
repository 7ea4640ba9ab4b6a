//! The database of the app under test: a SQLite file, or (with `SNAPPY_TEST_DATABASE=postgres`) a
//! database on the PostgreSQL server of the tests. Stories are the same on both.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use snappy_store_sql::testing::postgres_database;
use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};

/// Where the app keeps everything.
#[derive(Debug, Clone)]
pub enum Database {
    Sqlite,
    Postgres(String),
}

/// Tables that every request needs.
const TABLES: &str = "clients, accounts, grants, refresh_tokens, access_tokens";

impl Database {
    pub async fn new() -> Self {
        match std::env::var("SNAPPY_TEST_DATABASE").as_deref() {
            Ok("postgres") => Self::Postgres(postgres_database().await),
            _ => Self::Sqlite,
        }
    }

    /// The setting that names it, unless it is the usual one.
    pub fn setting(&self) -> Option<(&'static str, String)> {
        match self {
            Self::Sqlite => None,
            Self::Postgres(url) => Some(("DATABASE_URL", url.clone())),
        }
    }

    /// Everything that is stored, as bytes; binary columns of PostgreSQL as they are.
    pub async fn contents(&self, dir: &Path) -> Vec<Vec<u8>> {
        let Self::Postgres(url) = self else {
            let files = std::fs::read_dir(dir).unwrap();
            return files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
        };
        let mut db = PgConnection::connect(url).await.unwrap();
        let columns = "SELECT table_name::text, column_name::text, data_type::text
                       FROM information_schema.columns WHERE table_schema = 'public'";
        let mut found = Vec::new();
        for column in db.fetch_all(columns).await.unwrap() {
            let (table, name): (String, String) = (column.get(0), column.get(1));
            let bytes = match column.get::<String, _>(2).as_str() {
                "bytea" => format!("\"{name}\""),
                _ => format!("convert_to(\"{name}\"::text, 'UTF8')"),
            };
            let sql = format!("SELECT coalesce({bytes}, ''::bytea) FROM \"{table}\"");
            let rows = db.fetch_all(sqlx::AssertSqlSafe(sql)).await.unwrap();
            found.extend(rows.iter().map(|row| row.get::<Vec<u8>, _>(0)));
        }
        assert!(found.len() > 50, "there is something to look at");
        found
    }

    /// Another process holds the database until the answer is dropped: writes wait, then fail.
    pub async fn hold(&self, dir: &Path) -> Box<dyn Send> {
        match self {
            Self::Sqlite => Box::new(hold_file(&dir.join("snappy.db"))),
            Self::Postgres(url) => {
                let mut db = PgConnection::connect(url).await.unwrap();
                let lock = format!("BEGIN; LOCK TABLE {TABLES} IN ACCESS EXCLUSIVE MODE");
                sqlx::raw_sql(sqlx::AssertSqlSafe(lock)).execute(&mut db).await.unwrap();
                Box::new(db)
            }
        }
    }
}

struct Holder(Child);

impl Drop for Holder {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// By Python's own SQLite.
fn hold_file(file: &Path) -> Holder {
    let script = "import sqlite3,sys,time\n\
        db = sqlite3.connect(sys.argv[1], isolation_level=None)\n\
        db.execute('BEGIN EXCLUSIVE')\n\
        print('held', flush=True)\n\
        time.sleep(60)\n";
    let mut child = Command::new("python3")
        .args(["-c", script, &file.display().to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line.trim(), "held");
    Holder(child)
}
