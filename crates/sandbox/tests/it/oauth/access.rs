//! What an access token opens.

use serde_json::{Value, json};
use snappy_sandbox::{DEMO_EMAIL, SECOND_EMAIL};

use super::client::{SECOND, text};
use crate::client;

#[tokio::test]
async fn the_owner_is_told_with_the_consented_workspace() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let mut guids = Vec::new();
    for (place, workspace) in ["xsbx-demo-0001/1", "xsbx-demo-0002/2"].into_iter().enumerate() {
        let tokens = fixture.tokens(&client, &[("workspace", workspace)]).await;
        let (_, me) = fixture.with_token("GET", "/auth/me", &text(&tokens, "access_token")).await;
        assert_eq!((&me["id"], &me["email"]), (&json!(1), &json!(DEMO_EMAIL)));
        let extras = &me["extras"];
        let names = [("xsbx-demo-0001", "Acme Store"), ("xsbx-demo-0002", "Acme Staging")];
        assert_eq!(extras["instance"]["id"], json!(place + 1));
        assert_eq!(extras["instance"]["name"], names[place].0);
        assert_eq!(extras["instance"]["display"], names[place].1);
        let member = &extras["instance"]["membership"];
        assert_eq!(member["role"], "admin");
        let list = member["workspace"].as_array().unwrap();
        let ids: Vec<_> = list.iter().map(|one| one["id"].as_u64().unwrap()).collect();
        assert_eq!(ids, [1, 2]);
        assert_eq!(extras["oauth"]["workspace"], list[place]["guid"]);
        guids.push(extras["oauth"]["workspace"].clone());
    }
    assert_ne!(guids[0], guids[1]);
    assert!(guids[0].is_string());

    let tokens = fixture.tokens(&client, &SECOND).await;
    let (_, me) = fixture.with_token("GET", "/auth/me", &text(&tokens, "access_token")).await;
    assert_eq!((&me["id"], &me["email"]), (&json!(2), &json!(SECOND_EMAIL)));
}

#[tokio::test]
async fn the_answer_for_a_key_is_as_before() {
    let fixture = client::start().await;
    let url = format!("{}/api:meta/auth/me", fixture.sandbox.origin());
    let response = fixture.http.get(url).bearer_auth(fixture.key()).send().await.unwrap();
    assert_eq!(
        response.text().await.unwrap(),
        r#"{"id":1,"created_at":1754243623,"name":"Demo Person","email":"demo@acme.test","extras":{"instance":{"id":1,"name":"xsbx-demo-0001","display":"Acme Store","membership":{"role":"admin","workspace":[]}}}}"#
    );
}

#[tokio::test]
async fn only_the_consented_workspace() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let denied = json!({ "code": "ERROR_CODE_ACCESS_DENIED", "message": "Access Denied." });
    let tokens = fixture.tokens(&client, &[("workspace", "xsbx-demo-0001/2")]).await;
    let token = text(&tokens, "access_token");
    for (method, path) in [
        ("GET", "/workspace/1"),
        ("GET", "/workspace/1/table"),
        ("GET", "/workspace/01/branch"),
        ("GET", "/workspace/9"),
        ("POST", "/workspace/1/table/3/content"),
        ("POST", "/workspace/1/table/3/content/search"),
        ("DELETE", "/workspace/1/table/3"),
    ] {
        let answer = fixture.with_token(method, path, &token).await;
        assert_eq!(answer, (403, denied.clone()), "{method} {path}");
    }
    assert_eq!(fixture.control().records(1, 3).len(), 48);
    assert_eq!(fixture.with_token("GET", "/workspace/x", &token).await.0, 400);
    assert_eq!(fixture.with_token("GET", "/workspace/2", &token).await.1["name"], "Playground");
    let (status, tables) = fixture.with_token("GET", "/workspace/2/table", &token).await;
    assert_eq!(status, 200);
    let id = &tables["items"][0]["id"];
    let path = format!("/workspace/2/table/{id}/content");
    assert_eq!(fixture.with_token("POST", &path, &token).await.0, 200);

    let (_, all) = fixture.with_token("GET", "/workspace", &token).await;
    assert_eq!(all.as_array().unwrap().len(), 2);
    let (_, both) = fixture.with_token("GET", "/instance", &token).await;
    assert_eq!(both.as_array().unwrap().len(), 2);
    let (_, one) = fixture.with_token("GET", "/instance/xsbx-demo-0002", &token).await;
    assert_eq!(one, both[1]);
}

#[tokio::test]
async fn without_the_scope_nothing_is_written() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let scope = ("scope", "offline_access workspace:read xano:dev");
    let token = text(&fixture.tokens(&client, &[scope]).await, "access_token");
    let content = "/workspace/1/table/3/content";
    for (method, path) in [
        ("POST", content.to_owned()),
        ("PUT", format!("{content}/1")),
        ("DELETE", format!("{content}/1")),
        ("POST", format!("{content}/search/patch")),
        ("POST", format!("{content}/search/delete")),
        ("POST", format!("{content}/bulk")),
        ("POST", "/workspace/1/table".to_owned()),
        ("DELETE", "/workspace/1/table/3/truncate".to_owned()),
    ] {
        let (status, answer) = fixture.with_token(method, &path, &token).await;
        assert_eq!((status, &answer["code"]), (403, &json!("ERROR_CODE_ACCESS_DENIED")), "{path}");
    }
    assert_eq!(fixture.control().records(1, 3).len(), 48);
    assert_eq!(fixture.with_token("GET", content, &token).await.0, 200);
    let search = format!("/api:meta{content}/search");
    let (status, found) =
        fixture.send("POST", &search, Some(&token), Some(&json!({}))).await.unwrap();
    assert_eq!((status, &found["itemsTotal"]), (200, &json!(48)));
}

#[tokio::test]
async fn a_token_is_not_a_session_and_a_refresh_token_opens_nothing() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let tokens = fixture.tokens(&client, &[]).await;
    assert_eq!(fixture.me(&text(&tokens, "access_token")).await.0, 401);
    assert!(!fixture.accepts(&text(&tokens, "refresh_token")).await);
    let access = text(&tokens, "access_token");
    let (signed, _) = access.rsplit_once('.').unwrap();
    assert!(!fixture.accepts(&format!("{signed}.AAAA")).await);
}

#[tokio::test]
async fn the_list_of_instances_may_refuse_tokens() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let token = text(&fixture.tokens(&client, &[]).await, "access_token");
    fixture.control().set_account_api_takes_oauth(false);
    for path in ["/instance", "/instance/xsbx-demo-0001"] {
        assert_eq!(fixture.with_token("GET", path, &token).await.0, 401);
        assert_eq!(fixture.meta("GET", path, None).await.0, 200);
    }
    assert!(fixture.accepts(&token).await);
    assert_eq!(fixture.with_token("GET", "/workspace", &token).await.0, 200);
}

#[tokio::test]
async fn the_free_plan_counts_tokens_too() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let token = text(&fixture.tokens(&client, &[]).await, "access_token");
    fixture.control().set_free_plan_limit(true);
    let mut statuses = Vec::new();
    for _ in 0..11 {
        statuses.push(fixture.with_token("GET", "/workspace/2", &token).await.0);
    }
    assert_eq!((statuses[0], statuses[9], statuses[10]), (403, 403, 429));
    assert_ne!(fixture.with_token("GET", "/auth/me", &token).await.1, Value::Null);
}
