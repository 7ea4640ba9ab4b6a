//! The bearer check of the MCP endpoint.

use axum::body::Body;
use http::{Method, header};
use serde_json::json;

use crate::harness::{Connection, Reply, TestApp, request};

async fn post(app: &TestApp, authorization: &[&str], path: &str, body: &str) -> Reply {
    let mut request = request(Method::POST, path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json, text/event-stream");
    for value in authorization {
        request = request.header(header::AUTHORIZATION, *value);
    }
    app.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn r4_r5_r12_no_token_gets_a_bare_challenge_and_a_bad_one_an_error() {
    let app = TestApp::start().await;
    let metadata =
        "resource_metadata=\"http://127.0.0.1:8787/.well-known/oauth-protected-resource/mcp\"";
    let scope = "scope=\"xano:read xano:write xano:schema xano:delete\"";
    let bare = post(&app, &[], "/mcp", "not even JSON").await.assert_status(401);
    assert_eq!(bare.header("www-authenticate"), format!("Bearer {metadata}, {scope}"));
    for bad in ["Bearer nonsense", "bearer snp_at_unknown"] {
        let refused = post(&app, &[bad], "/mcp", "{}").await.assert_error(401, "invalid_token");
        let challenge = refused.header("www-authenticate").to_owned();
        assert!(challenge.starts_with("Bearer error=\"invalid_token\""), "{challenge}");
        assert!(challenge.contains(metadata) && challenge.contains(scope));
    }
    for method in [Method::GET, Method::DELETE] {
        let request = request(method, "/mcp").body(Body::empty()).unwrap();
        app.send(request).await.assert_status(401);
    }
}

#[tokio::test]
async fn r8_malformed_authorization_is_a_bad_request() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let good = format!("Bearer {}", connection.access);
    for bad in
        [vec!["Bearer"], vec!["Bearer "], vec!["Basic abc"], vec!["Bearer a b"], vec![&good, &good]]
    {
        post(&app, &bad, "/mcp", "{}").await.assert_error(400, "invalid_request");
    }
}

#[tokio::test]
async fn r9_r11_a_token_counts_only_in_the_header_and_only_for_its_resource() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let path = format!("/mcp?access_token={}", connection.access);
    post(&app, &[], &path, "{}").await.assert_status(401);

    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).to_string();
    let bearer = format!("Bearer {}", connection.access);
    let elsewhere = axum::http::Request::post("/mcp")
        .header(header::HOST, "localhost:8787")
        .header(header::AUTHORIZATION, &bearer)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(list.clone()))
        .unwrap();
    app.send(elsewhere).await.assert_error(401, "invalid_token");

    for authorization in [bearer.clone(), bearer.replace("Bearer", "BEARER")] {
        post(&app, &[&authorization], "/mcp", &list).await.assert_status(200);
        post(&app, &[&authorization], "/mcp/", &list).await.assert_status(200);
    }
    let refresh = format!("Bearer {}", connection.refresh);
    post(&app, &[&refresh], "/mcp", &list).await.assert_error(401, "invalid_token");
}

#[tokio::test]
async fn a_foreign_origin_is_refused_and_a_listed_one_is_not() {
    let settings = [("SNAPPY_ALLOWED_ORIGINS", "https://app.example")];
    let app = TestApp::start_with(&settings).await;
    let connection = Connection::new(&app).await;
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).to_string();
    for (origin, status) in [
        ("https://evil.example", 403),
        ("null", 403),
        ("http://localhost.evil.example", 403),
        ("https://app.example", 200),
        ("http://localhost:6274", 200),
        ("http://127.0.0.1:8787", 200),
    ] {
        let request = request(Method::POST, "/mcp")
            .header(header::ORIGIN, origin)
            .header(header::AUTHORIZATION, format!("Bearer {}", connection.access))
            .header(header::CONTENT_TYPE, "application/json");
        let reply = app.send(request.body(Body::from(list.clone())).unwrap()).await;
        assert_eq!(reply.status.as_u16(), status, "{origin}");
    }
}
