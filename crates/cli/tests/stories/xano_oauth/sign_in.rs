//! "Continue with Xano", from the login page to the first call.

use serde_json::{Value, json};
use snappy_sandbox::{Effect, FaultRule, SECOND_EMAIL, SECOND_PASSWORD};

use crate::harness::{
    AtXano, Browser, Connection, PLAYGROUND, Registered, STORE, TestApp, hidden, parameter,
};

fn fault(path: &str, effect: Effect) -> FaultRule {
    FaultRule { path_contains: Some(path.into()), ..FaultRule::always(effect) }
}

fn refusal(status: u16, body: Value) -> Effect {
    Effect::Status { status, headers: Default::default(), body }
}

#[tokio::test]
async fn a_person_picks_a_workspace_and_calls_a_tool() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    assert!(login.text().contains("Continue with Xano"), "{}", login.text());
    let to_xano = browser.continue_with_xano(&app, &login).await.location();
    assert!(to_xano.starts_with(&format!("{}/oauth2/authorize?", app.sandbox_origin())));
    let scopes = "offline_access workspace:read workspace:write xano:dev";
    for (name, value) in [
        ("scope", scopes),
        ("code_challenge_method", "S256"),
        ("redirect_uri", "http://127.0.0.1:8787/oauth-callback"),
    ] {
        assert_eq!(parameter(&to_xano, name).as_deref(), Some(value));
    }
    let back = AtXano::picks(STORE).answers(&to_xano).await;
    let consent = browser.open(&app, &back).await.location();
    assert!(!consent.contains("code="), "the address has no code: {consent}");
    let consent = browser.open(&app, &consent).await.assert_status(200);
    let text = consent.text();
    assert!(text.contains("Acme Store / Acme Store") && text.contains("renews itself"), "{text}");
    let to = browser.choose(&app, &consent, "allow", &[]).await.location();
    let connection = Connection::finish(&app, client, &to).await;

    let instances = connection.call(&app, "xano_list_instances", json!({})).await;
    assert_eq!(instances.ok().as_array().unwrap().len(), 1, "the one that was picked");
    let name = json!({"instance_name": "xsbx-demo-0001"});
    let workspaces = connection.call(&app, "xano_list_databases", name).await;
    assert_eq!(workspaces.ok()[0]["id"], 1);
    assert_eq!(workspaces.ok().as_array().unwrap().len(), 1);
    connection.read_record(&app).await.ok();
    let status = connection.call(&app, "debug_auth", json!({})).await;
    let credential = &status.ok()["credentials"][0];
    assert_eq!(
        (&credential["kind"], &credential["renews_itself"]),
        (&json!("oauth"), &json!(true))
    );
    assert_eq!(credential["reaches"]["name"], "Acme Store / Acme Store");
    assert_eq!(app.xano.registrations(), 1);
}

#[tokio::test]
async fn one_registration_serves_everybody_and_survives_a_restart() {
    let mut app = TestApp::start().await;
    Connection::at_xano(&app, STORE).await.read_record(&app).await.ok();
    app.restart().await;
    let second = AtXano { email: SECOND_EMAIL, password: SECOND_PASSWORD, ..AtXano::picks(STORE) };
    Connection::at_xano_with(&app, second, &[]).await.read_record(&app).await.ok();
    assert_eq!(app.xano.registrations(), 1);
    let sign_ins = app.xano.oauth_sign_ins();
    assert_eq!(sign_ins[0].client_id, sign_ins[1].client_id);
}

#[tokio::test]
async fn a_configured_client_id_needs_no_registration() {
    let first = TestApp::start().await;
    Connection::at_xano(&first, STORE).await;
    let known = first.xano.oauth_sign_ins()[0].client_id.clone();
    let mut app = first;
    app.restart_with(&[("XANO_OAUTH_CLIENT_ID", &known)]).await;
    Connection::at_xano(&app, PLAYGROUND).await;
    assert_eq!(app.xano.registrations(), 1);
}

#[tokio::test]
async fn a_connection_that_only_reads_asks_xano_for_less() {
    let app = TestApp::start().await;
    let reads = [("scope", "xano:read")];
    let connection = Connection::at_xano_with(&app, AtXano::picks(STORE), &reads).await;
    connection.read_record(&app).await.ok();
    let scopes = |app: &TestApp| -> Vec<_> {
        app.xano.oauth_sign_ins().into_iter().map(|sign_in| sign_in.scope).collect()
    };
    assert_eq!(scopes(&app), ["offline_access workspace:read"]);
    // A wider sign-in for another app is another one: it widens nothing.
    Connection::at_xano(&app, STORE).await;
    assert_eq!(scopes(&app).len(), 2);
    let status = connection.call(&app, "debug_auth", json!({})).await;
    let scope = &status.ok()["credentials"][0]["reaches"]["scope"];
    assert_eq!(scope, "offline_access workspace:read");
    // The server that offers only reading asks for no more.
    let app = TestApp::start_with(&[("SNAPPY_READ_ONLY", "true")]).await;
    Connection::at_xano(&app, STORE).await;
    assert_eq!(scopes(&app), ["offline_access workspace:read"]);
}

#[tokio::test]
async fn signing_in_again_renews_what_the_other_apps_use() {
    let app = TestApp::start().await;
    let first = Connection::at_xano(&app, STORE).await;
    app.xano.end_oauth_sign_in("demo@acme.test", STORE);
    first.read_record(&app).await.failed("REAUTH_REQUIRED");
    let second = Connection::at_xano(&app, STORE).await;
    second.read_record(&app).await.ok();
    first.read_record(&app).await.ok();
}

#[tokio::test]
async fn a_person_who_cancels_at_xano_is_back_on_the_login_page() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    let back = browser.sign_in_at_xano(&app, &login, AtXano::cancels()).await;
    let login = browser.open(&app, &back).await.assert_status(200);
    assert!(login.text().contains("You cancelled the sign-in at Xano."));
    // They go on from there.
    let consent = browser.sign_in_at_xano(&app, &login, AtXano::picks(STORE)).await;
    browser.open(&app, &consent).await.assert_status(200);
}

#[tokio::test]
async fn only_the_browser_that_began_it_can_finish_it() {
    let mut app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    let to_xano = browser.continue_with_xano(&app, &login).await.location();
    let back = AtXano::picks(STORE).answers(&to_xano).await;
    app.xano.clear_requests();
    let mut other = Browser::default();
    other.open(&app, "/login").await;
    let text = other.open(&app, &back).await.assert_status(400).text();
    assert!(text.contains("not started in this browser"), "{text}");
    let forged = back.replace("state=", "state=x");
    browser.open(&app, &forged).await.assert_status(400);
    browser.open(&app, "/oauth-callback?code=x").await.assert_status(400);
    assert_eq!(app.xano.count("oauth.token"), 0, "no code was used");
    // A restart in between does not matter, and neither does a second sign-in in another tab.
    app.restart().await;
    let again = browser.continue_with_xano(&app, &login).await.location();
    let consent = browser.open(&app, &back).await.location();
    assert!(consent.starts_with("/consent?"), "{consent}");
    let back = AtXano::picks(PLAYGROUND).answers(&again).await;
    assert!(browser.open(&app, &back).await.location().starts_with("/consent?"));
    // What was used is over.
    browser.open(&app, &back).await.assert_status(400);
}

#[tokio::test]
async fn where_the_account_api_refuses_the_token_the_instance_says_who_it_is() {
    let app = TestApp::start().await;
    app.xano.set_account_api_takes_oauth(false);
    let connection = Connection::at_xano(&app, STORE).await;
    connection.read_record(&app).await.ok();
    let instances = connection.call(&app, "xano_list_instances", json!({})).await;
    assert_eq!(instances.ok()[0]["name"], "xsbx-demo-0001");
    // The same person again, as Xano's OAuth server knows them.
    Connection::at_xano(&app, PLAYGROUND).await;
    let person = |status: Value| status["person"]["id"].clone();
    let status = connection.call(&app, "debug_auth", json!({})).await.ok().clone();
    let other = Connection::at_xano(&app, STORE).await;
    let again = other.call(&app, "debug_auth", json!({})).await.ok().clone();
    assert_eq!(person(status), person(again));
}

#[tokio::test]
async fn a_refused_registration_leads_to_the_other_ways() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let refused = refusal(400, json!({"error": "invalid_redirect_uri"}));
    app.xano.push_fault(fault("oauth/register", refused));
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    let page = browser.continue_with_xano(&app, &login).await.assert_status(502);
    let text = page.text();
    assert!(text.contains("Xano does not accept sign-ins from this server yet."), "{text}");
    assert!(text.contains("<details open>"), "the other ways are shown");
    // It is not asked again at once.
    let asked = app.xano.count("oauth.register");
    browser.continue_with_xano(&app, &page).await.assert_status(502);
    assert_eq!(app.xano.count("oauth.register"), asked);
    let key = app.xano.api_key("demo@acme.test");
    let consent = browser.paste_token(&app, &page, &key).await.location();
    browser.open(&app, &consent).await.assert_status(200);
    // Later it works.
    app.xano.clear_faults();
    app.advance(61);
    let to_xano = browser.continue_with_xano(&app, &login).await;
    assert!(to_xano.location().contains("/oauth2/authorize?"));
}

#[tokio::test]
async fn registrations_are_limited_and_said_so() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let limited = refusal(429, json!({"code": "ERROR_CODE_TOO_MANY_REQUESTS", "message": "later"}));
    app.xano.push_fault(fault("oauth/register", limited));
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    let page = browser.continue_with_xano(&app, &login).await.assert_status(502);
    assert!(page.text().contains("because of too many attempts"));
}

#[tokio::test]
async fn a_registration_that_xano_forgot_is_made_anew() {
    let app = TestApp::start().await;
    let connection = Connection::at_xano(&app, STORE).await;
    app.xano.forget_oauth_clients();
    // While its token lives, nothing is lost by it.
    app.refresh_ahead().await;
    connection.read_record(&app).await.ok();
    // It may remember it soon, so the sign-in is not over yet.
    app.advance(901);
    connection.read_record(&app).await.failed("UPSTREAM_UNAVAILABLE");
    app.advance(600);
    connection.read_record(&app).await.failed("REAUTH_REQUIRED");
    let again = Connection::at_xano(&app, STORE).await;
    again.read_record(&app).await.ok();
    connection.read_record(&app).await.ok();
    assert_eq!(app.xano.registrations(), 2);
}

#[tokio::test]
async fn the_operator_can_have_the_server_registered_anew() {
    let app = TestApp::start().await;
    assert!(app.forget_registration().await.unwrap_err().contains("no registration"));
    let connection = Connection::at_xano(&app, STORE).await;
    let printed = app.forget_registration().await.unwrap();
    assert!(printed.contains("for http://127.0.0.1:8787/oauth-callback"), "{printed}");
    // Who has signed in is still the old client's.
    app.advance(901);
    connection.read_record(&app).await.ok();
    Connection::at_xano(&app, STORE).await.read_record(&app).await.ok();
    assert_eq!(app.xano.registrations(), 2);
}

#[tokio::test]
async fn where_it_is_switched_off_it_is_not_offered() {
    let app = TestApp::start_with(&[("XANO_OAUTH", "false")]).await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    assert!(!login.text().contains("Continue with Xano"));
    let reply = browser.continue_with_xano(&app, &login).await;
    assert_eq!(reply.status, 400, "the form is not one of this server");
}

#[tokio::test]
async fn the_end_of_a_pasted_token_is_asked_for() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    assert!(login.text().contains("name=\"expires_on\""));
    let key = app.xano.api_key("demo@acme.test");
    let paste = async |browser: &mut Browser, day: &str| {
        let (csrf, request) = (hidden(&login, "csrf"), hidden(&login, "request"));
        let form = [
            ("csrf", csrf.as_str()),
            ("request", &request),
            ("method", "token"),
            ("token", &key),
            ("expires_on", day),
        ];
        browser.submit(&app, "/login", &form).await
    };
    for (day, why) in [
        ("2026-02-30", "YYYY-MM-DD"),
        ("tomorrow", "YYYY-MM-DD"),
        ("2026-01-02T", "YYYY-MM-DD"),
        ("2025-12-31", "That day is over"),
    ] {
        let page = paste(&mut browser, day).await.assert_status(400);
        assert!(page.text().contains(why), "{day}");
    }
    let consent = paste(&mut browser, "2026-01-02").await.location();
    let consent = browser.open(&app, &consent).await;
    let to = browser.decide(&app, &consent, "allow").await;
    let connection = Connection::finish(&app, client, &to).await;
    let reply = connection.read_record(&app).await;
    let message = reply.0["message"].as_str().unwrap();
    assert!(message.contains("expires at 2026-01-02T23:59:59Z"), "{message}");
}
