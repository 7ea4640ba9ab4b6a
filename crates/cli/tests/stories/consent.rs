//! Narrowing on the consent page, and that every call keeps to it.

use serde_json::{Value, json};
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD, Effect, FaultRule};

use crate::harness::{Browser, Connection, Registered, Reply, TestApp, products};

async fn consent(app: &TestApp, client: &Registered) -> (Browser, Reply) {
    let mut browser = Browser::default();
    let login = browser.reach_login(app, &client.authorize()).await;
    let page = browser.sign_in(app, &login, DEMO_EMAIL, DEMO_PASSWORD).await;
    (browser, page)
}

async fn narrowed(app: &TestApp, decision: &str, cleared: &[&str]) -> Connection {
    let client = Registered::new(app).await;
    let (mut browser, page) = consent(app, &client).await;
    let to = browser.choose(app, &page, decision, cleared).await.location();
    Connection::finish(app, client, &to).await
}

async fn tool_names(app: &TestApp, connection: &Connection) -> Vec<String> {
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    let tools = connection.rpc(app, &list).await.json()["result"]["tools"].clone();
    let names = tools.as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap().into());
    names.collect()
}

async fn call_status(app: &TestApp, connection: &Connection, tool: &str, arguments: Value) -> u16 {
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": tool, "arguments": arguments}});
    connection.rpc(app, &call).await.status.as_u16()
}

#[tokio::test]
async fn only_reading_is_one_click() {
    let app = TestApp::start().await;
    let connection = narrowed(&app, "read", &[]).await;
    assert_eq!(tool_names(&app, &connection).await.len(), 12, "nine that look, three for oneself");
    connection.read_record(&app).await.ok();
    let mut arguments = products();
    arguments["record_data"] = json!({"name": "x"});
    assert_eq!(call_status(&app, &connection, "xano_create_table_record", arguments).await, 403);
    let status = connection.call(&app, "debug_auth", json!({})).await;
    assert_eq!(status.ok()["grant"]["scope"], "xano:read");
    let tokens = connection.client.refresh(&app, &connection.refresh).await.json();
    assert_eq!(tokens["scope"], "xano:read", "a refresh does not widen it");
}

#[tokio::test]
async fn scopes_and_toolsets_can_be_left_out() {
    let app = TestApp::start().await;
    let cleared = ["scope:xano:delete", "toolset:tables"];
    let connection = narrowed(&app, "custom", &cleared).await;
    let names = tool_names(&app, &connection).await;
    assert!(!names.iter().any(|name| name.contains("delete") || name.contains("schema")));
    assert!(names.contains(&"xano_create_table_record".to_owned()));
    let refused = connection
        .call(
            &app,
            "xano_list_tables",
            json!({
                "instance_name": "xsbx-demo-0001", "workspace_id": 1,
            }),
        )
        .await;
    refused.failed("FORBIDDEN");
    assert_eq!(call_status(&app, &connection, "xano_delete_table_record", products()).await, 403);
    let status = connection.call(&app, "debug_auth", json!({})).await;
    let toolsets = &status.ok()["grant"]["limits"]["toolsets"];
    assert_eq!(toolsets, &json!(["debug", "records", "workspaces"]));
}

#[tokio::test]
async fn instances_and_workspaces_can_be_left_out() {
    let app = TestApp::start().await;
    let cleared =
        ["workspace:xsbx-demo-0001/2", "workspace:xsbx-demo-0002/1", "workspace:xsbx-demo-0002/2"];
    let connection = narrowed(&app, "custom", &cleared).await;
    connection.read_record(&app).await.ok();
    let instances = connection.call(&app, "xano_list_instances", json!({})).await;
    assert_eq!(instances.ok().as_array().unwrap().len(), 1);
    let here = json!({"instance_name": "xsbx-demo-0001"});
    let workspaces = connection.call(&app, "xano_list_databases", here).await;
    assert_eq!(workspaces.ok().as_array().unwrap().len(), 1);

    app.xano.clear_requests();
    for (place, workspace) in [("xsbx-demo-0001", 2), ("xsbx-demo-0002", 1), ("Acme Staging", 1)] {
        let elsewhere = json!({"instance_name": place, "workspace_id": workspace});
        let refused = connection.call(&app, "xano_list_tables", elsewhere).await;
        let message = refused.failed("FORBIDDEN")["message"].as_str().unwrap().to_owned();
        assert!(message.ends_with("is not part of this connection."), "{message}");
    }
    let unknown = connection.call(&app, "xano_list_databases", json!({"instance_name": "x"})).await;
    let known = &unknown.failed("INSTANCE_NOT_FOUND")["details"]["instances"];
    assert_eq!(known, &json!(["xsbx-demo-0001"]), "what was left out is not even named");
    assert_eq!(app.xano.count("list_tables"), 0);
}

#[tokio::test]
async fn leaving_all_checked_is_no_limit() {
    let app = TestApp::start().await;
    let connection = narrowed(&app, "custom", &[]).await;
    let status = connection.call(&app, "debug_auth", json!({})).await;
    assert_eq!(status.ok()["grant"]["limits"], json!({}));
}

#[tokio::test]
async fn clearing_everything_of_a_kind_allows_nothing() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let (mut browser, page) = consent(&app, &client).await;
    let text = page.text();
    let boxes: Vec<_> = text
        .split("type=\"checkbox\" name=\"")
        .skip(1)
        .map(|b| b.split('"').next().unwrap())
        .collect();
    for kind in ["scope:", "toolset:", "workspace:"] {
        let cleared: Vec<_> = boxes.iter().copied().filter(|b| b.starts_with(kind)).collect();
        assert!(!cleared.is_empty(), "{kind}");
        let reply = browser.choose(&app, &page, "custom", &cleared).await.assert_status(400);
        assert!(reply.text().contains("Your selection is incomplete"));
    }
}

#[tokio::test]
async fn more_than_was_asked_for_can_not_be_taken() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let authorize = client.authorize_with(&[("scope", "xano:read offline_access")]);
    let login = browser.reach_login(&app, &authorize).await;
    let page = browser.sign_in(&app, &login, DEMO_EMAIL, DEMO_PASSWORD).await;
    assert!(!page.text().contains("xano:delete") && !page.text().contains("Read only"));
    let forged = Reply {
        body: page.text().replace("scope:xano:read", "scope:xano:delete").into(),
        ..page.clone()
    };
    browser.choose(&app, &forged, "custom", &[]).await.assert_status(400);
    let to = browser.decide(&app, &page, "allow").await;
    let connection = Connection::finish(&app, client, &to).await;
    assert_eq!(call_status(&app, &connection, "xano_delete_table_record", products()).await, 403);
}

#[tokio::test]
async fn when_xano_can_not_list_instances_the_rest_can_still_be_chosen() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    app.xano.push_fault(FaultRule {
        path_contains: Some("/instance".into()),
        ..FaultRule::always(Effect::Html { status: 502 })
    });
    let (mut browser, page) = consent(&app, &client).await;
    assert!(page.text().contains("can\u{27}t be listed right now"), "{}", page.text());
    app.xano.clear_faults();
    let to = browser.choose(&app, &page, "custom", &["scope:xano:delete"]).await.location();
    let connection = Connection::finish(&app, client, &to).await;
    connection.read_record(&app).await.ok();
}

#[tokio::test]
async fn a_hanging_xano_does_not_keep_the_page_waiting() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    app.xano.push_fault(FaultRule {
        path_contains: Some("/api:meta/instance".into()),
        ..FaultRule::always(Effect::Latency { ms: 20_000 })
    });
    let shown = tokio::time::timeout(std::time::Duration::from_secs(12), consent(&app, &client));
    let (mut browser, page) = shown.await.expect("the page comes without the instances");
    assert!(page.text().contains("listed right now"));
    app.xano.clear_faults();
    let to = browser.decide(&app, &page, "allow").await;
    Connection::finish(&app, client, &to).await.read_record(&app).await.ok();
}

#[tokio::test]
async fn reading_only_can_be_chosen_when_only_writing_was_asked_for() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let authorize = client.authorize_with(&[("scope", "xano:write xano:delete")]);
    let login = browser.reach_login(&app, &authorize).await;
    let consent = browser.sign_in(&app, &login, DEMO_EMAIL, DEMO_PASSWORD).await;
    let to = browser.decide(&app, &consent, "read").await;
    let connection = Connection::finish(&app, client, &to).await;
    connection.read_record(&app).await.ok();
    let status = connection.call(&app, "debug_auth", serde_json::json!({})).await;
    assert_eq!(status.ok()["grant"]["scope"], "xano:read");
}
