//! A bearer goes to the caller's own instances and nowhere else: a listener stands where it must not
//! go, and counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use snappy_sandbox::{Effect, FaultRule};
use tokio::net::TcpListener;

use crate::harness::{Connection, TestApp, products};

/// Somebody who would like to have a token.
struct Attacker {
    port: u16,
    visits: Arc<AtomicUsize>,
}

impl Attacker {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let visits = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&visits);
        tokio::spawn(async move {
            while listener.accept().await.is_ok() {
                counter.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { port, visits }
    }

    fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn no_instance_name_leads_elsewhere() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let attacker = Attacker::new().await;
    let port = attacker.port;
    let names = [
        format!("127.0.0.1:{port}/?"),
        format!("127.0.0.1:{port}#"),
        format!("127.0.0.1:{port}\\"),
        format!("user@127.0.0.1:{port}/?"),
        format!("http://127.0.0.1:{port}"),
        format!("http://127.0.0.1:{port}/.xano.io"),
        format!("x.xano.io@127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("xsbx-demo-0001@127.0.0.1:{port}"),
        format!("xsbx-demo-0001\r\nHost: 127.0.0.1:{port}"),
        "attacker.example/?".into(),
        "attacker.example#".into(),
        "attacker.example\\".into(),
        "user@attacker.example/?".into(),
        "x.xano.io.attacker.example".into(),
        "https://attacker.example/.xano.io".into(),
        "169.254.169.254/?".into(),
        "127.0.0.1:8080/#".into(),
        "[::1]".into(),
        "2130706433".into(),
        "0x7f000001".into(),
        "%31%32%37.0.0.1".into(),
        "xsbx-demo-0001.".into(),
        "xsbx-demo-0001\0".into(),
        "xsbx\u{3002}demo".into(),
        "XN--xsbx".into(),
        "../xsbx-demo-0001".into(),
        "x".repeat(300),
        String::new(),
    ];
    app.xano.clear_requests();
    for name in names {
        let reply =
            connection.call(&app, "xano_list_databases", json!({"instance_name": name})).await;
        let error = reply.failed("INSTANCE_NOT_FOUND");
        assert_eq!(error["details"]["instances"], json!(["xsbx-demo-0001", "xsbx-demo-0002"]));
    }
    assert_eq!(attacker.visits(), 0);
    let sent = app.xano.requests();
    assert!(sent.iter().all(|request| request.operation == "list_instances"));
}

#[tokio::test]
async fn a_hostile_instance_list_leads_nowhere() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let attacker = Attacker::new().await;
    let port = attacker.port;
    for address in [
        format!("http://127.0.0.1:{port}/api:meta"),
        format!("https://127.0.0.1:{port}/api:meta"),
        format!("http://localhost:{port}/api:meta"),
        format!("http://x.xano.io@127.0.0.1:{port}/api:meta"),
        format!("http://127.0.0.1:{port}/.xano.io/api:meta"),
        format!("http://127.0.0.1:{port}#.xano.io"),
        format!("http://127.0.0.1:{port}\\.xano.io"),
        format!("http://[::1]:{port}/api:meta"),
        format!("http://0x7f.1:{port}/api:meta"),
        "https://x.n7.xano.io.attacker.example/api:meta".into(),
    ] {
        let domain = address.split("://").nth(1).unwrap().split('/').next().unwrap();
        let list = json!([
            {"name": "evil", "display": "Evil", "meta_api": address},
            {"name": "evil-domain", "xano_domain": domain},
            {"name": "evil-custom", "custom_domain": domain},
        ]);
        app.xano.set_instances(Some(list));
        for name in ["evil", "evil-domain", "evil-custom", "Evil"] {
            app.advance(301);
            let reply =
                connection.call(&app, "xano_list_databases", json!({"instance_name": name})).await;
            reply.failed("FORBIDDEN");
        }
    }
    assert_eq!(attacker.visits(), 0);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let attacker = Attacker::new().await;
    let location = format!("http://127.0.0.1:{}/api:meta/workspace", attacker.port);
    app.xano.push_fault(FaultRule {
        path_contains: Some("/content".into()),
        ..FaultRule::always(Effect::Status {
            status: 302,
            headers: [("location".to_owned(), location)].into(),
            body: Value::Null,
        })
    });
    connection.read_record(&app).await.failed("UPSTREAM_ERROR");
    assert_eq!(attacker.visits(), 0);
}

#[tokio::test]
async fn an_odd_instance_list_breaks_nothing() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    for list in [
        json!([]),
        json!([null, 7, "x", [], {}]),
        json!([{"name": 7, "meta_api": []}, {"name": "", "xano_domain": null}]),
    ] {
        app.advance(301);
        app.xano.set_instances(Some(list));
        // A list without instances is believed when it lasts.
        connection.read_record(&app).await;
        app.advance(61);
        connection.read_record(&app).await.failed("INSTANCE_NOT_FOUND");
        connection.call(&app, "xano_list_instances", json!({})).await.ok();
    }
    for list in [json!(null), json!({}), json!("x")] {
        app.advance(301);
        app.xano.set_instances(Some(list));
        connection.read_record(&app).await;
        let shown = connection.call(&app, "xano_list_instances", json!({})).await;
        shown.failed("UPSTREAM_ERROR");
    }
}

#[tokio::test]
async fn ids_and_names_stay_one_path_segment() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    connection.read_record(&app).await.ok();
    app.xano.clear_requests();
    let odd =
        ["../../workspace/2", "..%2f2", "%2e%2e", "1/../2", "1?x=1", "1#x", "1;x", "\\..\\2", "ü"];
    for id in odd {
        for field in ["workspace_id", "table_id", "record_id"] {
            let mut arguments = products();
            arguments["record_id"] = json!(1);
            arguments[field] = json!(id);
            let reply = connection.call(&app, "xano_get_table_record", arguments).await;
            assert_eq!(reply.0["success"], false, "{field} {id}: {}", reply.0);
        }
        let mut arguments = products();
        arguments["field_name"] = json!(id);
        connection.call(&app, "xano_delete_field", arguments).await.failed("NOT_FOUND");
    }
    for request in app.xano.requests() {
        let segments = request.path.trim_start_matches('/').split('/').count();
        assert!(
            (segments == 7 || segments == 6) && !request.path.contains(['?', '#']),
            "{}",
            request.path
        );
    }
}
