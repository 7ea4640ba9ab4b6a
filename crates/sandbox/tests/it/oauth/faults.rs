//! Faults on the way.

use serde_json::{Value, json};
use snappy_sandbox::{Effect, FaultRule};

use super::client::{form, refresh_form, text, unauthorized};
use crate::client;

fn once(path: &str, effect: Effect) -> FaultRule {
    FaultRule { path_contains: Some(path.to_owned()), times: Some(1), ..FaultRule::always(effect) }
}

#[tokio::test]
async fn every_route_can_fail() {
    let fixture = client::start().await;
    for (method, path, operation) in [
        ("GET", "/.well-known/oauth-authorization-server", "oauth.metadata"),
        ("POST", "/api:master/oauth/register", "oauth.register"),
        ("GET", "/oauth2/authorize?client_id=x", "oauth.authorize"),
        ("POST", "/oauth2/authorize", "oauth.authorize"),
        ("POST", "/api:master/oauth/token", "oauth.token"),
        ("POST", "/api:master/oauth/revoke", "oauth.revoke"),
    ] {
        fixture.control().clear_requests();
        fixture.control().push_fault(once(path, Effect::Html { status: 502 }));
        assert_eq!(fixture.send(method, path, None, None).await.unwrap().0, 502, "{path}");
        let recorded = fixture.control().requests().remove(0);
        assert_eq!((recorded.operation.as_str(), recorded.status), (operation, Some(502)));
    }
    for (method, path) in [
        ("POST", "/.well-known/oauth-authorization-server"),
        ("GET", "/api:master/oauth/token"),
        ("GET", "/oauth2/authorize/"),
    ] {
        assert_eq!(fixture.send(method, path, None, None).await.unwrap().0, 404, "{path}");
    }
}

#[tokio::test]
async fn a_lost_answer_has_still_replaced_the_refresh_token() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("state.json");
    let fixture = client::start_with(Some(file.clone())).await;
    let client = fixture.oauth_client().await;
    let refresh = text(&fixture.tokens(&client, &[]).await, "refresh_token");
    fixture.control().push_fault(once("/oauth/token", Effect::ApplyThenClose));
    assert!(fixture.token(&refresh_form(&client, &refresh)).await.is_err());
    let sign_in = fixture.control().oauth_sign_ins().remove(0);
    assert_eq!((sign_in.refreshes, sign_in.uses), (1, vec![1, 0]));
    // What the file holds at this moment, without an orderly stop.
    let copy = dir.path().join("copy.json");
    std::fs::copy(&file, &copy).unwrap();

    let restarted = client::start_with(Some(copy)).await;
    for fixture in [&fixture, &restarted] {
        let answer = fixture.refresh(&client, &refresh).await;
        assert_eq!(answer, unauthorized("invalid_grant: refresh token replayed"));
        assert!(fixture.control().oauth_sign_ins()[0].ended);
    }
}

#[tokio::test]
async fn a_refusal_is_saved_too() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("state.json");
    let fixture = client::start_with(Some(file.clone())).await;
    let client = fixture.oauth_client().await;
    let refresh = text(&fixture.tokens(&client, &[]).await, "refresh_token");
    fixture.refresh(&client, &refresh).await;
    fixture.refresh(&client, &refresh).await;
    let saved: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(saved["oauth"]["sign_ins"]["list"]["1"]["ended"], json!(true));
    assert!(!std::fs::read_to_string(&file).unwrap().contains(&refresh));
}

#[tokio::test]
async fn a_failed_exchange_uses_up_the_code() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let code = fixture.code(&client, &[]).await;
    fixture.control().push_fault(once("/oauth/token", Effect::ApplyThenFail));
    assert_eq!(fixture.redeem(&client, &code, &[]).await.0, 502);
    assert_eq!(fixture.redeem(&client, &code, &[]).await, unauthorized("invalid_grant"));
    fixture.control().push_fault(once("/oauth/token", Effect::Close));
    let code = fixture.code(&client, &[]).await;
    let fields = form(&[("grant_type", "authorization_code"), ("code", &code)], &[]);
    assert!(fixture.token(&fields).await.is_err());
    assert_eq!(fixture.redeem(&client, &code, &[]).await.0, 200);
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let fixture = client::start_with(Some(dir.path().join("gone").join("state.json"))).await;
    let (status, answer) =
        fixture.register(json!({ "redirect_uris": ["http://localhost/cb"] })).await;
    assert_eq!(status, 500);
    assert!(answer["message"].as_str().unwrap().contains("snapshot"));
}
