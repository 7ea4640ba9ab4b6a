//! How long tokens are valid, and what survives a restart.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;

use super::client::{claims, text, unauthorized};
use crate::client::{self, NOW_MS};

#[tokio::test]
async fn access_ends_by_the_clock() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let tokens = fixture.tokens(&client, &[]).await;
    let access = text(&tokens, "access_token");
    fixture.clock.fetch_add(15 * 60_000 - 1, Ordering::SeqCst);
    assert!(fixture.accepts(&access).await);
    fixture.clock.fetch_add(1, Ordering::SeqCst);
    assert!(!fixture.accepts(&access).await);
    assert_eq!(fixture.with_token("GET", "/workspace/1", &access).await.0, 401);
    fixture.clock.fetch_add(90 * 24 * 60 * 60_000, Ordering::SeqCst);
    let (status, next) = fixture.refresh(&client, &text(&tokens, "refresh_token")).await;
    assert_eq!(status, 200);
    assert!(fixture.accepts(&text(&next, "access_token")).await);
    assert!(!fixture.accepts(&access).await);
}

#[tokio::test]
async fn the_life_can_be_changed() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    fixture.control().set_oauth_access_life(Duration::from_secs(60));
    let tokens = fixture.tokens(&client, &[]).await;
    let access = text(&tokens, "access_token");
    assert_eq!(tokens["expires_in"], 60);
    assert_eq!(claims(&access)["exp"], json!(NOW_MS / 1000 + 60));
    fixture.clock.fetch_add(60_000, Ordering::SeqCst);
    assert!(!fixture.accepts(&access).await);
}

#[tokio::test]
async fn a_restart_keeps_clients_codes_and_tokens() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("state.json");
    let first = client::start_with(Some(file.clone())).await;
    let client = first.oauth_client().await;
    let used = first.tokens(&client, &[]).await;
    let newest = first.refresh(&client, &text(&used, "refresh_token")).await.1;
    let ended = first.tokens(&client, &[]).await;
    first.refresh(&client, &text(&ended, "refresh_token")).await;
    first.refresh(&client, &text(&ended, "refresh_token")).await;
    let code = first.code(&client, &[]).await;
    let sign_ins = first.control().oauth_sign_ins();
    first.sandbox.stop().await;

    let second = client::start_with(Some(file.clone())).await;
    assert_eq!(second.control().oauth_sign_ins(), sign_ins);
    assert_eq!(second.control().registrations(), 1);
    for tokens in [&used, &newest, &ended] {
        assert!(second.accepts(&text(tokens, "access_token")).await);
    }
    assert_eq!(second.redeem(&client, &code, &[]).await.0, 200);
    let (status, answer) = second.refresh(&client, &text(&newest, "refresh_token")).await;
    assert_eq!(status, 200, "{answer}");
    let replayed = second.refresh(&client, &text(&ended, "refresh_token")).await;
    assert_eq!(replayed, unauthorized("invalid_grant: refresh token replayed"));
    let other = second.oauth_client().await;
    assert_ne!(other, client);
    second.control().reset();
    second.sandbox.stop().await;

    let third = client::start_with(Some(file)).await;
    assert!(third.control().oauth_sign_ins().is_empty());
    assert!(!third.accepts(&text(&answer, "access_token")).await);
}

#[tokio::test]
async fn a_file_without_this_part_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("state.json");
    let first = client::start_with(Some(file.clone())).await;
    first.ok("PUT", "/3/content/1", Some(json!({ "name": "Changed" }))).await;
    first.sandbox.stop().await;
    let text = std::fs::read_to_string(&file).unwrap();
    let mut saved: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(saved.as_object_mut().unwrap().remove("oauth").is_some());
    std::fs::write(&file, saved.to_string()).unwrap();

    let second = client::start_with(Some(file)).await;
    assert_eq!(second.control().records(1, 3)[0]["name"], "Changed");
    second.oauth_client().await;
}

#[tokio::test]
async fn the_same_seed_gives_the_same_tokens() {
    let mut seen = Vec::new();
    for _ in 0..2 {
        let fixture = client::start().await;
        fixture.control().set_oauth_audience(Some(json!("https://x.example.test")));
        let client = fixture.oauth_client().await;
        let tokens = fixture.tokens(&client, &[]).await;
        let access = text(&tokens, "access_token");
        let mut claims = claims(&access);
        claims.as_object_mut().unwrap().remove("iss");
        let signature = access.rsplit('.').next().unwrap().to_owned();
        seen.push((client, tokens["refresh_token"].clone(), claims, signature));
    }
    assert_eq!(seen[0], seen[1]);
}
