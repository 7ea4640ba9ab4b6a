//! How long codes, tokens and grants live.

use serde_json::json;
use snappy_cli::settings::Settings;

use crate::harness::{Browser, Connection, Registered, TestApp, parameter};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

async fn works(app: &TestApp, connection: &Connection) -> bool {
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    match connection.rpc(app, &list).await.status.as_u16() {
        200 => true,
        401 => false,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a19_an_access_token_lives_a_day_by_default() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let to = Browser::default().allow(&app, &client.authorize()).await;
    let code = parameter(&to, "code").unwrap();
    let tokens = client.redeem(&app, &code, &[]).await.json();
    assert_eq!(tokens["expires_in"], 86_400);
    assert_eq!(tokens["token_type"], "Bearer");
}

#[tokio::test]
async fn the_setting_changes_it_for_first_and_refreshed_tokens() {
    let app = TestApp::start_with(&[("OAUTH_TOKEN_TTL", "7200")]).await;
    let connection = Connection::new(&app).await;
    let tokens = connection.client.refresh(&app, &connection.refresh).await.json();
    assert_eq!(tokens["expires_in"], 7200);
    app.advance(2 * HOUR - 1);
    assert!(works(&app, &connection).await);
    app.advance(1);
    assert!(!works(&app, &connection).await);
}

#[test]
fn less_than_an_hour_stops_the_start() {
    for (ttl, why) in
        [("3599", "shorter"), ("0", "shorter"), ("-1", "not a number"), ("1h", "not a number")]
    {
        let lookup = |name: &str| (name == "OAUTH_TOKEN_TTL").then(|| ttl.to_owned());
        let error = Settings::read(&lookup).unwrap_err().to_string();
        assert!(error.starts_with("OAUTH_TOKEN_TTL is") && error.contains(why), "{error}");
        assert!(error.ends_with("Set it to a number of seconds, at least 3600"), "{error}");
    }
}

#[tokio::test]
async fn a17_an_access_token_ends_to_the_second() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    app.advance(DAY - 1);
    assert!(works(&app, &connection).await);
    app.advance(1);
    assert!(!works(&app, &connection).await);
}

#[tokio::test]
async fn a_refresh_after_the_access_token_ended_goes_on() {
    let app = TestApp::start().await;
    let mut connection = Connection::new(&app).await;
    app.advance(30 * DAY);
    assert!(!works(&app, &connection).await);
    connection.renew(&app).await;
    assert!(works(&app, &connection).await);
}

#[tokio::test]
async fn a_refresh_token_that_nobody_uses_ends_after_ninety_days() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    app.advance(90 * DAY - 1);
    let mut in_time = connection.clone();
    in_time.renew(&app).await;
    app.advance(90 * DAY);
    in_time.client.refresh(&app, &in_time.refresh).await.assert_error(400, "invalid_grant");
}

#[tokio::test]
async fn use_keeps_a_connection_alive_until_a_year_is_over() {
    let app = TestApp::start().await;
    let mut connection = Connection::new(&app).await;
    for _ in 0..5 {
        app.advance(60 * DAY);
        connection.renew(&app).await;
        assert!(works(&app, &connection).await);
    }
    app.advance(65 * DAY);
    connection.client.refresh(&app, &connection.refresh).await.assert_error(400, "invalid_grant");
}

#[tokio::test]
async fn an_access_token_never_outlives_its_grant() {
    let app = TestApp::start().await;
    let mut connection = Connection::new(&app).await;
    for _ in 0..4 {
        app.advance(89 * DAY);
        connection.renew(&app).await;
    }
    app.advance(9 * DAY - HOUR);
    let tokens = connection.client.refresh(&app, &connection.refresh).await.json();
    assert_eq!(tokens["expires_in"], HOUR);
    connection.access = tokens["access_token"].as_str().unwrap().to_owned();
    assert!(works(&app, &connection).await);
    app.advance(HOUR);
    assert!(!works(&app, &connection).await);
}

#[tokio::test]
async fn a_code_lives_a_minute() {
    for (wait, status) in [(59, 200), (60, 400)] {
        let app = TestApp::start().await;
        let client = Registered::new(&app).await;
        let to = Browser::default().allow(&app, &client.authorize()).await;
        app.advance(wait);
        let code = parameter(&to, "code").unwrap();
        client.redeem(&app, &code, &[]).await.assert_status(status);
    }
}

#[tokio::test]
async fn a_person_has_half_an_hour_to_sign_in() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    app.advance(30 * 60);
    let late = browser.type_password(&app, &login, "demo@acme.test", "demo-password").await;
    assert!(late.assert_status(400).text().contains("This sign-in has expired"));
}

#[tokio::test]
async fn expiring_on_purpose_leaves_a_minute_and_then_renews() {
    let app = TestApp::start().await;
    let mut connection = Connection::new(&app).await;
    let reply = connection.call(&app, "debug_expire_oauth_tokens", json!({})).await;
    assert_eq!(reply.ok()["xano_key_expires"], true);
    app.advance(59);
    app.xano.clear_requests();
    connection.read_record(&app).await.ok();
    assert_eq!(app.xano.count("signin.auth_me"), 0, "the key still counts");
    app.advance(1);
    assert!(!works(&app, &connection).await);
    connection.renew(&app).await;
    connection.read_record(&app).await.ok();
    assert_eq!(app.xano.count("signin.auth_me"), 1, "the key was renewed ahead of the call");
    assert_eq!(app.xano.requests().iter().filter(|r| r.status == Some(401)).count(), 0);
}

#[tokio::test]
async fn expiring_on_purpose_leaves_a_pasted_token_alone() {
    let app = TestApp::start().await;
    let connection = Connection::with_token(&app, &app.xano.api_key("demo@acme.test")).await;
    let reply = connection.call(&app, "debug_expire_oauth_tokens", json!({})).await;
    assert_eq!(reply.ok()["xano_key_expires"], false);
    app.advance(60);
    assert!(!works(&app, &connection).await);
}
