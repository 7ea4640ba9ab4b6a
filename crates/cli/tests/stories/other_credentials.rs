//! A connection gets another credential only when its person says so.

use serde_json::json;
use snappy_sandbox::DEMO_EMAIL;

use crate::harness::{Browser, Connection, Reply, TestApp, hidden};

/// Saves the page with all its boxes checked.
async fn save(app: &TestApp, browser: &mut Browser, page: &Reply) -> String {
    let text = page.text();
    let boxes = text.split("name=\"credential:").skip(1);
    let names: Vec<_> =
        boxes.map(|rest| format!("credential:{}", rest.split('"').next().unwrap())).collect();
    let (csrf, grant) = (hidden(page, "csrf"), hidden(page, "grant"));
    let mut form = vec![("csrf", csrf.as_str()), ("grant", grant.as_str())];
    form.extend(names.iter().map(|name| (name.as_str(), "on")));
    browser.submit(app, "/account/connection", &form).await.location()
}

#[tokio::test]
async fn a_new_pasted_token_does_not_revive_what_used_another() {
    let app = TestApp::start().await;
    let first = app.xano.api_key(DEMO_EMAIL);
    let (a, b) =
        (Connection::with_token(&app, &first).await, Connection::with_token(&app, &first).await);
    a.read_record(&app).await.ok();
    let status = b.call(&app, "debug_auth", json!({})).await.ok().clone();
    let url = format!("/login?grant={}", status["grant"]["id"].as_str().unwrap());
    // The token was stolen, and its owner made another one, for B alone.
    let second = app.xano.rotate_key(DEMO_EMAIL);
    a.read_record(&app).await.failed("REAUTH_REQUIRED");
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    let mut browser = Browser::default();
    let login = browser.open(&app, &url).await.assert_status(200);
    let (csrf, grant) = (hidden(&login, "csrf"), hidden(&login, "grant"));
    let form =
        [("csrf", csrf.as_str()), ("grant", &grant), ("method", "token"), ("token", &second)];
    let page = browser.submit(&app, "/login", &form).await.location();
    assert!(page.starts_with("/account/connection?grant="), "{page}");
    // Nothing has changed yet, for either.
    a.rpc(&app, &list).await.assert_status(401);
    b.rpc(&app, &list).await.assert_status(401);
    let page = browser.open(&app, &page).await.assert_status(200);
    assert!(page.text().contains("Save to let Story Client use it."), "{}", page.text());
    assert_eq!(save(&app, &mut browser, &page).await, "/account?notice=changed");
    b.read_record(&app).await.ok();
    a.rpc(&app, &list).await.assert_status(401);
}
