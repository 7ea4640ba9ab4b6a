//! One workspace for each sign-in at Xano: a connection uses several, and its person decides which.

use serde_json::{Value, json};
use snappy_sandbox::{DEMO_EMAIL, Effect, FaultRule, SECOND_EMAIL, SECOND_PASSWORD};

use crate::harness::{
    AtXano, Browser, Connection, PLAYGROUND, Registered, Reply, STAGING, STORE, TestApp, ToolReply,
    hidden,
};

fn workspace(id: u64) -> Value {
    json!({"instance_name": "xsbx-demo-0001", "workspace_id": id})
}

/// A connection to both workspaces of the first instance, made on the consent page.
async fn two_workspaces(app: &TestApp) -> (Connection, Browser) {
    let client = Registered::new(app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(app, &client.authorize()).await;
    let consent = browser.sign_in_at_xano(app, &login, AtXano::picks(STORE)).await;
    let consent = browser.open(app, &consent).await;
    let to_xano = browser.choose(app, &consent, "add", &[]).await.location();
    let back = AtXano::picks(PLAYGROUND).answers(&to_xano).await;
    let consent = browser.open(app, &back).await.location();
    let consent = browser.open(app, &consent).await.assert_status(200);
    assert_eq!(consent.text().matches("checked> <span>").count(), 2, "{}", consent.text());
    let to = browser.choose(app, &consent, "allow", &[]).await.location();
    (Connection::finish(app, client, &to).await, browser)
}

async fn tables(app: &TestApp, connection: &Connection, id: u64) -> ToolReply {
    connection.call(app, "xano_list_tables", workspace(id)).await
}

fn texts(list: &Value, field: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|one| one[field].to_string()).collect()
}

#[tokio::test]
async fn a_call_takes_the_sign_in_of_its_workspace() {
    let app = TestApp::start().await;
    let (connection, _) = two_workspaces(&app).await;
    tables(&app, &connection, 1).await.ok();
    tables(&app, &connection, 2).await.ok();
    let name = json!({"instance_name": "xsbx-demo-0001"});
    let databases = connection.call(&app, "xano_list_databases", name).await;
    assert_eq!(texts(databases.ok(), "id"), ["1", "2"]);
    let instances = connection.call(&app, "xano_list_instances", json!({})).await;
    assert_eq!(texts(instances.ok(), "name"), ["\"xsbx-demo-0001\""]);
    // Both are refreshed, each with its own tokens.
    app.advance(901);
    tables(&app, &connection, 1).await.ok();
    tables(&app, &connection, 2).await.ok();
    let uses: Vec<_> = app.xano.oauth_sign_ins().into_iter().map(|one| one.uses).collect();
    assert_eq!(uses, [vec![1, 0], vec![1, 0]]);
}

#[tokio::test]
async fn one_that_ends_at_xano_says_so_and_the_other_goes_on() {
    let app = TestApp::start().await;
    let (connection, mut browser) = two_workspaces(&app).await;
    app.xano.end_oauth_sign_in(DEMO_EMAIL, PLAYGROUND);
    for _ in 0..2 {
        let error = tables(&app, &connection, 2).await.failed("REAUTH_REQUIRED").clone();
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("for Acme Store / Playground has ended"), "{message}");
        tables(&app, &connection, 1).await.ok();
    }
    // The connection itself is not challenged, and refreshes.
    connection.client.refresh(&app, &connection.refresh).await.assert_status(200);
    let name = json!({"instance_name": "xsbx-demo-0001"});
    let databases = connection.call(&app, "xano_list_databases", name).await;
    let listed = databases.ok();
    assert_eq!(texts(listed, "id"), ["1", "2"]);
    assert_eq!(listed[1]["sign_in_required"], true);
    let page = browser.open(&app, "/account").await.text();
    assert!(page.contains("No longer valid. Sign in again."), "{page}");
    // Both ended: now a sign-in is needed, and the same connection goes on after it.
    app.xano.end_oauth_sign_in(DEMO_EMAIL, STORE);
    tables(&app, &connection, 1).await.failed("REAUTH_REQUIRED");
    connection.client.refresh(&app, &connection.refresh).await.assert_error(400, "invalid_grant");
    let login = browser.open(&app, "/login").await;
    browser.sign_in_at_xano(&app, &login, AtXano::picks(PLAYGROUND)).await;
    tables(&app, &connection, 2).await.ok();
    tables(&app, &connection, 1).await.failed("REAUTH_REQUIRED");
}

#[tokio::test]
async fn a_workspace_that_is_not_covered_can_be_added_in_two_clicks() {
    let app = TestApp::start().await;
    let connection = Connection::at_xano(&app, STORE).await;
    app.xano.clear_requests();
    let error = tables(&app, &connection, 2).await.failed("WORKSPACE_NOT_CONNECTED").clone();
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("of that instance it reaches workspace 1."), "{message}");
    assert!(app.xano.requests().is_empty(), "nothing was sent");
    let url = error["details"]["add_workspace_url"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:8787/account/workspace?grant="), "{url}");
    // In a browser that nobody is signed in with.
    let mut browser = Browser::default();
    let page = browser.open(&app, url).await.assert_status(200);
    let to = browser.sign_in_at_xano(&app, &page, AtXano::picks(PLAYGROUND)).await;
    assert!(to.starts_with("/account/connection?grant="), "{to}");
    tables(&app, &connection, 2).await.failed("WORKSPACE_NOT_CONNECTED");
    let page = browser.open(&app, &to).await.assert_status(200);
    assert!(page.text().contains("Save to let Story Client use it."), "{}", page.text());
    let saved = save(&app, &mut browser, &page, &[]).await.location();
    assert_eq!(saved, "/account?notice=changed");
    tables(&app, &connection, 2).await.ok();
    tables(&app, &connection, 1).await.ok();
    // An unknown instance leads there too.
    let elsewhere = json!({"instance_name": "xsbx-demo-0002", "workspace_id": 1});
    let error = connection.call(&app, "xano_list_tables", elsewhere.clone()).await;
    let next = error.failed("INSTANCE_NOT_FOUND")["details"]["next_step"].to_string();
    assert!(next.contains("/account/workspace?grant="), "{next}");
    let page = browser.open(&app, url).await;
    let to = browser.sign_in_at_xano(&app, &page, AtXano::picks(STAGING)).await;
    let page = browser.open(&app, &to).await;
    save(&app, &mut browser, &page, &[]).await.location();
    connection.call(&app, "xano_list_tables", elsewhere).await.ok();
}

/// Saves the page of a connection with its boxes, some of them cleared.
async fn save(app: &TestApp, browser: &mut Browser, page: &Reply, cleared: &[usize]) -> Reply {
    let text = page.text();
    let boxes: Vec<_> = text.split("type=\"checkbox\" name=\"").skip(1).collect();
    let boxes = boxes.iter().enumerate().filter(|(place, rest)| {
        !cleared.contains(place) && rest.split('>').next().unwrap().contains(" checked")
    });
    let names: Vec<_> = boxes.map(|(_, rest)| rest.split('"').next().unwrap()).collect();
    let (csrf, grant) = (hidden(page, "csrf"), hidden(page, "grant"));
    let mut form = vec![("csrf", csrf.as_str()), ("grant", grant.as_str())];
    form.extend(names.iter().map(|name| (*name, "on")));
    browser.submit(app, "/account/connection", &form).await
}

#[tokio::test]
async fn a_client_that_opens_pages_is_led_to_the_one_that_adds_it() {
    let app = TestApp::start().await;
    let connection = Connection::at_xano(&app, STORE).await;
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
        "name": "xano_list_tables", "arguments": workspace(2),
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {"elicitation": {"url": {}}},
        },
    }});
    let request = crate::harness::request(http::Method::POST, "/mcp")
        .header("authorization", format!("Bearer {}", connection.access))
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", "tools/call")
        .header("mcp-name", "xano_list_tables");
    let body = axum::body::Body::from(message.to_string());
    let reply = app.send(request.body(body).unwrap()).await.assert_status(200).json();
    let asked = &reply["result"]["inputRequests"]["sign_in"]["params"];
    assert!(asked["url"].as_str().unwrap().contains("/account/workspace?grant="), "{reply}");
    assert!(asked["message"].as_str().unwrap().contains("Workspace 2 of xsbx-demo-0001"));
}

#[tokio::test]
async fn a_removed_sign_in_is_revoked_at_xano_and_gone_here() {
    let app = TestApp::start().await;
    let (connection, mut browser) = two_workspaces(&app).await;
    let account = browser.open(&app, "/account").await;
    let text = account.text();
    assert_eq!(text.matches("renews itself").count(), 2, "{text}");
    let reaches = text.split("Reaches ").nth(1).unwrap().split('.').next().unwrap();
    assert!(reaches.contains("/ Acme Store") && reaches.contains("/ Playground"), "{text}");
    let csrf = hidden(&account, "csrf");
    let credential = hidden(&account, "credential");
    let form = [("csrf", csrf.as_str()), ("action", "remove"), ("credential", &credential)];
    let to = browser.submit(&app, "/account", &form).await.location();
    assert_eq!(to, "/account?notice=removed");
    let page = browser.open(&app, &to).await.text();
    assert!(page.contains("Removed, here and at Xano."), "{page}");
    let sign_ins = app.xano.oauth_sign_ins();
    assert_eq!(sign_ins.iter().filter(|one| one.ended).count(), 1, "{sign_ins:?}");
    let ended = sign_ins.iter().find(|one| one.ended).unwrap().workspace;
    let error = tables(&app, &connection, ended).await;
    error.failed("WORKSPACE_NOT_CONNECTED");
    tables(&app, &connection, 3 - ended).await.ok();
    // Twice does nothing more; another person's id does nothing at all.
    let again = browser.submit(&app, "/account", &form).await.location();
    assert_eq!(again, "/account");
    let mut other = Browser::default();
    let login = other.open(&app, "/login").await;
    let at = AtXano { email: SECOND_EMAIL, password: SECOND_PASSWORD, ..AtXano::picks(STORE) };
    let to = other.sign_in_at_xano(&app, &login, at).await;
    let page = other.open(&app, &to).await;
    let csrf = hidden(&page, "csrf");
    let live = app.xano.oauth_sign_ins().iter().filter(|one| !one.ended).count();
    let status = connection.call(&app, "debug_auth", json!({})).await.ok().clone();
    for credential in status["credentials"].as_array().unwrap() {
        let id = credential["id"].as_str().unwrap();
        let form = [("csrf", csrf.as_str()), ("action", "remove"), ("credential", id)];
        assert_eq!(other.submit(&app, "/account", &form).await.location(), "/account");
    }
    assert_eq!(app.xano.oauth_sign_ins().iter().filter(|one| !one.ended).count(), live);
}

#[tokio::test]
async fn an_app_is_never_given_a_sign_in_that_its_person_did_not_choose() {
    let app = TestApp::start().await;
    let connection = Connection::at_xano(&app, STORE).await;
    // The same person signs in for another workspace, for another app.
    Connection::at_xano(&app, PLAYGROUND).await;
    tables(&app, &connection, 2).await.failed("WORKSPACE_NOT_CONNECTED");
    // On the consent page the older one is shown, and not checked.
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    let consent = browser.sign_in_at_xano(&app, &login, AtXano::picks(STORE)).await;
    let consent = browser.open(&app, &consent).await;
    let text = consent.text();
    assert!(text.contains("Acme Store / Playground"), "{text}");
    assert_eq!(text.matches("checked> <span>").count(), 1, "{text}");
    // Nothing checked is nothing allowed.
    let names = text.split("name=\"credential:").skip(1);
    let names: Vec<_> =
        names.map(|rest| format!("credential:{}", rest.split('"').next().unwrap())).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let refused = browser.choose(&app, &consent, "allow", &names).await.assert_status(400);
    assert!(refused.text().contains("Select at least one sign-in"));
    // Somebody else's page can't change this connection.
    let mut other = Browser::default();
    let at = AtXano { email: SECOND_EMAIL, password: SECOND_PASSWORD, ..AtXano::picks(PLAYGROUND) };
    let status = connection.call(&app, "debug_auth", json!({})).await.ok().clone();
    let grant = status["grant"]["id"].as_str().unwrap();
    let add = format!("/account/workspace?grant={grant}");
    let page = other.open(&app, &add).await.assert_status(200);
    let to = other.sign_in_at_xano(&app, &page, at).await;
    let to = other.open(&app, &to).await.location();
    assert_eq!(to, "/account?notice=other_person");
    tables(&app, &connection, 2).await.failed("WORKSPACE_NOT_CONNECTED");
}

#[tokio::test]
async fn a_sign_in_that_was_cancelled_can_be_tried_again_for_the_same_app() {
    let app = TestApp::start().await;
    let connection =
        Connection::at_xano_with(&app, AtXano::picks(STORE), &[("scope", "xano:read")]);
    let connection = connection.await;
    let error = tables(&app, &connection, 2).await.failed("WORKSPACE_NOT_CONNECTED").clone();
    let url = error["details"]["add_workspace_url"].as_str().unwrap();
    assert!(url.ends_with("&access=read"), "{url}");
    let mut browser = Browser::default();
    let page = browser.open(&app, url).await.assert_status(200);
    let to = browser.sign_in_at_xano(&app, &page, AtXano::cancels()).await;
    let login = browser.open(&app, &to).await.assert_status(200);
    let to = browser.continue_with_xano(&app, &login).await.location();
    assert!(!to.contains("workspace%3Awrite"), "it still asks Xano for reading only: {to}");
    let back = AtXano::picks(PLAYGROUND).answers(&to).await;
    let to = browser.open(&app, &back).await.location();
    assert!(to.starts_with("/account/connection?grant="), "{to}");
}

#[tokio::test]
async fn a_sign_in_that_is_removed_while_it_is_renewed_is_revoked_with_its_new_tokens() {
    let app = TestApp::start().await;
    let (connection, mut browser) = two_workspaces(&app).await;
    app.advance(901);
    app.xano.push_fault(FaultRule {
        path_contains: Some("oauth/token".into()),
        times: Some(1),
        ..FaultRule::always(Effect::ApplyThenWait { ms: 2_000 })
    });
    // Xano may no longer know the token that was stored when the person removed it.
    app.xano.push_fault(FaultRule {
        path_contains: Some("oauth/revoke".into()),
        times: Some(1),
        ..FaultRule::always(Effect::Close)
    });
    let page = browser.open(&app, "/account").await;
    let text = page.text();
    let mut sections = text.split("<section").filter(|section| !section.contains("Playground"));
    let section = sections.find(|section| section.contains("name=\"credential\"")).unwrap();
    let id = section.split("name=\"credential\" value=\"").nth(1).unwrap();
    let id = id.split('"').next().unwrap().to_owned();
    let csrf = hidden(&page, "csrf");
    app.xano.clear_requests();
    let remove = async {
        while !app.xano.requests().iter().any(|asked| asked.path.ends_with("oauth/token")) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let form = [("csrf", csrf.as_str()), ("credential", &id), ("action", "remove")];
        browser.submit(&app, "/account", &form).await
    };
    let (_, removed) = tokio::join!(tables(&app, &connection, 1), remove);
    assert!(removed.location().starts_with("/account?notice=removed"));
    let ended: Vec<_> = app.xano.oauth_sign_ins().into_iter().map(|one| one.ended).collect();
    assert_eq!(ended, [true, false]);
}
