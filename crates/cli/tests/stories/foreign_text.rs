//! Text of strangers in the log: it forges no line, and does not fill the disk.

use axum::body::Body;
use http::{Method, header};
use serde_json::{Value, json};
use snappy_cli::settings::LogFormat;
use snappy_sandbox::{Effect, FaultRule};

use crate::harness::{Connection, Lines, Registered, TestApp, encode, request};

const FORGED: &str = "x\n2026-01-01T00:00:00Z  INFO audit: forged\r\u{2028}\u{1b}[2K";

/// Everything that a stranger, a connected client or Xano may say that is logged.
async fn speak(app: &TestApp) {
    let client = Registered::new(app).await;
    app.get(&client.authorize_with(&[("client_id", FORGED)])).await;
    let long = "y".repeat(20_000);
    for id in [FORGED, &long] {
        for (path, form) in [
            (
                "/token",
                vec![("grant_type", "refresh_token"), ("client_id", id), ("refresh_token", id)],
            ),
            ("/refresh", vec![("client_id", id), ("refresh_token", id)]),
            ("/revoke", vec![("client_id", id), ("token", id)]),
            ("/token", vec![(id, "1"), (id, "2")]),
        ] {
            app.post_form(path, &form).await;
        }
    }
    app.get(&format!("/authorize?{}", encode(&[(FORGED, "1"), (FORGED, "2")]))).await;
    let document = format!("https://client.example/{}", "z".repeat(1_900));
    app.get(&client.authorize_with(&[("client_id", &document)])).await;
    let connection = Connection::new(app).await;
    for message in [
        json!({"jsonrpc": "2.0", "id": FORGED, "method": FORGED}),
        json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": FORGED}}),
    ] {
        connection.rpc(app, &message).await;
    }
    let message = json!({"code": FORGED, "message": FORGED});
    let refused = Effect::Status { status: 401, headers: Default::default(), body: message };
    let path_contains = Some("auth/me".into());
    app.xano.rotate_key("demo@acme.test");
    app.xano.push_fault(FaultRule { path_contains, ..FaultRule::always(refused) });
    connection.call(app, "xano_list_instances", json!({})).await;
}

#[tokio::test]
async fn foreign_text_forges_no_line() {
    for format in [LogFormat::Human, LogFormat::Json] {
        let (lines, _guard) = Lines::as_the_server_writes(format);
        let app = TestApp::start().await;
        speak(&app).await;
        let text = lines.text();
        assert!(text.lines().count() > 20);
        for line in text.lines() {
            assert!(!line.starts_with("2026-01-01T00:00:00Z  INFO audit"), "{line}");
            let separates = |c| format == LogFormat::Human && c == '\u{2028}';
            assert!(!line.chars().any(|c| c.is_control() || separates(c)), "{line:?}");
            assert!(line.len() < 6_000, "{} bytes", line.len());
            if format == LogFormat::Json {
                serde_json::from_str::<Value>(line)
                    .unwrap_or_else(|error| panic!("{error}: {line}"));
            }
        }
        assert!(text.contains("forged"), "it was logged, escaped");
    }
}

#[tokio::test]
async fn an_id_with_nul_is_the_clients_mistake_on_every_database() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    app.get(&client.authorize_with(&[("client_id", "a\0b")])).await.assert_status(400);
    let id = "a\0b";
    for (path, form) in [
        (
            "/token",
            vec![("grant_type", "refresh_token"), ("client_id", id), ("refresh_token", "x")],
        ),
        ("/refresh", vec![("client_id", id), ("refresh_token", "x")]),
        ("/revoke", vec![("client_id", id), ("token", "x")]),
    ] {
        let status = app.post_form(path, &form).await.status.as_u16();
        assert!((400..500).contains(&status), "{path}: {status}");
    }
    // As Basic: `a%00b:secret`.
    let basic = request(Method::POST, "/token")
        .header(header::AUTHORIZATION, "Basic YSUwMGI6c2VjcmV0")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let form = encode(&[("grant_type", "refresh_token"), ("refresh_token", "x")]);
    let status = app.send(basic.body(Body::from(form)).unwrap()).await.status.as_u16();
    assert!((400..500).contains(&status), "{status}");
}
