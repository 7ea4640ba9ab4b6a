//! Asking for the profile: whose key it is, and what happens when it can't be had.

use serde_json::json;
use snappy_sandbox::{DEMO_EMAIL, Effect, FaultRule, SECOND_EMAIL, SECOND_PASSWORD};

use crate::harness::{Browser, Connection, TestApp};

#[tokio::test]
async fn the_debug_tool_fetches_the_current_key() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    app.xano.rotate_key(DEMO_EMAIL);
    app.xano.clear_requests();
    let reply = connection.call(&app, "debug_refresh_profile", json!({})).await;
    assert_eq!(reply.ok(), &json!({"outcome": "refreshed"}));
    connection.read_record(&app).await.ok();
    assert_eq!(app.xano.count("signin.auth_me"), 1);
    assert_eq!(app.xano.count("get_record"), 1, "the first try had the new key");
}

#[tokio::test]
async fn two_people_never_get_each_others_keys() {
    let app = TestApp::start().await;
    let demo = Connection::new(&app).await;
    let second = Connection::of(&app, SECOND_EMAIL, SECOND_PASSWORD).await;
    let (demo_key, second_key) =
        (app.xano.rotate_key(DEMO_EMAIL), app.xano.rotate_key(SECOND_EMAIL));
    app.xano.clear_requests();
    let calls = [&demo, &second, &demo, &second].map(|who| who.read_record(&app));
    for reply in futures::future::join_all(calls).await {
        reply.ok();
    }
    let used = |key: &str| {
        let bearer = format!("Bearer {key}");
        let requests = app.xano.requests();
        requests
            .iter()
            .filter(|r| r.operation == "get_record" && r.status == Some(200))
            .filter(|r| r.authorization.as_deref() == Some(bearer.as_str()))
            .count()
    };
    assert_eq!((used(&demo_key), used(&second_key)), (2, 2));
}

#[tokio::test]
async fn a_pasted_token_can_not_be_renewed_but_is_not_given_up_for_one_401() {
    let app = TestApp::start().await;
    let token = app.xano.api_key(DEMO_EMAIL);
    let connection = Connection::with_token(&app, &token).await;
    connection.read_record(&app).await.ok();

    let unauthorized = Effect::Status {
        status: 401,
        headers: Default::default(),
        body: json!({"code": "ERROR_CODE_UNAUTHORIZED", "message": "another datasource"}),
    };
    let rule = FaultRule {
        path_contains: Some("/content".into()),
        times: Some(1),
        ..FaultRule::always(unauthorized)
    };
    app.xano.push_fault(rule);
    app.xano.clear_requests();
    connection.read_record(&app).await.failed("UNAUTHENTICATED");
    assert_eq!(app.xano.count("get_record"), 1, "the same token is not tried again");
    connection.read_record(&app).await.ok();

    app.xano.rotate_key(DEMO_EMAIL);
    connection.read_record(&app).await.failed("REAUTH_REQUIRED");
    assert_eq!(app.xano.count("signin.auth_me"), 0, "a pasted token never reaches the sign-in API");
}

#[tokio::test]
async fn an_answer_for_another_person_is_not_taken() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    app.xano.rotate_key(DEMO_EMAIL);
    let others = json!({"id": 2, "email": SECOND_EMAIL, "api_key": app.xano.api_key(SECOND_EMAIL)});
    app.xano.push_fault(FaultRule {
        path_contains: Some("auth/me".into()),
        ..FaultRule::always(Effect::WrongShape { body: others })
    });
    app.xano.clear_requests();
    connection.read_record(&app).await.failed("UPSTREAM_UNAVAILABLE");
    let foreign = format!("Bearer {}", app.xano.api_key(SECOND_EMAIL));
    let sent = app.xano.requests();
    assert!(sent.iter().all(|r| r.authorization.as_deref() != Some(foreign.as_str())));
}

#[tokio::test]
async fn signing_in_again_revives_the_same_connection() {
    let app = TestApp::start().await;
    let mut connection = Connection::new(&app).await;
    app.xano.expire_session(DEMO_EMAIL);
    app.xano.rotate_key(DEMO_EMAIL);
    connection.read_record(&app).await.failed("REAUTH_REQUIRED");

    let mut browser = Browser::default();
    let login = browser.open(&app, "/login").await.assert_status(200);
    let done = browser.type_password(&app, &login, DEMO_EMAIL, "demo-password").await.location();
    let page = browser.open(&app, &done).await.assert_status(200).text();
    assert!(page.contains("Your Xano sign-in is renewed") && page.contains("demo@acme.test"));

    connection.read_record(&app).await.ok();
    connection.renew(&app).await;
    connection.read_record(&app).await.ok();
}

#[tokio::test]
async fn a_session_that_ended_costs_nothing_while_the_key_is_good() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    app.xano.expire_session(DEMO_EMAIL);
    let reply = connection.call(&app, "debug_refresh_profile", json!({})).await;
    assert_eq!(reply.ok(), &json!({"outcome": "already_fresh"}));
    connection.call(&app, "debug_expire_oauth_tokens", json!({})).await.ok();
    app.advance(59);
    connection.read_record(&app).await.ok();
}

#[tokio::test]
async fn a_refused_session_counts_unless_the_key_is_clearly_good() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    app.xano.expire_session(DEMO_EMAIL);
    app.xano.rotate_key(DEMO_EMAIL);
    app.xano.push_fault(FaultRule {
        path_contains: Some("/api:meta/auth/me".into()),
        ..FaultRule::always(Effect::Html { status: 502 })
    });
    connection.read_record(&app).await.failed("REAUTH_REQUIRED");
}

#[tokio::test]
async fn a_firewalls_403_is_not_xanos_word_about_the_person() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    app.xano.rotate_key(DEMO_EMAIL);
    app.xano.push_fault(FaultRule {
        path_contains: Some("auth/me".into()),
        ..FaultRule::always(Effect::Html { status: 403 })
    });
    connection.read_record(&app).await.failed("UPSTREAM_UNAVAILABLE");
    app.xano.clear_faults();
    app.advance(5);
    connection.read_record(&app).await.ok();
}
