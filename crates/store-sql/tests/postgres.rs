//! The contract on PostgreSQL, and what is particular to it.
#![expect(clippy::unwrap_used, reason = "a failing test must stop")]

use std::sync::Arc;
use std::time::Duration;

use snappy_domain::clock::{MockClock, after};
use snappy_domain::random::SeededRandom;
use snappy_domain::{AccountId, Clock as _, Keyring, Secret};
use snappy_store::{
    AccountKind, AccountStore as _, Applied, Credential, Lease, NewAccount, Profile, Resealed,
    Store as _,
};
use snappy_store_sql::testing::postgres_database;
use snappy_store_sql::{OpenError, PostgresStore};
use sqlx::{Connection as _, PgConnection};

fn keys(keys: &[&str]) -> Arc<Keyring> {
    let keys: Vec<_> = keys.iter().map(|key| Secret::new(*key)).collect();
    Arc::new(Keyring::new(&keys).unwrap())
}

async fn open_at(url: &str, seed: u64) -> PostgresStore {
    let random = Arc::new(SeededRandom::new(seed));
    PostgresStore::open(url, keys(&["test-key-test-key"]), random).await.unwrap()
}

async fn open() -> (PostgresStore, String) {
    let url = postgres_database().await;
    (open_at(&url, 1).await, url)
}

snappy_store::contract_tests!(open);

fn person(user: &str, key: &str) -> NewAccount {
    NewAccount {
        kind: AccountKind::Profile,
        authority: "https://x.example".into(),
        profile: Profile { user_id: user.into(), ..Profile::default() },
        credential: Credential { key: Secret::new(key), session: None, key_expires_at: None },
        at: MockClock::default().now(),
    }
}

fn account_id(seed: u64) -> AccountId {
    AccountId::generate(&MockClock::default(), &SeededRandom::new(seed))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_first_sign_ins_of_one_person_make_one_account() {
    let (store, url) = open().await;
    let other = open_at(&url, 2).await;
    let sign_ins = (0..20).map(|n| {
        let store = if n % 2 == 0 { &store } else { &other };
        async move { store.sign_in(account_id(n), &person("7", "key")).await.unwrap() }
    });
    let accounts = futures::future::join_all(sign_ins).await;
    assert!(accounts.iter().all(|account| account.id == accounts[0].id));
    let mut versions: Vec<_> = accounts.iter().map(|account| account.version).collect();
    versions.sort_unstable();
    assert_eq!(versions, (1..=20).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_processes_one_takes_the_right_to_refresh() {
    let (store, url) = open().await;
    let id = store.sign_in(account_id(1), &person("7", "key")).await.unwrap().id;
    let now = MockClock::default().now();
    let mut processes = vec![store];
    for seed in 2..6 {
        processes.push(open_at(&url, seed).await);
    }
    let asking = processes.iter().cycle().take(40).map(|store| async move {
        store.lease_refresh(id, 1, now, after(now, Duration::from_secs(4))).await.unwrap()
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
    let id = store.sign_in(account_id(1), &person("7", "key")).await.unwrap().id;
    let lease = store.lease_refresh(id, 1, now, after(now, Duration::from_secs(4))).await.unwrap();
    let Lease::Taken { fence } = lease else { panic!("{lease:?}") };
    let key = Credential { key: Secret::new("key-2"), session: None, key_expires_at: None };
    let waits = async {
        // Without a message it would be looked at again after half a second.
        let told = other.wait_for_account(id, Duration::from_secs(10));
        tokio::time::timeout(Duration::from_millis(450), told).await.unwrap().unwrap();
        other.account(id).await.unwrap().unwrap().version
    };
    // By now the other one listens.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let changes = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        store.replace_credential(id, 1, fence, &key, now).await.unwrap()
    };
    let (version, applied) = tokio::join!(waits, changes);
    assert_eq!((version, applied), (2, Applied::Yes));
}

#[tokio::test]
async fn everything_is_sealed_anew_with_the_newest_key() {
    let (store, url) = open().await;
    let account = store.sign_in(account_id(1), &person("7", "key")).await.unwrap();
    let open = async |names: &[&str], seed| {
        let random = Arc::new(SeededRandom::new(seed));
        PostgresStore::open(&url, keys(names), random).await.unwrap()
    };
    let both = open(&["newer-key-newer-key", "test-key-test-key"], 5).await;
    let done = both.reseal().await.unwrap();
    assert_eq!(done, Resealed { renewed: 1, ..Resealed::default() });
    assert_eq!(both.reseal().await.unwrap(), Resealed { already: 1, ..Resealed::default() });
    let newest = open(&["newer-key-newer-key"], 6).await;
    assert_eq!(newest.account(account.id).await.unwrap(), Some(account));
}

#[tokio::test]
async fn keys_that_open_nothing_stop_the_start_and_change_nothing() {
    let (store, url) = open().await;
    let account = store.sign_in(account_id(1), &person("7", "key")).await.unwrap();
    let wrong = keys(&["another-key-another-key"]);
    let error = PostgresStore::open(&url, wrong, Arc::new(SeededRandom::new(2))).await.unwrap_err();
    assert!(matches!(error, OpenError::Key), "{error}");
    assert_eq!(open_at(&url, 3).await.account(account.id).await.unwrap(), Some(account));
}

#[tokio::test]
async fn a_server_that_is_gone_is_trouble_that_passes() {
    let (store, url) = open().await;
    store.sign_in(account_id(1), &person("7", "key")).await.unwrap();
    let mut admin =
        PgConnection::connect(&std::env::var("SNAPPY_TEST_POSTGRES").unwrap()).await.unwrap();
    let name = url.rsplit('/').next().unwrap();
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
    sqlx::query(end).bind(name).execute(&mut admin).await.unwrap();
    // The pool notices, and connects anew.
    store.check().await.unwrap();
    assert!(store.account(account_id(1)).await.unwrap().is_some());
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_being_shown() {
    let random = Arc::new(SeededRandom::new(1));
    let url = "postgres://user:hunter2@:bad:/x";
    let error = PostgresStore::open(url, keys(&["test-key-test-key"]), random).await.unwrap_err();
    assert!(!error.to_string().contains("hunter2"), "{error}");
}
