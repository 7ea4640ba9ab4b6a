//! Answers of Xano in a shape that the reconstructed contract does not have.

use serde_json::{Value, json};
use snappy_sandbox::{Effect, FaultRule};

use crate::harness::{Connection, TestApp, products};

fn answers(method: &str, path: &str, body: Value) -> FaultRule {
    FaultRule {
        method: Some(method.into()),
        path_contains: Some(path.into()),
        ..FaultRule::always(Effect::WrongShape { body })
    }
}

fn shapes() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(7),
        json!("created"),
        json!([]),
        json!([{"id": 1}]),
        json!({}),
        json!({"result": {"id": 1}}),
        json!({"data": [], "meta": {}}),
        json!({"items": {"0": 1}}),
    ]
}

#[tokio::test]
async fn a_write_that_was_carried_out_is_a_success_whatever_it_answers() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    for body in shapes() {
        for (method, tool, more) in [
            ("POST", "xano_create_table_record", json!({"record_data": {"name": "Teapot"}})),
            (
                "PUT",
                "xano_update_table_record",
                json!({"record_id": 1, "record_data": {"name": "x"}}),
            ),
            ("DELETE", "xano_delete_table_record", json!({"record_id": 1})),
            ("POST", "xano_bulk_create_records", json!({"records": [{"name": "x"}]})),
        ] {
            // An empty list of ids says that nothing was created.
            if tool == "xano_bulk_create_records" && body == json!([]) {
                continue;
            }
            app.xano.clear_faults();
            app.xano.push_fault(answers(method, "/content", body.clone()));
            let mut arguments = products();
            arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            app.xano.clear_requests();
            let reply = connection.call(&app, tool, arguments).await;
            reply.ok();
            assert_eq!(app.xano.requests().len(), 1, "{tool} {body}: sent once");
        }
    }
    let mut arguments = products();
    arguments["record_data"] = json!({"name": "Teapot"});
    app.xano.clear_faults();
    app.xano.push_fault(answers("POST", "/content", json!([{"id": 1}])));
    let reply = connection.call(&app, "xano_create_table_record", arguments).await;
    assert_eq!(reply.ok(), &json!([{"id": 1}]), "as it came");
    let message = reply.0["message"].as_str().unwrap();
    assert!(message.contains("create_record is not a JSON object"), "{message}");
}

#[tokio::test]
async fn a_read_is_passed_on_with_a_note() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    for body in shapes() {
        app.xano.clear_faults();
        app.xano.push_fault(answers("GET", "/table", body.clone()));
        let place = json!({"instance_name": "xsbx-demo-0001", "workspace_id": 1});
        let reply = connection.call(&app, "xano_list_tables", place).await;
        let noted = reply.0["message"].as_str().unwrap().contains("list_tables is not a list");
        assert_eq!(noted, !body.is_array(), "{body}: {}", reply.0);
        if noted {
            assert_eq!(reply.ok(), &body);
        }
    }
}

#[tokio::test]
async fn a_field_is_added_although_the_schema_is_not_understood() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    for (number, body) in shapes().into_iter().filter(|body| !body.is_array()).enumerate() {
        app.xano.clear_faults();
        app.xano.push_fault(answers("GET", "/schema", body.clone()));
        let mut arguments = products();
        arguments["field_name"] = format!("colour_{number}").into();
        arguments["field_type"] = "text".into();
        let reply = connection.call(&app, "xano_add_field_to_schema", arguments).await;
        assert_eq!(reply.ok(), &body);
    }
}

#[tokio::test]
async fn what_is_no_json_stays_an_error() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    for effect in [Effect::Html { status: 200 }, Effect::Empty { status: 200 }, Effect::Truncated] {
        app.xano.clear_faults();
        let path_contains = Some("/content".into());
        app.xano.push_fault(FaultRule { path_contains, ..FaultRule::always(effect) });
        connection.read_record(&app).await.failed("UPSTREAM_ERROR");
    }
}
