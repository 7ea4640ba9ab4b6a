//! Changing the key that seals what is stored, while people work.

use serde_json::json;

use crate::harness::{Browser, CALLBACK, Connection, Registered, TestApp, parameter};

const OLD: &str = "a-key-for-the-stories";
const BOTH: &str = "a-newer-key-for-the-stories,a-key-for-the-stories";
const NEW: &str = "a-newer-key-for-the-stories";

#[tokio::test]
async fn a_key_is_changed_without_a_sign_in() {
    let mut app = TestApp::start_with(&[("ENCRYPTION_KEY", OLD)]).await;
    let mut connection = Connection::new(&app).await;
    let metadata =
        json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "client_secret_post"});
    let confidential = Registered::with(&app, &metadata).await;
    let secret = confidential.secret.clone().unwrap();

    app.restart_with(&[("ENCRYPTION_KEY", BOTH)]).await;
    let printed = app.rotate_keys().await;
    assert!(
        printed.starts_with("Re-encrypted credentials: 1. Already up to date: 0."),
        "{printed}"
    );
    let printed = app.rotate_keys().await;
    assert!(
        printed.starts_with("Re-encrypted credentials: 0. Already up to date: 1."),
        "{printed}"
    );
    connection.read_record(&app).await.ok();
    // With its next refresh an app holds tokens under the newer key, and a secret moves when used.
    connection.renew(&app).await;
    connection.renew(&app).await;
    let to = Browser::default().allow(&app, &confidential.authorize()).await;
    let code = parameter(&to, "code").unwrap();
    let proof = [("client_secret", secret.as_str())];
    confidential.redeem(&app, &code, &proof).await.assert_status(200);

    app.restart_with(&[("ENCRYPTION_KEY", NEW)]).await;
    connection.read_record(&app).await.ok();
    connection.renew(&app).await;
    let to = Browser::default().allow(&app, &confidential.authorize()).await;
    let code = parameter(&to, "code").unwrap();
    confidential.redeem(&app, &code, &proof).await.assert_status(200);
}
