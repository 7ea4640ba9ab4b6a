//! Data that survives a restart.

use serde_json::json;
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD, Options, Sandbox, StartError};

use crate::client;

#[tokio::test]
async fn a_restart_finds_the_data_and_the_keys() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("state.json");
    let first = client::start_with(Some(file.clone())).await;
    assert!(!file.exists());
    let session = first.login(DEMO_EMAIL, DEMO_PASSWORD).await.1;
    let made = first.ok("POST", "", Some(json!({ "name": "kept" }))).await;
    first.ok("PUT", "/3/content/1", Some(json!({ "name": "Changed" }))).await;
    first.ok("DELETE", "/3/content/48", None).await;
    let key = first.control().rotate_key(DEMO_EMAIL);
    let records = first.control().records(1, 3);
    first.sandbox.stop().await;

    let second = client::start_with(Some(file.clone())).await;
    assert_eq!(second.control().records(1, 3), records);
    assert_eq!(second.key(), key);
    assert_eq!(second.ok("GET", &format!("/{}", made["id"]), None).await["name"], "kept");
    assert_eq!(second.me(session["authToken"].as_str().unwrap()).await.0, 200);
    let next = second.ok("POST", "/3/content", Some(json!({}))).await;
    assert_eq!(next["id"], 49);
    second.control().reset();
    second.sandbox.stop().await;

    let third = client::start_with(Some(file)).await;
    assert_eq!(third.control().records(1, 3).len(), 48);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn many_writers_at_once_are_all_kept() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("state.json");
    let first = std::sync::Arc::new(client::start_with(Some(file.clone())).await);
    let writers: Vec<_> = (0..40)
        .map(|_| {
            let fixture = std::sync::Arc::clone(&first);
            tokio::spawn(async move { fixture.ok("POST", "/3/content", Some(json!({}))).await })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let second = client::start_with(Some(file)).await;
    assert_eq!(second.control().records(1, 3).len(), 88);
}

#[tokio::test]
async fn a_damaged_file_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("state.json");
    std::fs::write(&file, "{\"users\": [").unwrap();
    let options = Options { snapshot: Some(file.clone()), ..Options::default() };
    let error = Sandbox::start(options).await.unwrap_err();
    assert!(matches!(error, StartError::SnapshotCorrupt { .. }));
    assert!(error.to_string().contains(&file.display().to_string()), "{error}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "{\"users\": [");
}

#[tokio::test]
async fn a_snapshot_that_cannot_be_written_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("gone").join("state.json");
    let fixture = client::start_with(Some(file)).await;
    let (status, answer) = fixture.table("POST", "/3/content", Some(json!({}))).await;
    assert_eq!(status, 500);
    assert!(answer["message"].as_str().unwrap().contains("snapshot"));
}

#[tokio::test]
async fn other_machines_are_kept_out() {
    let options = Options { listen: "0.0.0.0:0".parse().unwrap(), ..Options::default() };
    let error = Sandbox::start(options).await.unwrap_err();
    assert!(error.to_string().contains("loopback"), "{error}");
}
