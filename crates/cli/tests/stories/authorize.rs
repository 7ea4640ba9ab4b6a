//! The authorization endpoint: what is refused where, and what comes back.

use serde_json::json;

use crate::harness::{Browser, CALLBACK, Connection, Registered, TestApp, challenge, parameter};

#[tokio::test]
async fn a14_nobody_is_redirected_before_client_and_address_are_proven() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    for (changes, says) in [
        (vec![("client_id", "")], "no client_id"),
        (vec![("client_id", "unknown")], "This app is not registered"),
        (vec![("redirect_uri", "https://evil.example/")], "not one that the app registered"),
        (vec![("redirect_uri", "http://localhost:33418/callback")], "not one that the app"),
        (vec![("redirect_uri", "http://127.0.0.1:33418/callback/../x")], "not one that the app"),
        (vec![("redirect_uri", "http://127.0.0.1:33418@evil.example/callback")], "not one"),
    ] {
        let reply = app.get(&client.authorize_with(&changes)).await.assert_status(400);
        assert!(reply.text().contains(says), "{changes:?}: {}", reply.text());
        assert_eq!(reply.header("location"), "");
        assert_eq!(reply.header("cache-control"), "no-store");
    }
    let twice = format!("{}&client_id={}", client.authorize(), client.id);
    assert!(app.get(&twice).await.assert_status(400).text().contains("more than once"));
}

#[tokio::test]
async fn a5_a6_what_the_client_did_wrong_goes_back_to_it_with_state_and_issuer() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    for (changes, error) in [
        (vec![("response_type", "")], "invalid_request"),
        (vec![("response_type", "token")], "unsupported_response_type"),
        (vec![("response_type", "token"), ("code_challenge", "")], "unsupported_response_type"),
        (vec![("code_challenge", "")], "invalid_request"),
        (vec![("code_challenge_method", "")], "invalid_request"),
        (vec![("code_challenge_method", "plain")], "invalid_request"),
        (vec![("code_challenge_method", "S512")], "invalid_request"),
        (vec![("code_challenge", "short")], "invalid_request"),
        (vec![("resource", "https://other.example/mcp")], "invalid_target"),
        (vec![("resource", "http://127.0.0.1:8787/mcp#x")], "invalid_target"),
        (vec![("scope", "openid email")], "invalid_scope"),
    ] {
        let to = app.get(&client.authorize_with(&changes)).await.location();
        assert!(to.starts_with(&format!("{CALLBACK}?error={error}&")), "{changes:?}: {to}");
        assert_eq!(parameter(&to, "state").as_deref(), Some("the state & more"));
        assert_eq!(parameter(&to, "iss").as_deref(), Some("http://127.0.0.1:8787"));
    }
}

#[tokio::test]
async fn a_refusal_takes_nobody_to_a_web_address_that_anybody_can_register() {
    let app = TestApp::start().await;
    let web = "https://evil.example/callback";
    let uris = json!([web, "cursor://anysphere.cursor-mcp/oauth/callback"]);
    let client = Registered::with(&app, &json!({"redirect_uris": uris})).await;
    let bad = [("redirect_uri", web), ("response_type", "token")];
    let page = app.get(&client.authorize_with(&bad)).await.assert_status(400);
    assert_eq!(page.header("location"), "");
    let link = page.text().split("href=\"").nth(2).unwrap().split('"').next().unwrap().to_owned();
    let link = link.replace("&#38;", "&");
    assert!(link.starts_with("https://evil.example/callback?error=unsupported_response_type&"));
    assert_eq!(parameter(&link, "iss").as_deref(), Some("http://127.0.0.1:8787"));
    assert!(page.text().contains("<strong>evil.example</strong>"));

    // An app on the person's own computer, and one that the operator knows, are told at once.
    let app_link = "cursor://anysphere.cursor-mcp/oauth/callback";
    let bad = [("redirect_uri", app_link), ("response_type", "token")];
    assert!(app.get(&client.authorize_with(&bad)).await.location().starts_with(app_link));
    let known = ["add", "--name", "Known", "--id", "known", "--redirect-uri", web];
    app.operator(&known).await.unwrap();
    let known = Registered { id: "known".into(), secret: None };
    let bad = [("redirect_uri", web), ("response_type", "token")];
    assert!(app.get(&known.authorize_with(&bad)).await.location().starts_with(web));
}

#[tokio::test]
async fn a_code_can_be_redeemed_for_less_but_not_for_more() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let to =
        Browser::default().allow(&app, &client.authorize_with(&[("scope", "xano:read")])).await;
    let code = parameter(&to, "code").unwrap();
    let wider = client.redeem(&app, &code, &[("scope", "xano:read xano:delete")]).await;
    wider.assert_error(400, "invalid_scope");
    let to = Browser::default().allow(&app, &client.authorize()).await;
    let code = parameter(&to, "code").unwrap();
    let narrow = client.redeem(&app, &code, &[("scope", "xano:read mcp:admin")]).await;
    let narrow = narrow.assert_status(200).json();
    assert_eq!(narrow["scope"], "xano:read");
    let whole = client.refresh(&app, narrow["refresh_token"].as_str().unwrap()).await.json();
    assert_eq!(whole["scope"], "xano:read xano:write xano:schema xano:delete");
}

#[tokio::test]
async fn a_loopback_client_may_use_any_port() {
    let app = TestApp::start().await;
    let client =
        Registered::with(&app, &json!({"redirect_uris": ["http://127.0.0.1/callback"]})).await;
    let mut browser = Browser::default();
    for callback in ["http://127.0.0.1:51234/callback", "http://127.0.0.1:61234/callback"] {
        let to = browser.allow(&app, &client.authorize_with(&[("redirect_uri", callback)])).await;
        assert!(to.starts_with(&format!("{callback}?code=")), "{to}");
        let code = parameter(&to, "code").unwrap();
        client.redeem(&app, &code, &[("redirect_uri", callback)]).await.assert_status(200);
    }
}

#[tokio::test]
async fn the_only_registered_address_need_not_be_named_and_resource_need_not_be_sent() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let authorize = client.authorize_with(&[("redirect_uri", ""), ("resource", ""), ("state", "")]);
    let to = Browser::default().allow(&app, &authorize).await;
    assert_eq!(parameter(&to, "state"), None);
    let code = parameter(&to, "code").unwrap();
    client.redeem(&app, &code, &[("redirect_uri", "")]).await.assert_status(200);
}

#[tokio::test]
async fn denying_tells_the_client() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    let consent = browser.sign_in(&app, &login, "demo@acme.test", "demo-password").await;
    let to = browser.decide(&app, &consent, "deny").await;
    assert_eq!(parameter(&to, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&to, "state").as_deref(), Some("the state & more"));
    assert_eq!(parameter(&to, "iss").as_deref(), Some("http://127.0.0.1:8787"));
}

#[tokio::test]
async fn a_double_click_and_a_reload_do_no_harm() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    let consent = browser.sign_in(&app, &login, "demo@acme.test", "demo-password").await;
    let first = browser.decide(&app, &consent, "allow").await;
    let second = browser.decide(&app, &consent, "allow").await;
    assert_ne!(parameter(&first, "code"), parameter(&second, "code"));
    Connection::finish(&app, client, &second).await.read_record(&app).await.ok();
}

#[tokio::test]
async fn a7_a_code_works_once_and_its_replay_ends_what_it_gave() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let to = Browser::default().allow(&app, &client.authorize()).await;
    let code = parameter(&to, "code").unwrap();

    // Wrong attempts burn nothing.
    let other = Registered::new(&app).await;
    other.redeem(&app, &code, &[]).await.assert_error(400, "invalid_grant");
    let wrong = "another-verifier-of-more-than-forty-three-characters";
    let attempts = [
        (("code_verifier", wrong), "invalid_grant"),
        (("code_verifier", ""), "invalid_request"),
        (("redirect_uri", "http://127.0.0.1:1/callback"), "invalid_grant"),
        (("resource", "https://other.example/mcp"), "invalid_target"),
        (("client_id", ""), "invalid_request"),
        (("grant_type", "password"), "unsupported_grant_type"),
    ];
    for (change, error) in attempts {
        client.redeem(&app, &code, &[change]).await.assert_error(400, error);
    }
    let unknown = client.redeem(&app, &code, &[("client_id", "unknown")]).await;
    unknown.assert_error(401, "invalid_client");

    let connection = Connection::finish(&app, client.clone(), &to).await;
    connection.read_record(&app).await.ok();
    // Who found the code in a history has no verifier and can't end the grant with it.
    let found = client.redeem(&app, &code, &[("code_verifier", wrong)]).await;
    found.assert_error(400, "invalid_grant");
    connection.read_record(&app).await.ok();
    client.redeem(&app, &code, &[]).await.assert_error(400, "invalid_grant");
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    connection.rpc(&app, &list).await.assert_status(401);
    client.refresh(&app, &connection.refresh).await.assert_error(400, "invalid_grant");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twenty_parallel_redemptions_exactly_one_succeeds() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let to = Browser::default().allow(&app, &client.authorize()).await;
    let code = parameter(&to, "code").unwrap();
    let all = (0..20).map(|_| client.redeem(&app, &code, &[]));
    let statuses: Vec<_> =
        futures::future::join_all(all).await.iter().map(|reply| reply.status.as_u16()).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
}

#[tokio::test]
async fn confidential_clients_prove_themselves_as_registered() {
    let app = TestApp::start().await;
    for method in ["client_secret_basic", "client_secret_post"] {
        let metadata = json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": method});
        let client = Registered::with(&app, &metadata).await;
        let secret = client.secret.clone().unwrap();
        let to = Browser::default().allow(&app, &client.authorize()).await;
        let code = parameter(&to, "code").unwrap();
        client.redeem(&app, &code, &[]).await.assert_error(401, "invalid_client");
        let wrong = client.redeem(&app, &code, &[("client_secret", "wrong")]).await;
        wrong.assert_error(401, "invalid_client");
        let posted = client.redeem(&app, &code, &[("client_secret", &secret)]).await;
        if method == "client_secret_post" {
            posted.assert_status(200);
        } else {
            posted.assert_error(401, "invalid_client");
            basic(&app, &client, &secret, &code).await;
        }
    }
}

async fn basic(app: &TestApp, client: &Registered, secret: &str, code: &str) {
    use base64::Engine as _;
    let verifier = crate::harness::VERIFIER;
    assert_eq!(challenge(verifier).len(), 43);
    let body = format!("grant_type=authorization_code&code={code}&code_verifier={verifier}");
    let send = |secret: &str| {
        let basic = base64::prelude::BASE64_STANDARD.encode(format!("{}:{secret}", client.id));
        let request = crate::harness::request(http::Method::POST, "/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("authorization", format!("Basic {basic}"));
        app.send(request.body(axum::body::Body::from(body.clone())).unwrap())
    };
    let refused = send("wrong").await.assert_error(401, "invalid_client");
    assert!(refused.header("www-authenticate").starts_with("Basic"));
    send(secret).await.assert_status(200);
}
