//! Records.

use serde_json::{Value, json};

use crate::client::{self, NOW_MS};

#[tokio::test]
async fn the_seed_is_believable() {
    let fixture = client::start().await;
    let total: usize = (1..=7).map(|table| fixture.control().records(1, table).len()).sum();
    assert!(total >= 300, "{total}");
    let products = fixture.control().records(1, 3);
    let categories = fixture.control().records(1, 2);
    for product in &products {
        assert!(categories.iter().any(|category| category["id"] == product["category_id"]));
    }
    assert_eq!(fixture.control().records(1, 99), Vec::<Value>::new());
    let again = client::start().await;
    assert_eq!(again.control().records(1, 4), fixture.control().records(1, 4));
}

#[tokio::test]
async fn an_update_merges() {
    let fixture = client::start().await;
    let before = fixture.ok("GET", "/3/content/1", None).await;
    let updates = json!({ "price": 1.25, "id": 77, "nonsense": true });
    let after = fixture.ok("PUT", "/3/content/1", Some(updates)).await;
    let mut expected = before.clone();
    expected["price"] = json!(1.25);
    assert_eq!(after, expected);
    assert_eq!(fixture.ok("GET", "/3/content/1", None).await, expected);
}

#[tokio::test]
async fn a_new_record_takes_defaults_and_ignores_what_is_no_column() {
    let fixture = client::start().await;
    let given = json!({ "id": 5000, "name": "  Lamp ", "stock": "4", "colour": "red" });
    let made = fixture.ok("POST", "/3/content", Some(given)).await;
    assert_eq!(
        made,
        json!({
            "id": 49, "created_at": NOW_MS, "name": "Lamp", "description": "", "sku": "",
            "category_id": 0, "price": 0.0, "stock": 4, "active": true, "attributes": null,
            "tags": [],
        })
    );
}

#[tokio::test]
async fn wrong_types_name_the_column() {
    let fixture = client::start().await;
    for (body, param) in [
        (json!({ "stock": "many" }), "stock"),
        (json!({ "stock": 1.5 }), "stock"),
        (json!({ "category_id": [] }), "category_id"),
        (json!({ "price": "cheap" }), "price"),
        (json!({ "active": "perhaps" }), "active"),
        (json!({ "name": {} }), "name"),
        (json!({ "tags": "one" }), "tags"),
        (json!({ "created_at": "soon" }), "created_at"),
    ] {
        assert_eq!(fixture.refused("POST", "/3/content", Some(body)).await, param);
    }
    assert_eq!(fixture.control().records(1, 3).len(), 48);
    let wrong = fixture.refused("PUT", "/6/content/1", Some(json!({"state": "odd"}))).await;
    assert_eq!(wrong, "state");
}

#[tokio::test]
async fn deleting_answers_null_and_ids_are_not_used_again() {
    let fixture = client::start().await;
    assert_eq!(fixture.ok("DELETE", "/3/content/48", None).await, Value::Null);
    assert_eq!(fixture.table("GET", "/3/content/48", None).await.0, 404);
    assert_eq!(fixture.ok("POST", "/3/content", Some(json!({}))).await["id"], 49);
}

#[tokio::test]
async fn truncating_restarts_the_ids_only_when_asked() {
    let fixture = client::start().await;
    for (reset, next) in [(false, 49), (true, 1)] {
        let answer = fixture.ok("DELETE", "/3/truncate", Some(json!({ "reset": reset }))).await;
        assert_eq!(answer, Value::Null);
        assert_eq!(fixture.control().records(1, 3), Vec::<Value>::new());
        assert_eq!(fixture.ok("POST", "/3/content", Some(json!({}))).await["id"], next);
    }
}

#[tokio::test]
async fn pages_count_what_there_is() {
    let fixture = client::start().await;
    let page = fixture.ok("GET", "/3/content?per_page=20&page=3", None).await;
    for (key, value) in [
        ("curPage", json!(3)),
        ("nextPage", Value::Null),
        ("prevPage", json!(2)),
        ("itemsReceived", json!(8)),
        ("offset", json!(40)),
        ("perPage", json!(20)),
        ("itemsTotal", json!(48)),
        ("pageTotal", json!(3)),
    ] {
        assert_eq!(page[key], value, "{key}");
    }
    let full = fixture.ok("GET", "/3/content?per_page=48", None).await;
    assert_eq!((&full["nextPage"], &full["itemsReceived"]), (&Value::Null, &json!(48)));
    let beyond = fixture.ok("GET", "/3/content?page=9", None).await;
    assert_eq!((&beyond["nextPage"], &beyond["items"]), (&Value::Null, &json!([])));
    let huge = fixture.ok("GET", "/3/content?page=18446744073709551615", None).await;
    assert_eq!(huge["items"], json!([]));
}

#[tokio::test]
async fn bulk_creation_answers_ids_only() {
    let fixture = client::start().await;
    let items = json!({ "items": [{ "name": "a", "id": 900 }, { "name": "b" }] });
    assert_eq!(fixture.ok("POST", "/3/content/bulk", Some(items)).await, json!([49, 50]));
    let items = json!({ "items": [{ "id": 900 }, {}], "allow_id_field": true });
    let ids = fixture.ok("POST", "/3/content/bulk", Some(items.clone())).await;
    assert_eq!(ids[0], 900);
    assert_eq!(fixture.refused("POST", "/3/content/bulk", Some(items)).await, "id");
    let twice = json!({ "items": [{ "id": 950 }, { "id": 950 }], "allow_id_field": true });
    assert_eq!(fixture.refused("POST", "/3/content/bulk", Some(twice)).await, "id");
    let clash = json!({ "items": [{}, { "id": 952 }, {}], "allow_id_field": true });
    let ids = fixture.ok("POST", "/3/content/bulk", Some(clash)).await;
    let distinct: std::collections::BTreeSet<_> =
        ids.as_array().unwrap().iter().map(|id| id.as_u64().unwrap()).collect();
    assert_eq!(distinct.len(), 3);
}

#[tokio::test]
async fn bulk_changes_report_ids_as_text_and_partial_failures_on_200() {
    let fixture = client::start().await;
    let body = json!({ "items": [
        { "row_id": 1, "updates": { "stock": 7 } },
        { "row_id": "2", "updates": { "stock": 8 } },
        { "row_id": 999, "updates": { "stock": 9 } },
    ] });
    let patched = fixture.ok("POST", "/3/content/bulk/patch", Some(body)).await;
    assert_eq!(patched, json!({ "success_total": 2, "success": ["1", "2"] }));
    assert_eq!(fixture.ok("GET", "/3/content/2", None).await["stock"], 8);
    let body = json!({ "row_ids": [1, "2", 999] });
    let deleted = fixture.ok("POST", "/3/content/bulk/delete", Some(body)).await;
    assert_eq!(deleted["success"], json!(["1", "2"]));
    assert_eq!(deleted["success_total"], 2);
    assert_eq!(deleted["error"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn data_sources_are_apart() {
    let fixture = client::start().await;
    let url = format!("{}/api:meta/workspace/1/table/3/content", fixture.sandbox.origin());
    let read = async |label: &str| {
        let request = fixture.http.get(&url).bearer_auth(fixture.key());
        let response = request.header("x-data-source", label).send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json::<Value>().await.unwrap()["itemsTotal"].clone())
    };
    assert_eq!(read("live").await, (200, json!(48)));
    assert_eq!(read("test").await, (200, json!(0)));
    assert_eq!(read("elsewhere").await.0, 404);
}

#[tokio::test]
async fn tables_may_be_keyed_by_uuid() {
    let fixture = client::start().await;
    let schema = json!([
        { "name": "id", "type": "uuid", "nullable": false, "required": true },
        { "name": "title", "type": "text", "nullable": false, "required": false },
    ]);
    let made = fixture.ok("POST", "", Some(json!({ "name": "keyed", "schema": schema }))).await;
    let base = format!("/{}/content", made["id"]);
    let record = fixture.ok("POST", &base, Some(json!({ "title": "one" }))).await;
    let id = record["id"].as_str().unwrap();
    assert_eq!(id.len(), 36);
    assert_eq!(fixture.ok("GET", &format!("{base}/{id}"), None).await, record);
    let other = fixture.ok("POST", &base, Some(json!({}))).await;
    assert_ne!(other["id"], record["id"]);
}
