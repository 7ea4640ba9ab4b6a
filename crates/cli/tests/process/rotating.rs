//! Rotating tokens of Xano's OAuth server, with several processes on one PostgreSQL database.

use std::time::Duration;

use futures::future::join_all;
use serde_json::Value;
use snappy_sandbox::{Control, DEMO_EMAIL, Effect, FaultRule, Options, Sandbox};
use snappy_store_sql::testing::postgres_database;

use crate::server::{Server, connect_at_xano, record, sign_in_again};

const PUBLIC: &[(&str, &str)] = &[("SNAPPY_PUBLIC_URL", "https://mcp.example")];

async fn read(server: &Server, access: &str) -> Result<Value, String> {
    let reply = server.call(access, "xano_get_table_record", record()).await?;
    if reply["success"] == true { Ok(reply) } else { Err(reply.to_string()) }
}

fn token_fault(effect: Effect) -> FaultRule {
    FaultRule {
        path_contains: Some("oauth/token".into()),
        times: Some(1),
        ..FaultRule::always(effect)
    }
}

async fn until_asked(xano: &Control) {
    for _ in 0..1_000 {
        if xano.count("oauth.token") > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(xano.count("oauth.token") > 0, "nobody asked for tokens");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_calls_on_two_processes_and_an_expired_token_cost_one_token_request() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let database = postgres_database().await;
    let servers =
        [Server::on(&sandbox, &database, 0, PUBLIC), Server::on(&sandbox, &database, 0, PUBLIC)];
    let (_, access, _) = connect_at_xano(&servers[0].base).await;
    for server in &servers {
        read(server, &access).await.unwrap();
    }
    let xano = sandbox.control();
    for _ in 0..3 {
        xano.expire_oauth_access(DEMO_EMAIL);
        xano.clear_requests();
        let calls = (0..500).map(|n| read(&servers[n % 2], &access));
        let failed: Vec<_> = join_all(calls).await.into_iter().filter_map(Result::err).collect();
        assert!(failed.is_empty(), "{} failed, such as {:?}", failed.len(), failed.first());
        assert_eq!(xano.count("oauth.token"), 1);
    }
    assert_eq!(xano.oauth_sign_ins()[0].uses, [1, 1, 1, 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_stops_finishes_its_refresh_first() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut server = Server::start(&sandbox, &dir, 0);
    let port = server.port();
    let (_, access, _) = connect_at_xano(&server.base).await;
    let xano = sandbox.control();
    xano.expire_oauth_access(DEMO_EMAIL);
    xano.clear_requests();
    xano.push_fault(token_fault(Effect::ApplyThenWait { ms: 3_000 }));
    // The client goes away, and then the process is told to stop.
    let gone = tokio::time::timeout(Duration::from_secs(1), read(&server, &access));
    assert!(gone.await.is_err());
    server.signal("-TERM");
    let (code, log) = server.end();
    assert_eq!(code, Some(0), "{log}");
    server = Server::start(&sandbox, &dir, port);
    read(&server, &access).await.unwrap();
    assert_eq!(xano.oauth_sign_ins()[0].uses, [1, 0]);
}

/// In lanes side by side, because each kill costs the wait for a lease that was never given back.
const LANES: usize = 10;
const KILLS: usize = 5;

/// A kill in the middle of a refresh costs a sign-in exactly when Xano has already rotated the token: then the only copy
/// of the new one is gone with the process. Otherwise the other process goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killing_who_refreshes_fifty_times_costs_a_sign_in_only_when_the_answer_was_lost() {
    let outcomes = join_all((0..LANES).map(|lane| async move {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        let database = postgres_database().await;
        let mut victim = Server::on(&sandbox, &database, 0, PUBLIC);
        let witness = Server::on(&sandbox, &database, 0, PUBLIC);
        let (_, access, _) = connect_at_xano(&witness.base).await;
        let xano = sandbox.control();
        let mut outcomes = Vec::new();
        for kill in 0..KILLS {
            read(&victim, &access).await.unwrap();
            let rotates = (lane + kill) % 2 == 0;
            xano.push_fault(token_fault(match rotates {
                true => Effect::ApplyThenWait { ms: 60_000 },
                false => Effect::Latency { ms: 60_000 },
            }));
            xano.clear_requests();
            xano.expire_oauth_access(DEMO_EMAIL);
            let cut = read(&victim, &access);
            let end = async {
                until_asked(xano).await;
                tokio::time::sleep(Duration::from_millis(200)).await;
                victim.signal("-KILL");
            };
            let (cut, ()) = tokio::join!(cut, end);
            assert!(cut.is_err(), "its connection was cut");
            xano.clear_faults();
            let reply = read(&witness, &access).await;
            let port = victim.port();
            victim.child.wait().unwrap();
            victim = Server::on(&sandbox, &database, port, PUBLIC);
            match &reply {
                Ok(_) => assert!(!rotates, "the token that nobody knows was used"),
                Err(error) => {
                    assert!(rotates && error.contains("REAUTH_REQUIRED"), "{rotates}: {error}");
                    sign_in_again(&witness.base).await;
                }
            }
            outcomes.push((rotates, reply.is_ok()));
        }
        read(&victim, &access).await.unwrap();
        outcomes
    }))
    .await;
    let outcomes: Vec<_> = outcomes.into_iter().flatten().collect();
    let of = |rotated: bool| outcomes.iter().filter(move |one| one.0 == rotated);
    println!(
        "killed before Xano rotated: {} of {} went on; killed after it rotated: {} of {} needed a sign-in",
        of(false).filter(|one| one.1).count(),
        of(false).count(),
        of(true).filter(|one| !one.1).count(),
        of(true).count(),
    );
    assert_eq!(outcomes.len(), LANES * KILLS);
}
