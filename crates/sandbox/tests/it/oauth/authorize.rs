//! The authorization endpoint.

use snappy_sandbox::DEMO_EMAIL;

use super::client::{CHALLENGE, REDIRECT, STORE, Shown};
use crate::client;

#[tokio::test]
async fn the_page_asks_who_and_for_which_workspace() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let (status, html) = fixture.open(&client, &[]).await.page();
    assert_eq!(status, 200);
    assert!(html.contains("Sandbox Xano") && html.contains("Tester &lt;1>"), "{html}");
    for field in [
        r#"name="email" type="email""#,
        r#"name="password" type="password""#,
        r#"name="workspace" value="xsbx-demo-0001/1" required> Acme Store / Acme Store<"#,
        r#"name="workspace" value="xsbx-demo-0001/2" required> Acme Store / Playground<"#,
        r#"name="workspace" value="xsbx-demo-0002/1" required> Acme Staging / Acme Store<"#,
        r#"name="workspace" value="xsbx-demo-0002/2" required> Acme Staging / Playground<"#,
        r#"name="decision" value="allow">Allow<"#,
        r#"name="decision" value="deny" formnovalidate>Cancel<"#,
        r#"type="hidden" name="state" value="st a&amp;te""#,
        &format!(r#"type="hidden" name="client_id" value="{client}""#),
        &format!(r#"type="hidden" name="redirect_uri" value="{REDIRECT}""#),
        &format!(r#"type="hidden" name="code_challenge" value="{CHALLENGE}""#),
        "<li><code>workspace:write</code></li>",
    ] {
        assert!(html.contains(field), "{field} in {html}");
    }
    let (_, html) = fixture.open(&client, &[("state", "")]).await.page();
    assert!(!html.contains(r#"name="state""#));
}

#[tokio::test]
async fn nobody_is_sent_to_an_address_that_is_not_registered() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let same_but = format!("{REDIRECT}/");
    for changes in [
        [("client_id", "unknown")],
        [("client_id", "")],
        [("redirect_uri", "")],
        [("redirect_uri", &same_but)],
        [("redirect_uri", "http://127.0.0.1:47101/oauth/callback")],
    ] {
        let (status, html) = fixture.open(&client, &changes).await.page();
        assert!(status == 400 && html.contains("This application "), "{html}");
        let (status, html) = fixture.allow(&client, &changes).await.page();
        assert!(status == 400 && html.contains("This application "), "{html}");
    }
}

#[tokio::test]
async fn other_errors_go_back_to_the_client() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    for (changes, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("response_type", ""), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge", "short"), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("code_challenge_method", ""), "invalid_request"),
        (("scope", "workspace:read openid"), "invalid_scope"),
        (("scope", " "), "invalid_scope"),
    ] {
        for shown in
            [fixture.open(&client, &[changes]).await, fixture.allow(&client, &[changes]).await]
        {
            let parameters = shown.back();
            assert_eq!(parameters["error"], error, "{changes:?}");
            assert_eq!(parameters["state"], "st a&te");
            assert_eq!(parameters["iss"], fixture.sandbox.origin());
            assert_eq!(parameters.get("code"), None);
        }
    }
    assert!(fixture.control().oauth_sign_ins().is_empty());
}

#[tokio::test]
async fn allowing_and_refusing() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let Shown::Back(location, parameters) = fixture.allow(&client, &[]).await else {
        panic!("no redirect");
    };
    assert!(location.starts_with(&format!("{REDIRECT}?code=")), "{location}");
    assert_eq!(parameters["state"], "st a&te");
    assert_eq!(parameters["iss"], fixture.sandbox.origin());

    let parameters = fixture.allow(&client, &[("state", "")]).await.back();
    assert_eq!(parameters.get("state"), None);

    let refusal = [("decision", "deny"), ("email", ""), ("password", ""), ("workspace", "")];
    let parameters = fixture.allow(&client, &refusal).await.back();
    assert_eq!(parameters["error"], "access_denied");
    assert_eq!((parameters["state"].as_str(), parameters.len()), ("st a&te", 3));
}

#[tokio::test]
async fn the_page_comes_again_after_a_mistake() {
    let fixture = client::start().await;
    let client = fixture.oauth_client().await;
    let (status, html) = fixture.allow(&client, &[("password", "wrong")]).await.page();
    assert!(status == 403 && html.contains("Invalid Credentials."), "{html}");
    assert!(html.contains(&format!(r#"value="{DEMO_EMAIL}""#)) && !html.contains("wrong"));
    assert!(html.contains(&format!(r#"value="{STORE}" required checked"#)));
    assert!(html.contains(r#"name="state" value="st a&amp;te""#));
    for (change, hint) in [
        (("workspace", ""), "Choose a workspace."),
        (("workspace", "xsbx-demo-0001/9"), "Choose a workspace."),
        (("workspace", "1"), "Choose a workspace."),
        (("decision", ""), "Choose Allow or Cancel."),
    ] {
        let (status, html) = fixture.allow(&client, &[change]).await.page();
        assert!(status == 400 && html.contains(hint), "{html}");
    }
}

#[tokio::test]
async fn a_query_in_the_redirect_uri_is_kept() {
    let fixture = client::start().await;
    let uri = "https://app.example.test/cb?tenant=7";
    let body = serde_json::json!({ "redirect_uris": [uri], "scopes": ["workspace:read"] });
    let client = fixture.register(body).await.1["client_id"].as_str().unwrap().to_owned();
    let changes = [("redirect_uri", uri), ("scope", "workspace:read")];
    let Shown::Back(location, _) = fixture.allow(&client, &changes).await else {
        panic!("no redirect");
    };
    assert!(location.starts_with(&format!("{uri}&code=")), "{location}");
}
