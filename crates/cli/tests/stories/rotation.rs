//! Rotation of refresh tokens: parallel, late, repeated, stolen.

use std::collections::HashSet;

use axum::body::Body;
use futures::future::join_all;
use serde_json::{Value, json};
use snappy_cli::settings::LogFormat;

use crate::harness::{
    Browser, Connection, Lines, Registered, TestApp, encode, form_request, products,
};

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
    for _ in 0..3 {
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

#[tokio::test]
async fn the_same_answer_is_repeated_for_weeks_and_by_a_strict_server_for_a_minute() {
    for (settings, honest, late) in
        [(vec![], 55 * DAY, 56 * DAY), (vec![("OAUTH_REUSE_WINDOW", "0")], 59, 60)]
    {
        let app = TestApp::start_with(&settings).await;
        let connection = Connection::new(&app).await;
        let first = refresh(&app, &connection, &connection.refresh).await;
        app.advance(honest);
        let again = refresh(&app, &connection, &connection.refresh).await;
        assert_eq!(refresh_token(&again), refresh_token(&first));
        app.advance(late - honest);
        let refused = connection.client.refresh(&app, &connection.refresh).await;
        refused.assert_error(400, "invalid_grant");
        // That is treated as theft.
        let ended = connection.client.refresh(&app, refresh_token(&first)).await;
        ended.assert_error(400, "invalid_grant");
    }
}

#[tokio::test]
async fn an_old_token_gives_access_for_four_weeks_however_often_it_is_used() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let second = refresh(&app, &connection, &connection.refresh).await;
    let mut newest = refresh(&app, &connection, refresh_token(&second)).await;
    for _ in 0..9 {
        app.advance(3 * DAY);
        let access = refresh(&app, &connection, &connection.refresh).await;
        assert!(access.get("refresh_token").is_none());
        // The owner goes on.
        newest = refresh(&app, &connection, refresh_token(&newest)).await;
    }
    app.advance(DAY);
    let refused = connection.client.refresh(&app, &connection.refresh).await;
    refused.assert_error(400, "invalid_grant");
    connection
        .client
        .refresh(&app, refresh_token(&newest))
        .await
        .assert_error(400, "invalid_grant");
}

#[tokio::test]
async fn two_parties_with_one_token_are_seen_by_the_person_and_in_the_audit_trail() {
    let app = TestApp::start_with(&[("SNAPPY_TRUSTED_PROXIES", "1")]).await;
    let (lines, _guard) = Lines::as_the_server_writes(LogFormat::Json);
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let to = browser.allow(&app, &client.authorize()).await;
    let connection = Connection::finish(&app, client, &to).await;
    let from = async |address: &str, agent: &str| {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", connection.client.id.as_str()),
            ("refresh_token", connection.refresh.as_str()),
        ];
        let request = form_request("/token");
        let request = request.header("x-forwarded-for", address).header("user-agent", agent);
        let reply = app.send(request.body(Body::from(encode(&form))).unwrap()).await;
        reply.assert_status(200);
    };
    from("203.0.113.7", "claude/1").await;
    // The same program after its network has changed is no other party.
    from("198.51.100.9", "claude/1").await;
    let page = browser.open(&app, "/account").await.text();
    assert!(!page.contains("Used from two places"), "{page}");
    assert!(!lines.text().contains("refresh_token_forked"));
    from("192.0.2.66", "curl/8").await;
    let page = browser.open(&app, "/account").await.text();
    assert!(page.contains("Used from two places"), "{page}");
    for part in ["203.0.113.7", "claude/1", "192.0.2.66", "curl/8"] {
        assert!(page.contains(part), "{part} is missing: {page}");
    }
    let text = lines.text();
    let line = text.lines().find(|line| line.contains("refresh_token_forked")).unwrap();
    assert!(line.contains("192.0.2.66") && line.contains("203.0.113.7"), "{line}");
}
