//! Everything that can go wrong at Xano, for reads and for writes, at the first try and after a refresh:
//! what the caller is told, how often Xano was asked, and whether the change was made.

use std::collections::BTreeMap;

use serde_json::json;
use snappy_domain::Clock as _;
use snappy_sandbox::{DEMO_EMAIL, Effect, FaultRule, SECOND_EMAIL, SECOND_PASSWORD};

use crate::harness::{Connection, TestApp, products};

/// What becomes of a call: the code (`OK` for a success), and how often Xano was asked, after the
/// refresh if there was one.
type Cell = (&'static str, usize);

struct Row {
    name: &'static str,
    fault: Effect,
    /// How often it strikes; for ever unless it says so.
    times: Option<u32>,
    read: Cell,
    write: Cell,
    /// Whether the change is made all the same.
    applied: bool,
    /// Whether the caller is told that it may have been.
    unsure: bool,
}

fn row(name: &'static str, fault: Effect, read: Cell, write: Cell) -> Row {
    Row { name, fault, times: None, read, write, applied: false, unsure: false }
}

fn status(status: u16) -> Effect {
    let body = json!({"code": "ERROR", "message": "as the test says"});
    Effect::Status { status, headers: BTreeMap::new(), body }
}

fn wait(seconds: &str) -> Effect {
    let headers = [("Retry-After".to_owned(), seconds.to_owned())].into();
    Effect::Status { status: 429, headers, body: json!({"code": "ERROR_CODE_TOO_MANY_REQUESTS"}) }
}

fn rows() -> Vec<Row> {
    let unsure = |row: Row| Row { unsure: true, ..row };
    let applied = |row: Row| Row { applied: true, unsure: true, ..row };
    let twice = |row: Row| Row { times: Some(2), ..row };
    let error = "UPSTREAM_ERROR";
    let gone = "UPSTREAM_UNAVAILABLE";
    vec![
        row("400", status(400), ("INVALID_ARGUMENT", 1), ("INVALID_ARGUMENT", 1)),
        row("403", status(403), ("FORBIDDEN", 1), ("FORBIDDEN", 1)),
        row("404", status(404), ("NOT_FOUND", 1), ("NOT_FOUND", 1)),
        row("409", status(409), ("INVALID_ARGUMENT", 1), ("INVALID_ARGUMENT", 1)),
        unsure(row("500", status(500), (error, 1), (error, 1))),
        unsure(row("502", status(502), (error, 3), (error, 1))),
        unsure(row("502 as HTML", Effect::Html { status: 502 }, (error, 3), (error, 1))),
        unsure(row("503", status(503), (error, 3), (error, 1))),
        unsure(row("504", status(504), (error, 3), (error, 1))),
        unsure(twice(row("503 twice", status(503), ("OK", 3), (error, 1)))),
        row("429", status(429), ("RATE_LIMITED", 5), ("RATE_LIMITED", 1)),
        twice(row("429 twice", status(429), ("OK", 3), ("RATE_LIMITED", 1))),
        row("429 for 2 s", wait("2"), ("RATE_LIMITED", 5), ("RATE_LIMITED", 1)),
        row("429 for an hour", wait("3600"), ("RATE_LIMITED", 1), ("RATE_LIMITED", 1)),
        unsure(row("HTML as a success", Effect::Html { status: 200 }, (error, 1), (error, 1))),
        unsure(row("nothing as a success", Effect::Empty { status: 200 }, (error, 1), (error, 1))),
        applied(row("half an answer", Effect::Truncated, (error, 1), (error, 1))),
        unsure(row("a closed connection", Effect::Close, (gone, 3), (gone, 1))),
        unsure(twice(row("closed twice", Effect::Close, ("OK", 3), (gone, 1)))),
        applied(row("done, then 502", Effect::ApplyThenFail, (error, 3), (error, 1))),
        applied(row("done, then closed", Effect::ApplyThenClose, (gone, 3), (gone, 1))),
    ]
}

async fn try_cell(row: &Row, is_write: bool, after_refresh: bool) {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    connection.read_record(&app).await.ok();
    let before = app.xano.records(1, 3).len();
    let method = if is_write { "POST" } else { "GET" };
    let content = |effect, times| FaultRule {
        method: Some(method.into()),
        path_contains: Some("/content".into()),
        times,
        effect,
    };
    if after_refresh {
        app.xano.rotate_key(DEMO_EMAIL);
        app.xano.push_fault(content(status(401), Some(1)));
    }
    app.xano.push_fault(content(row.fault.clone(), row.times));
    app.xano.clear_requests();
    let (tool, operation, (code, asked)) = if is_write {
        ("xano_create_table_record", "create_record", row.write)
    } else {
        ("xano_get_table_record", "get_record", row.read)
    };
    let mut arguments = products();
    if is_write {
        arguments["record_data"] = json!({"name": "Teapot"});
    } else {
        arguments["record_id"] = json!(1);
    }
    let reply = connection.call(&app, tool, arguments).await;
    let cell = format!("{}, {operation}, after a refresh: {after_refresh}", row.name);
    if code == "OK" {
        reply.ok();
    } else {
        let error = reply.failed(code);
        let says = error["details"]["may_have_happened"] == true;
        assert_eq!(says, is_write && row.unsure, "{cell}: {error}");
    }
    let expected = asked + usize::from(after_refresh);
    assert_eq!(app.xano.count(operation), expected, "{cell}");
    assert_eq!(app.xano.count("signin.auth_me"), usize::from(after_refresh), "{cell}");
    let made = app.xano.records(1, 3).len() - before;
    let should = is_write && (row.applied || code == "OK");
    assert_eq!(made, usize::from(should), "{cell}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fault_has_its_code_and_no_write_is_doubled() {
    let rows = rows();
    let cells = rows.iter().flat_map(|row| {
        let each = [(false, false), (false, true), (true, false), (true, true)];
        each.into_iter().map(move |(is_write, after)| try_cell(row, is_write, after))
    });
    futures::future::join_all(cells).await;
}

#[tokio::test]
async fn a_limited_instance_is_asked_no_more_often_than_it_takes() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    connection.read_record(&app).await.ok();
    app.xano.set_free_plan_limit(true);
    app.xano.clear_requests();
    for _ in 0..35 {
        connection.read_record(&app).await.ok();
    }
    let refused = app.xano.requests().iter().filter(|asked| asked.status == Some(429)).count();
    assert!(refused <= 5, "learned from the first window: {refused}");
}

#[tokio::test]
async fn writes_wait_in_line_too_but_not_for_ever() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    connection.read_record(&app).await.ok();
    let content = |method: &str, effect| FaultRule {
        method: Some(method.into()),
        path_contains: Some("/content".into()),
        times: Some(1),
        effect,
    };
    let create = async || {
        let mut arguments = products();
        arguments["record_data"] = json!({"name": "Teapot"});
        connection.call(&app, "xano_create_table_record", arguments).await
    };
    // Refused with an hour to wait, of which a minute is believed: the next ones are told at
    // once, and nothing is sent.
    app.xano.push_fault(content("POST", wait("3600")));
    let error = create().await;
    assert_eq!(error.failed("RATE_LIMITED")["details"]["retry_after_seconds"], 60);
    app.xano.clear_requests();
    app.advance(30);
    let error = create().await;
    assert_eq!(error.failed("RATE_LIMITED")["details"]["retry_after_seconds"], 30);
    assert_eq!(app.xano.count("create_record"), 0);
    app.advance(20);
    create().await.ok();
    assert_eq!(app.xano.count("create_record"), 1, "it waited for the last ten seconds");
}

#[tokio::test]
async fn calls_go_on_with_the_list_of_instances_there_was() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    connection.read_record(&app).await.ok();
    app.xano.push_fault(FaultRule {
        method: Some("GET".into()),
        path_contains: Some("/api:meta/instance".into()),
        times: None,
        effect: Effect::Html { status: 503 },
    });
    app.xano.clear_requests();
    app.advance(600);
    for _ in 0..5 {
        connection.read_record(&app).await.ok();
    }
    assert_eq!(app.xano.count("list_instances"), 3, "asked once, with two repetitions");
    app.advance(11);
    connection.read_record(&app).await.ok();
    assert_eq!(app.xano.count("list_instances"), 6, "a newer one may be had by now");
    // A name that the list does not have gets the reason why nobody knows.
    let mut elsewhere = products();
    elsewhere["instance_name"] = json!("another");
    let reply = connection.call(&app, "xano_browse_table_content", elsewhere).await;
    reply.failed("UPSTREAM_ERROR");
}

/// A 429 for one request, of an instance whose plan has no limit.
fn one_refusal(retry_after: Option<&str>) -> FaultRule {
    let effect = match retry_after {
        Some(seconds) => wait(seconds),
        None => status(429),
    };
    FaultRule {
        path_contains: Some("/content".into()),
        times: Some(1),
        ..FaultRule::always(effect)
    }
}

#[tokio::test]
async fn a_single_429_costs_seconds_and_then_everything_is_as_before() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let second = Connection::of(&app, SECOND_EMAIL, SECOND_PASSWORD).await;
    connection.read_record(&app).await.ok();
    app.xano.push_fault(one_refusal(None));
    let began = app.clock.now();
    let calls = (0..20).flat_map(|_| [connection.read_record(&app), second.read_record(&app)]);
    for reply in futures::future::join_all(calls).await {
        reply.ok();
    }
    let took = app.clock.now().duration_since(began);
    assert!(took.as_secs() <= 4, "{took:?}");
    app.xano.push_fault(one_refusal(Some("3600")));
    connection.read_record(&app).await.failed("RATE_LIMITED");
    app.advance(60);
    for _ in 0..30 {
        connection.read_record(&app).await.ok();
    }
}

fn list_of_instances(effect: Effect) -> FaultRule {
    let path_contains = Some("/api:meta/instance".into());
    FaultRule { path_contains, ..FaultRule::always(effect) }
}

#[tokio::test]
async fn a_slow_list_of_instances_holds_nobody_up_who_has_one() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    connection.read_record(&app).await.ok();
    app.xano.push_fault(list_of_instances(Effect::Latency { ms: 2_000 }));
    // Both while a tool lists the instances, and while a call fetches a list that is newer than an old one.
    for age in [0, 600] {
        app.advance(age);
        let slow = async {
            match age {
                0 => connection.call(&app, "xano_list_instances", json!({})).await.ok().clone(),
                _ => connection.read_record(&app).await.ok().clone(),
            }
        };
        let quick = async {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            connection.read_record(&app).await.ok();
        };
        tokio::select! {
            biased;
            _ = slow => panic!("the call with a list waited, {age} s after it was fetched"),
            () = quick => {}
        }
    }
}

#[tokio::test]
async fn an_empty_list_of_instances_is_believed_when_it_lasts() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    connection.read_record(&app).await.ok();
    app.xano.push_fault(list_of_instances(Effect::WrongShape { body: json!([]) }));
    app.advance(301);
    connection.read_record(&app).await.ok();
    let listed = connection.call(&app, "xano_list_instances", json!({})).await;
    assert_eq!(listed.ok(), &json!([]), "who asks for the list is told what Xano says");
    connection.read_record(&app).await.ok();
    app.advance(61);
    connection.read_record(&app).await.failed("INSTANCE_NOT_FOUND");
    app.xano.clear_faults();
    connection.read_record(&app).await.ok();
}
