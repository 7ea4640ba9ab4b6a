//! Bodies captured from the real service, and what the sandbox answers in their place.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use snappy_sandbox::{BadCredentials, DEMO_EMAIL, DEMO_PASSWORD, Effect, FaultRule};

use crate::client::{self, Fixture};
use crate::schema::contract_dir;

/// How a sample is checked.
enum Check {
    /// GET this below `/api:meta`; the answer has the shape of the sample.
    Get(&'static str),
    /// Each element of the array answered by this GET has the shape.
    First(&'static str),
    /// POST, PUT or DELETE this with a body; the answer has the shape.
    Write(&'static str, &'static str, Value),
    /// The sample is a body to send, which must be accepted.
    Request(&'static str, &'static str),
    /// The sample is the `search` of a body to send to this table, which must be accepted.
    SearchValue(&'static str),
    /// Read by one of the other tests of this file.
    Special,
    /// Not served, or not this sandbox's to answer; with the reason.
    Out(&'static str),
}

const NOT_SERVED: &str = "operation not served";

fn checks() -> Vec<(&'static str, Check)> {
    use Check::{First, Get, Out, Request, SearchValue, Special, Write};
    let goods = "/workspace/1/table/GOODS/content";
    let lamp = json!({ "name": "headphones", "description": "x", "category_id": 3, "price": 99 });
    vec![
        (
            "add_column.json",
            Write("POST", "/workspace/1/table/3/schema/type/text", json!({"name": "name2"})),
        ),
        (
            "add_column_object_request.json",
            Request("POST", "/workspace/1/table/3/schema/type/object"),
        ),
        ("audit_log_item.json", Out(NOT_SERVED)),
        ("browse_table_content.json", Get(goods)),
        (
            "bulk_create_records.json",
            Write("POST", "/workspace/1/table/GOODS/content/bulk", json!({"items": [{}, {}]})),
        ),
        ("create_agent.json", Out(NOT_SERVED)),
        ("create_api_group.json", Out(NOT_SERVED)),
        ("create_datasource.json", Out(NOT_SERVED)),
        ("create_function.json", Out(NOT_SERVED)),
        (
            "create_index_unique.json",
            Write(
                "POST",
                "/workspace/1/table/3/index/unique",
                json!({"fields": [{"name": "sku", "op": "asc"}]}),
            ),
        ),
        ("create_mcp_server.json", Out(NOT_SERVED)),
        ("create_record.json", Write("POST", goods, lamp)),
        ("create_table_2023.json", Out("the shape of 2023; the sandbox answers the whole table")),
        (
            "create_table_live_truncated_fields.json",
            Write("POST", "/workspace/1/table", json!({"name": "fresh"})),
        ),
        ("create_table_request_full.json", Request("POST", "/workspace/1/table")),
        ("create_table_trigger.json", Out(NOT_SERVED)),
        ("create_task.json", Out(NOT_SERVED)),
        ("create_workspace_trigger.json", Out(NOT_SERVED)),
        ("delete_record.json", Special),
        (
            "error_400_input_flat.json",
            Out("answer of a user's own API; the Metadata API names the field in payload"),
        ),
        ("error_400_input_payload.json", Special),
        ("error_400_xanoscript.json", Out(NOT_SERVED)),
        ("error_401.json", Special),
        ("error_403_workspace.json", Special),
        ("error_404.json", Special),
        (
            "error_404_record.json",
            Out("answer of a user's own API; the Metadata API leaves the message empty"),
        ),
        ("error_429_free_plan.json", Special),
        ("error_500_fatal.json", Special),
        ("get_branches.json", Get("/workspace/1/branch")),
        ("get_datasources.json", Get("/workspace/1/datasource")),
        ("get_record.json", Get("/workspace/1/table/GOODS/content/1")),
        ("get_table_column.json", Get("/workspace/1/table/GOODS/schema/description")),
        ("get_table_indexes.json", Get("/workspace/1/table/GOODS/index")),
        ("get_table_schema.json", Special),
        ("get_tables_2023_array.json", Out("the shape of 2023; the sandbox answers the envelope")),
        ("get_workspace.json", Get("/workspace/1")),
        ("get_workspaces.json", Get("/workspace")),
        ("instance.json", First("/instance")),
        ("list_files_docs_example.json", Out(NOT_SERVED)),
        ("middleware_history_docs_example.json", Out(NOT_SERVED)),
        ("replace_schema_request.json", Request("PUT", "/workspace/1/table/7/schema")),
        ("request_history_item.json", Out(NOT_SERVED)),
        ("request_history_search_request.json", Out(NOT_SERVED)),
        ("request_history_search_status_request.json", Out(NOT_SERVED)),
        ("search_and.json", Special),
        ("search_and_request.json", Request("POST", "/workspace/1/table/GOODS/content/search")),
        ("search_by_id.json", Special),
        ("search_by_id_request.json", Request("POST", "/workspace/1/table/GOODS/content/search")),
        ("search_in_request.json", Request("POST", "/workspace/1/table/GOODS/content/search")),
        ("search_not_in_request.json", Request("POST", "/workspace/1/table/GOODS/content/search")),
        ("search_or_request.json", Request("POST", "/workspace/1/table/GOODS/content/search")),
        ("search_sort_multi.json", Special),
        ("search_sort_multi_request.json", Special),
        ("search_structured_group_request.json", SearchValue("TICKETS")),
        ("search_structured_request.json", SearchValue("GOODS")),
        ("snippet_token.json", Out(NOT_SERVED)),
        ("truncate_table.json", Special),
        (
            "update_record.json",
            Write("PUT", "/workspace/1/table/GOODS/content/1", json!({"price": 500})),
        ),
        ("user_auth_login_bad_credentials_403.json", Special),
        ("user_auth_login_bad_credentials_500.json", Special),
        ("user_auth_login_token_shortened.json", Special),
        ("user_auth_me.json", Special),
        ("user_auth_signup_duplicate.json", Out(NOT_SERVED)),
    ]
}

fn sample(name: &str) -> Value {
    let path = contract_dir().join("samples").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Whether every member of the sample is in the answer with the same type of value. Null stands
/// for any type on either side; the first element of an array speaks for the others.
fn same_shape(sample: &Value, answer: &Value, at: &str) {
    match (sample, answer) {
        (Value::Object(sample), Value::Object(answer)) => {
            for (key, value) in sample {
                let other = answer.get(key).unwrap_or_else(|| panic!("{at}/{key} is missing"));
                same_shape(value, other, &format!("{at}/{key}"));
            }
        }
        (Value::Array(sample), Value::Array(answer)) => {
            if let (Some(sample), Some(answer)) = (sample.first(), answer.first()) {
                same_shape(sample, answer, &format!("{at}/0"));
            }
        }
        (Value::Null, _) | (_, Value::Null) => {}
        _ => assert_eq!(
            std::mem::discriminant(sample),
            std::mem::discriminant(answer),
            "{at}: {sample} against {answer}"
        ),
    }
}

/// Tables like those the samples were taken from: ten goods, five shelves and a ticket.
async fn prepare(fixture: &Fixture) -> [u64; 3] {
    let column = |name: &str, kind: &str| {
        let format = if kind == "text" { json!("") } else { Value::Null };
        json!({"name": name, "type": kind, "nullable": false, "required": false, "format": format})
    };
    let tables = [
        (
            "goods",
            vec![
                column("created_at", "timestamp"),
                column("name", "text"),
                column("description", "text"),
                column("category_id", "int"),
                column("price", "int"),
            ],
        ),
        (
            "shelf",
            vec![
                column("created_at", "timestamp"),
                column("name", "text"),
                column("rating", "int"),
            ],
        ),
        (
            "ticket",
            vec![
                column("created_at", "timestamp"),
                column("status", "text"),
                column("priority", "text"),
            ],
        ),
    ];
    let mut ids = [0; 3];
    for (place, (name, schema)) in tables.into_iter().enumerate() {
        let made = fixture.ok("POST", "", Some(json!({"name": name, "schema": schema}))).await;
        ids[place] = made["id"].as_u64().unwrap();
    }
    let mut goods = sample("browse_table_content.json")["items"].as_array().unwrap().clone();
    for name in ["search_and.json", "search_by_id.json"] {
        goods.extend_from_slice(sample(name)["items"].as_array().unwrap());
    }
    for (id, items) in
        [(ids[0], json!(goods)), (ids[1], sample("search_sort_multi.json")["items"].clone())]
    {
        let body = json!({ "items": items, "allow_id_field": true });
        fixture.ok("POST", &format!("/{id}/content/bulk"), Some(body)).await;
    }
    ids
}

#[tokio::test]
async fn every_sample_is_checked_or_listed_as_out_of_scope() {
    let fixture = client::start().await;
    let [goods, _, tickets] = prepare(&fixture).await;
    let place = |path: &str| {
        path.replace("GOODS", &goods.to_string()).replace("TICKETS", &tickets.to_string())
    };
    let checks = checks();
    let listed: BTreeSet<String> = checks.iter().map(|(name, _)| (*name).to_owned()).collect();
    let there: BTreeSet<String> = std::fs::read_dir(contract_dir().join("samples"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json"))
        .collect();
    assert_eq!(listed, there);
    for (name, check) in checks {
        let sample = sample(name);
        match check {
            Check::Get(path) => {
                let (status, answer) = fixture.meta("GET", &place(path), None).await;
                assert_eq!(status, 200, "{name}: {answer}");
                same_shape(&sample, &answer, name);
            }
            Check::First(path) => {
                let (_, answer) = fixture.meta("GET", path, None).await;
                assert!(!answer.as_array().unwrap().is_empty());
                answer.as_array().unwrap().iter().for_each(|one| same_shape(&sample, one, name));
            }
            Check::Write(method, path, body) => {
                let (status, answer) = fixture.meta(method, &place(path), Some(body)).await;
                assert_eq!(status, 200, "{name}: {answer}");
                same_shape(&sample, &answer, name);
            }
            Check::Request(method, path) => {
                let (status, answer) = fixture.meta(method, &place(path), Some(sample)).await;
                assert_eq!(status, 200, "{name}: {answer}");
            }
            Check::SearchValue(table) => {
                let path = place(&format!("/workspace/1/table/{table}/content/search"));
                let body = json!({ "search": sample });
                let (status, answer) = fixture.meta("POST", &path, Some(body)).await;
                assert_eq!(status, 200, "{name}: {answer}");
            }
            Check::Special => {
                let mentions = include_str!("samples.rs").matches(name).count();
                assert!(mentions > 1, "{name} is listed but no test reads it");
            }
            Check::Out(reason) => assert!(!reason.is_empty()),
        }
    }
}

#[tokio::test]
async fn documented_searches_find_what_the_documentation_shows() {
    let fixture = client::start().await;
    let [goods, shelves, _] = prepare(&fixture).await;
    for (table, request, answer) in [
        (goods, "search_and_request.json", "search_and.json"),
        (goods, "search_by_id_request.json", "search_by_id.json"),
        (shelves, "search_sort_multi_request.json", "search_sort_multi.json"),
    ] {
        let path = format!("/{table}/content/search");
        let found = fixture.ok("POST", &path, Some(sample(request))).await;
        let sample = sample(answer);
        same_shape(&sample, &found, answer);
        for (key, value) in sample.as_object().unwrap() {
            assert_eq!(&found[key], value, "{answer}: {key}");
        }
    }
}

#[tokio::test]
async fn null_answers_are_null() {
    let fixture = client::start().await;
    let deleted = fixture.ok("DELETE", "/3/content/1", None).await;
    assert_eq!(deleted, sample("delete_record.json"));
    let truncated = fixture.ok("DELETE", "/3/truncate", Some(json!({"reset": true}))).await;
    assert_eq!(truncated, sample("truncate_table.json"));
}

#[tokio::test]
async fn a_table_made_by_its_name_has_exactly_the_sampled_schema() {
    let fixture = client::start().await;
    let made = fixture.ok("POST", "", Some(json!({"name": "bare"}))).await;
    let path = format!("/{}/schema", made["id"]);
    let mut schema = fixture.ok("GET", &path, None).await;
    assert_eq!(made["schema"], schema);
    for column in schema.as_array_mut().unwrap() {
        assert_eq!(column.as_object_mut().unwrap().shift_remove("sensitive"), Some(json!(false)));
    }
    assert_eq!(schema, sample("get_table_schema.json"));
}

#[tokio::test]
async fn errors_equal_their_samples() {
    let fixture = client::start().await;
    let (status, body) = fixture.send("GET", "/api:meta/workspace", None, None).await.unwrap();
    assert_eq!((status, body), (401, sample("error_401.json")));
    let missing = fixture.meta("GET", "/workspace/1/table/999", None).await;
    assert_eq!(missing, (404, sample("error_404.json")));

    // The message is the fixture author's; code and payload are Xano's.
    let (status, mut body) = fixture.table("POST", "", Some(json!({}))).await;
    body["message"] = json!("Enter a name");
    assert_eq!((status, body), (400, sample("error_400_input_payload.json")));

    let forbidden = fixture.login(DEMO_EMAIL, "wrong").await;
    assert_eq!(forbidden, (403, sample("user_auth_login_bad_credentials_403.json")));
    fixture.control().set_bad_credentials(BadCredentials::Fatal500);
    let fatal = fixture.login(DEMO_EMAIL, "wrong").await;
    assert_eq!(fatal, (500, sample("user_auth_login_bad_credentials_500.json")));

    fixture.control().set_free_plan_limit(true);
    let mut last = (0, Value::Null);
    for _ in 0..11 {
        last = fixture.meta("GET", "/workspace", None).await;
    }
    assert_eq!(last, (429, sample("error_429_free_plan.json")));
}

/// The sandbox's own keys reach every workspace and it has no inner failures, so these come by
/// rule.
#[tokio::test]
async fn errors_the_sandbox_never_has_by_itself_come_by_rule() {
    let fixture = client::start().await;
    for (status, name) in [(403, "error_403_workspace.json"), (500, "error_500_fatal.json")] {
        let effect = Effect::Status { status, headers: Default::default(), body: sample(name) };
        fixture.control().push_fault(FaultRule { times: Some(1), ..FaultRule::always(effect) });
        assert_eq!(fixture.meta("GET", "/workspace", None).await, (status, sample(name)));
    }
}

#[tokio::test]
async fn sign_in_answers_have_the_sampled_shape() {
    let fixture = client::start().await;
    let (status, answer) = fixture.login(DEMO_EMAIL, DEMO_PASSWORD).await;
    assert_eq!(status, 200);
    let shortened = sample("user_auth_login_token_shortened.json");
    same_shape(&shortened, &answer, "login");
    let token = answer["authToken"].as_str().unwrap();
    let header = shortened["authToken"].as_str().unwrap().split('.').next().unwrap();
    assert_eq!(token.split('.').next().unwrap(), header);
    assert_eq!(token.split('.').count(), 5);
    let (status, row) = fixture.me(token).await;
    assert_eq!(status, 200);
    same_shape(&sample("user_auth_me.json"), &row, "me");
}
