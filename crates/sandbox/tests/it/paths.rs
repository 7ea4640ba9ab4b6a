//! Paths: what is a separator and what is data.

use serde_json::json;

use crate::client;

#[tokio::test]
async fn an_encoded_slash_is_data() {
    let fixture = client::start().await;
    for (method, rest, operation) in [
        ("GET", "/3/content/1%2fx", "get_record"),
        ("GET", "/3/content/1%2F..%2F2", "get_record"),
        ("DELETE", "/3/content/..%2f..%2f3", "delete_record"),
        ("GET", "/3/schema/na%2fme", "get_table_column"),
        ("DELETE", "/3/schema/x%2ftype%2ftext", "delete_table_column"),
    ] {
        fixture.control().clear_requests();
        let (status, answer) = fixture.table(method, rest, None).await;
        assert_eq!((status, answer["message"].as_str()), (404, Some("")), "{rest}");
        let recorded = fixture.control().requests().remove(0);
        assert_eq!(recorded.operation, operation);
        assert!(recorded.path.ends_with(rest), "{}", recorded.path);
    }
    assert_eq!(fixture.table("GET", "%2f3", None).await.0, 404);
    assert_eq!(fixture.table("GET", "/3%2fcontent", None).await.0, 400);
    assert_eq!(fixture.control().records(1, 3).len(), 48);
}

#[tokio::test]
async fn segments_are_decoded_once() {
    let fixture = client::start().await;
    assert_eq!(fixture.ok("GET", "/3/schema/n%61me", None).await["name"], "name");
    assert_eq!(fixture.table("GET", "/3/schema/n%2561me", None).await.0, 404);
    assert_eq!(fixture.ok("GET", "/3/content/%31", None).await["id"], 1);
}

#[tokio::test]
async fn unknown_routes_say_so_without_asking_for_a_key() {
    let fixture = client::start().await;
    let expected =
        json!({ "code": "ERROR_CODE_NOT_FOUND", "message": "Unable to locate request." });
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/api:meta"),
        ("GET", "/api:meta/workspace/"),
        ("PATCH", "/api:meta/workspace/1/table/3/content/1"),
        ("GET", "/api:meta/workspace/1/table/3/content/1/"),
        ("POST", "/api:meta/workspace/1/table/3/schema"),
        ("GET", "/api:other/auth/me"),
    ] {
        let answer = fixture.send(method, path, None, None).await.unwrap();
        assert_eq!(answer, (404, expected.clone()), "{method} {path}");
    }
}
