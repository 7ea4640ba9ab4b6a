//! What the account's owner or Xano may do to a sign-in.

use serde_json::{Value, json};
use snappy_sandbox::{DEMO_EMAIL, SECOND_EMAIL};

use super::client::{SECOND, text, unauthorized};
use crate::client::{self, Answer, Fixture};

async fn post(fixture: &Fixture, control: &str, body: Value) -> Answer {
    fixture.send("POST", &format!("/sandbox/{control}"), None, Some(&body)).await.unwrap()
}

#[tokio::test]
async fn removed_access_ends_the_sign_ins_of_one_workspace() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let ended = fixture.tokens(&client, &[]).await;
    let other_workspace = fixture.tokens(&client, &[("workspace", "xsbx-demo-0001/2")]).await;
    let other_instance = fixture.tokens(&client, &[("workspace", "xsbx-demo-0002/1")]).await;
    let other_person = fixture.tokens(&client, &SECOND).await;
    fixture.control().end_oauth_sign_in("nobody@acme.test", "xsbx-demo-0001/1");
    fixture.control().end_oauth_sign_in(DEMO_EMAIL, "xsbx-demo-0001/9");
    assert!(fixture.accepts(&text(&ended, "access_token")).await);
    fixture.control().end_oauth_sign_in(DEMO_EMAIL, "xsbx-demo-0001/1");
    assert!(!fixture.accepts(&text(&ended, "access_token")).await);
    let refused = fixture.refresh(&client, &text(&ended, "refresh_token")).await;
    assert_eq!(refused, unauthorized("invalid_grant"));
    for tokens in [other_workspace, other_instance, other_person] {
        assert!(fixture.accepts(&text(&tokens, "access_token")).await);
        assert_eq!(fixture.refresh(&client, &text(&tokens, "refresh_token")).await.0, 200);
    }
    let ended: Vec<_> = fixture.control().oauth_sign_ins().iter().map(|one| one.ended).collect();
    assert_eq!(ended, [true, false, false, false]);
    fixture.tokens(&client, &[]).await;
}

#[tokio::test]
async fn expired_access_can_be_refreshed() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let tokens = fixture.tokens(&client, &[]).await;
    let other = fixture.tokens(&client, &SECOND).await;
    fixture.control().expire_oauth_access("nobody@acme.test");
    fixture.control().expire_oauth_access(DEMO_EMAIL);
    assert!(!fixture.accepts(&text(&tokens, "access_token")).await);
    assert!(fixture.accepts(&text(&other, "access_token")).await);
    let (status, next) = fixture.refresh(&client, &text(&tokens, "refresh_token")).await;
    assert_eq!(status, 200);
    assert!(fixture.accepts(&text(&next, "access_token")).await);
}

#[tokio::test]
async fn forgotten_clients_register_again() {
    let fixture = client::start().await;
    let old = fixture.oauth_client().await;
    let tokens = fixture.tokens(&old, &[]).await;
    fixture.control().forget_oauth_clients();
    let refused = fixture.refresh(&old, &text(&tokens, "refresh_token")).await;
    assert_eq!(refused, unauthorized("invalid_client"));
    assert_eq!(fixture.open(&old, &[]).await.page().0, 400);
    assert!(fixture.accepts(&text(&tokens, "access_token")).await);
    assert_eq!(fixture.control().registrations(), 1);
    let new = fixture.oauth_client().await;
    assert_ne!(new, old);
    assert_eq!(fixture.control().registrations(), 2);
    let refused = fixture.refresh(&new, &text(&tokens, "refresh_token")).await;
    assert_eq!(refused, unauthorized("invalid_grant"));
    fixture.tokens(&new, &[]).await;
}

#[tokio::test]
async fn the_controls_over_http() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let tokens = fixture.tokens(&client, &[]).await;
    let access = text(&tokens, "access_token");
    let read = async || fixture.send("GET", "/sandbox/oauth-sign-ins", None, None).await.unwrap();
    let expected = json!({ "count": 1, "sign_ins": [{
        "email": DEMO_EMAIL, "client_id": client, "instance": "xsbx-demo-0001", "workspace": 1,
        "scope": super::client::SCOPES, "ended": false, "refreshes": 0, "replays": 0, "uses": [0],
    }] });
    assert_eq!(read().await, (200, expected));
    let done = (200, json!({}));
    assert_eq!(post(&fixture, "expire-oauth-access", json!({ "email": DEMO_EMAIL })).await, done);
    assert!(!fixture.accepts(&access).await);
    let end = json!({ "email": DEMO_EMAIL, "workspace": "xsbx-demo-0001/1" });
    assert_eq!(post(&fixture, "end-oauth-sign-in", end).await, done);
    assert_eq!(read().await.1["sign_ins"][0]["ended"], true);
    assert_eq!(post(&fixture, "forget-oauth-clients", json!({})).await, done);
    let refused = fixture.refresh(&client, &text(&tokens, "refresh_token")).await;
    assert_eq!(refused, unauthorized("invalid_client"));

    let nobody = json!({ "email": "nobody@acme.test", "workspace": "xsbx-demo-0001/1" });
    assert_eq!(post(&fixture, "end-oauth-sign-in", nobody).await.0, 404);
    for control in ["end-oauth-sign-in", "expire-oauth-access"] {
        let (status, answer) = post(&fixture, control, json!({})).await;
        assert_eq!(status, 400);
        assert!(answer["message"].as_str().unwrap().contains("email"));
    }
    let nobody = json!({ "email": SECOND_EMAIL.replace("second", "nobody") });
    assert_eq!(post(&fixture, "expire-oauth-access", nobody).await.0, 404);
}
