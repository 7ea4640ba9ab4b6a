//! Keys whose end is known: renewed before it where Xano gives a newer one, announced where only a person
//! can.

use std::time::Duration;

use serde_json::json;
use snappy_domain::Clock as _;
use snappy_domain::clock::after;
use snappy_sandbox::DEMO_EMAIL;

use crate::harness::{Browser, Connection, TestApp};

const DAY: u64 = 86_400;

#[tokio::test]
async fn a_key_in_use_is_renewed_before_its_end_and_no_call_waits() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    connection.read_record(&app).await.ok();
    connection.call(&app, "debug_expire_oauth_tokens", json!({})).await.ok();
    app.xano.rotate_key(DEMO_EMAIL);
    app.xano.clear_requests();
    app.refresh_ahead().await;
    assert_eq!(app.xano.count("signin.auth_me"), 1);
    app.refresh_ahead().await;
    assert_eq!(app.xano.count("signin.auth_me"), 1, "it has no known end now");
    connection.read_record(&app).await.ok();
    assert_eq!(app.xano.count("get_record"), 1, "the first try had the new key");
}

#[tokio::test]
async fn a_key_that_nobody_uses_waits_for_somebody_who_does() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    connection.call(&app, "debug_expire_oauth_tokens", json!({})).await.ok();
    app.advance(8 * DAY);
    app.xano.clear_requests();
    app.refresh_ahead().await;
    assert_eq!(app.xano.count("signin.auth_me"), 0);
}

#[tokio::test]
async fn the_end_of_a_pasted_token_is_announced_three_days_ahead() {
    let app = TestApp::start().await;
    let token = app.xano.api_key(DEMO_EMAIL);
    let connection = Connection::with_token(&app, &token).await;
    let mut browser = Browser::default();
    let login = browser.open(&app, "/login").await;
    let page = browser.paste_token(&app, &login, &token).await.location();
    for (seconds, announced) in [(3 * DAY + 1, false), (3 * DAY, true)] {
        let ends = after(app.clock.now(), Duration::from_secs(seconds));
        app.end_key_at(&connection, ends).await;
        let message = connection.read_record(&app).await.0["message"].to_string();
        assert_eq!(message.contains("expires at 2026-01-04T00:00:00Z"), announced, "{message}");
        assert_eq!(message.contains("http://127.0.0.1:8787/login"), announced, "{message}");
        let page = browser.open(&app, &page).await.text();
        assert_eq!(page.contains("Expires 2026-01-04 00:00 UTC"), announced, "{page}");
    }
}
