//! The two journeys, from nothing to a working connection and on through a restart.

use serde_json::json;
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD};

use crate::harness::{Browser, Connection, Registered, TestApp, parameter, request};

#[tokio::test]
async fn a1_a18_from_nothing_to_a_record() {
    let app = TestApp::start().await;

    // The client is told where to sign in.
    let refused = app.post_json("/mcp", &json!({})).await.assert_status(401);
    let challenge = refused.header("www-authenticate").to_owned();
    let metadata =
        challenge.split("resource_metadata=\"").nth(1).unwrap().split('"').next().unwrap();
    let resource = app.get(metadata).await.assert_status(200).json();
    let server = resource["authorization_servers"][0].as_str().unwrap();
    let well_known = format!("{server}/.well-known/oauth-authorization-server");
    let server = app.get(&well_known).await.assert_status(200).json();
    assert!(server["registration_endpoint"].as_str().unwrap().ends_with("/register"));

    // It registers, and the person signs in and allows it.
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    assert!(login.text().contains("Story Client"));
    let consent = browser.sign_in(&app, &login, DEMO_EMAIL, DEMO_PASSWORD).await;
    assert!(consent.text().contains("demo@acme.test"));
    let to = browser.decide(&app, &consent, "allow").await;
    assert!(to.starts_with("http://127.0.0.1:33418/callback?code="), "{to}");
    assert_eq!(parameter(&to, "state").as_deref(), Some("the state & more"));
    assert_eq!(parameter(&to, "iss").as_deref(), Some("http://127.0.0.1:8787"));

    // It has its tokens and works.
    let connection = Connection::finish(&app, client, &to).await;
    assert_eq!(connection.read_record(&app).await.ok()["id"], 1);
}

#[tokio::test]
async fn a_restart_loses_no_sign_in_no_registration_and_no_rotation() {
    let mut app = TestApp::start().await;
    let mut connection = Connection::new(&app).await;
    let waiting = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &waiting.authorize()).await;

    app.restart().await;
    connection.read_record(&app).await.ok();
    connection.renew(&app).await;

    // Even a sign-in that was half done goes on.
    let consent = browser.sign_in(&app, &login, DEMO_EMAIL, DEMO_PASSWORD).await;
    app.restart().await;
    let to = browser.decide(&app, &consent, "allow").await;
    app.restart().await;
    let second = Connection::finish(&app, waiting, &to).await;
    second.read_record(&app).await.ok();
    connection.renew(&app).await;
    connection.read_record(&app).await.ok();
}

#[tokio::test]
async fn one_person_connects_many_clients_and_each_stands_alone() {
    let app = TestApp::start().await;
    let first = Connection::new(&app).await;
    let second = Connection::new(&app).await;
    let status = |connection: &Connection| {
        let request = request(http::Method::GET, "/status")
            .header("authorization", format!("Bearer {}", connection.access));
        app.send(request.body(axum::body::Body::empty()).unwrap())
    };
    let (one, two) = (status(&first).await.json(), status(&second).await.json());
    assert_eq!(one["credentials"][0]["id"], two["credentials"][0]["id"], "one Xano credential");
    assert_ne!(one["grant"]["id"], two["grant"]["id"]);
    let form = [("client_id", first.client.id.as_str()), ("token", first.refresh.as_str())];
    app.post_form("/revoke", &form).await.assert_status(200);
    second.read_record(&app).await.ok();
}

#[tokio::test]
async fn status_says_who_and_how_long_and_no_secret() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let get = || {
        let request = request(http::Method::GET, "/status")
            .header("authorization", format!("bearer {}", connection.access));
        app.send(request.body(axum::body::Body::empty()).unwrap())
    };
    let reply = get().await.assert_status(200);
    let status = reply.json();
    assert_eq!(status["person"]["email"], DEMO_EMAIL);
    assert_eq!(status["client"]["name"], "Story Client");
    assert_eq!(status["access_token"]["expires_in"], 86_400);
    assert_eq!(status["credentials"][0]["state"], "usable");
    let key = app.xano.api_key(DEMO_EMAIL);
    assert_eq!(status["credentials"][0]["kind"], "session");
    let text = reply.text().replace(r#""kind":"session""#, "");
    for secret in [connection.access.as_str(), &connection.refresh, &key, "session"] {
        assert!(!text.contains(secret));
    }
    app.get("/status").await.assert_status(401);
    let debug = connection.call(&app, "debug_auth", json!({})).await;
    assert_eq!(debug.ok()["grant"], status["grant"]);
}

#[tokio::test]
async fn health_tells_of_process_and_store_whatever_the_host() {
    let app = TestApp::start().await;
    let health = axum::http::Request::get("/health").header("host", "10.1.2.3");
    let reply = app.send(health.body(axum::body::Body::empty()).unwrap()).await.assert_status(200);
    assert_eq!(reply.json()["status"], "ok");
    assert_eq!(reply.json()["store"], "ok");
}
