//! The account page: which apps are connected, and disconnecting them.

use serde_json::json;
use snappy_cli::connections::ConnectionsCommand;
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD, SECOND_EMAIL, SECOND_PASSWORD};

use crate::harness::{Browser, Connection, Reply, TestApp, hidden};

async fn sign_in(app: &TestApp, email: &str, password: &str) -> (Browser, Reply) {
    let mut browser = Browser::default();
    let login = browser.open(app, "/account").await.location();
    assert_eq!(login, "/login");
    let login = browser.open(app, &login).await.assert_status(200);
    let to = browser.type_password(app, &login, email, password).await.location();
    let page = browser.open(app, &to).await.assert_status(200);
    (browser, page)
}

async fn works(app: &TestApp, connection: &Connection) -> bool {
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    connection.rpc(app, &list).await.status == 200
}

#[tokio::test]
async fn a_person_sees_the_connected_apps_and_ends_one() {
    let app = TestApp::start().await;
    let (first, second) = (Connection::new(&app).await, Connection::new(&app).await);
    first.read_record(&app).await.ok();
    let (mut browser, page) = sign_in(&app, DEMO_EMAIL, DEMO_PASSWORD).await;
    let text = page.text();
    assert_eq!(text.matches("<h3>Story Client</h3>").count(), 2);
    assert!(text.contains("Last used 2026-01-01 00:00 UTC") && text.contains("Never used"));
    assert!(text.contains("Active, renews itself. Last renewed"));

    // The newest is shown first.
    let (csrf, grant) = (hidden(&page, "csrf"), hidden(&page, "grant"));
    let form = [("csrf", csrf.as_str()), ("grant", &grant), ("action", "disconnect")];
    let to = browser.submit(&app, "/account", &form).await.location();
    let page = browser.open(&app, &to).await.text();
    assert!(page.contains("Disconnected") && page.matches("<h3>Story Client</h3>").count() == 1);
    assert_ne!(works(&app, &first).await, works(&app, &second).await, "exactly one has ended");
    let dead = if works(&app, &first).await { &second } else { &first };
    dead.client.refresh(&app, &dead.refresh).await.assert_error(400, "invalid_grant");
}

#[tokio::test]
async fn the_operator_ends_one_and_all() {
    let mut app = TestApp::start().await;
    let (first, second) = (Connection::new(&app).await, Connection::new(&app).await);
    let id = async |connection: &Connection| {
        let status = connection.call(&app, "debug_auth", json!({})).await;
        status.ok()["grant"]["id"].as_str().unwrap().parse().unwrap()
    };
    let ended = vec![id(&first).await];
    let end = |ids, all| ConnectionsCommand::End { ids, all };
    assert!(app.connections(end(ended.clone(), false)).await.unwrap().contains("Ended connection"));
    assert!(app.connections(end(ended, false)).await.unwrap().contains("had already ended"));
    app.restart().await;
    assert!(!works(&app, &first).await && works(&app, &second).await);
    let nobody = "01920000-0000-7000-8000-000000000001".parse().unwrap();
    let unknown = app.connections(end(vec![nobody], false)).await.unwrap_err();
    assert!(unknown.contains("does not exist"), "{unknown}");
    let all = app.connections(end(Vec::new(), true)).await.unwrap();
    assert_eq!(all, "Ended connections: 1.\n");
    assert!(!works(&app, &second).await);
    let dead = second.client.refresh(&app, &second.refresh).await;
    dead.assert_error(400, "invalid_grant");
}

#[tokio::test]
async fn a_person_ends_all_and_only_the_own_ones() {
    let app = TestApp::start().await;
    let (own, also) = (Connection::new(&app).await, Connection::new(&app).await);
    let foreign = Connection::of(&app, SECOND_EMAIL, SECOND_PASSWORD).await;
    let (mut other, theirs) = sign_in(&app, SECOND_EMAIL, SECOND_PASSWORD).await;
    let (mut browser, page) = sign_in(&app, DEMO_EMAIL, DEMO_PASSWORD).await;

    // Naming somebody else's grant does nothing.
    let (csrf, mine) = (hidden(&theirs, "csrf"), hidden(&page, "grant"));
    let form = [("csrf", csrf.as_str()), ("grant", &mine), ("action", "disconnect")];
    assert_eq!(other.submit(&app, "/account", &form).await.location(), "/account");
    assert!(works(&app, &own).await && works(&app, &also).await);

    let csrf = hidden(&page, "csrf");
    let form = [("csrf", csrf.as_str()), ("action", "disconnect_all")];
    browser.submit(&app, "/account", &form).await.location();
    assert!(!works(&app, &own).await && !works(&app, &also).await && works(&app, &foreign).await);
}

#[tokio::test]
async fn the_page_is_for_the_browser_that_signed_in_and_for_half_an_hour() {
    let app = TestApp::start().await;
    let (mut browser, page) = sign_in(&app, DEMO_EMAIL, DEMO_PASSWORD).await;
    let csrf = hidden(&page, "csrf");
    for forged in ["", "x"] {
        let form = [("csrf", forged), ("action", "disconnect_all")];
        browser.submit(&app, "/account", &form).await.assert_status(400);
    }
    assert_eq!(Browser::default().open(&app, "/account").await.location(), "/login");
    let mut left = browser.clone();
    let form = [("csrf", csrf.as_str()), ("action", "sign_out")];
    assert_eq!(left.submit(&app, "/account", &form).await.location(), "/");
    assert_eq!(left.open(&app, "/account").await.location(), "/login");
    app.advance(1799);
    browser.open(&app, "/account").await.assert_status(200);
    app.advance(1);
    assert_eq!(browser.open(&app, "/account").await.location(), "/login");
}

#[tokio::test]
async fn the_page_says_when_the_sign_in_at_xano_has_ended() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let (mut browser, _) = sign_in(&app, DEMO_EMAIL, DEMO_PASSWORD).await;
    app.xano.expire_session(DEMO_EMAIL);
    app.xano.rotate_key(DEMO_EMAIL);
    connection.read_record(&app).await.failed("REAUTH_REQUIRED");
    let page = browser.open(&app, "/account").await.text();
    assert!(page.contains("No longer valid") && page.contains("Sign in again"));
}
