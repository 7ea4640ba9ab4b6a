//! Several processes on one PostgreSQL database.

use std::time::Duration;

use futures::future::join_all;
use serde_json::Value;
use snappy_sandbox::{DEMO_EMAIL, Effect, FaultRule, Options, Sandbox};
use snappy_store_sql::testing::postgres_database;

use crate::server::{Server, connect, record, refresh};

/// What people type; each process also answers requests addressed to its own loopback address.
const PUBLIC: &[(&str, &str)] = &[("SNAPPY_PUBLIC_URL", "https://mcp.example")];

async fn read(server: &Server, access: &str) -> Result<Value, String> {
    let reply = server.call(access, "xano_get_table_record", record()).await?;
    if reply["success"] == true { Ok(reply) } else { Err(reply.to_string()) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_calls_on_two_processes_and_an_expired_key_cost_one_auth_me() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let database = postgres_database().await;
    let servers =
        [Server::on(&sandbox, &database, 0, PUBLIC), Server::on(&sandbox, &database, 0, PUBLIC)];
    let (_, access, _) = connect(&servers[0].base).await;
    for server in &servers {
        read(server, &access).await.unwrap();
    }
    let xano = sandbox.control();
    xano.rotate_key(DEMO_EMAIL);
    xano.clear_requests();
    let calls = (0..500).map(|n| read(&servers[n % 2], &access));
    let failed: Vec<_> = join_all(calls).await.into_iter().filter_map(Result::err).collect();
    assert!(failed.is_empty(), "{} failed, such as {:?}", failed.len(), failed.first());
    assert_eq!(xano.count("signin.auth_me"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_process_does_counts_at_the_other_with_the_next_request() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let database = postgres_database().await;
    let one = Server::on(&sandbox, &database, 0, PUBLIC);
    let other = Server::on(&sandbox, &database, 0, PUBLIC);
    let (id, access, token) = connect(&one.base).await;
    read(&other, &access).await.unwrap();
    let (first, second) =
        tokio::join!(refresh(&one.base, &id, &token), refresh(&other.base, &id, &token));
    assert_eq!(first["refresh_token"], second["refresh_token"]);
    let form = format!("client_id={id}&token={}", first["refresh_token"].as_str().unwrap());
    let revoked = crate::server::client()
        .post(format!("{}/revoke", one.base))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await
        .unwrap();
    assert_eq!(revoked.status(), 200);
    let refused = read(&other, second["access_token"].as_str().unwrap()).await.unwrap_err();
    assert!(refused.starts_with("401"), "{refused}");
}

/// In lanes side by side, because each kill costs the length of a lease.
const LANES: usize = 10;
const KILLS: usize = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killing_who_refreshes_fifty_times_signs_nobody_out() {
    join_all((0..LANES).map(|_| async {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        let database = postgres_database().await;
        let mut victim = Server::on(&sandbox, &database, 0, PUBLIC);
        let witness = Server::on(&sandbox, &database, 0, PUBLIC);
        let (_, access, _) = connect(&witness.base).await;
        let xano = sandbox.control();
        for _ in 0..KILLS {
            read(&victim, &access).await.unwrap();
            read(&witness, &access).await.unwrap();
            xano.push_fault(FaultRule {
                path_contains: Some("auth/me".into()),
                times: Some(1),
                ..FaultRule::always(Effect::Latency { ms: 60_000 })
            });
            xano.clear_requests();
            xano.rotate_key(DEMO_EMAIL);
            // The victim begins to refresh; the witness waits for it.
            let cut = join_all((0..10).map(|_| read(&victim, &access)));
            let waiting = join_all((0..10).map(|_| async {
                until(|| xano.requests().iter().any(|asked| asked.operation == "signin.auth_me"))
                    .await;
                read(&witness, &access).await
            }));
            let kill = async {
                until(|| xano.requests().iter().any(|asked| asked.operation == "signin.auth_me"))
                    .await;
                tokio::time::sleep(Duration::from_millis(300)).await;
                victim.signal("-KILL");
            };
            let (cut, waiting, ()) = tokio::join!(cut, waiting, kill);
            assert!(cut.iter().all(Result::is_err), "their connections were cut");
            for reply in waiting {
                reply.unwrap();
            }
            xano.clear_faults();
            let port = victim.port();
            victim.child.wait().unwrap();
            victim = Server::on(&sandbox, &database, port, PUBLIC);
        }
        read(&victim, &access).await.unwrap();
    }))
    .await;
}

async fn until(is_so: impl Fn() -> bool) {
    for _ in 0..1000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(is_so(), "it did not happen");
}
