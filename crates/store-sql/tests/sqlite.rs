//! SQLite passes the contract, survives a restart, and keeps its secrets sealed.
#![expect(clippy::unwrap_used, reason = "a failing test must stop")]

use std::sync::Arc;

use snappy_domain::clock::MockClock;
use snappy_domain::random::SeededRandom;
use snappy_domain::{AccountId, Clock, Keyring, Secret};
use snappy_store::{
    AccountKind, AccountState, AccountStore, Credential, NewAccount, Profile, Resealed, Store,
};
use snappy_store_sql::{OpenError, SqliteStore};
use tempfile::TempDir;

fn keys(keys: &[&str]) -> Arc<Keyring> {
    let keys: Vec<_> = keys.iter().map(|key| Secret::new(*key)).collect();
    Arc::new(Keyring::new(&keys).unwrap())
}

async fn open_in(dir: &TempDir, with: &[&str]) -> SqliteStore {
    let url = format!("sqlite://{}", dir.path().join("s.db").display());
    SqliteStore::open(&url, keys(with), Arc::new(SeededRandom::new(1))).await.unwrap()
}

async fn open() -> (SqliteStore, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    (open_in(&dir, &["test-key-test-key"]).await, dir)
}

snappy_store::contract_tests!(open);

fn signed_in() -> NewAccount {
    NewAccount {
        kind: AccountKind::Profile,
        authority: "https://x.example".into(),
        profile: Profile { user_id: "7".into(), email: Some("p@x.example".into()), name: None },
        credential: Credential {
            key: Secret::new("THE-XANO-KEY"),
            session: Some(Secret::new("THE-SESSION")),
            key_expires_at: None,
        },
        at: MockClock::default().now(),
    }
}

fn account_id() -> AccountId {
    AccountId::generate(&MockClock::default(), &SeededRandom::new(9))
}

#[tokio::test]
async fn a_sign_in_survives_a_restart_and_its_secrets_are_not_in_the_files() {
    let (store, dir) = open().await;
    let account = store.sign_in(account_id(), &signed_in()).await.unwrap();
    // No close: as after kill -9, what was answered must be on disk already.
    let again = open_in(&dir, &["test-key-test-key"]).await;
    assert_eq!(again.account(account.id).await.unwrap(), Some(account));
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for secret in ["THE-XANO-KEY", "THE-SESSION", "p@x.example"] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} is in {}", path.display());
        }
    }
}

#[tokio::test]
async fn losing_a_key_costs_a_sign_in_and_rotating_one_does_not() {
    let (store, dir) = open().await;
    let account = store.sign_in(account_id(), &signed_in()).await.unwrap();
    let rotated = open_in(&dir, &["newer-key-newer-key", "test-key-test-key"]).await;
    assert_eq!(rotated.account(account.id).await.unwrap().unwrap().credential, account.credential);
    let lost = open_in(&dir, &["newer-key-newer-key"]).await;
    let found = lost.account(account.id).await.unwrap().unwrap();
    assert!(matches!(found.state, AccountState::SignInRequired { .. }));
    assert!(found.credential.key.is_empty());
}

#[tokio::test]
async fn everything_is_sealed_anew_with_the_newest_key() {
    let (store, dir) = open().await;
    let account = store.sign_in(account_id(), &signed_in()).await.unwrap();
    let both = open_in(&dir, &["newer-key-newer-key", "test-key-test-key"]).await;
    let done = both.reseal().await.unwrap();
    assert_eq!(done, Resealed { renewed: 1, ..Resealed::default() });
    assert_eq!(both.reseal().await.unwrap(), Resealed { already: 1, ..Resealed::default() });
    let newest = open_in(&dir, &["newer-key-newer-key"]).await;
    assert_eq!(newest.account(account.id).await.unwrap(), Some(account));
}

#[tokio::test]
async fn keys_that_open_nothing_stop_the_start_and_change_nothing() {
    let (store, dir) = open().await;
    let account = store.sign_in(account_id(), &signed_in()).await.unwrap();
    let url = format!("sqlite://{}", dir.path().join("s.db").display());
    let wrong = keys(&["another-key-another-key"]);
    let error = SqliteStore::open(&url, wrong, Arc::new(SeededRandom::new(2))).await.unwrap_err();
    assert!(matches!(error, OpenError::Key), "{error}");
    let right = open_in(&dir, &["test-key-test-key"]).await;
    assert_eq!(right.account(account.id).await.unwrap(), Some(account));
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let (store, dir) = open().await;
    store.sign_in(account_id(), &signed_in()).await.unwrap();
    store.check().await.unwrap();
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[tokio::test]
async fn missing_directories_are_made() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", dir.path().join("a/b/s.db").display());
    let random = Arc::new(SeededRandom::new(1));
    let store = SqliteStore::open(&url, keys(&["test-key-test-key"]), random).await.unwrap();
    store.check().await.unwrap();
}

#[tokio::test]
async fn addresses_that_name_no_file_are_refused() {
    for url in ["sqlite::memory:", "sqlite://", "postgres://x/y"] {
        let random = Arc::new(SeededRandom::new(1));
        let error = SqliteStore::open(url, keys(&["test-key-test-key"]), random).await.unwrap_err();
        assert!(matches!(error, OpenError::Address(_)), "{url}: {error}");
    }
}
