//! Tables, columns and indexes.

use serde_json::{Value, json};

use crate::client::{self, Fixture};

async fn names(fixture: &Fixture, table: &str) -> Vec<String> {
    let schema = fixture.ok("GET", &format!("/{table}/schema"), None).await;
    let columns = schema.as_array().unwrap().iter();
    columns.map(|column| column["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_name_is_enough_for_a_table() {
    let fixture = client::start().await;
    let made = fixture.ok("POST", "", Some(json!({ "name": "bare" }))).await;
    assert_eq!(made["created_at"], "2026-01-11 11:30:49+0000");
    assert_eq!((&made["xanoscript"], &made["auth"]), (&Value::Null, &json!(false)));
    let id = made["id"].to_string();
    assert_eq!(names(&fixture, &id).await, ["id", "created_at"]);
    let indexes = fixture.ok("GET", &format!("/{id}/index"), None).await;
    let kinds: Vec<_> = indexes.as_array().unwrap().iter().map(|index| &index["type"]).collect();
    assert_eq!(kinds, ["primary", "btree"]);
}

#[tokio::test]
async fn lists_are_searched_sorted_and_paged() {
    let fixture = client::start().await;
    let shown = async |query: &str| {
        let page = fixture.ok("GET", query, None).await;
        let items = page["items"].as_array().unwrap().iter();
        let names: Vec<_> = items.map(|table| table["name"].as_str().unwrap().to_owned()).collect();
        (names, page["nextPage"].clone())
    };
    let all = ["category", "coupon", "order", "order_item", "product", "review", "user"];
    assert_eq!(shown("").await, (all.map(str::to_owned).to_vec(), Value::Null));
    assert_eq!(shown("?search=ORDER").await.0, ["order", "order_item"]);
    assert_eq!(
        shown("?sort=created_at&order=desc&per_page=1").await,
        (vec!["coupon".into()], json!(2))
    );
    assert_eq!(shown("?per_page=7").await.1, Value::Null);
}

#[tokio::test]
async fn replacing_the_schema_drops_orders_and_keeps_unknown_keys() {
    let fixture = client::start().await;
    let mut schema = fixture.ok("GET", "/2/schema", None).await;
    let columns = schema.as_array_mut().unwrap();
    columns.retain(|column| column["name"] != "position");
    columns.swap(2, 3);
    columns[2]["future"] = json!({ "key": 1 });
    columns.push(json!({ "name": "icon", "type": "text", "nullable": false, "required": false, "default": "none" }));
    let answer = fixture.ok("PUT", "/2/schema", Some(json!({ "schema": schema }))).await;
    assert_eq!(answer, json!({}));
    assert_eq!(names(&fixture, "2").await, ["id", "created_at", "description", "name", "icon"]);
    let column = fixture.ok("GET", "/2/schema/description", None).await;
    assert_eq!(column["future"]["key"], 1);
    let record = fixture.ok("GET", "/2/content/1", None).await;
    let keys: Vec<_> = record.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["id", "created_at", "description", "name", "icon"]);
    assert_eq!((&record["name"], &record["icon"]), (&json!("Kitchen"), &json!("none")));
}

#[tokio::test]
async fn bad_schemas_change_nothing() {
    let fixture = client::start().await;
    let before = fixture.ok("GET", "/2/schema", None).await;
    let id = json!({ "name": "id", "type": "int", "nullable": false, "required": true });
    for schema in [
        json!([]),
        json!([id, id]),
        json!([id, 5]),
        json!([id, { "name": "x", "type": "tableref", "nullable": false, "required": false }]),
        json!([id, { "name": "x", "type": "int", "nullable": false }]),
        json!([id, { "name": "a/b", "type": "int", "nullable": false, "required": false }]),
    ] {
        let param = fixture.refused("PUT", "/2/schema", Some(json!({ "schema": schema }))).await;
        assert_eq!(param, "schema");
    }
    assert_eq!(fixture.ok("GET", "/2/schema", None).await, before);
}

#[tokio::test]
async fn renaming_follows_into_rows_and_indexes() {
    let fixture = client::start().await;
    let body = json!({ "old_name": "sku", "new_name": "article" });
    assert_eq!(fixture.ok("POST", "/3/schema/rename", Some(body)).await, json!({}));
    let record = fixture.ok("GET", "/3/content/1", None).await;
    assert_eq!((&record["article"], record.get("sku")), (&json!("KIT-0101"), None));
    let indexes = fixture.ok("GET", "/3/index", None).await.to_string();
    assert!(indexes.contains("article") && !indexes.contains("sku"));
    let taken = json!({ "old_name": "article", "new_name": "name" });
    assert_eq!(fixture.refused("POST", "/3/schema/rename", Some(taken)).await, "new_name");
}

#[tokio::test]
async fn columns_are_added_with_their_defaults_and_removed_with_their_values() {
    let fixture = client::start().await;
    let body = json!({ "name": "rank", "default": 7, "required": true });
    let added = fixture.ok("POST", "/3/schema/type/int", Some(body)).await;
    assert_eq!(added, json!({ "name": "rank" }));
    assert_eq!(fixture.ok("GET", "/3/schema/rank", None).await["default"], "7");
    assert_eq!(fixture.ok("GET", "/3/content/1", None).await["rank"], 7);
    let body = json!({ "name": "owner", "tableref_id": 1 });
    fixture.ok("POST", "/3/schema/type/tableref", Some(body)).await;
    let column = fixture.ok("GET", "/3/schema/owner", None).await;
    assert_eq!((&column["type"], &column["tableref_id"]), (&json!("int"), &json!(1)));
    let nowhere = json!({ "name": "lost", "tableref_id": 99 });
    let param = fixture.refused("POST", "/3/schema/type/tableref", Some(nowhere)).await;
    assert_eq!(param, "tableref_id");
    assert_eq!(fixture.ok("DELETE", "/3/schema/rank", None).await, json!({}));
    assert_eq!(fixture.ok("GET", "/3/content/1", None).await.get("rank"), None);
    assert_eq!(fixture.table("POST", "/3/schema/type/colour", Some(json!({}))).await.0, 404);
}

#[tokio::test]
async fn dropping_a_column_drops_its_indexes() {
    let fixture = client::start().await;
    fixture.ok("DELETE", "/3/schema/sku", None).await;
    let indexes = fixture.ok("GET", "/3/index", None).await;
    assert!(!indexes.to_string().contains("sku"));
}

#[tokio::test]
async fn null_in_metadata_means_leave_alone() {
    let fixture = client::start().await;
    let body = json!({ "name": null, "description": "changed", "tag": null });
    assert_eq!(fixture.ok("PUT", "/3/meta", Some(body)).await, json!({}));
    let table = fixture.ok("GET", "/3", None).await;
    assert_eq!(table["name"], "product");
    assert_eq!(table["description"], "changed");
    assert_eq!(table["tag"], json!(["catalogue"]));
    assert_eq!(table["updated_at"], "2026-01-11 11:30:49+0000");
}

#[tokio::test]
async fn a_refused_update_changes_nothing() {
    let fixture = client::start().await;
    let before = fixture.ok("GET", "/3", None).await;
    let body = json!({ "name": "renamed", "schema": [{ "name": "x" }] });
    assert_eq!(fixture.refused("PUT", "/3", Some(body)).await, "schema");
    assert_eq!(fixture.ok("GET", "/3", None).await, before);
}

#[tokio::test]
async fn index_ids_are_short_and_hexadecimal() {
    let fixture = client::start().await;
    let body = json!({ "fields": [{ "name": "price", "op": "desc" }] });
    let made = fixture.ok("POST", "/3/index/btree", Some(body)).await;
    let id = made["id"].as_str().unwrap();
    assert!(id.len() == 8 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(fixture.ok("DELETE", &format!("/3/index/{id}"), None).await, json!({}));
    assert_eq!(fixture.table("DELETE", &format!("/3/index/{id}"), None).await.0, 404);
}

#[tokio::test]
async fn the_source_is_shown_when_asked_for() {
    let fixture = client::start().await;
    let table = fixture.ok("GET", "/3?include_xanoscript=true", None).await;
    assert_eq!(table["xanoscript"]["status"], "ok");
    assert!(table["xanoscript"]["value"].as_str().unwrap().starts_with("table \"product\" {"));
}
