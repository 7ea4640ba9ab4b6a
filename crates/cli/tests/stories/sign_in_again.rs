//! When Xano's sign-in has ended: the person is led to it in the way the client can take, and then the same
//! call on the same connection works.

use axum::body::Body;
use http::{Method, header};
use serde_json::{Value, json};
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD};

use crate::harness::{Browser, Connection, Reply, TestApp, products, request};

const LOGIN: &str = "http://127.0.0.1:8787/login";

/// Whether it is the login page for a connection.
fn is_login(url: &Value) -> bool {
    url.as_str().is_some_and(|url| url.starts_with(&format!("{LOGIN}?grant=")))
}

fn arguments() -> Value {
    let mut arguments = products();
    arguments["record_id"] = 1.into();
    arguments
}

/// A tool call of the 2026-07-28 revision with these capabilities, and answers to what was asked for.
async fn call(app: &TestApp, connection: &Connection, can: Value, answers: Value) -> Reply {
    let mut params = json!({
        "name": "xano_get_table_record",
        "arguments": arguments(),
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": can,
            "io.modelcontextprotocol/clientInfo": {"name": "story", "version": "1"},
        },
    });
    if !answers.is_null() {
        params["inputResponses"] = answers;
    }
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params});
    let request = request(Method::POST, "/mcp")
        .header(header::AUTHORIZATION, format!("Bearer {}", connection.access))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json, text/event-stream")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", "tools/call")
        .header("mcp-name", "xano_get_table_record");
    app.send(request.body(Body::from(message.to_string())).unwrap()).await
}

/// A message of the 2025-11-25 revision.
async fn legacy(app: &TestApp, connection: &Connection, message: &Value) -> Reply {
    let request = request(Method::POST, "/mcp")
        .header(header::AUTHORIZATION, format!("Bearer {}", connection.access))
        .header(header::CONTENT_TYPE, "application/json")
        .header("mcp-protocol-version", "2025-11-25");
    app.send(request.body(Body::from(message.to_string())).unwrap()).await
}

async fn end_sign_in(app: &TestApp) {
    app.xano.expire_session(DEMO_EMAIL);
    app.xano.rotate_key(DEMO_EMAIL);
}

async fn sign_in_again(app: &TestApp) {
    let mut browser = Browser::default();
    let login = browser.open(app, LOGIN).await;
    browser.type_password(app, &login, DEMO_EMAIL, DEMO_PASSWORD).await.location();
}

#[tokio::test]
async fn a_client_of_2026_is_asked_to_open_the_address_and_calls_again() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    end_sign_in(&app).await;
    let can = json!({"elicitation": {"url": {}}});
    let accepted = json!({"sign_in": {"action": "accept"}});
    // Also when the person has agreed and is not done yet.
    for answers in [Value::Null, accepted.clone(), accepted.clone()] {
        let reply = call(&app, &connection, can.clone(), answers).await.assert_status(200).json();
        let result = &reply["result"];
        assert_eq!(result["resultType"], "input_required", "{reply}");
        let asked = &result["inputRequests"]["sign_in"];
        assert_eq!(asked["method"], "elicitation/create");
        assert_eq!(
            (&asked["params"]["mode"], is_login(&asked["params"]["url"])),
            (&json!("url"), true)
        );
    }
    sign_in_again(&app).await;
    let reply = call(&app, &connection, can, accepted).await.assert_status(200).json();
    let text = reply["result"]["content"][0]["text"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(text).unwrap()["success"], true);
}

#[tokio::test]
async fn a_person_who_does_not_want_to_is_not_asked_again_and_again() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    end_sign_in(&app).await;
    let can = json!({"elicitation": {"url": {}}});
    for action in ["decline", "cancel"] {
        let answers = json!({"sign_in": {"action": action}});
        let reply = call(&app, &connection, can.clone(), answers).await.assert_status(200).json();
        let text = reply["result"]["content"][0]["text"].as_str().unwrap();
        let envelope: Value = serde_json::from_str(text).unwrap();
        assert_eq!(envelope["error"]["code"], "REAUTH_REQUIRED");
    }
}

#[tokio::test]
async fn a_client_that_opens_nothing_gets_the_words_and_then_the_challenge() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    end_sign_in(&app).await;
    for can in [json!({}), json!({"elicitation": {"form": {}}})] {
        let reply = call(&app, &connection, can, Value::Null).await;
        if reply.status == 200 {
            let text = reply.json()["result"]["content"][0]["text"].to_string();
            assert!(text.contains(LOGIN) && text.contains("REAUTH_REQUIRED"), "{text}");
        } else {
            let reply = reply.assert_error(401, "invalid_token");
            assert!(reply.header("www-authenticate").starts_with("Bearer error="));
        }
    }
}

#[tokio::test]
async fn a_client_of_2025_that_said_so_gets_the_error_that_opens_the_address() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let initialize = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {"elicitation": {"url": {}}},
        "clientInfo": {"name": "story", "version": "1"},
    }});
    legacy(&app, &connection, &initialize).await.assert_status(200);
    end_sign_in(&app).await;
    let call = json!({"jsonrpc": "2.0", "id": 2, "method": "tools/call",
        "params": {"name": "xano_get_table_record", "arguments": arguments()}});
    for _ in 0..2 {
        let reply = legacy(&app, &connection, &call).await.assert_status(200).json();
        assert_eq!(reply["error"]["code"], -32042, "{reply}");
        assert!(is_login(&reply["error"]["data"]["elicitations"][0]["url"]), "{reply}");
    }
    sign_in_again(&app).await;
    connection.read_record(&app).await.ok();
}
