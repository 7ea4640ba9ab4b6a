//! SQLite passes the contract, survives a restart, and keeps its secrets sealed.
#![expect(clippy::unwrap_used, reason = "a failing test must stop")]

use std::sync::Arc;

use snappy_domain::clock::MockClock;
use snappy_domain::random::SeededRandom;
use snappy_domain::{Clock, CredentialId, Keyring, PersonId, Secret};
use snappy_store::{
    Credential, CredentialSecret, CredentialState, CredentialStore, Directory, Identity,
    NewCredential, Profile, Resealed, Store, Sweeps,
};
use snappy_store_sql::{OpenError, SqlStore, open as open_url};
use tempfile::TempDir;

fn keys(keys: &[&str]) -> Arc<Keyring> {
    let keys: Vec<_> = keys.iter().map(|key| Secret::new(*key)).collect();
    Arc::new(Keyring::new(&keys).unwrap())
}

async fn open_in(dir: &TempDir, with: &[&str]) -> SqlStore {
    let url = format!("sqlite://{}", dir.path().join("s.db").display());
    open_url(&url, keys(with), Arc::new(SeededRandom::new(1))).await.unwrap()
}

async fn open() -> (SqlStore, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    (open_in(&dir, &["test-key-test-key"]).await, dir)
}

snappy_store::contract_tests!(open);

/// Signs the same person in again and again.
async fn signed_in(store: &SqlStore) -> Credential {
    let (clock, random) = (MockClock::default(), SeededRandom::new(9));
    let identity = Identity { upstream: "https://x.example/auth".into(), subject: "7".into() };
    let proposed = PersonId::generate(&clock, &random);
    let person = store.person(&identity, proposed, clock.now()).await.unwrap();
    let new = NewCredential {
        authority: "https://x.example".into(),
        profile: Profile { subject: "7".into(), email: Some("p@x.example".into()), name: None },
        secret: CredentialSecret::Session {
            key: Secret::new("THE-XANO-KEY"),
            session: Secret::new("THE-SESSION"),
            expires_at: None,
        },
        at: clock.now(),
    };
    store.sign_in(person, CredentialId::generate(&clock, &random), &new).await.unwrap()
}

async fn read(store: &SqlStore, credential: &Credential) -> Option<Credential> {
    store.credential(credential.person, credential.id).await.unwrap()
}

#[tokio::test]
async fn a_sign_in_survives_a_restart_and_its_secrets_are_not_in_the_files() {
    let (store, dir) = open().await;
    let credential = signed_in(&store).await;
    // No close: as after kill -9, what was answered must be on disk already.
    let again = open_in(&dir, &["test-key-test-key"]).await;
    assert_eq!(read(&again, &credential).await, Some(credential));
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
    let credential = signed_in(&store).await;
    let rotated = open_in(&dir, &["newer-key-newer-key", "test-key-test-key"]).await;
    assert_eq!(read(&rotated, &credential).await.as_ref(), Some(&credential));
    let lost = open_in(&dir, &["newer-key-newer-key"]).await;
    let found = read(&lost, &credential).await.unwrap();
    assert!(matches!(found.state, CredentialState::SignInRequired { .. }));
    assert!(found.secret.bearer().is_empty());
    assert_eq!(found.profile.subject, "7");
}

#[tokio::test]
async fn everything_is_re_encrypted_with_the_newest_key() {
    let (store, dir) = open().await;
    let credential = signed_in(&store).await;
    let both = open_in(&dir, &["newer-key-newer-key", "test-key-test-key"]).await;
    let last = Some(credential.id);
    let done = both.reseal(None, 10).await.unwrap();
    assert_eq!(done, Resealed { renewed: 1, last, ..Resealed::default() });
    let again = both.reseal(None, 10).await.unwrap();
    assert_eq!(again, Resealed { already: 1, last, ..Resealed::default() });
    assert_eq!(both.reseal(last, 10).await.unwrap(), Resealed::default());
    let newest = open_in(&dir, &["newer-key-newer-key"]).await;
    assert_eq!(read(&newest, &credential).await, Some(credential));
}

#[tokio::test]
async fn keys_that_open_nothing_stop_the_start_and_change_nothing() {
    let (store, dir) = open().await;
    let credential = signed_in(&store).await;
    let url = format!("sqlite://{}", dir.path().join("s.db").display());
    let wrong = keys(&["another-key-another-key"]);
    let error = open_url(&url, wrong, Arc::new(SeededRandom::new(2))).await.unwrap_err();
    assert!(matches!(error, OpenError::Key), "{error}");
    let right = open_in(&dir, &["test-key-test-key"]).await;
    assert_eq!(read(&right, &credential).await, Some(credential));
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let (store, dir) = open().await;
    signed_in(&store).await;
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
    let store = open_url(&url, keys(&["test-key-test-key"]), random).await.unwrap();
    store.check().await.unwrap();
}

#[tokio::test]
async fn addresses_that_name_no_file_are_refused() {
    for url in ["sqlite::memory:", "sqlite://", "mysql://x/y"] {
        let random = Arc::new(SeededRandom::new(1));
        let error = open_url(url, keys(&["test-key-test-key"]), random).await.unwrap_err();
        assert!(matches!(error, OpenError::Url(_)), "{url}: {error}");
    }
}
