//! The search grammars.

use serde_json::{Value, json};

use crate::client::{self, Fixture};

/// A table of four rows: numbers 1 to 4, words, a truth, and a moment that may be missing.
async fn table(fixture: &Fixture) -> String {
    let column = |name: &str, kind: &str, nullable: bool| json!({ "name": name, "type": kind, "nullable": nullable, "required": false });
    let schema = json!([
        column("id", "int", false),
        column("n", "int", false),
        column("word", "text", false),
        column("flag", "bool", false),
        column("at", "timestamp", true),
    ]);
    let made = fixture.ok("POST", "", Some(json!({ "name": "s", "schema": schema }))).await;
    let rows = json!({ "items": [
        { "n": 1, "word": "Alpha", "flag": true, "at": "2025-01-01" },
        { "n": 2, "word": "beta", "flag": false, "at": "2025-06-01T00:00:00Z" },
        { "n": 3, "word": "gamma ray", "flag": true, "at": null },
        { "n": 3, "word": "delta", "flag": false, "at": 1_767_225_600_000_i64 },
    ] });
    let path = format!("/{}/content", made["id"]);
    fixture.ok("POST", &format!("{path}/bulk"), Some(rows)).await;
    path
}

async fn ids(fixture: &Fixture, path: &str, search: Value, sort: Value) -> Vec<u64> {
    let body = json!({ "search": search, "sort": sort });
    let found = fixture.ok("POST", &format!("{path}/search"), Some(body)).await;
    found["items"].as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn the_shorthand_grammar() {
    let fixture = client::start().await;
    let path = table(&fixture).await;
    for (search, expected) in [
        (json!(null), vec![1, 2, 3, 4]),
        (json!({}), vec![1, 2, 3, 4]),
        (json!([]), vec![1, 2, 3, 4]),
        (json!({ "n": 3 }), vec![3, 4]),
        (json!({ "n": "3" }), vec![3, 4]),
        (json!({ "n|=": 2 }), vec![2]),
        (json!({ "n|==": 2 }), vec![2]),
        (json!({ "n|!=": 3 }), vec![1, 2]),
        (json!({ "n|>": 1, "n|<": 3 }), vec![2]),
        (json!([{ "n|>=": 2 }, { "n|<=": 2 }]), vec![2]),
        (json!([{ "n|>=|": 2 }]), vec![2, 3, 4]),
        (json!({ "n|in": [1, "2"] }), vec![1, 2]),
        (json!({ "n|not in": [1, 2] }), vec![3, 4]),
        (json!([{ "n": 1 }, { "n|=|or": 2 }]), vec![1, 2]),
        (json!([{ "n": 1 }, { "n|=|or": 3 }, { "flag": true }]), vec![1, 3]),
        (json!({ "word|like": "%A%" }), vec![1, 2, 3, 4]),
        (json!({ "word|like": "gam%ray" }), vec![3]),
        (json!({ "word|like": "alpha" }), vec![1]),
        (json!({ "flag": "true" }), vec![1, 3]),
        (json!({ "at": null }), vec![3]),
        (json!({ "at|!=": null }), vec![1, 2, 4]),
        (json!({ "at|>": "2025-03-01" }), vec![2, 4]),
    ] {
        assert_eq!(ids(&fixture, &path, search.clone(), json!(null)).await, expected, "{search}");
    }
}

#[tokio::test]
async fn the_structured_grammar() {
    let fixture = client::start().await;
    let path = table(&fixture).await;
    let statement = |column: &str, op: &str, value: Value| json!({ "left": { "tag": "col", "operand": column }, "op": op, "right": { "operand": value } });
    let top = |or: bool, inner: Value| {
        let mut entry = inner;
        entry["type"] = json!("statement");
        entry["or"] = json!(or);
        entry
    };
    let search = json!([
        top(false, statement("n", "=", json!(1))),
        top(true, statement("word", "like", json!("%ta")))
    ]);
    assert_eq!(ids(&fixture, &path, search, json!(null)).await, [1, 2, 4]);
    let group = json!({ "type": "group", "group": { "expression": [
        { "type": "statement", "statement": statement("flag", "==", json!(true)) },
        { "type": "statement", "or": true, "statement": statement("n", "in", json!([2])) },
    ] } });
    let search = json!([top(false, statement("n", ">", json!(1))), group]);
    assert_eq!(ids(&fixture, &path, search, json!(null)).await, [2, 3]);
    let mut columns = top(false, statement("n", "=", json!("id")));
    columns["right"]["tag"] = json!("col");
    assert_eq!(ids(&fixture, &path, json!([columns]), json!(null)).await, [1, 2, 3]);
}

#[tokio::test]
async fn sorting() {
    let fixture = client::start().await;
    let path = table(&fixture).await;
    for (sort, expected) in [
        (json!({ "n": "desc" }), [3, 4, 2, 1]),
        (json!([{ "n": "desc" }, { "word": "asc" }]), [4, 3, 2, 1]),
        (json!({ "at": "asc" }), [1, 2, 4, 3]),
        (json!([]), [1, 2, 3, 4]),
    ] {
        assert_eq!(ids(&fixture, &path, json!(null), sort.clone()).await, expected, "{sort}");
    }
}

#[tokio::test]
async fn what_is_not_understood_is_refused() {
    let fixture = client::start().await;
    let path = format!("{}/search", table(&fixture).await);
    for (body, param) in [
        (json!({ "search": "n = 3" }), "search"),
        (json!({ "search": { "nothing": 1 } }), "search"),
        (json!({ "search": { "n|~": 1 } }), "search"),
        (json!({ "search": { "n|=|and": 1 } }), "search"),
        (json!({ "search": { "n|in": 1 } }), "search"),
        (json!({ "search": [{ "field": "n", "operator": "=", "value": 1 }] }), "search"),
        (json!({ "search": [{ "type": "statement" }] }), "search"),
        (json!({ "sort": "n" }), "sort"),
        (json!({ "sort": { "n": "up" } }), "sort"),
        (json!({ "sort": { "nothing": "asc" } }), "sort"),
        (json!({ "page": 0 }), "page"),
        (json!({ "per_page": 10_001 }), "per_page"),
    ] {
        assert_eq!(fixture.refused("POST", &path, Some(body)).await, param);
    }
}

#[tokio::test]
async fn changes_by_search() {
    let fixture = client::start().await;
    let path = table(&fixture).await;
    let body = json!({ "search": { "n": 3 }, "updates": { "word": "x" } });
    let patched = fixture.ok("POST", &format!("{path}/search/patch"), Some(body)).await;
    assert_eq!(patched, json!({ "success_total": 2, "success": ["3", "4"] }));
    let body = json!({ "search": { "word": "x" } });
    let deleted = fixture.ok("POST", &format!("{path}/search/delete"), Some(body)).await;
    assert_eq!(deleted["success_total"], 2);
    assert_eq!(ids(&fixture, &path, json!(null), json!(null)).await, [1, 2]);
}
