//! What is recorded of a request.

use serde_json::json;
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD};

use crate::client;

#[tokio::test]
async fn everything_about_a_request_is_kept() {
    let fixture = client::start().await;
    fixture.login(DEMO_EMAIL, DEMO_PASSWORD).await;
    fixture.meta("GET", "/workspace/1/table/3/content/1?x=%20y", None).await;
    fixture.send("GET", "/nowhere", None, None).await.unwrap();
    let requests = fixture.control().requests();
    let shown: Vec<_> = requests
        .iter()
        .map(|request| {
            (request.sequence, request.method.as_str(), request.operation.as_str(), request.status)
        })
        .collect();
    assert_eq!(
        shown,
        [
            (1, "POST", "signin.login", Some(200)),
            (2, "GET", "get_record", Some(200)),
            (3, "GET", "unknown", Some(404)),
        ]
    );
    let body: serde_json::Value = serde_json::from_slice(&requests[0].body).unwrap();
    assert_eq!(body, json!({ "email": DEMO_EMAIL, "password": DEMO_PASSWORD }));
    assert_eq!(requests[1].path, "/api:meta/workspace/1/table/3/content/1?x=%20y");
    assert_eq!(requests[1].authorization, Some(format!("Bearer {}", fixture.key())));
    assert_eq!(requests[1].host, Some(fixture.sandbox.addr().to_string()));
    assert_eq!(requests[2].authorization, None);
    assert_eq!(fixture.control().count("get_record"), 1);
    fixture.control().clear_requests();
    assert_eq!(fixture.control().count("get_record"), 0);
    fixture.meta("GET", "/workspace", None).await;
    assert_eq!(fixture.control().requests()[0].sequence, 4);
}
