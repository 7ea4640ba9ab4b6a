//! The MCP endpoint: both eras, and messages that are none.

use axum::body::Body;
use http::{Method, header};
use serde_json::{Value, json};

use crate::harness::{Connection, Reply, TestApp, request};

async fn send(
    app: &TestApp,
    connection: &Connection,
    headers: &[(&str, &str)],
    body: &str,
) -> Reply {
    let mut request = request(Method::POST, "/mcp")
        .header(header::AUTHORIZATION, format!("Bearer {}", connection.access))
        .header(header::CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn r14_a_client_that_initializes_is_served_in_its_revision() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    for revision in ["2025-03-26", "2025-06-18", "2025-11-25"] {
        let initialize = json!({
            "jsonrpc": "2.0", "id": 1, "method": "initialize",
            "params": {
                "protocolVersion": revision, "capabilities": {},
                "clientInfo": {"name": "story", "version": "1"},
            },
        });
        let accept = [("accept", "application/json, text/event-stream")];
        let reply = send(&app, &connection, &accept, &initialize.to_string()).await;
        let reply = reply.assert_status(200);
        assert_eq!(reply.header("mcp-session-id"), "", "no sessions to lose");
        let result = reply.json()["result"].clone();
        assert_eq!(result["protocolVersion"], revision);
        assert_eq!(result["serverInfo"]["name"], "snappy-mcp");
        assert!(result["capabilities"]["tools"].is_object());
        let done = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        connection.rpc(&app, &done).await.assert_status(202);
    }
}

fn modern(method: &str, mut params: Value) -> String {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": {"name": "story", "version": "1"},
    });
    json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).to_string()
}

#[tokio::test]
async fn a_client_of_2026_needs_no_handshake() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let version = ("mcp-protocol-version", "2026-07-28");
    let accept = ("accept", "application/json, text/event-stream");
    let headers = [version, accept, ("mcp-method", "server/discover")];
    let discover = modern("server/discover", json!({}));
    let result = send(&app, &connection, &headers, &discover).await.assert_status(200).json();
    let versions = result["result"]["supportedVersions"].to_string();
    assert!(versions.contains("2026-07-28") && versions.contains("2025-11-25"), "{result}");

    let headers = [version, accept, ("mcp-method", "tools/list")];
    let list = send(&app, &connection, &headers, &modern("tools/list", json!({}))).await;
    let list = list.assert_status(200).json()["result"].clone();
    assert_eq!(list["tools"].as_array().unwrap().len(), 23);
    assert_eq!((&list["cacheScope"], &list["resultType"]), (&json!("private"), &json!("complete")));

    let headers =
        [version, accept, ("mcp-method", "tools/call"), ("mcp-name", "xano_list_instances")];
    let call = modern("tools/call", json!({"name": "xano_list_instances", "arguments": {}}));
    let result = send(&app, &connection, &headers, &call).await.assert_status(200).json();
    let text = result["result"]["content"][0]["text"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(text).unwrap()["success"], true);
}

#[tokio::test]
async fn clients_that_accept_only_json_or_anything_are_served() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).to_string();
    for accept in [vec![], vec![("accept", "*/*")], vec![("accept", "application/json")]] {
        let reply = send(&app, &connection, &accept, &list).await.assert_status(200);
        assert!(reply.header("content-type").starts_with("application/json"));
    }
}

#[tokio::test]
async fn what_is_no_message_gets_a_json_rpc_error() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    for (body, code) in [
        ("", -32700),
        ("{", -32700),
        ("[]", -32600),
        ("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", -32600),
        ("7", -32600),
    ] {
        let reply = send(&app, &connection, &[], body).await.assert_status(400).json();
        assert_eq!(reply["error"]["code"], code, "{body}");
    }
    let large = format!("{{\"x\": \"{}\"}}", "x".repeat(5 * 1024 * 1024));
    send(&app, &connection, &[], &large).await.assert_status(413);
}

#[tokio::test]
async fn an_unknown_tool_is_an_error_that_names_it() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let call = json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": "xano_drop_everything", "arguments": {}},
    });
    let reply = connection.rpc(&app, &call).await.json();
    assert_eq!(reply["error"]["code"], -32602);
    assert!(reply["error"]["message"].as_str().unwrap().contains("xano_drop_everything"));
    let unknown = json!({"jsonrpc": "2.0", "id": 1, "method": "no/such"});
    assert_eq!(connection.rpc(&app, &unknown).await.json()["error"]["code"], -32601);
}

#[tokio::test]
async fn the_servers_tool_policy_is_the_most_there_is() {
    for (settings, expected) in [
        (vec![("SNAPPY_READ_ONLY", "true")], 10),
        (vec![("SNAPPY_TOOLSETS", "records")], 7),
        (vec![("SNAPPY_TOOLSETS", "records"), ("SNAPPY_READ_ONLY", "true")], 2),
        (vec![("SNAPPY_DEBUG_TOOLS", "false")], 20),
    ] {
        let app = TestApp::start_with(&settings).await;
        let connection = Connection::new(&app).await;
        let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
        let tools = connection.rpc(&app, &list).await.json()["result"]["tools"].clone();
        assert_eq!(tools.as_array().unwrap().len(), expected, "{settings:?} {tools}");
        app.get("/debug-oauth").await.assert_status(404);
    }
}

#[tokio::test]
async fn debug_oauth_shows_what_was_seen_and_no_secret() {
    let app = TestApp::start_with(&[("SNAPPY_DEBUG_TOOLS", "true")]).await;
    let connection = Connection::new(&app).await;
    let seen = request(Method::GET, "/debug-oauth?code=hidden")
        .header(header::AUTHORIZATION, format!("Bearer {}", connection.access))
        .header(header::COOKIE, "secret=cookie");
    let reply = app.send(seen.body(Body::empty()).unwrap()).await.assert_status(200);
    for secret in [connection.access.as_str(), "secret=cookie", "hidden"] {
        assert!(!reply.text().contains(secret), "{}", reply.text());
    }
    assert_eq!(reply.json()["auth"]["state"], "signed_in");
    let nobody = app.get("/debug-oauth").await.json();
    assert_eq!(nobody["auth"]["state"], "no_token");
}
