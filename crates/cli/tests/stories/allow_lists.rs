//! Whom the operator lets use the server, with which apps, and for which instances and workspaces.

use serde_json::json;
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD, SECOND_EMAIL, SECOND_PASSWORD};

use crate::harness::{
    AtXano, Browser, Connection, Lines, PLAYGROUND, Registered, STORE, TestApp, products,
};

#[tokio::test]
async fn only_the_people_on_the_list_sign_in() {
    let (lines, _guard) = Lines::audit();
    let mut app = TestApp::start_with(&[("SNAPPY_ALLOWED_PEOPLE", SECOND_EMAIL)]).await;
    let second = Connection::of(&app, SECOND_EMAIL, SECOND_PASSWORD).await;
    second.read_record(&app).await.ok();

    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    let page = browser.type_password(&app, &login, DEMO_EMAIL, DEMO_PASSWORD).await;
    assert!(page.assert_status(403).text().contains("limited it to certain people"));
    let login = browser.reach_login(&app, &client.authorize()).await;
    let page = browser.paste_token(&app, &login, &app.xano.api_key(DEMO_EMAIL)).await;
    page.assert_status(403);
    let login = browser.reach_login(&app, &client.authorize()).await;
    let to_xano = browser.continue_with_xano(&app, &login).await.location();
    let back = AtXano::picks(STORE).answers(&to_xano).await;
    browser.open(&app, &back).await.assert_status(403);
    assert!(app.xano.oauth_sign_ins().iter().all(|one| one.ended), "revoked at Xano");
    let refused = lines.json();
    let refused = refused.iter().filter(|line| line["reason"] == "person_not_allowed");
    assert_eq!(refused.count(), 3);

    // Who is taken off the list is out at once, and back when they are on it again.
    app.set("SNAPPY_ALLOWED_PEOPLE", "@other.test");
    app.restart().await;
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    second.rpc(&app, &list).await.assert_status(403);
    let domain = SECOND_EMAIL.split_once('@').unwrap().1;
    app.set("SNAPPY_ALLOWED_PEOPLE", &format!("@{domain}"));
    app.restart().await;
    second.read_record(&app).await.ok();
}

#[tokio::test]
async fn only_the_instances_and_workspaces_on_the_list_are_reached() {
    let app = TestApp::start_with(&[("SNAPPY_ALLOWED_INSTANCES", "xsbx-demo-0001/1")]).await;
    let connection = Connection::new(&app).await;
    connection.read_record(&app).await.ok();
    let mut elsewhere = products();
    elsewhere["workspace_id"] = 2.into();
    connection.call(&app, "xano_get_table_schema", elsewhere).await.failed("FORBIDDEN");
    let mut elsewhere = products();
    elsewhere["instance_name"] = "xsbx-demo-0002".into();
    connection.call(&app, "xano_get_table_schema", elsewhere).await.failed("FORBIDDEN");
    let listed = connection.call(&app, "xano_list_instances", json!({})).await;
    assert_eq!(listed.ok().as_array().unwrap().len(), 1);

    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    let to_xano = browser.continue_with_xano(&app, &login).await.location();
    let back = AtXano::picks(PLAYGROUND).answers(&to_xano).await;
    let page = browser.open(&app, &back).await.assert_status(403);
    assert!(page.text().contains("limited it to certain Xano workspaces"));
    Connection::at_xano(&app, STORE).await.read_record(&app).await.ok();
}

#[tokio::test]
async fn only_the_apps_on_the_list_connect() {
    // The story client's redirect URI is on a loopback address.
    let mut app = TestApp::start_with(&[("SNAPPY_ALLOWED_CLIENTS", "127.0.0.1")]).await;
    let connection = Connection::new(&app).await;
    let other = json!({"redirect_uris": ["https://elsewhere.example/callback"]});
    let other = Registered::with(&app, &other).await;
    let authorize = other.authorize_with(&[("redirect_uri", "https://elsewhere.example/callback")]);
    let page = app.get(&authorize).await.assert_status(400);
    assert!(page.text().contains("not registered"));

    app.set("SNAPPY_ALLOWED_CLIENTS", "");
    app.set("SNAPPY_DENIED_CLIENTS", connection.client.id.as_str());
    app.restart().await;
    connection.client.refresh(&app, &connection.refresh).await.assert_error(401, "invalid_client");
    app.get(&connection.client.authorize()).await.assert_status(400);
    Connection::new(&app).await;
}
