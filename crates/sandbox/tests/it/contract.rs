//! Every answer is one the contract allows.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::{self, Fixture};
use crate::schema::Contract;

const SERVED: [&str; 35] = [
    "auth_me",
    "list_instances",
    "get_instance",
    "list_workspaces",
    "get_workspace",
    "list_branches",
    "list_datasources",
    "list_tables",
    "create_table",
    "get_table",
    "update_table",
    "delete_table",
    "update_table_meta",
    "truncate_table",
    "get_table_schema",
    "replace_table_schema",
    "get_table_column",
    "delete_table_column",
    "rename_table_column",
    "list_indexes",
    "create_btree_index",
    "create_unique_index",
    "create_search_index",
    "delete_index",
    "browse_content",
    "create_record",
    "get_record",
    "update_record",
    "delete_record",
    "search_content",
    "patch_content_by_search",
    "delete_content_by_search",
    "bulk_create_records",
    "bulk_patch_records",
    "bulk_delete_records",
];

fn is_served(operation: &str) -> bool {
    SERVED.contains(&operation) || operation.starts_with("add_column_")
}

/// A path of the contract with ids that exist put in.
fn filled(path: &str) -> String {
    let path = path
        .replace("{workspace_id}", "1")
        .replace("{table_id}", "3")
        .replace("{content_id}", "1")
        .replace("{schema_name}", "name")
        .replace("{name}", "xsbx-demo-0001");
    let mut filled = String::new();
    for segment in path.split('/').skip(1) {
        filled.push('/');
        filled.push_str(if segment.starts_with('{') { "7" } else { segment });
    }
    filled
}

#[tokio::test]
async fn every_operation_of_the_contract_is_routed_or_answers_as_an_unknown_route() {
    let fixture = client::start().await;
    let contract = Contract::load();
    let mut served = BTreeSet::new();
    for operation in contract.operations() {
        fixture.control().clear_requests();
        let path = format!("/api:meta{}", filled(&operation.path));
        let (status, body) = fixture.send(&operation.method, &path, None, None).await.unwrap();
        let recorded = fixture.control().requests().remove(0).operation;
        if is_served(&operation.id) {
            assert_eq!((recorded.as_str(), status), (operation.id.as_str(), 401), "{path}");
            contract.check(&operation.id, 401, &body);
            served.insert(operation.id);
        } else {
            assert_eq!((recorded.as_str(), status), ("unknown", 404), "{path}");
            assert_eq!(body["message"], "Unable to locate request.");
        }
    }
    let columns = served.iter().filter(|id| id.starts_with("add_column_")).count();
    assert_eq!((served.len(), columns), (SERVED.len() + 25, 25));
}

#[tokio::test]
async fn a_write_that_cannot_be_kept_is_answered_as_declared() {
    let dir = tempfile::tempdir().unwrap();
    let fixture = client::start_with(Some(dir.path().join("gone").join("state.json"))).await;
    let contract = Contract::load();
    for (operation, method, path) in [
        ("create_record", "POST", "/workspace/1/table/3/content"),
        ("delete_record", "DELETE", "/workspace/1/table/3/content/1"),
        ("delete_table", "DELETE", "/workspace/1/table/3"),
    ] {
        step(&fixture, &contract, operation, (method, path, Some(json!({}))), 500).await;
    }
}

#[tokio::test]
async fn the_plan_limit_is_answered_as_declared() {
    let fixture = client::start().await;
    let contract = Contract::load();
    fixture.control().set_free_plan_limit(true);
    for _ in 0..10 {
        assert_eq!(fixture.meta("GET", "/workspace", None).await.0, 200);
    }
    let instance_level = contract
        .operations()
        .into_iter()
        .filter(|operation| is_served(&operation.id) && operation.path.starts_with("/workspace"));
    for operation in instance_level {
        let (status, body) = fixture.meta(&operation.method, &filled(&operation.path), None).await;
        assert_eq!(status, 429, "{}", operation.id);
        contract.check(&operation.id, 429, &body);
    }
}

/// Sends a request, expects the status and the operation, and checks the answer.
async fn step(
    fixture: &Fixture,
    contract: &Contract,
    operation: &str,
    request: (&str, &str, Option<Value>),
    expected: u16,
) -> Value {
    let (method, path, body) = request;
    fixture.control().clear_requests();
    let (status, answer) = fixture.meta(method, path, body).await;
    assert_eq!(status, expected, "{method} {path}: {answer}");
    assert_eq!(fixture.control().requests()[0].operation, operation, "{method} {path}");
    contract.check(operation, status, &answer);
    answer
}

#[tokio::test]
async fn successes_and_refusals_of_reads() {
    let (fixture, contract) = (client::start().await, Contract::load());
    let steps: [(&str, &str, u16); 29] = [
        ("auth_me", "/auth/me", 200),
        ("list_instances", "/instance", 200),
        ("get_instance", "/instance/xsbx-demo-0002", 200),
        ("get_instance", "/instance/nobody", 404),
        ("list_workspaces", "/workspace", 200),
        ("get_workspace", "/workspace/1", 200),
        ("get_workspace", "/workspace/99", 404),
        ("get_workspace", "/workspace/one", 400),
        ("list_branches", "/workspace/1/branch", 200),
        ("list_branches", "/workspace/9/branch", 404),
        ("list_datasources", "/workspace/2/datasource", 200),
        ("list_tables", "/workspace/1/table?page=2&per_page=3&sort=created_at&order=desc", 200),
        ("list_tables", "/workspace/1/table?include_xanoscript=true", 200),
        ("list_tables", "/workspace/1/table?page=x", 400),
        ("list_tables", "/workspace/1/table?sort=colour", 400),
        ("get_table", "/workspace/1/table/3?include_xanoscript=true", 200),
        ("get_table", "/workspace/1/table/99", 404),
        ("get_table", "/workspace/1/table/abc", 400),
        ("get_table_schema", "/workspace/1/table/4/schema", 200),
        ("get_table_schema", "/workspace/2/table/4/schema", 404),
        ("get_table_column", "/workspace/1/table/3/schema/price", 200),
        ("get_table_column", "/workspace/1/table/3/schema/nothing", 404),
        ("list_indexes", "/workspace/1/table/3/index", 200),
        ("browse_content", "/workspace/1/table/3/content?per_page=5&page=2", 200),
        ("browse_content", "/workspace/1/table/3/content?per_page=0", 400),
        ("browse_content", "/workspace/1/table/99/content", 404),
        ("get_record", "/workspace/1/table/3/content/7", 200),
        ("get_record", "/workspace/1/table/3/content/7000", 404),
        ("get_record", "/workspace/1/table/3/content/abc", 404),
    ];
    for (operation, path, status) in steps {
        step(&fixture, &contract, operation, ("GET", path, None), status).await;
    }
    for table in 1..=7 {
        let path = format!("/workspace/1/table/{table}/schema");
        step(&fixture, &contract, "get_table_schema", ("GET", &path, None), 200).await;
        let path = format!("/workspace/1/table/{table}/index");
        step(&fixture, &contract, "list_indexes", ("GET", &path, None), 200).await;
    }
}

#[tokio::test]
async fn successes_and_refusals_of_table_writes() {
    let (fixture, contract) = (client::start().await, Contract::load());
    let base = "/workspace/1/table";
    let made =
        step(&fixture, &contract, "create_table", ("POST", base, Some(json!({"name": "t"}))), 200);
    let id = made.await["id"].as_u64().unwrap();
    let table = format!("{base}/{id}");
    let fields = json!({ "fields": [{ "name": "body", "op": "asc" }] });
    let search =
        json!({ "name": "s", "lang": "english", "fields": [{ "name": "body", "priority": 1 }] });
    let steps: [(&str, &str, &str, Value, u16); 29] = [
        ("create_table", "POST", "", json!({}), 400),
        ("create_table", "POST", "", json!({"name": "t"}), 400),
        ("create_table", "POST", "", json!({"name": "u", "schema": [{"name": "x"}]}), 400),
        ("update_table", "PUT", "/ID", json!({"description": "new", "tag": ["a"]}), 200),
        ("update_table", "PUT", "/ID", json!({"name": "user"}), 400),
        ("update_table", "PUT", "/99", json!({}), 404),
        ("update_table_meta", "PUT", "/ID/meta", json!({"name": null, "auth": true}), 200),
        ("update_table_meta", "PUT", "/ID/meta", json!({"auth": "yes"}), 400),
        ("update_table_meta", "PUT", "/99/meta", json!({}), 404),
        ("add_column_text", "POST", "/ID/schema/type/text", json!({"name": "body"}), 200),
        ("create_btree_index", "POST", "/ID/index/btree", fields.clone(), 200),
        ("create_btree_index", "POST", "/ID/index/btree", json!({"fields": []}), 400),
        ("create_btree_index", "POST", "/99/index/btree", fields.clone(), 404),
        ("create_unique_index", "POST", "/ID/index/unique", fields, 200),
        ("create_search_index", "POST", "/ID/index/search", search, 200),
        ("create_search_index", "POST", "/ID/index/search", json!({"name": "s"}), 400),
        ("delete_index", "DELETE", "/ID/index/00000000", json!({}), 404),
        (
            "rename_table_column",
            "POST",
            "/ID/schema/rename",
            json!({"old_name": "body", "new_name": "text"}),
            200,
        ),
        (
            "rename_table_column",
            "POST",
            "/ID/schema/rename",
            json!({"old_name": "body", "new_name": "x"}),
            400,
        ),
        ("delete_table_column", "DELETE", "/ID/schema/text", json!({}), 200),
        ("delete_table_column", "DELETE", "/ID/schema/text", json!({}), 404),
        ("delete_table_column", "DELETE", "/ID/schema/id", json!({}), 400),
        ("replace_table_schema", "PUT", "/ID/schema", json!({}), 400),
        (
            "replace_table_schema",
            "PUT",
            "/ID/schema",
            json!({"schema": [
                {"name": "id", "type": "int", "nullable": false, "required": true},
            ]}),
            200,
        ),
        ("truncate_table", "DELETE", "/ID/truncate", json!({}), 400),
        ("truncate_table", "DELETE", "/ID/truncate", json!({"reset": true}), 200),
        ("truncate_table", "DELETE", "/99/truncate", json!({"reset": true}), 404),
        ("delete_table", "DELETE", "/ID", json!({}), 200),
        ("delete_table", "DELETE", "/ID", json!({}), 404),
    ];
    for (operation, method, rest, body, status) in steps {
        let path = format!("{base}{}", rest.replace("/ID", &format!("/{id}")));
        step(&fixture, &contract, operation, (method, &path, Some(body)), status).await;
    }
    let path = table.replace(&format!("/{id}"), "/3/index");
    let indexes = fixture.meta("GET", &path, None).await.1;
    for index in indexes.as_array().unwrap() {
        let path = format!("{path}/{}", index["id"].as_str().unwrap());
        let status = if index["type"] == "primary" { 400 } else { 200 };
        step(&fixture, &contract, "delete_index", ("DELETE", &path, None), status).await;
    }
}

#[tokio::test]
async fn successes_and_refusals_of_every_add_column_operation() {
    let (fixture, contract) = (client::start().await, Contract::load());
    let operations = contract.operations();
    let adding = operations.iter().filter(|operation| operation.id.starts_with("add_column_"));
    for (number, operation) in adding.enumerate() {
        let path = filled(&operation.path);
        let body = json!({
            "name": format!("added_{number}"),
            "values": ["a", "b"],
            "children": [{ "name": "name", "type": "text" }],
            "vector": { "size": 3 },
            "tableref_id": 2,
        });
        let id = operation.id.as_str();
        step(&fixture, &contract, id, ("POST", &path, Some(body.clone())), 200).await;
        step(&fixture, &contract, id, ("POST", &path, Some(body.clone())), 400).await;
        step(&fixture, &contract, id, ("POST", &path, Some(json!({}))), 400).await;
        let elsewhere = path.replace("/table/3/", "/table/99/");
        step(&fixture, &contract, id, ("POST", &elsewhere, Some(body)), 404).await;
    }
    let schema = ("GET", "/workspace/1/table/3/schema", None);
    step(&fixture, &contract, "get_table_schema", schema, 200).await;
}

#[tokio::test]
async fn successes_and_refusals_of_content_writes() {
    let (fixture, contract) = (client::start().await, Contract::load());
    let steps: [(&str, &str, &str, Value, u16); 26] = [
        ("create_record", "POST", "", json!({"name": "Lamp", "category_id": 1}), 200),
        ("create_record", "POST", "", json!({"category_id": "first"}), 400),
        ("create_record", "POST", "", json!([]), 400),
        ("update_record", "PUT", "/1", json!({"price": 5}), 200),
        ("update_record", "PUT", "/1", json!({"stock": 1.5}), 400),
        ("update_record", "PUT", "/9999", json!({}), 404),
        ("delete_record", "DELETE", "/2", json!({}), 200),
        ("delete_record", "DELETE", "/2", json!({}), 404),
        ("search_content", "POST", "/search", json!({"search": {"price|>": 50}}), 200),
        ("search_content", "POST", "/search", json!({"search": 5}), 400),
        ("search_content", "POST", "/search", json!({"sort": {"price": "up"}}), 400),
        (
            "patch_content_by_search",
            "POST",
            "/search/patch",
            json!({"search": {"id": 3}, "updates": {"stock": 1}}),
            200,
        ),
        ("patch_content_by_search", "POST", "/search/patch", json!({"search": {"id": 3}}), 400),
        ("delete_content_by_search", "POST", "/search/delete", json!({"search": {"id": 3}}), 200),
        ("delete_content_by_search", "POST", "/search/delete", json!({"search": {"none": 3}}), 400),
        (
            "bulk_create_records",
            "POST",
            "/bulk",
            json!({"items": [{"name": "a"}, {"name": "b"}]}),
            200,
        ),
        ("bulk_create_records", "POST", "/bulk", json!({"records": []}), 400),
        ("bulk_create_records", "POST", "/bulk", json!({"items": [{"stock": "x"}]}), 400),
        (
            "bulk_patch_records",
            "POST",
            "/bulk/patch",
            json!({"items": [{"row_id": 4, "updates": {"stock": 9}}]}),
            200,
        ),
        ("bulk_patch_records", "POST", "/bulk/patch", json!({"items": [{"updates": {}}]}), 400),
        ("bulk_patch_records", "POST", "/bulk/patch", json!({}), 400),
        ("bulk_delete_records", "POST", "/bulk/delete", json!({"row_ids": [4, "5", 999]}), 200),
        ("bulk_delete_records", "POST", "/bulk/delete", json!({"row_ids": [{}]}), 400),
        ("bulk_delete_records", "POST", "/bulk/delete", json!({}), 400),
        ("search_content", "POST", "/search", json!({}), 200),
        ("search_content", "POST", "/search", json!({"per_page": -1}), 400),
    ];
    for (operation, method, rest, body, status) in steps {
        let path = format!("/workspace/1/table/3/content{rest}");
        step(&fixture, &contract, operation, (method, &path, Some(body.clone())), status).await;
        if status == 200 {
            let path = path.replace("/table/3/", "/table/99/");
            step(&fixture, &contract, operation, (method, &path, Some(body)), 404).await;
        }
    }
}
