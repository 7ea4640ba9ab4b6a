//! The lines that operators search for, and what is never in any line.

use crate::harness::{Browser, Connection, Lines, Registered, TestApp};
use serde_json::json;
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD};

#[tokio::test]
async fn the_known_sentences_are_there_with_the_request_id() {
    let (lines, _guard) = Lines::all();
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    app.xano.rotate_key(DEMO_EMAIL);
    connection.read_record(&app).await.ok();
    app.xano.set_me_without_key(true);
    app.xano.rotate_key(DEMO_EMAIL);
    connection.read_record(&app).await.failed("UPSTREAM_UNAVAILABLE");
    let text = lines.text();
    for sentence in [
        "Got 401 Unauthorized - attempting automatic token refresh...",
        "Token refresh successful - retrying original request",
        "Retry request successful after token refresh",
        "User profile successfully refreshed",
        "Token refresh failed: ",
        "Automatic refresh failed - returning 401 error",
    ] {
        let line = text.lines().find(|line| line.contains(sentence));
        let line = line.unwrap_or_else(|| panic!("{sentence} is missing"));
        assert!(line.contains("request_id="), "{line}");
    }
    assert!(text.contains(&format!("Client lookup for ID {}", connection.client.id)));
}

#[tokio::test]
async fn no_line_at_any_level_has_a_secret() {
    let (lines, _guard) = Lines::all();
    let app = TestApp::start().await;
    let mut connection = Connection::new(&app).await;
    let old = connection.clone();
    let old_key = app.xano.api_key(DEMO_EMAIL);
    app.xano.rotate_key(DEMO_EMAIL);
    connection.read_record(&app).await.ok();
    connection.renew(&app).await;
    connection.call(&app, "debug_auth", json!({})).await.ok();
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    browser.type_password(&app, &login, DEMO_EMAIL, "a-wrong-password").await;
    browser.paste_token(&app, &login, "a-wrong-pasted-token").await;
    client.redeem(&app, "snp_ac_a-wrong-code", &[]).await;
    client.refresh(&app, "snp_rt_a-wrong-refresh-token").await;

    let text = lines.text();
    let session: Vec<_> =
        app.xano.requests().into_iter().filter_map(|request| request.authorization).collect();
    let key = app.xano.api_key(DEMO_EMAIL);
    let mut secrets = vec![
        "snp_at_",
        "snp_rt_",
        "snp_ac_",
        "snp_cs_",
        DEMO_PASSWORD,
        "a-wrong-password",
        "a-wrong-pasted-token",
        &old.access,
        &old.refresh,
        &old_key,
        &key,
        crate::harness::VERIFIER,
        "the state & more",
    ];
    secrets.extend(session.iter().map(|bearer| bearer.trim_start_matches("Bearer ")));
    for secret in secrets {
        let line = text.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{line:?}");
    }
}
