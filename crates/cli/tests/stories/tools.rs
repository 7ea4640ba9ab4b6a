//! The tools against the sandbox, as a model calls them.

use serde_json::{Value, json};
use snappy_sandbox::{Effect, FaultRule};

use crate::harness::{Connection, TestApp, products};

fn with(mut arguments: Value, more: Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        arguments[name] = value.clone();
    }
    arguments
}

fn product(more: Value) -> Value {
    with(products(), more)
}

fn names(fields: &Value) -> Vec<&str> {
    fields.as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn from_instances_down_to_a_record() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let call = |tool: &'static str, arguments: Value| connection.call(&app, tool, arguments);

    let instances = call("xano_list_instances", json!({})).await;
    let name = instances.ok()[0]["name"].clone();
    for called in [name.clone(), json!("Acme Store"), json!("acme store")] {
        let one = call("xano_get_instance_details", json!({"instance_name": called})).await;
        assert_eq!(one.ok()["name"], name);
    }
    let workspaces = call("xano_list_databases", json!({"instance_name": name})).await;
    let workspace = json!({"instance_name": name, "workspace_id": workspaces.ok()[0]["id"]});
    assert_eq!(
        call("xano_get_workspace_details", workspace.clone()).await.ok()["name"],
        "Acme Store"
    );
    let tables = call("xano_list_tables", workspace.clone()).await;
    assert!(tables.ok()["items"].as_array().unwrap().len() > 5);
    let table = call("xano_get_table_details", products()).await;
    assert_eq!(table.ok()["name"], "product");
    let schema = call("xano_get_table_schema", products()).await;
    assert_eq!(names(schema.ok())[..2], ["id", "created_at"]);

    let page = call("xano_browse_table_content", product(json!({"page": 2, "per_page": 5}))).await;
    assert_eq!(page.ok()["curPage"], 2);
    assert_eq!(page.ok()["items"].as_array().unwrap().len(), 5);
    assert!(page.0["message"].as_str().unwrap().contains("pass page=3"));
    for id in [json!(7), json!("7")] {
        let record = call("xano_get_table_record", product(json!({"record_id": id}))).await;
        assert_eq!(record.ok()["id"], 7);
    }
}

#[tokio::test]
async fn records_are_created_changed_and_deleted() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let call = |tool: &'static str, arguments: Value| connection.call(&app, tool, arguments);

    let data = json!({"name": "Teapot", "price": 20, "stock": 3});
    let created = call("xano_create_table_record", product(json!({"record_data": data}))).await;
    let id = created.ok()["id"].clone();
    let change = product(json!({"record_id": id, "record_data": "{\"price\": 25}"}));
    let updated = call("xano_update_table_record", change).await;
    assert_eq!((&updated.ok()["name"], &updated.ok()["price"]), (&json!("Teapot"), &json!(25)));

    let deleted = call("xano_delete_table_record", product(json!({"record_id": id}))).await;
    assert_eq!(deleted.ok(), &json!({"record_id": id, "deleted": true}));
    let gone = call("xano_get_table_record", product(json!({"record_id": id}))).await;
    assert!(
        gone.failed("NOT_FOUND")["message"].as_str().unwrap().starts_with("Xano could not find")
    );

    let records = json!([{"name": "A"}, {"name": "B"}]);
    let made = call("xano_bulk_create_records", product(json!({"records": records}))).await;
    let ids = made.ok().as_array().unwrap().clone();
    assert_eq!(ids.len(), 2);
    assert!(made.0["message"].as_str().unwrap().starts_with("Created 2 of 2"));
    let updates = json!([
        {"row_id": ids[0], "updates": {"price": 1}},
        {"row_id": ids[1].to_string(), "updates": {"price": 2}},
    ]);
    let updated = call("xano_bulk_update_records", product(json!({"updates": updates}))).await;
    updated.ok();
    assert!(updated.0["message"].as_str().unwrap().starts_with("Updated 2 of 2"));
    let own = product(json!({"records": [{"id": 9001, "name": "C"}], "allow_id_field": true}));
    assert_eq!(call("xano_bulk_create_records", own).await.ok(), &json!([9001]));
}

#[tokio::test]
async fn tables_are_created_changed_and_deleted() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let call = |tool: &'static str, arguments: Value| connection.call(&app, tool, arguments);
    let workspace = json!({"instance_name": "xsbx-demo-0001", "workspace_id": "1"});

    let new = json!({"name": "supplier", "description": "Who sells to us", "tag": ["new"]});
    let table = call("xano_create_table", with(workspace.clone(), new)).await;
    let id = table.ok()["id"].clone();
    let table = with(workspace, json!({"table_id": id}));
    let change = with(table.clone(), json!({"name": "vendor", "description": "Vendors"}));
    let changed = call("xano_update_table", change).await;
    assert_eq!((&changed.ok()["name"], &changed.ok()["tag"]), (&json!("vendor"), &json!(["new"])));
    call("xano_update_table", table.clone()).await.failed("INVALID_ARGUMENT");
    assert_eq!(call("xano_delete_table", table.clone()).await.ok()["deleted"], true);
    call("xano_get_table_details", table).await.failed("NOT_FOUND");
}

#[tokio::test]
async fn adding_a_field_keeps_the_others_with_all_their_keys_and_their_order() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let call = |tool: &'static str, arguments: Value| connection.call(&app, tool, arguments);
    let before = call("xano_get_table_schema", products()).await.ok().clone();
    let field = product(json!({
        "field_name": "weight", "field_type": "decimal", "description": "In kilograms",
        "nullable": true, "default": 1.5, "required": false, "access": "private",
        "sensitive": true, "style": "single", "validators": {"min": 0},
    }));
    let after = call("xano_add_field_to_schema", field.clone()).await.ok().clone();
    let count = before.as_array().unwrap().len();
    assert_eq!(after.as_array().unwrap()[..count], before.as_array().unwrap()[..]);
    let added = &after[count];
    assert_eq!(
        (&added["name"], &added["type"], &added["default"], &added["access"]),
        (&json!("weight"), &json!("decimal"), &json!("1.5"), &json!("private")),
    );
    call("xano_add_field_to_schema", field).await.failed("INVALID_ARGUMENT");

    let rename = product(json!({"old_name": "weight", "new_name": "mass"}));
    let renamed = call("xano_rename_schema_field", rename).await;
    assert_eq!(names(renamed.ok()).last(), Some(&"mass"));
    let deleted = call("xano_delete_field", product(json!({"field_name": "mass"}))).await;
    assert_eq!(deleted.ok(), &before);
    let again = call("xano_delete_field", product(json!({"field_name": "mass"}))).await;
    again.failed("NOT_FOUND");
}

#[tokio::test]
async fn fields_that_are_added_together_all_stay() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let add = |n: u32| {
        let field = product(json!({"field_name": format!("extra_{n}"), "field_type": "text"}));
        connection.call(&app, "xano_add_field_to_schema", field)
    };
    for reply in futures::future::join_all((0..8).map(add)).await {
        reply.ok();
    }
    let schema = connection.call(&app, "xano_get_table_schema", products()).await;
    let extra = names(schema.ok()).iter().filter(|name| name.starts_with("extra_")).count();
    assert_eq!(extra, 8);
}

#[tokio::test]
async fn adding_a_field_undoes_nothing_that_others_change_meanwhile() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let colleague = Connection::new(&app).await;
    // The schema that the tool has read is out of date when it writes.
    app.xano.push_fault(FaultRule {
        method: Some("GET".into()),
        path_contains: Some("/schema".into()),
        times: Some(1),
        ..FaultRule::always(Effect::ApplyThenWait { ms: 800 })
    });
    let field = product(json!({"field_name": "weight", "field_type": "int"}));
    let adding = connection.call(&app, "xano_add_field_to_schema", field);
    let changing = async {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        let rename = product(json!({"old_name": "description", "new_name": "about"}));
        colleague.call(&app, "xano_rename_schema_field", rename).await.ok();
        let other = product(json!({"field_name": "length", "field_type": "int"}));
        colleague.call(&app, "xano_add_field_to_schema", other).await.ok();
    };
    let (added, ()) = tokio::join!(adding, changing);
    let all = names(added.ok());
    assert!(["weight", "length", "about"].iter().all(|name| all.contains(name)), "{all:?}");
    assert!(!all.contains(&"description"));
}

#[tokio::test]
async fn wrong_arguments_are_named() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    app.xano.clear_requests();
    for (tool, arguments, says) in [
        ("xano_list_databases", json!({}), "Missing required arguments: instance_name"),
        (
            "xano_list_databases",
            json!({"instance_name": null}),
            "Missing required arguments: instance_name",
        ),
        ("xano_list_instances", json!({"surprise": 1}), "no argument called \"surprise\""),
        ("xano_get_table_record", product(json!({"record_id": [1]})), "record_id is invalid"),
        ("xano_get_table_record", product(json!({"recordId": 1})), "\"recordId\""),
        ("xano_browse_table_content", product(json!({"page": -1})), "page is invalid"),
        ("xano_browse_table_content", product(json!({"page": 0})), "page"),
        (
            "xano_create_table_record",
            product(json!({"record_data": [1]})),
            "record_data is invalid",
        ),
        ("xano_bulk_create_records", product(json!({"records": []})), "the list is empty"),
        ("xano_bulk_update_records", product(json!({"updates": [{"row_id": 1}]})), "updates"),
        (
            "xano_add_field_to_schema",
            product(json!({"field_name": "x", "field_type": "varchar"})),
            "field_type is invalid",
        ),
        ("xano_get_table_record", product(json!({"record_id": ".."})), "can't be part of a path"),
    ] {
        let reply = connection.call(&app, tool, arguments).await;
        let message = reply.failed("INVALID_ARGUMENT")["message"].as_str().unwrap();
        assert!(message.contains(says), "{tool}: {message}");
    }
    let sent = app.xano.requests();
    assert!(sent.iter().all(|request| request.operation == "list_instances"), "{sent:?}");
}

#[tokio::test]
async fn xanos_own_refusals_are_passed_on_with_the_parameter() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let data = product(json!({"record_data": {"name": "x", "stock": "many"}}));
    let reply = connection.call(&app, "xano_create_table_record", data).await;
    let error = reply.failed("INVALID_ARGUMENT");
    assert_eq!(error["details"]["param"], "stock");
    assert_eq!(error["details"]["status"], 400);
}

#[tokio::test]
async fn the_free_plans_limit_says_how_long_to_wait() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    connection.read_record(&app).await.ok();
    app.xano.set_free_plan_limit(true);
    let mut arguments = products();
    arguments["record_data"] = json!({"name": "Teapot"});
    for _ in 0..10 {
        connection.call(&app, "xano_create_table_record", arguments.clone()).await.ok();
    }
    // A write that was refused is not sent again by itself. That the plan is the free one is known with the next list.
    for (wait, sentence) in [(2, "2 seconds"), (20, "20 seconds")] {
        let reply = connection.call(&app, "xano_create_table_record", arguments.clone()).await;
        let error = reply.failed("RATE_LIMITED");
        assert_eq!(error["details"]["retry_after_seconds"], wait);
        assert!(error["details"]["next_step"].as_str().unwrap().contains(sentence));
        app.advance(2);
    }
}

#[tokio::test]
async fn a_change_that_was_made_is_never_called_a_failure() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    connection.read_record(&app).await.ok();
    let rename = product(json!({"old_name": "description", "new_name": "about"}));
    app.xano.push_fault(FaultRule {
        method: Some("GET".into()),
        path_contains: Some("/schema".into()),
        ..FaultRule::always(Effect::Html { status: 502 })
    });
    let reply = connection.call(&app, "xano_rename_schema_field", rename).await;
    assert_eq!(reply.ok(), &Value::Null);
    assert!(reply.0["message"].as_str().unwrap().contains("could not be read"), "{}", reply.0);
    app.xano.clear_faults();
    let schema = connection.call(&app, "xano_get_table_schema", products()).await;
    assert!(names(schema.ok()).contains(&"about"));
}

#[tokio::test]
async fn a_bulk_change_that_changed_nothing_is_a_failure() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let none = json!([{"row_id": 99_001, "updates": {"price": 1}}]);
    let reply =
        connection.call(&app, "xano_bulk_update_records", product(json!({"updates": none}))).await;
    reply.failed("UPSTREAM_ERROR");
    let some = json!([
        {"row_id": 1, "updates": {"price": 1}},
        {"row_id": 99_001, "updates": {"price": 1}},
    ]);
    let reply =
        connection.call(&app, "xano_bulk_update_records", product(json!({"updates": some}))).await;
    reply.ok();
    assert!(reply.0["message"].as_str().unwrap().starts_with("Updated only 1 of 2"), "{}", reply.0);
}

#[tokio::test]
async fn trouble_at_the_account_does_not_stop_work_at_a_known_instance() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    connection.read_record(&app).await.ok();
    app.advance(301);
    app.xano.push_fault(FaultRule {
        path_contains: Some("/api:meta/instance".into()),
        ..FaultRule::always(Effect::Html { status: 502 })
    });
    connection.read_record(&app).await.ok();
    connection.call(&app, "xano_list_instances", json!({})).await.failed("UPSTREAM_ERROR");
}
