//! The documents that clients find the server by.

use serde_json::json;

use crate::harness::{TestApp, request};

#[tokio::test]
async fn r1_r2_both_places_give_the_same_protected_resource() {
    let app = TestApp::start().await;
    let root = app.get("/.well-known/oauth-protected-resource").await.assert_status(200);
    let path = app.get("/.well-known/oauth-protected-resource/mcp").await.assert_status(200);
    assert_eq!(root.json(), path.json());
    insta::assert_json_snapshot!(path.json());
}

#[tokio::test]
async fn a2_a4_a22_every_place_a_client_looks_gives_the_same_authorization_server() {
    let app = TestApp::start().await;
    let document = app.get("/.well-known/oauth-authorization-server").await.assert_status(200);
    for path in [
        "/.well-known/oauth-authorization-server/mcp",
        "/.well-known/openid-configuration",
        "/.well-known/openid-configuration/mcp",
        "/mcp/.well-known/openid-configuration",
    ] {
        assert_eq!(app.get(path).await.assert_status(200).json(), document.json(), "{path}");
    }
    insta::assert_json_snapshot!(document.json());
}

#[tokio::test]
async fn r3_a3_the_issuer_is_the_address_that_was_asked() {
    let app = TestApp::start().await;
    for host in ["localhost:8787", "[::1]:8787"] {
        let request = axum::http::Request::get("/.well-known/oauth-authorization-server")
            .header("host", host)
            .body(axum::body::Body::empty())
            .unwrap();
        assert_eq!(app.send(request).await.json()["issuer"], format!("http://{host}"));
    }
}

#[tokio::test]
async fn with_a_public_url_that_is_the_issuer_also_by_loopback() {
    let app = TestApp::start_with(&[("SNAPPY_PUBLIC_URL", "https://mcp.example/")]).await;
    for host in ["mcp.example", "127.0.0.1:9999"] {
        let request = axum::http::Request::get("/.well-known/oauth-protected-resource/mcp")
            .header("host", host)
            .body(axum::body::Body::empty())
            .unwrap();
        let document = app.send(request).await.assert_status(200).json();
        assert_eq!(document["resource"], "https://mcp.example/mcp");
        assert_eq!(document["authorization_servers"], json!(["https://mcp.example"]));
    }
}

#[tokio::test]
async fn another_host_is_refused_everywhere() {
    let app = TestApp::start().await;
    for path in
        ["/", "/authorize", "/login", "/token", "/mcp", "/.well-known/oauth-protected-resource"]
    {
        let request = axum::http::Request::get(path).header("host", "evil.example");
        let reply = app.send(request.body(axum::body::Body::empty()).unwrap()).await;
        reply.assert_error(403, "invalid_host");
    }
}

#[tokio::test]
async fn r13_clients_in_browsers_get_cors_without_credentials() {
    let app = TestApp::start().await;
    for path in
        ["/mcp", "/token", "/register", "/revoke", "/.well-known/oauth-protected-resource/mcp"]
    {
        let preflight = request(http::Method::OPTIONS, path)
            .header("origin", "http://localhost:6274")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,mcp-protocol-version");
        let reply = app.send(preflight.body(axum::body::Body::empty()).unwrap()).await;
        let reply = reply.assert_status(200);
        assert_eq!(reply.header("access-control-allow-origin"), "*", "{path}");
        let allowed = reply.header("access-control-allow-headers").to_owned();
        assert!(allowed.contains("authorization") && allowed.contains("mcp-protocol-version"));
        assert_eq!(reply.header("access-control-allow-credentials"), "");
    }
    let refused = app.get("/mcp").await.assert_status(401);
    assert!(refused.header("access-control-expose-headers").contains("www-authenticate"));
    assert_eq!(app.get("/login").await.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn the_old_transport_says_where_to_go() {
    let app = TestApp::start().await;
    for path in ["/sse", "/messages"] {
        let reply = app.get(path).await.assert_status(410).json();
        assert_eq!(reply["mcp_url"], "http://127.0.0.1:8787/mcp");
    }
    app.get("/nowhere").await.assert_error(404, "not_found");
}
