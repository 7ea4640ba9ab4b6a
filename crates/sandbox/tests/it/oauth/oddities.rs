//! The metadata, and settings for what clients must survive.

use serde_json::{Value, json};
use snappy_sandbox::OauthErrors;

use super::client::{claims, text};
use crate::client::{self, Fixture};

const METADATA: &str = "/.well-known/oauth-authorization-server";

async fn metadata(fixture: &Fixture) -> Value {
    let (status, document) = fixture.send("GET", METADATA, None, None).await.unwrap();
    assert_eq!(status, 200);
    document
}

#[tokio::test]
async fn the_metadata_names_the_endpoints() {
    let fixture = client::start().await;
    let origin = fixture.sandbox.origin();
    let expected = json!({
        "issuer": origin,
        "authorization_endpoint": format!("{origin}/oauth2/authorize"),
        "token_endpoint": format!("{origin}/api:master/oauth/token"),
        "registration_endpoint": format!("{origin}/api:master/oauth/register"),
        "revocation_endpoint": format!("{origin}/api:master/oauth/revoke"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "scopes_supported": ["offline_access", "workspace:read", "workspace:write", "xano:dev"],
        "authorization_response_iss_parameter_supported": true,
    });
    assert_eq!(metadata(&fixture).await, expected);
    assert_eq!(fixture.control().count("oauth.metadata"), 1);
}

#[tokio::test]
async fn the_metadata_may_be_wrong() {
    let fixture = client::start().await;
    let seed = metadata(&fixture).await;
    fixture.control().set_oauth_issuer(Some("https://evil.example.test".to_owned()));
    let wrong = metadata(&fixture).await;
    assert_eq!(wrong["issuer"], "https://evil.example.test");
    assert_eq!(wrong["token_endpoint"], seed["token_endpoint"]);
    fixture.control().set_oauth_metadata(Some(json!(["odd"])));
    assert_eq!(metadata(&fixture).await, json!(["odd"]));
    fixture.control().set_oauth_metadata(None);
    fixture.control().set_oauth_issuer(None);
    assert_eq!(metadata(&fixture).await, seed);
}

#[tokio::test]
async fn the_issuer_of_redirects_may_be_missing_or_wrong() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    fixture.control().set_oauth_redirect_issuer(Some("https://evil.example.test".to_owned()));
    assert_eq!(fixture.allow(&client, &[]).await.back()["iss"], "https://evil.example.test");
    fixture.control().set_oauth_without_iss(true);
    let parameters = fixture.allow(&client, &[("decision", "deny")]).await.back();
    assert_eq!(parameters.keys().collect::<Vec<_>>(), ["error", "state"]);
    fixture.control().set_oauth_without_iss(false);
    fixture.control().set_oauth_redirect_issuer(None);
    let parameters = fixture.allow(&client, &[]).await.back();
    assert_eq!(parameters["iss"], fixture.sandbox.origin());
}

#[tokio::test]
async fn the_audience_may_be_anything() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    for audience in [json!("https://else.example.test"), json!(["a", "b"]), json!(7)] {
        fixture.control().set_oauth_audience(Some(audience.clone()));
        let access = text(&fixture.tokens(&client, &[]).await, "access_token");
        assert_eq!(claims(&access)["aud"], audience);
        assert!(fixture.accepts(&access).await);
    }
    fixture.control().set_oauth_audience(Some(Value::Null));
    let access = text(&fixture.tokens(&client, &[]).await, "access_token");
    assert_eq!(claims(&access).get("aud"), None);
    fixture.control().set_oauth_audience(None);
    let access = text(&fixture.tokens(&client, &[]).await, "access_token");
    assert_eq!(claims(&access)["aud"], json!(fixture.sandbox.origin()));
}

#[tokio::test]
async fn long_tokens() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let short = text(&fixture.tokens(&client, &[]).await, "access_token");
    fixture.control().set_oauth_padding(6_000);
    let long = text(&fixture.tokens(&client, &[]).await, "access_token");
    assert!(long.len() > 8_000 && short.len() < 1_200, "{} {}", long.len(), short.len());
    assert_eq!(claims(&long)["padding"].as_str().unwrap().len(), 6_000);
    assert!(fixture.accepts(&long).await);
}

#[tokio::test]
async fn the_refresh_token_may_be_missing() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let with = fixture.tokens(&client, &[]).await;
    fixture.control().set_oauth_without_refresh_token(true);
    assert_eq!(fixture.tokens(&client, &[]).await.get("refresh_token"), None);
    // The presented token stays valid when it is not replaced.
    for _ in 0..2 {
        let (status, next) = fixture.refresh(&client, &text(&with, "refresh_token")).await;
        assert_eq!((status, next.get("refresh_token")), (200, None));
    }
    fixture.control().set_oauth_without_refresh_token(false);
    let next = fixture.refresh(&client, &text(&with, "refresh_token")).await.1;
    assert!(next["refresh_token"].is_string());
    let sign_in = fixture.control().oauth_sign_ins().remove(0);
    assert_eq!((sign_in.refreshes, sign_in.uses), (3, vec![3, 0]));
}

#[tokio::test]
async fn reset_restores_the_settings() {
    let fixture = client::start().await;
    let seed = metadata(&fixture).await;
    let control = fixture.control();
    let first = fixture.oauth_client().await;
    let tokens = fixture.tokens(&first, &[]).await;
    control.set_oauth_errors(OauthErrors::Rfc);
    control.set_oauth_metadata(Some(json!({})));
    control.set_oauth_without_refresh_token(true);
    control.set_oauth_padding(100);
    control.set_oauth_https_redirects(false);
    control.reset();
    assert!(control.oauth_sign_ins().is_empty());
    assert_eq!(control.registrations(), 0);
    assert!(!fixture.accepts(&text(&tokens, "access_token")).await);
    assert_eq!(fixture.refresh(&first, "x.1.0").await.0, 401);
    assert_eq!(metadata(&fixture).await, seed);
    let client = fixture.oauth_client().await;
    let tokens = fixture.tokens(&client, &[]).await;
    assert!(tokens["refresh_token"].is_string());
    assert_eq!(claims(&text(&tokens, "access_token")).get("padding"), None);
}
