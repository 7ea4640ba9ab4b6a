//! A rotating refresh token: used once each, its successor stored before anything uses it, and what happens when an
//! answer is lost.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use futures::future::join_all;
use serde_json::{Value, json};
use snappy_sandbox::{DEMO_EMAIL, Effect, FaultRule, OauthErrors};

use crate::harness::{AtXano, Browser, Connection, STORE, TestApp, products};

const LOGIN: &str = "http://127.0.0.1:8787/login";

fn token_fault(times: u32, effect: Effect) -> FaultRule {
    FaultRule {
        path_contains: Some("oauth/token".into()),
        times: Some(times),
        ..FaultRule::always(effect)
    }
}

fn status(status: u16, body: Value) -> Effect {
    Effect::Status { status, headers: Default::default(), body }
}

fn refused() -> Effect {
    status(401, json!({"code": "ERROR_CODE_UNAUTHORIZED", "message": "invalid_grant"}))
}

/// How often each refresh token of the only sign-in was presented.
fn uses(app: &TestApp) -> Vec<u32> {
    let sign_ins = app.xano.oauth_sign_ins();
    assert_eq!(sign_ins.len(), 1);
    sign_ins[0].uses.clone()
}

#[tokio::test]
async fn a_month_of_hours_needs_no_sign_in_and_uses_each_refresh_token_once() {
    let mut app = TestApp::start().await;
    let mut connection = Connection::at_xano(&app, STORE).await;
    for hour in 1..=30 * 24 {
        app.advance(3_600);
        if hour % 23 == 0 {
            connection.renew(&app).await;
        }
        if hour % 100 == 0 {
            app.restart().await;
        }
        connection.read_record(&app).await.ok();
    }
    let uses = uses(&app);
    assert_eq!(uses.len(), 30 * 24 + 1, "one refresh for each hour");
    let (last, used) = uses.split_last().unwrap();
    assert!(used.iter().all(|times| *times == 1) && *last == 0, "{uses:?}");
}

#[tokio::test]
async fn it_is_refreshed_ahead_of_its_end_while_somebody_uses_it() {
    let app = TestApp::start().await;
    let connection = Connection::at_xano(&app, STORE).await;
    connection.read_record(&app).await.ok();
    app.refresh_ahead().await;
    assert_eq!(uses(&app), [0], "it has ten minutes yet");
    app.advance(601);
    app.refresh_ahead().await;
    app.xano.clear_requests();
    app.advance(600);
    connection.read_record(&app).await.ok();
    assert_eq!(app.xano.count("oauth.token"), 0, "the call did not wait for it");
    // An hour later nobody uses it; a day later it is kept alive.
    app.advance(7_200);
    app.refresh_ahead().await;
    assert_eq!(uses(&app), [1, 0]);
    app.advance(86_400 - 7_200 + 400);
    app.refresh_ahead().await;
    assert_eq!(uses(&app), [1, 1, 0]);
}

#[tokio::test]
async fn five_hundred_calls_with_an_expired_token_ask_once() {
    let app = TestApp::start().await;
    let connection = Connection::at_xano(&app, STORE).await;
    connection.read_record(&app).await.ok();
    app.advance(901);
    let calls = (0..500).map(|_| connection.read_record(&app));
    for reply in join_all(calls).await {
        reply.ok();
    }
    assert_eq!(uses(&app), [1, 0]);
    // The same when Xano ended the access token before its time.
    app.xano.expire_oauth_access(DEMO_EMAIL);
    let calls = (0..100).map(|_| connection.read_record(&app));
    for reply in join_all(calls).await {
        reply.ok();
    }
    assert_eq!(uses(&app), [1, 1, 0]);
}

#[tokio::test]
async fn trouble_at_the_token_endpoint_keeps_the_pair() {
    for effect in [
        status(429, json!({"code": "ERROR_CODE_TOO_MANY_REQUESTS"})),
        status(500, json!({"code": "ERROR_FATAL", "message": "SQL Error"})),
        status(503, json!({})),
        status(403, json!({"message": "Access Denied."})),
        status(401, json!({"code": "ERROR_CODE_UNAUTHORIZED", "message": "Unauthorized"})),
        status(401, json!({"message": "the invalid_grant word in a text"})),
        status(404, json!({})),
        Effect::Html { status: 200 },
        Effect::Html { status: 502 },
        Effect::Empty { status: 200 },
        Effect::WrongShape { body: json!({"token_type": "Bearer"}) },
        Effect::Close,
    ] {
        let app = TestApp::start().await;
        let connection = Connection::at_xano(&app, STORE).await;
        app.advance(901);
        app.xano.push_fault(token_fault(1_000, effect.clone()));
        connection.read_record(&app).await.failed("UPSTREAM_UNAVAILABLE");
        app.xano.clear_faults();
        app.advance(5);
        connection.read_record(&app).await.ok();
        assert_eq!(uses(&app), [1, 0], "{effect:?}");
    }
}

#[tokio::test]
async fn a_refusal_without_a_known_reason_is_believed_when_it_lasts() {
    let app = TestApp::start().await;
    let connection = Connection::at_xano(&app, STORE).await;
    app.advance(901);
    let unclear = json!({"code": "ERROR_CODE_UNAUTHORIZED", "message": "Invalid refresh token"});
    app.xano.push_fault(token_fault(1_000, status(401, unclear)));
    for _ in 0..10 {
        connection.read_record(&app).await.failed("UPSTREAM_UNAVAILABLE");
        app.advance(60);
    }
    connection.read_record(&app).await.failed("REAUTH_REQUIRED");
}

#[tokio::test]
async fn what_the_token_endpoint_says_is_not_passed_on() {
    for (code, effect) in [("a refusal", 400), ("an error", 500)] {
        let app = TestApp::start().await;
        let connection = Connection::at_xano(&app, STORE).await;
        app.advance(901);
        let body = json!({"message": "Invalid value for refresh_token: rt-secret"});
        app.xano.push_fault(token_fault(1_000, status(effect, body)));
        let reply = connection.read_record(&app).await;
        assert!(!reply.failed("UPSTREAM_UNAVAILABLE").to_string().contains("rt-secret"), "{code}");
    }
}

#[tokio::test]
async fn a_lost_request_is_sent_once_more_at_once() {
    let app = TestApp::start().await;
    let connection = Connection::at_xano(&app, STORE).await;
    app.advance(901);
    app.xano.push_fault(token_fault(1, Effect::Close));
    connection.read_record(&app).await.ok();
    assert_eq!(uses(&app), [1, 0]);
}

#[tokio::test]
async fn both_forms_of_a_refusal_are_final_for_that_sign_in_alone() {
    for form in [OauthErrors::Xano, OauthErrors::Rfc] {
        let app = TestApp::start().await;
        app.xano.set_oauth_errors(form);
        let (first, second) = (
            Connection::at_xano(&app, STORE).await,
            Connection::at_xano(&app, crate::harness::PLAYGROUND).await,
        );
        app.xano.end_oauth_sign_in(DEMO_EMAIL, STORE);
        app.advance(901);
        let error = first.read_record(&app).await.failed("REAUTH_REQUIRED").clone();
        assert!(
            error["message"].as_str().unwrap().contains("for Acme Store / Acme Store"),
            "{error}"
        );
        let notes = json!({"instance_name": "xsbx-demo-0001", "workspace_id": 2});
        second.call(&app, "xano_list_tables", notes).await.ok();
        // Nothing is tried again and again.
        app.xano.clear_requests();
        let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
        first.rpc(&app, &list).await.assert_status(401);
        app.refresh_ahead().await;
        assert_eq!(app.xano.count("oauth.token"), 0);
    }
}

#[tokio::test]
async fn when_an_answer_is_lost_the_access_token_is_used_to_its_end_and_the_person_is_told() {
    let app = TestApp::start().await;
    let connection = Connection::at_xano(&app, STORE).await;
    connection.read_record(&app).await.ok();
    app.advance(700);
    // Xano rotates, and nobody hears of it; the second try is taken for a replay.
    app.xano.push_fault(token_fault(1, Effect::ApplyThenClose));
    app.refresh_ahead().await;
    assert_eq!(uses(&app)[0], 2, "only after the answer was lost");
    let reply = connection.read_record(&app).await;
    let message = reply.0["message"].as_str().unwrap();
    assert!(message.contains("ends at") && message.contains(LOGIN), "{message}");
    reply.ok();
    // The account page says so.
    let mut browser = Browser::default();
    let login = browser.open(&app, "/login").await;
    // Signed in with another workspace, to look only.
    let at = AtXano::picks(crate::harness::PLAYGROUND);
    let account = browser.sign_in_at_xano(&app, &login, at).await;
    let page = browser.open(&app, &account).await.text();
    assert!(page.contains("Active until") && page.contains("then sign in again"), "{page}");
    // It is not tried again, works to its end, and then needs the person.
    app.refresh_ahead().await;
    let first = |app: &TestApp| app.xano.oauth_sign_ins()[0].clone();
    assert_eq!(first(&app).uses[0], 2);
    app.advance(150);
    connection.read_record(&app).await.ok();
    app.advance(60);
    connection.read_record(&app).await.failed("REAUTH_REQUIRED");
    // The same connection goes on after a sign-in.
    let login = browser.open(&app, "/login").await;
    browser.sign_in_at_xano(&app, &login, AtXano::picks(STORE)).await;
    connection.read_record(&app).await.ok();
}

#[tokio::test]
async fn a_client_that_opens_pages_is_asked_once_while_there_is_time() {
    let app = TestApp::start().await;
    let connection = Connection::at_xano(&app, STORE).await;
    connection.read_record(&app).await.ok();
    app.advance(700);
    app.xano.push_fault(token_fault(1, refused()));
    app.refresh_ahead().await;
    let mut arguments = products();
    arguments["record_id"] = 1.into();
    let call = async |answers: Value| {
        let mut params = json!({
            "name": "xano_get_table_record", "arguments": arguments,
            "_meta": {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {"elicitation": {"url": {}}},
            },
        });
        if !answers.is_null() {
            params["inputResponses"] = answers;
        }
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params});
        let request = crate::harness::request(http::Method::POST, "/mcp")
            .header("authorization", format!("Bearer {}", connection.access))
            .header("content-type", "application/json")
            .header("accept", "application/json, text/event-stream")
            .header("mcp-protocol-version", "2026-07-28")
            .header("mcp-method", "tools/call")
            .header("mcp-name", "xano_get_table_record");
        let body = axum::body::Body::from(message.to_string());
        app.send(request.body(body).unwrap()).await.assert_status(200).json()["result"].clone()
    };
    app.xano.clear_requests();
    let asked = call(Value::Null).await;
    assert_eq!(asked["resultType"], "input_required", "{asked}");
    let request = &asked["inputRequests"]["sign_in"]["params"];
    assert!(request["url"].as_str().unwrap().starts_with(LOGIN), "{asked}");
    let why = request["message"].as_str().unwrap();
    assert!(why.contains("can't be renewed and ends at"), "{why}");
    assert_eq!(app.xano.count("get_record"), 0, "nothing was called yet");
    let done = call(json!({"sign_in": {"action": "decline"}})).await;
    assert_eq!(done["resultType"], "complete", "{done}");
    let again = call(Value::Null).await;
    assert_eq!(again["resultType"], "complete", "asked once: {again}");
}

#[tokio::test]
async fn another_persons_token_is_never_used() {
    let app = TestApp::start().await;
    let connection = Connection::at_xano(&app, STORE).await;
    app.advance(901);
    let claims = BASE64_URL_SAFE_NO_PAD.encode(json!({"sub": "2"}).to_string());
    let foreign = format!("e30.{claims}.c2ln");
    let answer = json!({"access_token": foreign, "refresh_token": "r", "expires_in": 900});
    app.xano.push_fault(token_fault(1, Effect::WrongShape { body: answer }));
    app.xano.clear_requests();
    connection.read_record(&app).await.failed("REAUTH_REQUIRED");
    let sent = app.xano.requests().into_iter().filter_map(|request| request.authorization);
    assert!(sent.into_iter().all(|bearer| !bearer.contains(&foreign)));
}

#[tokio::test]
async fn no_token_of_xano_is_in_the_logs_or_the_database() {
    let app = TestApp::start().await;
    let connection = Connection::at_xano(&app, STORE).await;
    app.advance(901);
    connection.read_record(&app).await.ok();
    let bodies: Vec<_> = app.xano.requests();
    let mut secrets: Vec<String> = Vec::new();
    for request in bodies.iter().filter(|request| request.operation == "oauth.token") {
        let form = url::form_urlencoded::parse(&request.body).into_owned();
        let secret = |name: &str| matches!(name, "code" | "refresh_token" | "code_verifier");
        secrets.extend(form.filter(|(name, _)| secret(name)).map(|(_, value)| value));
    }
    secrets.extend(bodies.into_iter().filter_map(|request| request.authorization));
    assert!(secrets.len() >= 4, "{}", secrets.len());
    for entry in std::fs::read_dir(app.dir.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for secret in &secrets {
            assert!(!text.contains(secret.trim_start_matches("Bearer ")));
        }
    }
}
