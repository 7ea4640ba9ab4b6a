//! Registration.

use std::sync::atomic::Ordering;

use serde_json::json;
use snappy_sandbox::OauthErrors;

use super::client::{REDIRECT, SCOPES};
use crate::client;

#[tokio::test]
async fn a_client_gets_an_id_and_what_it_asked_for() {
    let fixture = client::start().await;
    let body =
        json!({ "client_name": "Tester", "redirect_uris": [REDIRECT], "scopes": ["a", "b"] });
    let (status, answer) = fixture.register(body.clone()).await;
    assert_eq!(status, 200);
    assert_eq!(answer["scopes"], json!(["a", "b"]));
    assert_eq!(answer["redirect_uris"], json!([REDIRECT]));
    let other = fixture.register(body).await.1;
    assert_ne!(answer["client_id"], other["client_id"]);
    assert_eq!(fixture.control().registrations(), 2);
    assert_eq!(fixture.control().count("oauth.register"), 2);
}

#[tokio::test]
async fn a_scope_text_is_not_read() {
    let fixture = client::start().await;
    let body = json!({ "redirect_uris": [REDIRECT], "scope": SCOPES });
    let (status, answer) = fixture.register(body).await;
    assert_eq!((status, &answer["scopes"]), (200, &json!([])));
    let client = answer["client_id"].as_str().unwrap();
    for scope in [SCOPES, "workspace:read", ""] {
        let parameters = fixture.open(client, &[("scope", scope)]).await.back();
        assert_eq!(parameters["error"], "invalid_scope");
    }
}

#[tokio::test]
async fn redirect_uris_are_checked() {
    let fixture = client::start().await;
    for uri in [
        "https://app.example.test/cb",
        "https://app.example.test/cb?a=b",
        "http://127.0.0.1/cb",
        "http://localhost:1/cb",
        "http://[::1]:2/cb",
    ] {
        let (status, answer) = fixture.register(json!({ "redirect_uris": [uri] })).await;
        assert_eq!(status, 200, "{uri}: {answer}");
    }
    for body in [
        json!({}),
        json!({ "redirect_uris": [] }),
        json!({ "redirect_uris": REDIRECT }),
        json!({ "redirect_uris": ["/cb"] }),
        json!({ "redirect_uris": ["app.example.test"] }),
        json!({ "redirect_uris": ["a b"] }),
        json!({ "redirect_uris": [REDIRECT, 7] }),
        json!({ "redirect_uris": ["https://app.example.test/cb#part"] }),
        json!({ "redirect_uris": [REDIRECT, "http://app.example.test/cb"] }),
        json!({ "redirect_uris": ["http://127.0.0.1.example.test/cb"] }),
        json!({ "redirect_uris": ["app://host/cb"] }),
    ] {
        let (status, answer) = fixture.register(body.clone()).await;
        assert_eq!((status, &answer["code"]), (400, &json!("ERROR_CODE_INPUT_ERROR")), "{body}");
        assert!(answer["message"].as_str().unwrap().starts_with("invalid_redirect_uri: "));
    }
    assert_eq!(fixture.control().registrations(), 5);
    assert_eq!(fixture.register(json!([])).await.0, 400);
}

#[tokio::test]
async fn https_may_be_refused() {
    let fixture = client::start().await;
    fixture.control().set_oauth_https_redirects(false);
    let body = json!({ "redirect_uris": ["https://app.example.test/cb"] });
    let (status, answer) = fixture.register(body.clone()).await;
    assert_eq!(
        (status, &answer["message"]),
        (400, &json!("invalid_redirect_uri: https is not allowed"))
    );
    fixture.control().set_oauth_errors(OauthErrors::Rfc);
    let (status, answer) = fixture.register(body).await;
    assert_eq!((status, &answer["error"]), (400, &json!("invalid_redirect_uri")));
    assert_eq!(answer["error_description"], "https is not allowed");
    assert_eq!(fixture.register(json!({ "redirect_uris": [REDIRECT] })).await.0, 200);
}

#[tokio::test]
async fn only_public_clients() {
    let fixture = client::start().await;
    let method = "client_secret_basic";
    let body = json!({ "redirect_uris": [REDIRECT], "token_endpoint_auth_method": method });
    let (status, answer) = fixture.register(body).await;
    assert_eq!(status, 400);
    assert!(answer["message"].as_str().unwrap().starts_with("invalid_client_metadata: "));
}

#[tokio::test]
async fn ten_registrations_an_hour() {
    let fixture = client::start().await;
    for _ in 0..10 {
        // Refused registrations do not count.
        assert_eq!(fixture.register(json!({})).await.0, 400);
        fixture.oauth_client().await;
        fixture.clock.fetch_add(60_000, Ordering::SeqCst);
    }
    let body = json!({ "redirect_uris": [REDIRECT] });
    let (status, answer) = fixture.register(body.clone()).await;
    assert_eq!((status, &answer["code"]), (429, &json!("ERROR_CODE_TOO_MANY_REQUESTS")));
    fixture.clock.fetch_add(50 * 60_000 - 1, Ordering::SeqCst);
    assert_eq!(fixture.register(body.clone()).await.0, 429);
    fixture.clock.fetch_add(1, Ordering::SeqCst);
    assert_eq!(fixture.register(body.clone()).await.0, 200);
    assert_eq!(fixture.register(body).await.0, 429);
}
