//! Service accounts: access tokens without a person, with a Xano access token that the operator stores.

use std::io::Write as _;

use futures::future::join_all;
use serde_json::{Value, json};
use snappy_domain::Clock as _;
use snappy_oauth::client::error::ASSERTION_TYPE;
use snappy_oauth::testing::ClientKey;
use snappy_sandbox::{DEMO_EMAIL, SECOND_EMAIL};
use tempfile::NamedTempFile;

use crate::harness::{Browser, CALLBACK, Connection, Registered, Reply, TestApp, products};

const ISSUER: &str = "http://127.0.0.1:8787";

fn file(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn path(file: &NamedTempFile) -> &str {
    file.path().to_str().unwrap()
}

/// Registers a service account with further arguments; returns its client secret, if it has one.
async fn add(app: &TestApp, more: &[&str]) -> Option<String> {
    let token = file(&format!("{}\n", app.xano.api_key(DEMO_EMAIL)));
    let arguments = ["add", "--name", "CI", "--id", "ci", "--xano-token-file", path(&token)];
    let printed = app.operator(&[&arguments[..], more].concat()).await.unwrap();
    let (id, rest) = printed.split_once('\n').unwrap();
    assert_eq!(id, "client_id ci");
    rest.trim().strip_prefix("client_secret ").map(str::to_owned)
}

async fn ask(app: &TestApp, more: &[(&str, &str)]) -> Reply {
    let form = [&[("grant_type", "client_credentials")], more].concat();
    app.post_form("/token", &form).await
}

async fn ask_with_key(app: &TestApp, key: &ClientKey, jti: &str) -> Reply {
    let assertion = key.assertion("ci", ISSUER, app.clock.now(), jti);
    ask(app, &[("client_assertion_type", ASSERTION_TYPE), ("client_assertion", &assertion)]).await
}

/// A connection with the token of an answer.
fn connected(answer: &Value) -> Connection {
    Connection {
        client: Registered { id: "ci".into(), secret: None },
        access: answer["access_token"].as_str().unwrap().to_owned(),
        refresh: String::new(),
    }
}

async fn refused(app: &TestApp, connection: &Connection, tool: &str, arguments: Value) -> u16 {
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": tool, "arguments": arguments}});
    connection.rpc(app, &call).await.status.as_u16()
}

#[tokio::test]
async fn a_service_account_with_a_key_reads_records_without_a_person() {
    let mut app = TestApp::start().await;
    let key = ClientKey::ec("ci-key");
    let jwks = file(&key.jwks().to_string());
    assert_eq!(add(&app, &["--jwks", path(&jwks)]).await, None);
    let listed = app.operator(&["list"]).await.unwrap();
    let how =
        "registered by the operator, service account with xano:read, private_key_jwt, never used";
    assert_eq!(listed, format!("ci  CI  {how}\n"));

    let reply = ask_with_key(&app, &key, "1").await.assert_status(200);
    assert_eq!(reply.header("cache-control"), "no-store");
    let tokens = reply.json();
    assert!(tokens.get("refresh_token").is_none(), "it asks again");
    assert_eq!((&tokens["scope"], &tokens["expires_in"]), (&json!("xano:read"), &json!(86_400)));
    let account = connected(&tokens);
    account.read_record(&app).await.ok();
    let mut arguments = products();
    arguments["record_data"] = json!({"name": "x"});
    assert_eq!(refused(&app, &account, "xano_create_table_record", arguments).await, 403);

    // The same proof again is nobody's, also after a restart.
    ask_with_key(&app, &key, "1").await.assert_error(401, "invalid_client");
    app.restart().await;
    ask_with_key(&app, &key, "1").await.assert_error(401, "invalid_client");
    account.read_record(&app).await.ok();
    ask_with_key(&app, &key, "2").await.assert_status(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twenty_parallel_uses_of_one_proof_exactly_one_counts() {
    let app = TestApp::start().await;
    let key = ClientKey::ec("ci-key");
    let jwks = file(&key.jwks().to_string());
    add(&app, &["--jwks", path(&jwks)]).await;
    let replies = join_all((0..20).map(|_| ask_with_key(&app, &key, "the same"))).await;
    let good = replies.iter().filter(|reply| reply.status == 200).count();
    assert_eq!(good, 1);
}

#[tokio::test]
async fn a_service_account_with_a_secret_gets_no_more_than_the_operator_gave_it() {
    let app = TestApp::start().await;
    let scopes = ["--scope", "xano:read xano:write", "--toolset", "records"];
    let place = ["--instance", "xsbx-demo-0001/1"];
    let secret = add(&app, &[&scopes[..], &place].concat()).await.unwrap();
    let basic = async |form: &str| {
        use base64::Engine as _;
        let basic = base64::prelude::BASE64_STANDARD.encode(format!("ci:{secret}"));
        let request = crate::harness::form_request("/token")
            .header("authorization", format!("Basic {basic}"))
            .body(axum::body::Body::from(format!("grant_type=client_credentials{form}")));
        app.send(request.unwrap()).await
    };
    basic("&scope=xano:delete").await.assert_error(400, "invalid_scope");
    basic("&resource=https://other.example/mcp").await.assert_error(400, "invalid_target");
    let narrow = basic("&scope=xano:read").await.assert_status(200).json();
    assert_eq!(narrow["scope"], "xano:read");
    let account = connected(&basic("").await.assert_status(200).json());
    account.read_record(&app).await.ok();
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    let tools = account.rpc(&app, &list).await.json()["result"]["tools"].clone();
    assert!(tools.as_array().unwrap().iter().all(|tool| tool["name"] != "xano_list_tables"));
    let mut elsewhere = products();
    elsewhere["workspace_id"] = 2.into();
    elsewhere["record_id"] = 1.into();
    account.call(&app, "xano_get_table_record", elsewhere).await.failed("FORBIDDEN");

    // Both tokens belong to one grant, which the operator ends with the client.
    app.operator(&["remove", "ci"]).await.unwrap();
    for token in [&narrow["access_token"], &json!(account.access)] {
        let with = connected(&json!({"access_token": token}));
        with.rpc(&app, &list).await.assert_status(401);
    }
}

#[tokio::test]
async fn only_a_service_account_gets_tokens_for_itself_and_only_with_a_proof() {
    let app = TestApp::start().await;
    let secret = add(&app, &["--auth", "client-secret-post"]).await.unwrap();
    ask(&app, &[("client_id", "ci")]).await.assert_error(401, "invalid_client");
    ask(&app, &[("client_id", "ci"), ("client_secret", "x")])
        .await
        .assert_error(401, "invalid_client");
    let proof = [("client_id", "ci"), ("client_secret", secret.as_str())];
    ask(&app, &proof).await.assert_status(200);
    // It has nothing to do with people.
    let client = Registered { id: "ci".into(), secret: None };
    let page = app.get(&client.authorize()).await.assert_status(400);
    assert_eq!(page.header("location"), "");

    let metadata =
        json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "client_secret_post"});
    let person = Registered::with(&app, &metadata).await;
    let secret = person.secret.clone().unwrap();
    let proof = [("client_id", person.id.as_str()), ("client_secret", &secret)];
    ask(&app, &proof).await.assert_error(400, "unauthorized_client");
}

#[tokio::test]
async fn a_dead_xano_token_is_replaced_without_a_new_client() {
    let app = TestApp::start().await;
    let secret = add(&app, &["--auth", "client-secret-post"]).await.unwrap();
    let proof = [("client_id", "ci"), ("client_secret", secret.as_str())];
    let account = connected(&ask(&app, &proof).await.assert_status(200).json());
    app.xano.rotate_key(DEMO_EMAIL);
    account.call(&app, "xano_list_instances", json!({})).await.failed("REAUTH_REQUIRED");
    let told = ask(&app, &proof).await.assert_error(400, "invalid_grant").json();
    assert!(told["error_description"].as_str().unwrap().contains("the operator must replace it"));
    let token = file(&app.xano.api_key(DEMO_EMAIL));
    let told = app.operator(&["token", "ci", "--xano-token-file", path(&token)]).await.unwrap();
    assert_eq!(told, "Replaced the Xano access token of ci.\n");
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    account.rpc(&app, &list).await.assert_status(401);
    let another = connected(&ask(&app, &proof).await.assert_status(200).json());
    another.read_record(&app).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_parallel_requests_share_one_grant() {
    let app = TestApp::start().await;
    let secret = add(&app, &["--auth", "client-secret-post"]).await.unwrap();
    let proof = [("client_id", "ci"), ("client_secret", secret.as_str())];
    let replies = join_all((0..20).map(|_| ask(&app, &proof))).await;
    let mut grants = std::collections::HashSet::new();
    for reply in replies {
        let account = connected(&reply.assert_status(200).json());
        let status = account.call(&app, "debug_auth", json!({})).await;
        grants.insert(status.ok()["grant"]["id"].to_string());
    }
    assert_eq!(grants.len(), 1);
    assert!(app.operator(&["list"]).await.unwrap().contains("first used"));
}

#[tokio::test]
async fn a_persons_dead_connection_does_not_come_alive_with_the_token_of_a_service_account() {
    let app = TestApp::start().await;
    let person = Connection::with_token(&app, &app.xano.api_key(DEMO_EMAIL)).await;
    app.xano.rotate_key(DEMO_EMAIL);
    person.read_record(&app).await.failed("REAUTH_REQUIRED");
    add(&app, &[]).await;
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    person.rpc(&app, &list).await.assert_status(401);
}

#[tokio::test]
async fn another_persons_token_ends_what_the_older_one_gave() {
    let app = TestApp::start().await;
    let secret = add(&app, &["--auth", "client-secret-post"]).await.unwrap();
    let proof = [("client_id", "ci"), ("client_secret", secret.as_str())];
    let older = connected(&ask(&app, &proof).await.assert_status(200).json());
    let token = file(&app.xano.api_key(SECOND_EMAIL));
    app.operator(&["token", "ci", "--xano-token-file", path(&token)]).await.unwrap();
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    older.rpc(&app, &list).await.assert_status(401);
    let newer = connected(&ask(&app, &proof).await.assert_status(200).json());
    newer.read_record(&app).await.ok();
    let carried = app.xano.requests().into_iter().rev().find_map(|request| request.authorization);
    assert_eq!(carried, Some(format!("Bearer {}", app.xano.api_key(SECOND_EMAIL))));
}

#[tokio::test]
async fn errors_tell_the_operator_what_is_wrong() {
    let app = TestApp::start().await;
    let (token, empty, two) = (file("not-a-xano-token"), file(""), file("two words"));
    let good = file(&app.xano.api_key(DEMO_EMAIL));
    let not_json = file("{");
    let private = file(&json!({"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}).to_string());
    let name = ["--name", "x"];
    for (more, says) in [
        (vec![], "--redirect-uri"),
        (vec!["--xano-token-file", path(&token)], "can't be used"),
        (vec!["--xano-token-file", path(&empty)], "a Xano access token"),
        (vec!["--xano-token-file", path(&two)], "a Xano access token"),
        (vec!["--xano-token-file", "/nowhere"], "can't be read"),
        (vec!["--xano-token-file", path(&good), "--auth", "none"], "must authenticate"),
        (vec!["--xano-token-file", path(&good), "--scope", "admin"], "the scopes are"),
        (vec!["--xano-token-file", path(&good), "--toolset", "x"], "the toolsets are"),
        (vec!["--scope", "xano:read", "--redirect-uri", CALLBACK], "--xano-token-file"),
        (vec!["--redirect-uri", CALLBACK, "--auth", "private-key-jwt"], "either jwks or jwks_uri"),
        (vec!["--redirect-uri", CALLBACK, "--jwks", path(&not_json)], "is not JSON"),
        (vec!["--redirect-uri", CALLBACK, "--jwks", path(&private)], "private or a symmetric key"),
        (vec!["--redirect-uri", CALLBACK, "--jwks-uri", "http://x.example/j"], "https"),
        (
            vec!["--redirect-uri", CALLBACK, "--jwks-uri", "https://x.example/j", "--auth", "none"],
            "require --auth private-key-jwt",
        ),
    ] {
        let error = app.operator(&[&["add"], &name[..], &more].concat()).await.unwrap_err();
        assert!(error.contains(says), "{more:?}: {error}");
        assert!(!error.contains("not-a-xano-token"), "{error}");
    }
    assert_eq!(app.operator(&["list"]).await.unwrap(), "", "nothing was kept");
    let error = app.operator(&["token", "gone", "--xano-token-file", path(&good)]).await;
    assert!(error.unwrap_err().contains("there is no service account"));
}

#[tokio::test]
async fn an_app_with_a_key_of_its_own_connects_a_person() {
    let app = TestApp::start().await;
    let key = ClientKey::rsa("app-key");
    let metadata = json!({
        "redirect_uris": [CALLBACK],
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "RS256",
        "jwks": key.jwks(),
    });
    let answer = app.post_json("/register", &metadata).await.assert_status(201).json();
    assert_eq!(answer["token_endpoint_auth_method"], "private_key_jwt");
    assert_eq!(answer["jwks"], key.jwks());
    let client = Registered { id: answer["client_id"].as_str().unwrap().into(), secret: None };
    let to = Browser::default().allow(&app, &client.authorize()).await;
    let code = crate::harness::parameter(&to, "code").unwrap();
    // Without the proof the code is safe.
    client.redeem(&app, &code, &[]).await.assert_error(401, "invalid_client");
    let prove = |jti: &str| key.assertion(&client.id, ISSUER, app.clock.now(), jti);
    let proof = prove("code");
    let signed = [("client_assertion_type", ASSERTION_TYPE), ("client_assertion", &proof)];
    let tokens = client.redeem(&app, &code, &signed).await.assert_status(200).json();
    let refresh = tokens["refresh_token"].as_str().unwrap();
    client.refresh(&app, refresh).await.assert_error(401, "invalid_client");
    let proof = prove("refresh");
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", &proof),
    ];
    app.post_form("/token", &form).await.assert_status(200);
    let proof = prove("revoke");
    let form = [
        ("token", refresh),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", &proof),
    ];
    app.post_form("/revoke", &form).await.assert_status(200);
}
