//! The pages as they are sent.

use serde_json::json;
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD};

use crate::harness::{
    AtXano, Browser, CALLBACK, Connection, Registered, Reply, STORE, TestApp, hidden,
};

/// The page with what is random in it replaced.
fn stable(page: &Reply) -> String {
    let mut text = page.text();
    for name in ["csrf", "request", "grant", "credential"] {
        let value = hidden(page, name);
        if !value.is_empty() {
            text = text.replace(&value, &format!("[{name}]"));
        }
    }
    text
}

#[tokio::test]
async fn a10_the_pages_of_a_sign_in() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    let host = app.sandbox_origin().replace("http://", "");
    insta::assert_snapshot!("login", stable(&login).replace(&host, "[xano]"));
    let wrong = browser.type_password(&app, &login, DEMO_EMAIL, "wrong").await;
    assert!(wrong.text().contains("role=\"alert\""));
    let consent = browser.sign_in(&app, &login, DEMO_EMAIL, DEMO_PASSWORD).await;
    let host = app.sandbox_origin().replace("http://", "");
    let stable_consent =
        stable(&consent).replace(&host, "[xano]").replace(&client.id, "[client id]");
    insta::assert_snapshot!("consent", stable_consent);
    let unknown = app.get(&client.authorize_with(&[("client_id", "gone")])).await;
    insta::assert_snapshot!("unknown client", stable(&unknown));
    insta::assert_snapshot!("home", stable(&app.get("/").await));
}

#[tokio::test]
async fn the_account_page_lists_the_connected_apps() {
    let app = TestApp::start().await;
    Connection::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.open(&app, "/login").await;
    let account = browser.type_password(&app, &login, DEMO_EMAIL, DEMO_PASSWORD).await.location();
    let account = stable(&browser.open(&app, &account).await.assert_status(200));
    let host = app.sandbox_origin().replace("http://", "");
    insta::assert_snapshot!("account", account.replace(&host, "[xano]"));
}

/// The page of somebody who signs in at Xano, with the ids of sign-ins replaced.
async fn at_xano(app: &TestApp, page: &Reply) -> String {
    let mut text = stable(page).replace(&app.sandbox_origin().replace("http://", ""), "[xano]");
    while let Some((before, after)) = text.split_once("credential:0") {
        let rest = after.split_once('"').unwrap().1;
        text = format!("{before}credential:[id]\"{rest}");
    }
    text
}

#[tokio::test]
async fn the_pages_of_a_sign_in_at_xano() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    let consent = browser.sign_in_at_xano(&app, &login, AtXano::picks(STORE)).await;
    let consent = browser.open(&app, &consent).await;
    let shown = at_xano(&app, &consent).await.replace(&client.id, "[client id]");
    insta::assert_snapshot!("consent at xano", shown);
    let to = browser.choose(&app, &consent, "allow", &[]).await.location();
    Connection::finish(&app, client, &to).await;
    let account = browser.open(&app, "/account").await;
    insta::assert_snapshot!("account at xano", at_xano(&app, &account).await);
    let change = account.text().split("/account/connection?grant=").nth(1).unwrap().to_owned();
    let grant = change.split('"').next().unwrap();
    let connection = browser.open(&app, &format!("/account/connection?grant={grant}")).await;
    insta::assert_snapshot!("connection", at_xano(&app, &connection).await);
    let workspace = browser.open(&app, &format!("/account/workspace?grant={grant}")).await;
    insta::assert_snapshot!("workspace", at_xano(&app, &workspace).await);
}

#[tokio::test]
async fn what_a_client_says_of_itself_is_only_text() {
    let app = TestApp::start().await;
    let name = "<script>alert(1)</script>\" onload=\"x";
    let metadata = json!({"client_name": name, "redirect_uris": [CALLBACK]});
    let client = Registered::with(&app, &metadata).await;
    let mut browser = Browser::default();
    let authorize = client.authorize_with(&[("state", "\"><script>")]);
    let login = browser.reach_login(&app, &authorize).await;
    let typed = browser.type_password(&app, &login, "\"><script>alert(2)</script>", "x").await;
    let consent = browser.sign_in(&app, &login, DEMO_EMAIL, DEMO_PASSWORD).await;
    for page in [&login, &typed, &consent] {
        assert!(!page.text().contains("<script"), "{}", page.text());
    }
}

#[tokio::test]
async fn every_page_has_its_guards() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    let consent = browser.sign_in(&app, &login, DEMO_EMAIL, DEMO_PASSWORD).await;
    let problem = app.get("/authorize").await;
    for page in [&login, &consent, &problem] {
        let policy = page.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"));
        assert!(!policy.contains("form-action"), "Chromium would stop the last redirect");
        assert_eq!(page.header("x-frame-options"), "DENY");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(!page.text().contains("http-equiv"));
    }
}

#[tokio::test]
async fn cookies_are_bound_to_the_host_over_tls() {
    let app = TestApp::start_with(&[("SNAPPY_PUBLIC_URL", "https://mcp.example")]).await;
    let client = Registered::new(&app).await;
    let authorize = client.authorize_with(&[("resource", "https://mcp.example/mcp")]);
    let reply = app.get(&authorize).await;
    let cookie = reply.header("set-cookie").to_owned();
    assert!(cookie.starts_with("__Host-snappy-browser="), "{cookie}");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"));
}
