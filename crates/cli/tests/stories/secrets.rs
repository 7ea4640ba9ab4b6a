//! Nothing secret is in the database files, and nothing goes from one side to the other.

use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD};

use crate::harness::{Connection, TestApp};

#[tokio::test]
async fn the_database_holds_no_token_in_clear() {
    let app = TestApp::start().await;
    let mut connection = Connection::new(&app).await;
    let first = connection.clone();
    connection.renew(&app).await;
    connection.read_record(&app).await.ok();
    let session = app
        .xano
        .requests()
        .into_iter()
        .find(|request| request.operation == "signin.auth_me")
        .and_then(|request| request.authorization)
        .unwrap();
    let key = app.xano.api_key(DEMO_EMAIL);
    let session = session.trim_start_matches("Bearer ");
    let secrets = [
        first.access.as_str(),
        &first.refresh,
        &connection.access,
        &connection.refresh,
        &key,
        session,
        DEMO_PASSWORD,
        DEMO_EMAIL,
    ];
    for bytes in app.database.contents(app.dir.path()).await {
        for secret in secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "a secret is in the database");
        }
    }
}

#[tokio::test]
async fn r10_the_clients_token_never_reaches_xano() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    connection.read_record(&app).await.ok();
    for request in app.xano.requests() {
        let sent = format!("{request:?} {:?}", request.authorization);
        assert!(!sent.contains("snp_"), "{sent}");
    }
}
