//! The contract on PostgreSQL, and what is particular to it.
#![expect(clippy::unwrap_used, reason = "a failing test must stop")]

use std::sync::Arc;
use std::time::Duration;

use snappy_domain::clock::{MockClock, after};
use snappy_domain::random::SeededRandom;
use snappy_domain::{Clock as _, CredentialId, Keyring, PersonId, Secret};
use snappy_store::{
    Applied, Credential, CredentialSecret, CredentialStore as _, Directory as _, Identity, Lease,
    NewCredential, Profile, Resealed, Store as _, Sweeps as _,
};
use snappy_store_sql::testing::postgres_database;
use snappy_store_sql::{OpenError, SqlStore, open as open_url};
use sqlx::{Connection as _, PgConnection};

fn keys(keys: &[&str]) -> Arc<Keyring> {
    let keys: Vec<_> = keys.iter().map(|key| Secret::new(*key)).collect();
    Arc::new(Keyring::new(&keys).unwrap())
}

async fn open_at(url: &str, seed: u64) -> SqlStore {
    let random = Arc::new(SeededRandom::new(seed));
    open_url(url, keys(&["test-key-test-key"]), random).await.unwrap()
}

async fn open() -> (SqlStore, String) {
    let url = postgres_database().await;
    (open_at(&url, 1).await, url)
}

snappy_store::contract_tests!(open);

fn session(key: &str) -> CredentialSecret {
    let session = Secret::new("session");
    CredentialSecret::Session { key: Secret::new(key), session, expires_at: None }
}

/// Signs a person in; the seed is for the ids, where they are new.
async fn sign_in(store: &SqlStore, seed: u64) -> Credential {
    let (clock, random) = (MockClock::default(), SeededRandom::new(seed));
    let identity = Identity { upstream: "https://x.example/auth".into(), subject: "7".into() };
    let proposed = PersonId::generate(&clock, &random);
    let person = store.person(&identity, proposed, clock.now()).await.unwrap();
    let new = NewCredential {
        authority: "https://x.example".into(),
        profile: Profile { subject: "7".into(), ..Profile::default() },
        secret: session("key"),
        at: clock.now(),
    };
    store.sign_in(person, CredentialId::generate(&clock, &random), &new).await.unwrap()
}

async fn read(store: &SqlStore, credential: &Credential) -> Option<Credential> {
    store.credential(credential.person, credential.id).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_first_sign_ins_of_one_person_make_one_credential() {
    let (store, url) = open().await;
    let other = open_at(&url, 2).await;
    let sign_ins = (0..20).map(|n| {
        let store = if n % 2 == 0 { &store } else { &other };
        async move { sign_in(store, n).await }
    });
    let credentials = futures::future::join_all(sign_ins).await;
    assert!(credentials.iter().all(|one| one.id == credentials[0].id));
    assert!(credentials.iter().all(|one| one.person == credentials[0].person));
    let mut versions: Vec<_> = credentials.iter().map(|one| one.version).collect();
    versions.sort_unstable();
    assert_eq!(versions, (1..=20).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_processes_one_takes_the_right_to_refresh() {
    let (store, url) = open().await;
    let Credential { person, id, .. } = sign_in(&store, 1).await;
    let now = MockClock::default().now();
    let mut processes = vec![store];
    for seed in 2..6 {
        processes.push(open_at(&url, seed).await);
    }
    let asking = processes.iter().cycle().take(40).map(|store| async move {
        store.lease_refresh(person, id, 1, now, after(now, Duration::from_secs(4))).await.unwrap()
    });
    let leases = futures::future::join_all(asking).await;
    let taken = leases.iter().filter(|lease| matches!(lease, Lease::Taken { .. })).count();
    assert_eq!(taken, 1, "{leases:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_is_told_at_once() {
    let (store, url) = open().await;
    let other = open_at(&url, 2).await;
    let now = MockClock::default().now();
    let Credential { person, id, .. } = sign_in(&store, 1).await;
    let lease =
        store.lease_refresh(person, id, 1, now, after(now, Duration::from_secs(4))).await.unwrap();
    let Lease::Taken { fence, .. } = lease else { panic!("{lease:?}") };
    let newer = session("key-2");
    let waits = async {
        // Without a message it would be looked at again after half a second.
        let told = other.wait_for_credential(person, id, Duration::from_secs(10));
        tokio::time::timeout(Duration::from_millis(450), told).await.unwrap().unwrap();
        other.credential(person, id).await.unwrap().unwrap().version
    };
    // By now the other one listens.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let changes = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        store.replace_credential(person, id, 1, Some(fence), &newer, now).await.unwrap()
    };
    let (version, applied) = tokio::join!(waits, changes);
    assert_eq!((version, applied), (2, Applied::Yes));
}

#[tokio::test]
async fn everything_is_re_encrypted_with_the_newest_key() {
    let (store, url) = open().await;
    let credential = sign_in(&store, 1).await;
    let open = async |names: &[&str], seed| {
        let random = Arc::new(SeededRandom::new(seed));
        open_url(&url, keys(names), random).await.unwrap()
    };
    let both = open(&["newer-key-newer-key", "test-key-test-key"], 5).await;
    let last = Some(credential.id);
    let done = both.reseal(None, 10).await.unwrap();
    assert_eq!(done, Resealed { renewed: 1, last, ..Resealed::default() });
    let again = both.reseal(None, 10).await.unwrap();
    assert_eq!(again, Resealed { already: 1, last, ..Resealed::default() });
    let newest = open(&["newer-key-newer-key"], 6).await;
    assert_eq!(read(&newest, &credential).await, Some(credential));
}

#[tokio::test]
async fn keys_that_open_nothing_stop_the_start_and_change_nothing() {
    let (store, url) = open().await;
    let credential = sign_in(&store, 1).await;
    let wrong = keys(&["another-key-another-key"]);
    let error = open_url(&url, wrong, Arc::new(SeededRandom::new(2))).await.unwrap_err();
    assert!(matches!(error, OpenError::Key), "{error}");
    assert_eq!(read(&open_at(&url, 3).await, &credential).await, Some(credential));
}

#[tokio::test]
async fn a_server_that_is_gone_is_trouble_that_passes() {
    let (store, url) = open().await;
    let credential = sign_in(&store, 1).await;
    let mut admin =
        PgConnection::connect(&std::env::var("SNAPPY_TEST_POSTGRES").unwrap()).await.unwrap();
    let name = url.rsplit('/').next().unwrap();
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
    sqlx::query(end).bind(name).execute(&mut admin).await.unwrap();
    // The pool notices, and connects again.
    store.check().await.unwrap();
    assert!(read(&store, &credential).await.is_some());
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_being_shown() {
    let random = Arc::new(SeededRandom::new(1));
    let url = "postgres://user:hunter2@:bad:/x";
    let error = open_url(url, keys(&["test-key-test-key"]), random).await.unwrap_err();
    assert!(!error.to_string().contains("hunter2"), "{error}");
}
