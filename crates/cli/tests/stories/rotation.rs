//! Rotation of refresh tokens: parallel, late, repeated, stolen.

use std::collections::HashSet;

use futures::future::join_all;
use serde_json::{Value, json};

use crate::harness::{Connection, Registered, TestApp, products};

const DAY: u64 = 86_400;

async fn refresh(app: &TestApp, connection: &Connection, token: &str) -> Value {
    connection.client.refresh(app, token).await.assert_status(200).json()
}

fn refresh_token(tokens: &Value) -> &str {
    tokens["refresh_token"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a16_twenty_parallel_refreshes_all_get_the_same_successor() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let all = join_all((0..20).map(|_| refresh(&app, &connection, &connection.refresh))).await;
    let refreshes: HashSet<_> = all.iter().map(refresh_token).collect();
    let accesses: HashSet<_> = all.iter().map(|t| t["access_token"].as_str().unwrap()).collect();
    assert_eq!((refreshes.len(), accesses.len()), (1, 20));
    for access in accesses {
        let with = Connection { access: access.to_owned(), ..connection.clone() };
        with.read_record(&app).await.ok();
    }
}

#[tokio::test]
async fn the_predecessor_gets_the_same_successor_until_that_is_used() {
    let mut app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let first = refresh(&app, &connection, &connection.refresh).await;
    app.advance(40 * DAY);
    app.restart().await;
    let again = refresh(&app, &connection, &connection.refresh).await;
    assert_eq!(refresh_token(&again), refresh_token(&first), "as after a lost answer");

    refresh(&app, &connection, refresh_token(&first)).await;
    let late = refresh(&app, &connection, &connection.refresh).await;
    assert!(late.get("refresh_token").is_none(), "an access token and nothing more");
    let with = Connection {
        access: late["access_token"].as_str().unwrap().to_owned(),
        ..connection.clone()
    };
    with.read_record(&app).await.ok();
}

#[tokio::test]
async fn long_after_its_successor_was_used_an_old_token_ends_the_grant() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let second = refresh(&app, &connection, &connection.refresh).await;
    app.advance(DAY);
    let third = refresh(&app, &connection, refresh_token(&second)).await;
    // Far beyond the idle time of the token as it was issued.
    for _ in 0..20 {
        app.advance(7 * DAY - 1);
        let in_window = refresh(&app, &connection, &connection.refresh).await;
        assert!(in_window.get("refresh_token").is_none());
    }
    let in_window = refresh(&app, &connection, &connection.refresh).await;
    app.advance(7 * DAY);
    let stolen = connection.client.refresh(&app, &connection.refresh).await;
    stolen.assert_error(400, "invalid_grant");
    let live = connection.client.refresh(&app, refresh_token(&third)).await;
    live.assert_error(400, "invalid_grant");
    let access = in_window["access_token"].as_str().unwrap().to_owned();
    let with = Connection { access, ..connection.clone() };
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    with.rpc(&app, &list).await.assert_status(401);
}

#[tokio::test]
async fn a_strict_server_ends_the_grant_at_the_first_reuse() {
    let app = TestApp::start_with(&[("OAUTH_REUSE_WINDOW", "0")]).await;
    let connection = Connection::new(&app).await;
    let second = refresh(&app, &connection, &connection.refresh).await;
    let again = refresh(&app, &connection, &connection.refresh).await;
    assert_eq!(refresh_token(&again), refresh_token(&second), "a lost answer is no reuse");
    let third = refresh(&app, &connection, refresh_token(&second)).await;
    let reused = connection.client.refresh(&app, &connection.refresh).await;
    reused.assert_error(400, "invalid_grant");
    let dead = connection.client.refresh(&app, refresh_token(&third)).await;
    dead.assert_error(400, "invalid_grant");
}

#[tokio::test]
async fn another_client_gets_nothing_and_changes_nothing() {
    let app = TestApp::start().await;
    let mut connection = Connection::new(&app).await;
    let thief = Registered::new(&app).await;
    thief.refresh(&app, &connection.refresh).await.assert_error(400, "invalid_grant");
    connection.renew(&app).await;
    connection.read_record(&app).await.ok();
}

#[tokio::test]
async fn r6_a_foreign_resource_or_a_wider_scope_is_refused_before_anything_changes() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let client = &connection.client;
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", client.id.as_str()),
        ("refresh_token", connection.refresh.as_str()),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&form[..], more].concat();
    let foreign =
        app.post_form("/token", &with(&[("resource", "https://other.example/mcp")])).await;
    foreign.assert_error(400, "invalid_target");
    let narrow = app.post_form("/token", &with(&[("scope", "xano:read")])).await;
    let narrow = narrow.assert_status(200).json();
    assert_eq!(narrow["scope"], "xano:read");

    let reader = Connection {
        access: narrow["access_token"].as_str().unwrap().to_owned(),
        ..connection.clone()
    };
    reader.read_record(&app).await.ok();
    let mut arguments = products();
    arguments["record_id"] = 1.into();
    let delete = json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"arguments": arguments, "name": "xano_delete_table_record"},
    });
    let refused = reader.rpc(&app, &delete).await.assert_error(403, "insufficient_scope");
    let challenge = refused.header("www-authenticate").to_owned();
    assert!(challenge.starts_with("Bearer error=\"insufficient_scope\""), "{challenge}");
    assert!(challenge.contains("scope=\"xano:read xano:delete\""), "{challenge}");
    assert!(challenge.contains("resource_metadata=\"http://127.0.0.1:8787/"), "{challenge}");

    let whole = refresh(&app, &connection, refresh_token(&narrow)).await;
    assert_eq!(
        whole["scope"], "xano:read xano:write xano:schema xano:delete",
        "the grant is whole"
    );
}

#[tokio::test]
async fn the_refresh_endpoint_is_the_refresh_grant() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let form =
        [("client_id", connection.client.id.as_str()), ("refresh_token", &connection.refresh)];
    let first = app.post_form("/refresh", &form).await.assert_status(200).json();
    let named = [&form[..], &[("grant_type", "refresh_token")]].concat();
    let again = app.post_form("/refresh", &named).await.assert_status(200).json();
    assert_eq!(refresh_token(&first), refresh_token(&again));
    let other = [&form[..], &[("grant_type", "authorization_code")]].concat();
    app.post_form("/refresh", &other).await.assert_error(400, "unsupported_grant_type");
    app.post_form("/token", &form).await.assert_error(400, "invalid_request");
}

#[tokio::test]
async fn a23_revoking_ends_the_grant_at_once_and_only_for_its_own_client() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let other = Registered::new(&app).await;
    let revoke = |client: &Registered, token: &str| {
        let form = [("client_id", client.id.clone()), ("token", token.to_owned())];
        let app = &app;
        async move {
            let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            app.post_form("/revoke", &form).await.assert_status(200)
        }
    };
    revoke(&other, &connection.refresh).await;
    revoke(&connection.client, "snp_rt_unknown").await;
    connection.read_record(&app).await.ok();

    let more = refresh(&app, &connection, &connection.refresh).await;
    revoke(&connection.client, &connection.access).await;
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    connection.rpc(&app, &list).await.assert_status(401);
    let sibling = Connection {
        access: more["access_token"].as_str().unwrap().to_owned(),
        ..connection.clone()
    };
    sibling.read_record(&app).await.ok();

    revoke(&connection.client, refresh_token(&more)).await;
    sibling.rpc(&app, &list).await.assert_status(401);
    let dead = connection.client.refresh(&app, refresh_token(&more)).await;
    dead.assert_error(400, "invalid_grant");
}
