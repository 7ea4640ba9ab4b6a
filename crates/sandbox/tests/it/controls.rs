//! The controls over HTTP, and the life of the server.

use serde_json::{Value, json};
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD};

use crate::client::{self, Answer, Fixture};

async fn post(fixture: &Fixture, control: &str, body: Value) -> Answer {
    fixture.send("POST", &format!("/sandbox/{control}"), None, Some(&body)).await.unwrap()
}

#[tokio::test]
async fn keys_and_sessions() {
    let fixture = client::start().await;
    let session = fixture.login(DEMO_EMAIL, DEMO_PASSWORD).await.1["authToken"].clone();
    let session = session.as_str().unwrap();
    let old = fixture.key();
    let whose = json!({ "email": DEMO_EMAIL });
    let (status, answer) = post(&fixture, "rotate-key", whose.clone()).await;
    assert_eq!((status, &answer["api_key"]), (200, &json!(fixture.key())));
    assert_ne!(answer["api_key"], json!(old));
    assert_eq!(post(&fixture, "expire-key", whose.clone()).await, (200, json!({})));
    let dead = answer["api_key"].as_str().unwrap();
    assert_eq!(fixture.send("GET", "/api:meta/workspace", Some(dead), None).await.unwrap().0, 401);
    assert_eq!(post(&fixture, "expire-session", whose).await, (200, json!({})));
    assert_eq!(fixture.me(session).await.0, 401);
    let nobody = json!({ "email": "nobody@acme.test" });
    assert_eq!(post(&fixture, "rotate-key", nobody).await.0, 404);
}

#[tokio::test]
async fn rules_and_options() {
    let fixture = client::start().await;
    let rules = json!([{ "path_contains": "/workspace", "times": 1, "effect": { "kind": "html", "status": 502 } }]);
    assert_eq!(post(&fixture, "faults", rules).await, (200, json!({})));
    assert_eq!(fixture.meta("GET", "/workspace", None).await.0, 502);
    assert_eq!(fixture.meta("GET", "/workspace", None).await.0, 200);
    for effect in [
        json!({ "kind": "latency", "ms": 1 }),
        json!({ "kind": "status", "status": 500, "headers": { "a": "b" }, "body": {} }),
        json!({ "kind": "empty", "status": 200 }),
        json!({ "kind": "truncated" }),
        json!({ "kind": "wrong_shape", "body": 1 }),
        json!({ "kind": "close" }),
        json!({ "kind": "apply_then_fail" }),
        json!({ "kind": "apply_then_close" }),
    ] {
        let rules = json!([{ "method": "PURGE", "effect": effect }]);
        assert_eq!(post(&fixture, "faults", rules).await, (200, json!({})));
    }
    let options = json!({
        "login_shape": "api_key", "bad_credentials": "fatal_500", "me_without_key": true,
        "free_plan_limit": true, "instances": [],
    });
    assert_eq!(post(&fixture, "options", options).await, (200, json!({})));
    assert!(fixture.login(DEMO_EMAIL, DEMO_PASSWORD).await.1.get("api_key").is_some());
    assert_eq!(fixture.login(DEMO_EMAIL, "wrong").await.0, 500);
    assert_eq!(fixture.me(&fixture.key()).await.1.get("api_key"), None);
    assert_eq!(fixture.meta("GET", "/instance", None).await.1, json!([]));
    post(&fixture, "options", json!({ "instances": null })).await;
    assert_eq!(fixture.meta("GET", "/instance", None).await.1.as_array().unwrap().len(), 2);
    assert_eq!(fixture.login(DEMO_EMAIL, "wrong").await.0, 500);
}

#[tokio::test]
async fn recorded_requests() {
    let fixture = client::start().await;
    fixture.meta("GET", "/workspace", None).await;
    fixture.meta("GET", "/workspace/1", None).await;
    let read = async |query: &str| {
        fixture.send("GET", &format!("/sandbox/requests{query}"), None, None).await.unwrap().1
    };
    assert_eq!(read("").await["count"], 2);
    let one = read("?operation=get_workspace").await;
    assert_eq!((&one["count"], &one["requests"][0]["sequence"]), (&json!(1), &json!(2)));
    assert_eq!(one["requests"][0]["status"], 200);
}

#[tokio::test]
async fn reset_brings_everything_back() {
    let fixture = client::start().await;
    let key = fixture.key();
    fixture.ok("DELETE", "/3", None).await;
    fixture.control().expire_key(DEMO_EMAIL);
    fixture.control().set_instances(Some(json!([])));
    assert_eq!(post(&fixture, "reset", json!({})).await, (200, json!({})));
    assert_eq!(fixture.control().requests(), []);
    assert_eq!(fixture.key(), key);
    assert_eq!(fixture.control().records(1, 3).len(), 48);
    assert_eq!(fixture.meta("GET", "/instance", None).await.1.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn bad_bodies_are_told_what_was_expected() {
    let fixture = client::start().await;
    for (control, body, hint) in [
        ("rotate-key", json!({}), "email"),
        ("expire-key", json!([]), "email"),
        ("faults", json!({}), "list of rules"),
        ("faults", json!([{ "effect": { "kind": "meteor" } }]), "apply_then_fail"),
        ("faults", json!([{ "effect": { "kind": "empty", "status": 99 } }]), "200 to 599"),
        ("options", json!({ "login_shape": "odd" }), "auth_token"),
        ("options", json!({ "unknown": 1 }), "free_plan_limit"),
    ] {
        let (status, answer) = post(&fixture, control, body).await;
        assert_eq!(status, 400, "{control}");
        let message = answer["message"].as_str().unwrap();
        assert!(message.starts_with("Expected ") && message.contains(hint), "{message}");
    }
    assert_eq!(post(&fixture, "unknown", json!({})).await.0, 404);
}

#[tokio::test]
async fn stopping_and_dropping_end_the_server() {
    let fixture = client::start().await;
    let origin = fixture.sandbox.origin();
    fixture.sandbox.stop().await;
    assert!(client::http().get(&origin).send().await.is_err());

    let fixture = client::start().await;
    let addr = fixture.sandbox.addr();
    drop(fixture);
    for _ in 0..100 {
        if tokio::net::TcpStream::connect(addr).await.is_err() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the server still listens");
}

#[tokio::test]
async fn serving_ends_with_the_given_future() {
    let fixture = client::start().await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let addr = fixture.sandbox.addr();
    let serving = tokio::spawn(fixture.sandbox.serve_until(async move {
        let _ = stopped.await;
    }));
    assert!(tokio::net::TcpStream::connect(addr).await.is_ok());
    stop.send(()).unwrap();
    serving.await.unwrap();
    assert!(tokio::net::TcpStream::connect(addr).await.is_err());
}
