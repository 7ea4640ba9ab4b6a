//! Each way to go wrong.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use snappy_sandbox::{Effect, FaultRule};

use crate::client::{self, Fixture};

fn once(effect: Effect) -> FaultRule {
    FaultRule { times: Some(1), ..FaultRule::always(effect) }
}

async fn create(fixture: &Fixture) -> Result<(u16, Value), reqwest::Error> {
    let path = "/api:meta/workspace/1/table/3/content";
    fixture.send("POST", path, Some(&fixture.key()), Some(&json!({ "name": "new" }))).await
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "measures a real delay")]
async fn latency_comes_before_the_usual_answer() {
    let fixture = client::start().await;
    fixture.control().push_fault(once(Effect::Latency { ms: 120 }));
    let before = Instant::now();
    assert_eq!(fixture.meta("GET", "/workspace", None).await.0, 200);
    assert!(before.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn made_up_answers_do_nothing() {
    let fixture = client::start().await;
    let control = fixture.control();
    let headers = BTreeMap::from([("retry-after".to_owned(), "7".to_owned())]);
    let body = json!({ "code": "X", "message": "y" });
    control.push_fault(once(Effect::Status { status: 503, headers, body: body.clone() }));
    control.push_fault(once(Effect::Html { status: 502 }));
    control.push_fault(once(Effect::Empty { status: 204 }));
    control.push_fault(once(Effect::WrongShape { body: json!([1]) }));
    control.push_fault(once(Effect::Html { status: 7 }));
    assert_eq!(create(&fixture).await.unwrap(), (503, body));
    let (status, page) = create(&fixture).await.unwrap();
    assert!(status == 502 && page.as_str().unwrap().starts_with("<html>"));
    assert_eq!(create(&fixture).await.unwrap(), (204, json!("")));
    assert_eq!(create(&fixture).await.unwrap(), (200, json!([1])));
    assert_eq!(create(&fixture).await.unwrap().0, 500);
    assert_eq!(control.records(1, 3).len(), 48);
    let statuses: Vec<_> = control.requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [Some(503), Some(502), Some(204), Some(200), Some(500)]);
}

#[tokio::test]
async fn headers_are_sent() {
    let fixture = client::start().await;
    let headers = BTreeMap::from([("retry-after".to_owned(), "7".to_owned())]);
    let effect = Effect::Status { status: 429, headers, body: json!({}) };
    fixture.control().push_fault(once(effect));
    let response = fixture.http.get(fixture.sandbox.origin()).send().await.unwrap();
    assert_eq!(response.headers()["retry-after"], "7");
    assert_eq!(response.headers()["content-type"], "application/json");
}

#[tokio::test]
async fn truncated_answers_announce_the_length_they_have() {
    let fixture = client::start().await;
    let url = format!("{}/api:meta/workspace", fixture.sandbox.origin());
    let whole = fixture.http.get(&url).bearer_auth(fixture.key()).send().await.unwrap();
    let whole = whole.text().await.unwrap();
    fixture.control().push_fault(once(Effect::Truncated));
    let half = fixture.http.get(&url).bearer_auth(fixture.key()).send().await.unwrap();
    assert_eq!(half.status(), 200);
    let announced = half.content_length().unwrap();
    let half = half.text().await.unwrap();
    assert_eq!(half.len() as u64, announced);
    assert!(whole.starts_with(&half) && half.len() < whole.len() && !half.is_empty());
    assert!(serde_json::from_str::<Value>(&half).is_err());
}

#[tokio::test]
async fn a_closed_connection_gives_no_answer() {
    let fixture = client::start().await;
    fixture.control().push_fault(once(Effect::Close));
    assert!(create(&fixture).await.is_err());
    assert_eq!(fixture.control().records(1, 3).len(), 48);
    let recorded = fixture.control().requests().remove(0);
    assert_eq!((recorded.operation.as_str(), recorded.status), ("create_record", None));
    assert_eq!(create(&fixture).await.unwrap().0, 200);
}

#[tokio::test]
async fn writes_may_be_applied_all_the_same() {
    let fixture = client::start().await;
    fixture.control().push_fault(once(Effect::ApplyThenFail));
    fixture.control().push_fault(once(Effect::ApplyThenClose));
    let (status, page) = create(&fixture).await.unwrap();
    assert!(status == 502 && page.as_str().unwrap().contains("Bad Gateway"));
    assert_eq!(fixture.control().records(1, 3).len(), 49);
    assert!(create(&fixture).await.is_err());
    assert_eq!(fixture.control().records(1, 3).len(), 50);
}

#[tokio::test]
async fn the_first_matching_rule_applies_and_counts_down() {
    let fixture = client::start().await;
    let control = fixture.control();
    control.push_fault(FaultRule {
        method: Some("get".to_owned()),
        path_contains: Some("/table?page=2".to_owned()),
        times: Some(2),
        effect: Effect::Empty { status: 500 },
    });
    control.push_fault(FaultRule {
        method: None,
        path_contains: Some("/table".to_owned()),
        times: None,
        effect: Effect::Empty { status: 503 },
    });
    let mut statuses = Vec::new();
    for (method, path) in [
        ("GET", "/table?page=2"),
        ("POST", "/table?page=2"),
        ("GET", "/table?page=2"),
        ("GET", "/table?page=2"),
        ("GET", ""),
    ] {
        let answer = fixture.meta(method, &format!("/workspace/1{path}"), None).await;
        statuses.push(answer.0);
    }
    assert_eq!(statuses, [500, 503, 500, 503, 200]);
    control.clear_faults();
    assert_eq!(fixture.meta("GET", "/workspace/1/table", None).await.0, 200);
}
