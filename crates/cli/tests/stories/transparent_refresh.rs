//! A Xano 401 in the middle of a tool call: the person never notices.

use std::collections::HashSet;

use futures::future::join_all;
use serde_json::{Value, json};
use snappy_sandbox::{DEMO_EMAIL, Effect, FaultRule};

use crate::harness::{Connection, TestApp, products};

fn me(effect: Effect) -> FaultRule {
    FaultRule { path_contains: Some("auth/me".into()), ..FaultRule::always(effect) }
}

fn content(method: &str, effect: Effect) -> FaultRule {
    FaultRule {
        method: Some(method.into()),
        path_contains: Some("/content".into()),
        ..FaultRule::always(effect)
    }
}

fn status(status: u16) -> Effect {
    let body = json!({"code": "ERROR", "message": "as the test says"});
    Effect::Status { status, headers: Default::default(), body }
}

#[tokio::test]
async fn a_401_refreshes_the_key_and_the_call_succeeds() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    connection.read_record(&app).await.ok();
    app.xano.rotate_key(DEMO_EMAIL);
    app.xano.clear_requests();
    connection.read_record(&app).await.ok();
    assert_eq!(app.xano.count("signin.auth_me"), 1);
    assert_eq!(app.xano.count("get_record"), 2, "the refused call and its repetition");
}

#[tokio::test]
async fn the_call_is_repeated_only_once() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    connection.read_record(&app).await.ok();
    app.xano.push_fault(content("GET", status(401)));
    app.xano.clear_requests();
    let reply = connection.read_record(&app).await;
    reply.failed("UNAUTHENTICATED");
    assert_eq!(app.xano.count("get_record"), 2);
    assert_eq!(app.xano.count("signin.auth_me"), 1);
    app.xano.clear_faults();
    connection.read_record(&app).await.ok();
}

#[tokio::test]
async fn a_dead_session_asks_the_person_and_then_challenges_the_client() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    app.xano.expire_session(DEMO_EMAIL);
    app.xano.rotate_key(DEMO_EMAIL);
    let reply = connection.read_record(&app).await;
    let error = reply.failed("REAUTH_REQUIRED");
    let url = error["details"]["sign_in_url"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:8787/login?grant="), "{url}");
    app.xano.clear_requests();
    for _ in 0..3 {
        let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
        let refused = connection.rpc(&app, &list).await.assert_status(401);
        assert!(refused.header("www-authenticate").contains("error=\"invalid_token\""));
    }
    let refresh = connection.client.refresh(&app, &connection.refresh).await;
    refresh.assert_error(400, "invalid_grant");
    assert!(app.xano.requests().is_empty(), "a dead account is not asked for again and again");
}

#[tokio::test]
async fn trouble_at_xano_is_not_taken_for_a_refusal() {
    let troubles = [
        status(500),
        status(503),
        status(429),
        status(404),
        Effect::Html { status: 200 },
        Effect::Html { status: 502 },
        Effect::Empty { status: 200 },
        Effect::Truncated,
        Effect::WrongShape { body: json!([]) },
        Effect::WrongShape { body: json!(null) },
        Effect::Close,
    ];
    for trouble in troubles {
        let app = TestApp::start().await;
        let connection = Connection::new(&app).await;
        app.xano.rotate_key(DEMO_EMAIL);
        app.xano.push_fault(me(trouble.clone()));
        connection.read_record(&app).await.failed("UPSTREAM_UNAVAILABLE");
        // For some seconds nobody asks again.
        app.xano.clear_requests();
        connection.read_record(&app).await.failed("UPSTREAM_UNAVAILABLE");
        assert_eq!(app.xano.count("signin.auth_me"), 0);
        app.xano.clear_faults();
        app.advance(5);
        connection.read_record(&app).await.ok();
    }
}

#[tokio::test]
async fn only_a_401_refreshes() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    for (answer, code) in [
        (status(400), "INVALID_ARGUMENT"),
        (status(403), "FORBIDDEN"),
        (status(404), "NOT_FOUND"),
        (status(429), "RATE_LIMITED"),
        (status(500), "UPSTREAM_ERROR"),
        (Effect::Html { status: 502 }, "UPSTREAM_ERROR"),
        (Effect::Html { status: 200 }, "UPSTREAM_ERROR"),
        (Effect::Empty { status: 200 }, "UPSTREAM_ERROR"),
        (Effect::Truncated, "UPSTREAM_ERROR"),
        (Effect::Close, "UPSTREAM_UNAVAILABLE"),
    ] {
        app.xano.clear_requests();
        app.xano.push_fault(content("GET", answer));
        connection.read_record(&app).await.failed(code);
        app.xano.clear_faults();
        assert_eq!(app.xano.count("signin.auth_me"), 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_calls_on_a_rotated_key_all_succeed_with_one_auth_me() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    connection.read_record(&app).await.ok();
    app.xano.clear_requests();
    let calls = (0..200).map(|n| {
        let (app, connection) = (&app, &connection);
        async move {
            if n == 100 {
                app.xano.rotate_key(DEMO_EMAIL);
            }
            connection.read_record(app).await
        }
    });
    for reply in join_all(calls).await {
        reply.ok();
    }
    assert_eq!(app.xano.count("signin.auth_me"), 1);
    let keys: HashSet<_> = app.xano.requests().into_iter().map(|r| r.authorization).collect();
    assert_eq!(keys.len(), 3, "the old key, the session, the new key");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_xano_is_down_those_who_wait_share_one_failure() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    connection.read_record(&app).await.ok();
    app.xano.rotate_key(DEMO_EMAIL);
    app.xano.push_fault(me(status(503)));
    app.xano.clear_requests();
    let calls = (0..50).map(|_| connection.read_record(&app));
    for reply in join_all(calls).await {
        reply.failed("UPSTREAM_UNAVAILABLE");
    }
    assert!(app.xano.count("signin.auth_me") < 25, "{}", app.xano.count("signin.auth_me"));
}

#[tokio::test]
async fn a_client_that_goes_away_in_the_middle_of_a_refresh_holds_nobody_up() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    connection.read_record(&app).await.ok();
    app.xano.rotate_key(DEMO_EMAIL);
    app.xano.push_fault(FaultRule { times: Some(1), ..me(Effect::Latency { ms: 2_000 }) });
    let gone = std::time::Duration::from_millis(300);
    let session = app.session_of(&connection).await;
    assert!(tokio::time::timeout(gone, session.refresh_now()).await.is_err(), "it hangs");
    // The refresh goes on without the one that went away, and the next one takes its result.
    let soon = std::time::Duration::from_secs(5);
    app.xano.clear_requests();
    tokio::time::timeout(soon, connection.read_record(&app)).await.unwrap().ok();
    assert_eq!(app.xano.count("signin.auth_me"), 0, "it is not asked for twice");
}

#[tokio::test]
async fn a_write_across_a_refresh_happens_once() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let before = app.xano.records(1, 3).len();
    app.xano.rotate_key(DEMO_EMAIL);
    let mut arguments = products();
    arguments["record_data"] = json!({"name": "Teapot", "price": 12.5});
    let reply = connection.call(&app, "xano_create_table_record", arguments).await;
    assert_eq!(reply.ok()["name"], "Teapot");
    let made: Vec<Value> = app.xano.records(1, 3);
    assert_eq!(made.len(), before + 1);
    assert_eq!(made.iter().filter(|record| record["name"] == "Teapot").count(), 1);
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_is_not_repeated_and_says_so() {
    for lost in [Effect::ApplyThenFail, Effect::ApplyThenClose] {
        let app = TestApp::start().await;
        let connection = Connection::new(&app).await;
        let before = app.xano.records(1, 3).len();
        app.xano.push_fault(content("POST", lost));
        let mut arguments = products();
        arguments["record_data"] = json!({"name": "Teapot"});
        let reply = connection.call(&app, "xano_create_table_record", arguments).await;
        let error = &reply.0["error"];
        assert_eq!(error["details"]["may_have_happened"], true, "{}", reply.0);
        assert!(
            error["details"]["next_step"].as_str().unwrap().contains("xano_browse_table_content")
        );
        assert_eq!(app.xano.records(1, 3).len(), before + 1);
    }
}

#[tokio::test]
async fn an_answer_without_api_key_is_an_error_and_never_the_session() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    app.xano.rotate_key(DEMO_EMAIL);
    app.xano.set_me_without_key(true);
    app.xano.clear_requests();
    let reply = connection.read_record(&app).await;
    let message = reply.failed("UPSTREAM_UNAVAILABLE")["message"].to_string();
    assert!(message.contains("api_key"), "{message}");
    let requests = app.xano.requests();
    let session = requests.iter().find(|r| r.operation == "signin.auth_me").unwrap();
    let with_session = requests.iter().filter(|r| r.authorization == session.authorization);
    assert_eq!(with_session.count(), 1, "the session went to auth/me alone");
    app.xano.set_me_without_key(false);
    app.advance(5);
    connection.read_record(&app).await.ok();
}
