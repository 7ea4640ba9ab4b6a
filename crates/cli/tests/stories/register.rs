//! Dynamic client registration.

use serde_json::{Value, json};

use crate::harness::{CALLBACK, TestApp, request};

async fn register(app: &TestApp, metadata: Value) -> crate::harness::Reply {
    app.post_json("/register", &metadata).await
}

#[tokio::test]
async fn what_is_registered_is_echoed_and_nothing_else() {
    let app = TestApp::start().await;
    let metadata = json!({
        "client_name": "  A \u{202e}client\u{0007} ",
        "redirect_uris": [CALLBACK, "myapp://callback"],
        "grant_types": ["authorization_code", "refresh_token", "implicit"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "application_type": "native",
        "client_uri": "https://client.example/",
        "logo_uri": "javascript:alert(1)",
        "tos_uri": "",
        "policy_uri": null,
        "software_id": "abc",
        "unknown": {"deep": true},
    });
    let reply = register(&app, metadata).await.assert_status(201);
    assert_eq!(reply.header("cache-control"), "no-store");
    let mut answer = reply.json();
    let id = answer.as_object_mut().unwrap().remove("client_id").unwrap();
    assert!(id.as_str().unwrap().len() > 20);
    insta::assert_json_snapshot!(answer);
}

#[tokio::test]
async fn silence_about_the_method_means_a_public_client() {
    let app = TestApp::start().await;
    let answer = register(&app, json!({"redirect_uris": [CALLBACK]})).await.json();
    assert_eq!(answer["token_endpoint_auth_method"], "none");
    assert!(answer.get("client_secret").is_none() && answer.get("client_name").is_none());
}

#[tokio::test]
async fn the_clients_that_people_use_can_register() {
    let app = TestApp::start().await;
    let cursor = json!({
        "client_name": "Cursor",
        "redirect_uris": [
            "cursor://anysphere.cursor-mcp/oauth/callback",
            "https://www.cursor.com/agents/mcp/oauth/callback",
            "http://localhost:8787/callback",
        ],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    });
    let answer = register(&app, cursor.clone()).await.assert_status(201).json();
    assert_eq!(answer["redirect_uris"], cursor["redirect_uris"]);
    let code = json!({
        "client_name": "Visual Studio Code",
        "client_uri": "https://code.visualstudio.com",
        "redirect_uris": ["https://vscode.dev/redirect", "http://127.0.0.1:33418/"],
        "application_type": "native",
    });
    register(&app, code).await.assert_status(201);
}

#[tokio::test]
async fn bad_registrations_say_what_is_wrong() {
    let app = TestApp::start().await;
    for (metadata, code, says) in [
        (json!({"redirect_uris": []}), "invalid_redirect_uri", "at least one"),
        (json!({"redirect_uris": ["myapp://x"]}), "invalid_redirect_uri", "https"),
        (json!({"redirect_uris": ["http://client.example/"]}), "invalid_redirect_uri", "https"),
        (
            json!({"redirect_uris": [CALLBACK, "javascript:alert(1)"]}),
            "invalid_redirect_uri",
            "redirect_uris[1] is dangerous",
        ),
        (json!({"redirect_uris": vec![CALLBACK; 21]}), "invalid_redirect_uri", "more than 20"),
        (json!({"redirect_uris": CALLBACK}), "invalid_client_metadata", "sequence"),
        (json!({"redirect_uris": [7]}), "invalid_client_metadata", "string"),
        (json!({}), "invalid_client_metadata", "redirect_uris"),
        (json!([]), "invalid_client_metadata", ""),
        (
            json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "private_key_jwt"}),
            "invalid_client_metadata",
            "private_key_jwt",
        ),
        (
            json!({"redirect_uris": [CALLBACK], "grant_types": ["implicit"]}),
            "invalid_client_metadata",
            "grant_types",
        ),
        (
            json!({"redirect_uris": [CALLBACK], "response_types": ["token"]}),
            "invalid_client_metadata",
            "response_types",
        ),
    ] {
        let reply = register(&app, metadata.clone()).await.assert_error(400, code);
        let description = reply.json()["error_description"].as_str().unwrap().to_owned();
        assert!(description.contains(says), "{metadata}: {description}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let app = TestApp::start().await;
    let metadata = json!({"redirect_uris": [CALLBACK], "client_name": "x".repeat(70_000)});
    register(&app, metadata).await.assert_status(413);
    app.send(request(http::Method::GET, "/register").body(axum::body::Body::empty()).unwrap())
        .await
        .assert_status(405);
}
