//! What an OpenTelemetry collector is sent.

use std::sync::{Arc, Mutex};

use snappy_sandbox::{DEMO_EMAIL, Options, Sandbox};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::server::{Server, connect, record};

/// A collector that takes everything and remembers it.
async fn collector() -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let received = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&received);
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let kept = Arc::clone(&kept);
            tokio::spawn(async move {
                let mut buffer = vec![0; 64 * 1024];
                while let Ok(read @ 1..) = socket.read(&mut buffer).await {
                    let text = String::from_utf8_lossy(buffer.get(..read).unwrap()).into_owned();
                    kept.lock().unwrap().push_str(&text);
                    if text.ends_with('}') {
                        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
                        let _ = socket.write_all(answer.as_bytes()).await;
                    }
                }
            });
        }
    });
    (address, received)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_gets_a_span_for_each_request_and_no_secret() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", dir.path().join("s.db").display());
    let (address, received) = collector().await;
    let more = [("OTEL_EXPORTER_OTLP_ENDPOINT", address.as_str())];
    let mut server = Server::on(&sandbox, &database, 0, &more);
    let (_, access, refresh) = connect(&server.base).await;
    server.call(&access, "xano_get_table_record", record()).await.unwrap();
    // What is not sent yet is sent at the end.
    server.signal("-TERM");
    assert_eq!(server.end().0, Some(0));
    let received = received.lock().unwrap().clone();
    assert!(received.starts_with("POST /v1/traces"), "{received}");
    for part in ["snappy-mcp", "request_id", "Tool call succeeded", "xano_get_table_record"] {
        assert!(received.contains(part), "{part} is missing");
    }
    let key = sandbox.control().api_key(DEMO_EMAIL);
    for secret in [access.as_str(), &refresh, &key, DEMO_EMAIL, "demo-password"] {
        assert!(!received.contains(secret), "{secret}");
    }
}
