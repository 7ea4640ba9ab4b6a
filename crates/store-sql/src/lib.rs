//! The SQL backend of the storage traits, on two engines. SQLite is the embedded default; it lives in one
//! file, writes ahead, and makes a commit durable before it answers, so that a crash loses nothing that
//! was answered. PostgreSQL is for several replicas that share one database.
//!
//! The statements are written once, for both engines (`db`); what differs (opening, locks,
//! notifications) is in `sqlite` and `postgres`. Rows are decoded by [`snappy_store::codec`],
//! secrets are encrypted by [`snappy_store::sealing`]. A column or table keeps the name it was first given:
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
mod error;
mod grants;
mod key_check;
#[cfg(feature = "postgres")]
mod postgres;
mod sqlite;
mod store;
mod sweeps;
#[cfg(all(feature = "testing", feature = "postgres"))]
pub mod testing;
mod upstream_clients;

pub use error::OpenError;
pub use store::{SqlStore, open};
