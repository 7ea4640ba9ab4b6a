//! The audit trail: every kind of event happens, with its fields, and without a secret.

use std::collections::BTreeSet;

use axum::body::Body;
use serde_json::json;
use snappy_cli::connections::ConnectionsCommand;
use snappy_domain::audit::{EVENTS, Event};
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD};

use crate::harness::{
    AtXano, Browser, Connection, Lines, Registered, STORE, TestApp, encode, form_request, hidden,
    parameter, products,
};

/// One of everything that is written down.
async fn live(app: &TestApp) -> Connection {
    let client = Registered::new(app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(app, &client.authorize()).await;
    browser.type_password(app, &login, DEMO_EMAIL, "a-wrong-password").await;
    let consent = browser.sign_in(app, &login, DEMO_EMAIL, DEMO_PASSWORD).await;
    browser.decide(app, &consent, "deny").await;

    // A code that comes twice.
    let to = Browser::default().allow(app, &client.authorize()).await;
    Connection::finish(app, client.clone(), &to).await;
    client.redeem(app, &parameter(&to, "code").unwrap(), &[]).await.assert_status(400);

    // Too much is tried, an access token is given up, the connection is ended.
    let to = Browser::default().allow(app, &client.authorize_with(&[("scope", "xano:read")])).await;
    let connection = Connection::finish(app, client.clone(), &to).await;
    let mut arguments = products();
    arguments["record_id"] = 1.into();
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": "xano_delete_table_record", "arguments": arguments}});
    connection.rpc(app, &call).await.assert_status(403);
    for token in [&connection.access, &connection.refresh] {
        let form = [("client_id", client.id.as_str()), ("token", token)];
        app.post_form("/revoke", &form).await.assert_status(200);
    }

    // A key that is refreshed, and a refresh token that comes back too late.
    let connection = Connection::new(app).await;
    app.xano.rotate_key(DEMO_EMAIL);
    connection.read_record(app).await.ok();
    let mut renewed = connection.clone();
    renewed.renew(app).await;
    renewed.renew(app).await;
    let id = connection.client.id.as_str();
    let old = connection.refresh.as_str();
    let form = [("grant_type", "refresh_token"), ("client_id", id), ("refresh_token", old)];
    let elsewhere = form_request("/token").header("user-agent", "another program");
    let elsewhere = elsewhere.body(Body::from(encode(&form))).unwrap();
    app.send(elsewhere).await.assert_status(200);
    app.advance(8 * 86_400);
    connection.client.refresh(app, &connection.refresh).await.assert_status(400);

    // A person removes a workspace from an app, and its sign-in from the account.
    let at_xano = Connection::at_xano(app, STORE).await;
    let status = at_xano.call(app, "debug_auth", json!({})).await.ok().clone();
    let credential = status["credentials"][0]["id"].as_str().unwrap();
    let grant = status["grant"]["id"].as_str().unwrap();
    let mut browser = Browser::default();
    let login = browser.open(app, "/login").await;
    let account = browser.sign_in_at_xano(app, &login, AtXano::picks(STORE)).await;
    let csrf = hidden(&browser.open(app, &account).await, "csrf");
    let chosen = format!("credential:{credential}");
    let form = [("csrf", csrf.as_str()), ("grant", grant), (chosen.as_str(), "on")];
    browser.submit(app, "/account/connection", &form).await.location();
    let form = [("csrf", csrf.as_str()), ("action", "remove"), ("credential", credential)];
    browser.submit(app, "/account", &form).await.location();

    // A service account.
    let dir = app.dir.path().join("token");
    std::fs::write(&dir, app.xano.api_key(DEMO_EMAIL)).unwrap();
    let add = ["add", "--name", "CI", "--id", "ci", "--auth", "client-secret-post"];
    let add = [&add[..], &["--xano-token-file", dir.to_str().unwrap()]].concat();
    let printed = app.operator(&add).await.unwrap();
    let secret = printed.trim().rsplit(' ').next().unwrap();
    let form =
        [("grant_type", "client_credentials"), ("client_id", "ci"), ("client_secret", secret)];
    app.post_form("/token", &form).await.assert_status(200);
    let wrong =
        [("grant_type", "client_credentials"), ("client_id", "ci"), ("client_secret", "wrong")];
    app.post_form("/token", &wrong).await.assert_status(401);

    // The operator removes a client, and ends everything.
    app.operator(&["remove", "ci"]).await.unwrap();
    let end_all = ConnectionsCommand::End { ids: Vec::new(), all: true };
    app.connections(end_all).await.unwrap();
    connection
}

#[tokio::test]
async fn every_kind_of_event_is_written_with_its_fields() {
    let (lines, _guard) = Lines::audit();
    let app = TestApp::start().await;
    live(&app).await;
    let lines = lines.json();
    for Event { name, when, fields } in EVENTS {
        let mut of_kind = lines.iter().filter(|line| line["event"] == *name).peekable();
        assert!(of_kind.peek().is_some(), "{name} is missing");
        for line in of_kind {
            assert_eq!(line["message"], *when);
            let had: BTreeSet<_> = line.as_object().unwrap().keys().map(String::as_str).collect();
            let usual =
                ["timestamp", "level", "target", "message", "event", "span", "spans"].into();
            let own: BTreeSet<_> = had.difference(&usual).copied().collect();
            assert_eq!(own, fields.iter().copied().collect(), "{line}");
        }
    }
    let of = |event: &str, field: &str| -> BTreeSet<String> {
        let of_event = lines.iter().filter(|line| line["event"] == event);
        of_event.map(|line| line[field].as_str().unwrap().to_owned()).collect()
    };
    let outcomes = ["access_only", "reused", "rotated"].map(String::from);
    assert_eq!(of("refresh_token_used", "outcome"), outcomes.into());
    let reasons = ["client", "code_replay", "refresh_reuse"].map(String::from);
    assert_eq!(of("grant_revoked", "reason"), reasons.into());
    assert_eq!(of("grants_revoked", "reason"), ["operator".to_owned()].into());
    assert_eq!(of("sign_in_failed", "method"), ["session".to_owned()].into());
}

#[tokio::test]
async fn what_a_request_caused_has_its_id() {
    let (lines, _guard) = Lines::all();
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let reply = connection.client.refresh(&app, &connection.refresh).await;
    let id = format!("request_id={}", reply.header("x-request-id"));
    let text = lines.text();
    let line = text.lines().find(|line| line.contains("event=\"refresh_token_used\"")).unwrap();
    assert!(line.contains(&id), "{line}");
}

#[tokio::test]
async fn a_person_ending_a_connection_is_written_down() {
    let (lines, _guard) = Lines::audit();
    let app = TestApp::start().await;
    Connection::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.open(&app, "/account").await.location();
    let login = browser.open(&app, &login).await;
    let to = browser.type_password(&app, &login, DEMO_EMAIL, DEMO_PASSWORD).await.location();
    let page = browser.open(&app, &to).await;
    let csrf = hidden(&page, "csrf");
    browser.submit(&app, "/account", &[("csrf", &csrf), ("action", "disconnect_all")]).await;
    let lines = lines.json();
    let ended = lines.iter().find(|line| line["event"] == "grant_revoked").unwrap();
    assert_eq!(ended["reason"], "person");
}

#[tokio::test]
async fn no_line_has_a_secret_or_what_was_typed() {
    let (lines, _guard) = Lines::audit();
    let app = TestApp::start().await;
    let connection = live(&app).await;
    let text = lines.text();
    let key = app.xano.api_key(DEMO_EMAIL);
    for secret in ["snp_", DEMO_EMAIL, DEMO_PASSWORD, "a-wrong-password", &key, &connection.refresh]
    {
        assert!(!text.contains(secret), "{secret}");
    }
}
