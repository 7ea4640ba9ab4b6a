//! Bad input at the token endpoint and elsewhere: the RFC's error, and nothing changed.

use axum::body::Body;
use http::Method;

use crate::harness::{Connection, TestApp, request};

#[tokio::test]
async fn token_requests_that_are_no_forms_are_refused() {
    let app = TestApp::start().await;
    for path in ["/token", "/refresh", "/revoke"] {
        for (content_type, body) in [
            ("application/json", "{\"grant_type\": \"refresh_token\"}"),
            ("text/plain", "grant_type=refresh_token"),
            ("", "grant_type=refresh_token"),
        ] {
            let request = request(Method::POST, path).header("content-type", content_type);
            let reply = app.send(request.body(Body::from(body)).unwrap()).await;
            reply.assert_error(400, "invalid_request");
        }
        let get = request(Method::GET, path).body(Body::empty()).unwrap();
        app.send(get).await.assert_status(405);
        app.post_form(path, &[("client_id", "a"), ("client_id", "a")])
            .await
            .assert_error(400, "invalid_request");
    }
}

#[tokio::test]
async fn token_requests_with_missing_or_odd_parameters_are_refused() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let id = connection.client.id.as_str();
    let refresh = connection.refresh.as_str();
    for (form, status, error) in [
        (vec![], 400, "invalid_request"),
        (vec![("grant_type", "")], 400, "invalid_request"),
        (vec![("grant_type", "client_credentials"), ("client_id", id)], 400, "unauthorized_client"),
        (vec![("grant_type", "password"), ("client_id", id)], 400, "unsupported_grant_type"),
        (vec![("grant_type", "refresh_token")], 400, "invalid_request"),
        (vec![("grant_type", "refresh_token"), ("client_id", id)], 400, "invalid_request"),
        (
            vec![("grant_type", "refresh_token"), ("client_id", "x"), ("refresh_token", refresh)],
            401,
            "invalid_client",
        ),
        (
            vec![
                ("grant_type", "refresh_token"),
                ("client_id", id),
                ("client_secret", "none was given"),
                ("refresh_token", refresh),
            ],
            401,
            "invalid_client",
        ),
        (
            vec![("grant_type", "refresh_token"), ("client_id", id), ("refresh_token", "snp_rt_x")],
            400,
            "invalid_grant",
        ),
        (vec![("grant_type", "authorization_code"), ("client_id", id)], 400, "invalid_request"),
    ] {
        app.post_form("/token", &form).await.assert_error(status, error);
    }
    app.post_form("/revoke", &[("client_id", id)]).await.assert_error(400, "invalid_request");
    connection.read_record(&app).await.ok();
    connection.client.refresh(&app, refresh).await.assert_status(200);
}

#[tokio::test]
async fn storage_trouble_is_temporary_and_costs_no_token() {
    let mut app = TestApp::start().await;
    let mut connection = Connection::new(&app).await;
    let busy = app.database.hold(app.dir.path()).await;
    let reply = connection.client.refresh(&app, &connection.refresh).await;
    let reply = reply.assert_error(503, "temporarily_unavailable");
    assert_eq!(reply.header("retry-after"), "2");
    app.get("/health").await.assert_status(503);
    drop(busy);
    connection.renew(&app).await;
    connection.read_record(&app).await.ok();
    app.restart().await;
    connection.renew(&app).await;
}
