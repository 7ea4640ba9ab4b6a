//! The token and revocation endpoints.

use std::sync::atomic::Ordering;

use serde_json::json;
use snappy_sandbox::{DEMO_EMAIL, OauthErrors, SECOND_EMAIL};

use super::client::{SCOPES, SECOND, claims, form, part, refresh_form, text, unauthorized};
use crate::client::{self, NOW_MS};

#[tokio::test]
async fn the_whole_way() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let code = fixture.code(&client, &[]).await;
    let (status, answer) = fixture.redeem(&client, &code, &[]).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("Bearer"), &json!(900)));
    assert_eq!(answer["scope"], SCOPES);
    let access = text(&answer, "access_token");
    assert_eq!(part(&access, 0), br#"{"alg":"RS256","typ":"at+jwt"}"#);
    assert_eq!(part(&access, 2).len(), 256);
    let claims = claims(&access);
    let origin = json!(fixture.sandbox.origin());
    assert_eq!((&claims["iss"], &claims["aud"]), (&origin, &origin));
    assert_eq!((&claims["sub"], &claims["client_id"]), (&json!("1"), &json!(client)));
    assert_eq!((&claims["scope"], &claims["iat"]), (&json!(SCOPES), &json!(NOW_MS / 1000)));
    assert_eq!(claims["exp"], json!(NOW_MS / 1000 + 900));
    assert!(fixture.accepts(&access).await);

    let (status, next) = fixture.refresh(&client, &text(&answer, "refresh_token")).await;
    assert_eq!(status, 200, "{next}");
    assert_ne!(next["refresh_token"], answer["refresh_token"]);
    assert_ne!(next["access_token"], answer["access_token"]);
    assert_eq!((&next["expires_in"], &next["scope"]), (&json!(900), &json!(SCOPES)));
    assert!(fixture.accepts(&text(&next, "access_token")).await);
    assert!(fixture.accepts(&access).await);

    let sign_in = fixture.control().oauth_sign_ins().remove(0);
    assert_eq!((sign_in.email.as_str(), &sign_in.client_id), (DEMO_EMAIL, &client));
    assert_eq!((sign_in.instance.as_str(), sign_in.workspace), ("xsbx-demo-0001", 1));
    assert_eq!(sign_in.scope, SCOPES);
    assert_eq!((sign_in.ended, sign_in.refreshes, sign_in.replays), (false, 1, 0));
    assert_eq!(sign_in.uses, [1, 0]);
    let operations: Vec<_> =
        fixture.control().requests().into_iter().map(|request| request.operation).collect();
    let expected = ["oauth.register", "oauth.authorize", "oauth.token", "auth_me", "oauth.token"];
    assert_eq!(operations[..5], expected);
}

#[tokio::test]
async fn a_code_is_redeemed_once_within_a_minute_by_its_client() {
    let fixture = client::start().await;
    let (client, other) = (fixture.oauth_client().await, fixture.oauth_client().await);
    let refused = unauthorized("invalid_grant");

    let code = fixture.code(&client, &[]).await;
    assert_eq!(fixture.redeem(&other, &code, &[]).await, refused);
    assert_eq!(fixture.redeem(&client, &code, &[]).await.0, 200);
    assert_eq!(fixture.redeem(&client, &code, &[]).await, refused);
    assert_eq!(fixture.redeem(&client, "unknown", &[]).await, refused);

    for changes in [("redirect_uri", "http://127.0.0.1:1/x"), ("code_verifier", "another")] {
        let code = fixture.code(&client, &[]).await;
        assert_eq!(fixture.redeem(&client, &code, &[changes]).await, refused);
        assert_eq!(fixture.redeem(&client, &code, &[]).await, refused);
    }

    let code = fixture.code(&client, &[]).await;
    fixture.clock.fetch_add(59_999, Ordering::SeqCst);
    assert_eq!(fixture.redeem(&client, &code, &[]).await.0, 200);
    let code = fixture.code(&client, &[]).await;
    fixture.clock.fetch_add(60_000, Ordering::SeqCst);
    assert_eq!(fixture.redeem(&client, &code, &[]).await, refused);
}

#[tokio::test]
async fn incomplete_requests() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let code = fixture.code(&client, &[]).await;
    for (name, message) in [
        ("code", "invalid_request: code is missing"),
        ("redirect_uri", "invalid_request: redirect_uri is missing"),
        ("code_verifier", "invalid_request: code_verifier is missing"),
        ("grant_type", "unsupported_grant_type: use authorization_code or refresh_token"),
    ] {
        let (status, answer) = fixture.redeem(&client, &code, &[(name, "")]).await;
        assert_eq!((status, &answer["message"]), (400, &json!(message)));
        assert_eq!(answer["code"], "ERROR_CODE_INPUT_ERROR");
    }
    let (status, answer) = fixture.redeem(&client, &code, &[("grant_type", "password")]).await;
    assert_eq!(status, 400);
    assert!(answer["message"].as_str().unwrap().starts_with("unsupported_grant_type"));
    let (status, answer) = fixture.refresh(&client, "").await;
    assert_eq!(status, 400);
    assert_eq!(answer["message"], "invalid_request: refresh_token is missing");
    for id in ["unknown", ""] {
        let answer = fixture.redeem(&client, &code, &[("client_id", id)]).await;
        assert_eq!(answer, unauthorized("invalid_client"));
        assert_eq!(fixture.refresh(id, "x.1.0").await, unauthorized("invalid_client"));
    }
    assert_eq!(fixture.redeem(&client, &code, &[]).await.0, 200);
}

#[tokio::test]
async fn a_replayed_refresh_token_ends_the_sign_in() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let first = fixture.tokens(&client, &[]).await;
    let bystander = fixture.tokens(&client, &[]).await;
    let second = fixture.refresh(&client, &text(&first, "refresh_token")).await.1;
    let replayed = unauthorized("invalid_grant: refresh token replayed");
    assert_eq!(fixture.refresh(&client, &text(&first, "refresh_token")).await, replayed);
    let newest = fixture.refresh(&client, &text(&second, "refresh_token")).await;
    assert_eq!(newest, unauthorized("invalid_grant"));
    assert_eq!(fixture.refresh(&client, &text(&first, "refresh_token")).await, replayed);
    assert!(fixture.accepts(&text(&first, "access_token")).await);
    assert!(fixture.accepts(&text(&second, "access_token")).await);

    let sign_ins = fixture.control().oauth_sign_ins();
    assert_eq!((sign_ins[0].ended, sign_ins[0].refreshes, sign_ins[0].replays), (true, 1, 2));
    assert_eq!(sign_ins[0].uses, [3, 1]);
    assert!(!sign_ins[1].ended);
    assert_eq!(fixture.refresh(&client, &text(&bystander, "refresh_token")).await.0, 200);

    fixture.control().set_oauth_replay_ends_access(true);
    let third = fixture.tokens(&client, &[]).await;
    fixture.refresh(&client, &text(&third, "refresh_token")).await;
    fixture.refresh(&client, &text(&third, "refresh_token")).await;
    assert!(!fixture.accepts(&text(&third, "access_token")).await);
    assert!(fixture.accepts(&text(&second, "access_token")).await);
}

#[tokio::test]
async fn a_refresh_token_of_another_client_is_refused_without_harm() {
    let fixture = client::start().await;
    let (client, other) = (fixture.oauth_client().await, fixture.oauth_client().await);
    let tokens = fixture.tokens(&client, &[]).await;
    let refresh = text(&tokens, "refresh_token");
    assert_eq!(fixture.refresh(&other, &refresh).await, unauthorized("invalid_grant"));
    for wrong in ["unknown", "x.1.0", "x.1.0.0", "..", &format!("{refresh}0")] {
        assert_eq!(fixture.refresh(&client, wrong).await, unauthorized("invalid_grant"));
    }
    assert_eq!(fixture.control().oauth_sign_ins()[0].uses, [1]);
    assert_eq!(fixture.refresh(&client, &refresh).await.0, 200);
    assert_eq!(fixture.control().oauth_sign_ins()[0].uses, [2, 0]);
}

#[tokio::test]
async fn a_refresh_may_ask_for_less() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let refresh = text(&fixture.tokens(&client, &[]).await, "refresh_token");
    let mut fields = refresh_form(&client, &refresh);
    fields.push(("scope".to_owned(), "workspace:read openid".to_owned()));
    let (status, answer) = fixture.token(&fields).await.unwrap();
    assert_eq!(status, 400);
    assert_eq!(answer["message"], "invalid_scope: more than was granted");
    fields.pop();
    fields.push(("scope".to_owned(), "workspace:read".to_owned()));
    let (status, answer) = fixture.token(&fields).await.unwrap();
    assert_eq!((status, &answer["scope"]), (200, &json!("workspace:read")));
    let path = "/workspace/1/table/3/content";
    assert_eq!(fixture.with_token("POST", path, &text(&answer, "access_token")).await.0, 403);
    let (_, answer) = fixture.refresh(&client, &text(&answer, "refresh_token")).await;
    assert_eq!(answer["scope"], SCOPES);
}

#[tokio::test]
async fn without_offline_access_there_is_no_refresh_token() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let tokens = fixture.tokens(&client, &[("scope", "workspace:read")]).await;
    assert_eq!(tokens.get("refresh_token"), None);
    assert_eq!(tokens["scope"], "workspace:read");
    assert!(fixture.accepts(&text(&tokens, "access_token")).await);
    assert_eq!(fixture.control().oauth_sign_ins()[0].uses, [0_u32; 0]);
}

#[tokio::test]
async fn errors_in_the_form_of_the_specification() {
    let fixture = client::start().await;
    fixture.control().set_oauth_errors(OauthErrors::Rfc);
    let client = fixture.oauth_client().await;
    let refresh = text(&fixture.tokens(&client, &[]).await, "refresh_token");
    fixture.refresh(&client, &refresh).await;
    let expected =
        json!({ "error": "invalid_grant", "error_description": "refresh token replayed" });
    assert_eq!(fixture.refresh(&client, &refresh).await, (400, expected));
    let (status, answer) = fixture.refresh("unknown", &refresh).await;
    assert_eq!((status, &answer["error"]), (400, &json!("invalid_client")));
    let (status, answer) = fixture.redeem(&client, "c", &[("grant_type", "x")]).await;
    assert_eq!((status, &answer["error"]), (400, &json!("unsupported_grant_type")));
}

#[tokio::test]
async fn revoking_ends_the_sign_in() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let tokens = fixture.tokens(&client, &[]).await;
    let other = fixture.tokens(&client, &SECOND).await;
    let refresh = text(&tokens, "refresh_token");
    let revoke = async |client: &str, token: &str| {
        let fields = form(&[("client_id", client), ("token", token)], &[]);
        let response = fixture.post_form("/api:master/oauth/revoke", &fields).await.unwrap();
        assert_eq!(response.status(), 200);
    };
    revoke("unknown", &refresh).await;
    revoke("", &refresh).await;
    revoke(&client, "unknown").await;
    assert!(!fixture.control().oauth_sign_ins()[0].ended);
    revoke(&client, &refresh).await;
    assert_eq!(fixture.refresh(&client, &refresh).await, unauthorized("invalid_grant"));
    assert!(!fixture.accepts(&text(&tokens, "access_token")).await);
    revoke(&client, &refresh).await;
    let sign_ins = fixture.control().oauth_sign_ins();
    assert!(sign_ins[0].ended && !sign_ins[1].ended && sign_ins[1].email == SECOND_EMAIL);
    assert!(fixture.accepts(&text(&other, "access_token")).await);
    assert_eq!(fixture.control().count("oauth.revoke"), 5);
}
