//! Dynamic client registration.

use serde_json::{Value, json};

use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD};

use crate::harness::{
    Browser, CALLBACK, Connection, Registered, TestApp, hidden, parameter, request,
};

async fn register(app: &TestApp, metadata: Value) -> crate::harness::Reply {
    app.post_json("/register", &metadata).await
}

#[tokio::test]
async fn a12_what_is_registered_is_echoed_and_nothing_else() {
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
async fn a11_the_clients_that_people_use_can_register() {
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

/// Name, the addresses it registers, and the one it then uses.
type Known = (&'static str, &'static [&'static str], &'static str);

const KNOWN: [Known; 14] = [
    (
        "Claude",
        &["https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"],
        "https://claude.ai/api/mcp/auth_callback",
    ),
    (
        "Claude (its other host)",
        &["https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"],
        "https://claude.com/api/mcp/auth_callback",
    ),
    (
        "Claude Code",
        &["http://localhost/callback", "http://127.0.0.1/callback"],
        "http://localhost:54545/callback",
    ),
    (
        "Claude Code, fixed port",
        &["http://localhost:3118/callback"],
        "http://localhost:3118/callback",
    ),
    (
        "ChatGPT",
        &["https://chatgpt.com/connector/oauth/abc123"],
        "https://chatgpt.com/connector/oauth/abc123",
    ),
    (
        "ChatGPT, platform",
        &["https://chatgpt.com/connector_platform_oauth_redirect"],
        "https://chatgpt.com/connector_platform_oauth_redirect",
    ),
    ("Cursor", &CURSOR, "cursor://anysphere.cursor-mcp/oauth/callback"),
    ("Cursor, agents", &CURSOR, "https://www.cursor.com/agents/mcp/oauth/callback"),
    ("Cursor, loopback", &CURSOR, "http://localhost:8787/callback"),
    (
        "VS Code",
        &["http://127.0.0.1:33418", "https://vscode.dev/redirect"],
        "http://127.0.0.1:51111",
    ),
    (
        "VS Code, web",
        &["https://vscode.dev/redirect", "https://insiders.vscode.dev/redirect"],
        "https://insiders.vscode.dev/redirect",
    ),
    ("Codex", &["http://127.0.0.1:1455/callback"], "http://127.0.0.1:50000/callback"),
    (
        "mcp-remote",
        &["http://localhost:3334/oauth/callback"],
        "http://localhost:3334/oauth/callback",
    ),
    (
        "Gemini CLI",
        &["http://localhost:7777/oauth/callback"],
        "http://localhost:7777/oauth/callback",
    ),
];

const CURSOR: [&str; 3] = [
    "cursor://anysphere.cursor-mcp/oauth/callback",
    "https://www.cursor.com/agents/mcp/oauth/callback",
    "http://localhost:8787/callback",
];

#[tokio::test]
async fn the_redirect_uris_of_the_clients_that_people_use_work_to_the_end() {
    let app = TestApp::start().await;
    let inspector = (
        "MCP Inspector",
        &["http://localhost:6274/oauth/callback"][..],
        "http://localhost:6274/oauth/callback",
    );
    for (name, registered, used) in KNOWN.into_iter().chain([inspector]) {
        let metadata = json!({"client_name": name, "redirect_uris": registered});
        let client = Registered::with(&app, &metadata).await;
        let authorize = client.authorize_with(&[("redirect_uri", used)]);
        let to = Browser::default().allow(&app, &authorize).await;
        assert!(to.starts_with(&format!("{used}?code=")), "{name}: {to}");
        let code = parameter(&to, "code").unwrap();
        client.redeem(&app, &code, &[("redirect_uri", used)]).await.assert_status(200);
    }
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
            json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "private_key_jwt",
                "jwks": {"keys": []}}),
            "invalid_client_metadata",
            "no public key",
        ),
        (
            json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "private_key_jwt",
                "jwks_uri": "https://c.example/jwks.json", "token_endpoint_auth_signing_alg": "HS256"}),
            "invalid_client_metadata",
            "RS256 or ES256",
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
async fn registration_can_be_switched_off() {
    for (admission, documents) in [("documents", true), ("closed", false)] {
        let app = TestApp::start_with(&[("SNAPPY_REGISTRATION", admission)]).await;
        register(&app, json!({"redirect_uris": [CALLBACK]})).await.assert_status(404);
        let metadata = app.get("/.well-known/oauth-authorization-server").await.json();
        assert!(metadata.get("registration_endpoint").is_none());
        assert_eq!(metadata["client_id_metadata_document_supported"], documents);
        let id = "https://client.invalid/client.json".to_owned();
        let described = Registered { id, secret: None };
        let page = app.get(&described.authorize()).await.assert_status(400).text();
        assert_eq!(page.contains("This app is not registered"), !documents, "{page}");
    }
}

#[tokio::test]
async fn an_app_that_registered_itself_makes_no_new_connections_when_that_is_closed() {
    let mut app = TestApp::start().await;
    let mut connection = Connection::new(&app).await;
    let client = connection.client.clone();
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    let consent = browser.sign_in(&app, &login, DEMO_EMAIL, DEMO_PASSWORD).await;
    app.restart_with(&[("SNAPPY_REGISTRATION", "documents")]).await;
    let page = app.get(&client.authorize()).await.assert_status(400);
    assert!(page.text().contains("This app is not registered"));
    // Nor one that was begun before.
    let (csrf, request) = (hidden(&consent, "csrf"), hidden(&consent, "request"));
    let page = browser.open(&app, &format!("/consent?request={request}")).await;
    page.assert_status(400);
    let form = [("csrf", csrf.as_str()), ("request", &request), ("decision", "allow")];
    browser.submit(&app, "/consent", &form).await.assert_status(400);
    // The connection that exists goes on.
    connection.renew(&app).await;
    connection.read_record(&app).await.ok();
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

#[tokio::test]
async fn housekeeping_removes_a_registration_that_nobody_authorizes_within_72_hours() {
    let app = TestApp::start().await;
    register(&app, json!({"redirect_uris": [CALLBACK]})).await.assert_status(201);
    app.advance(72 * 3600 - 1);
    assert_eq!(app.housekeeping().await.clients, 0);
    app.advance(2);
    assert_eq!(app.housekeeping().await.clients, 1);
}
