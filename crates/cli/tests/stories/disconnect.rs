//! A client that goes away while its call is under way: a change that was sent is finished, and one that
//! was not is not begun.

use std::time::Duration;

use serde_json::{Value, json};
use snappy_sandbox::{Effect, FaultRule};

use crate::harness::{Connection, Lines, TestApp, products};

fn create() -> Value {
    let mut arguments = products();
    arguments["record_data"] = json!({"name": "Teapot"});
    json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": "xano_create_table_record", "arguments": arguments}})
}

/// Requests whose path has this take half a second.
fn slow(path: &str) -> FaultRule {
    FaultRule { path_contains: Some(path.into()), ..FaultRule::always(Effect::Latency { ms: 500 }) }
}

/// Waits until it is so, at most five seconds.
async fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..250 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never: {what}");
}

/// Calls and goes away as soon as Xano has been asked for the operation.
async fn call_and_leave(app: &TestApp, connection: &Connection, operation: &str) {
    let message = create();
    app.xano.clear_requests();
    let call = connection.rpc(app, &message);
    let asked = until(operation, || app.xano.count(operation) > 0);
    tokio::select! {
        biased;
        () = asked => {}
        reply = call => panic!("it was not slow enough: {}", reply.text()),
    }
}

#[tokio::test]
async fn a_change_that_was_sent_is_finished() {
    let (lines, _guard) = Lines::all();
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let before = app.xano.records(1, 3).len();
    app.xano.push_fault(slow("/content"));
    call_and_leave(&app, &connection, "create_record").await;
    assert!(!lines.text().contains("Tool call succeeded"), "it is under way");
    until("the call is logged", || lines.text().contains("Tool call succeeded")).await;
    let text = lines.text();
    let line = text.lines().find(|line| line.contains("Tool call succeeded")).unwrap();
    assert!(line.contains("request_id=") && line.contains("xano_create_table_record"), "{line}");
    assert_eq!(app.xano.records(1, 3).len(), before + 1);
    assert_eq!(app.xano.count("create_record"), 1);
}

#[tokio::test]
async fn a_change_that_was_not_sent_is_not_begun() {
    let (lines, _guard) = Lines::all();
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let before = app.xano.records(1, 3).len();
    // The list of instances, which comes first, must be asked for anew.
    app.advance(600);
    app.xano.push_fault(slow("/instance"));
    call_and_leave(&app, &connection, "list_instances").await;
    until("the call is logged", || lines.text().contains("Tool call failed")).await;
    assert_eq!(app.xano.count("create_record"), 0);
    assert_eq!(app.xano.records(1, 3).len(), before);
}
