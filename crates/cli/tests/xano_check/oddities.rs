//! Each oddity of the sandbox is a finding.

use std::time::Duration;

use serde_json::{Value, json};
use snappy_cli::system;
use snappy_sandbox::{Control, Effect, FaultRule, OauthErrors};

use crate::{ALL, Ran, allow, check, sandbox};

/// A run of everything with a changed sandbox, with a person who allows if they are asked.
async fn with(change: impl FnOnce(&Control)) -> Ran {
    let sandbox = sandbox().await;
    change(sandbox.control());
    check(&sandbox, &[], &ALL, system::runtime(), allow).await
}

fn is_complete(ran: &Ran, differs: &[&str]) {
    assert!(ran.complete, "{}", ran.text);
    assert_eq!(ran.with("differs"), differs, "{}", ran.text);
}

#[tokio::test]
async fn what_is_guessed_may_be_otherwise() {
    let ran = with(|control| control.set_oauth_access_life(Duration::from_secs(3_600))).await;
    is_complete(&ran, &["Tokens: expires_in"]);
    let ran = with(|control| control.set_account_api_takes_oauth(false)).await;
    is_complete(&ran, &["Calls with the access token: instance at the account"]);
    let ran = with(|control| control.set_oauth_replay_ends_access(true)).await;
    is_complete(&ran, &["Refresh: Access token after that"]);
    assert_eq!(ran.with("not_tried"), ["Revocation: Access token after it"]);
    let ran = with(|control| control.set_oauth_padding(6_000)).await;
    is_complete(&ran, &["Tokens: Claims", "Tokens: Length of the access token"]);
    let ran = with(|control| control.set_oauth_https_redirects(false)).await;
    is_complete(&ran, &["Registration: https redirect URI"]);
    let ran = with(|control| control.set_oauth_errors(OauthErrors::Rfc)).await;
    let refused = ["Replaced refresh token", "Newest refresh token after that"];
    let [replaced, newest] = refused.map(|subject| format!("Refresh: {subject}"));
    is_complete(&ran, &[&replaced, &newest, "Revocation: Refresh token after it"]);
}

#[tokio::test]
async fn a_missing_refresh_token() {
    let ran = with(|control| control.set_oauth_without_refresh_token(true)).await;
    is_complete(&ran, &["Sign-in: Members of the response", "Tokens: Refresh token"]);
    assert_eq!(ran.with("not_tried"), ["Refresh: Refresh", "Revocation: Revocation"]);
}

#[tokio::test]
async fn odd_audiences() {
    let differs = ["Tokens: aud", "Calls with the access token: instance at the account"];
    for audience in [json!("https://evil.example"), json!("x1"), json!(7), json!([]), Value::Null] {
        let ran = with(|control| control.set_oauth_audience(Some(audience.clone()))).await;
        let found = ran.with("differs");
        let found: Vec<_> = found.iter().filter(|one| *one != "Tokens: Claims").collect();
        assert_eq!(found, differs.iter().collect::<Vec<_>>(), "{audience} {}", ran.text);
        let not_tried = ran.with("not_tried");
        assert_eq!(not_tried, ["Calls with the access token: Calls at the instance"]);
        assert!(ran.complete && !ran.text.contains("access token after"), "{audience}");
    }
    // The host of a list is used, but a list is news.
    let sandbox = sandbox().await;
    let audience = json!([sandbox.origin(), "https://other.example"]);
    sandbox.control().set_oauth_audience(Some(audience));
    is_complete(&check(&sandbox, &[], &ALL, system::runtime(), allow).await, &["Tokens: aud"]);
}

#[tokio::test]
async fn odd_issuers_in_the_redirect() {
    let ran = with(|control| control.set_oauth_without_iss(true)).await;
    is_complete(&ran, &["Sign-in: iss in the redirect"]);
    let evil = Some("https://evil.example".to_owned());
    let sandbox = sandbox().await;
    sandbox.control().set_oauth_redirect_issuer(evil);
    let ran = check(&sandbox, &[], &ALL, system::runtime(), allow).await;
    assert_eq!(ran.with("differs"), ["Sign-in: iss in the redirect"]);
    assert_eq!(ran.with("failed"), ["Sign-in: Exchange of the code"]);
    assert_eq!((ran.complete, sandbox.control().count("oauth.token")), (false, 0));
}

#[tokio::test]
async fn odd_metadata() {
    let evil = Some("https://evil.example".to_owned());
    let ran = with(|control| control.set_oauth_issuer(evil)).await;
    assert_eq!((ran.complete, ran.with("differs")), (false, vec!["Discovery: Issuer".to_owned()]));
    assert_eq!(ran.with("failed"), ["Discovery: Use"]);

    let sandbox = sandbox().await;
    let origin = sandbox.origin();
    sandbox.control().set_oauth_metadata(Some(json!({
        "issuer": origin,
        "authorization_endpoint": "https://evil.example/authorize",
        "token_endpoint": format!("{origin}/token"),
        "registration_endpoint": "javascript:alert(1)",
        "response_types_supported": ["code", "token"],
        "grant_types_supported": ["authorization_code"],
        "code_challenge_methods_supported": ["plain"],
        "token_endpoint_auth_methods_supported": "none",
        "scopes_supported": [],
        "jwks_uri": format!("{origin}/keys"),
    })));
    let ran = check(&sandbox, &[], &ALL, system::runtime(), allow).await;
    assert_eq!((ran.complete, ran.with("failed")), (false, vec!["Discovery: Use".to_owned()]));
    assert_eq!(ran.with("ok"), ["Discovery: Status", "Discovery: Issuer"]);
    assert!(ran.text.contains("https://evil.example/authorize (another host"), "{}", ran.text);
    assert!(ran.text.contains("javascript:alert(1) (not https)"), "{}", ran.text);

    for document in [json!([]), json!("x"), json!({})] {
        let ran = with(|control| control.set_oauth_metadata(Some(document))).await;
        assert_eq!((ran.complete, ran.with("failed")), (false, vec!["Discovery: Use".to_owned()]));
    }
}

#[tokio::test]
async fn xano_may_fail_at_any_step() {
    let broken = |path: &str, effect| FaultRule {
        path_contains: Some(path.to_owned()),
        ..FaultRule::always(effect)
    };
    for (path, failed) in [
        (".well-known", "Discovery: Use"),
        ("oauth/register", "Registration: Loopback redirect URI"),
        ("oauth/token", "Sign-in: Exchange of the code"),
    ] {
        let rule = broken(path, Effect::Empty { status: 503 });
        let ran = with(|control| control.push_fault(rule)).await;
        let found = ran.with("failed");
        assert!(!ran.complete && found.contains(&failed.to_owned()), "{path} {}", ran.text);
    }
    let rule = broken("auth/me", Effect::Empty { status: 503 });
    let ran = with(|control| control.push_fault(rule)).await;
    assert!(ran.complete && !ran.with("differs").is_empty());
}

#[tokio::test]
async fn the_limit_of_registrations_is_named() {
    let sandbox = sandbox().await;
    let none = async |_| panic!("nobody is asked");
    let arguments = ["--register", "--json"];
    for _ in 0..10 {
        assert!(check(&sandbox, &[], &arguments, system::runtime(), none).await.complete);
    }
    let ran = check(&sandbox, &[], &arguments, system::runtime(), none).await;
    assert_eq!(ran.with("failed"), ["Registration: Loopback redirect URI"]);
    assert!(ran.text.contains("429, code"), "{}", ran.text);
}
