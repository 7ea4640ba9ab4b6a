//! The steps, as far as the arguments and the person let them go.

use serde_json::json;
use snappy_cli::system;
use snappy_sandbox::Sandbox;

use crate::{ALL, Ran, allow, browser, check, impatient, sandbox};

/// The text without what changes with each run.
fn masked(ran: &Ran, sandbox: &Sandbox) -> String {
    let port = browser::address(&ran.prompt).map(|url| {
        let back = url.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap().1;
        url::Url::parse(&back).unwrap().port().unwrap().to_string()
    });
    let text = ran.text.replace(&sandbox.addr().to_string(), "SANDBOX");
    let text = match port {
        Some(port) => text.replace(&format!(":{port}"), ":PORT"),
        None => text,
    };
    let line = |line: &str| match line.split_once("; found ") {
        Some((head, _)) if line.contains("Length of the access token") => {
            format!("{head}; found N bytes")
        }
        _ => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn the_whole_way_is_as_expected() {
    let sandbox = sandbox().await;
    let ran = check(&sandbox, &[], &ALL[..5], system::runtime(), allow).await;
    assert!(ran.complete, "{}", ran.text);
    insta::assert_snapshot!(masked(&ran, &sandbox));
    let sign_ins = sandbox.control().oauth_sign_ins();
    assert_eq!(sign_ins.len(), 1);
    assert!(sign_ins[0].ended, "nothing is left behind");
}

#[tokio::test]
async fn without_arguments_it_only_looks() {
    let sandbox = sandbox().await;
    let none = async |_| panic!("nobody is asked");
    let ran = check(&sandbox, &[], &[], system::runtime(), none).await;
    assert!(ran.complete);
    insta::assert_snapshot!(masked(&ran, &sandbox));
    assert_eq!(sandbox.control().registrations(), 0);
    let operations = sandbox.control().requests();
    assert!(operations.iter().all(|request| request.operation == "oauth.metadata"));
}

#[tokio::test]
async fn json_is_one_document() {
    let sandbox = sandbox().await;
    let ran = check(&sandbox, &[], &ALL, system::runtime(), allow).await;
    assert!(ran.complete, "{}", ran.text);
    let document: serde_json::Value = serde_json::from_str(&ran.text).unwrap();
    let count = ran.findings().len();
    let summary = json!({"ok": count, "differs": 0, "not_tried": 0, "failed": 0});
    assert_eq!(document["summary"], summary, "{}", ran.text);
    assert_eq!(document["account_origin"], sandbox.origin());
}

#[tokio::test]
async fn a_configured_client_needs_no_registration() {
    let sandbox = sandbox().await;
    let none = async |_| panic!("nobody is asked");
    let first = check(&sandbox, &[], &["--register", "--json"], system::runtime(), none).await;
    let client = first.findings();
    let client = client.iter().find(|one| one["subject"] == "Loopback client").unwrap();
    let id = [("XANO_OAUTH_CLIENT_ID", client["found"].as_str().unwrap())];
    let ran = check(&sandbox, &id, &["--json"], system::runtime(), none).await;
    assert_eq!(sandbox.control().registrations(), 1);
    assert!(ran.complete && ran.with("differs").is_empty(), "{}", ran.text);
    // The redirect URI on another port is not registered.
    let ran = check(&sandbox, &id, &["--json", "--port=47101"], system::runtime(), none).await;
    let group = "Redirect URIs at the authorization endpoint";
    assert_eq!(ran.with("differs"), [format!("{group}: Loopback")]);
}

#[tokio::test]
async fn the_public_address_is_a_redirect_uri_too() {
    let sandbox = sandbox().await;
    let none = async |_| panic!("nobody is asked");
    let site = [("SNAPPY_PUBLIC_URL", "https://mcp.example")];
    let ran = check(&sandbox, &site, &["--register"], system::runtime(), none).await;
    assert!(ran.complete && ran.text.contains("https redirect URI: guessed 200; found 200"));
    let requests = sandbox.control().requests();
    let registered = requests.iter().filter(|one| one.operation == "oauth.register");
    let bodies: Vec<_> = registered.map(|one| String::from_utf8_lossy(&one.body)).collect();
    assert!(bodies[1].contains("https://mcp.example/oauth-callback"), "{bodies:?}");
}

#[tokio::test]
async fn a_sign_in_needs_a_client() {
    let sandbox = sandbox().await;
    let none = async |_| panic!("nobody is asked");
    let arguments = ["--sign-in", "--port=0", "--json"];
    let ran = check(&sandbox, &[], &arguments, system::runtime(), none).await;
    assert_eq!((ran.complete, ran.with("failed")), (false, vec!["Sign-in: Client".to_owned()]));
}

#[tokio::test]
async fn a_person_may_decline_or_not_come() {
    let sandbox = sandbox().await;
    let decline = async |url| {
        let back = browser::decide(&url, "deny").await;
        assert_eq!(browser::go(&back).await.0, 200);
    };
    let ran = check(&sandbox, &[], &ALL, system::runtime(), decline).await;
    assert_eq!((ran.complete, ran.with("failed")), (false, vec!["Sign-in: Redirect".to_owned()]));
    assert!(ran.text.contains("the error access_denied"));
    let ran = check(&sandbox, &[], &ALL, impatient(), async |_| {}).await;
    assert_eq!((ran.complete, ran.with("failed")), (false, vec!["Sign-in: Redirect".to_owned()]));
    assert!(ran.text.contains("within 5 minutes"));
}

#[tokio::test]
async fn the_answer_to_another_sign_in_is_refused() {
    let sandbox = sandbox().await;
    let person = async |url: url::Url| {
        let back = browser::decide(&url, "allow").await;
        for state in ["", "x"] {
            let mut other = back.clone();
            other.query_pairs_mut().clear().append_pair("code", "c").append_pair("state", state);
            assert_eq!(browser::go(&other).await.0, 400);
        }
        let mut elsewhere = back.clone();
        elsewhere.set_path("/other");
        assert_eq!(browser::go(&elsewhere).await.0, 404);
        assert_eq!(browser::go(&back).await.0, 200);
    };
    let ran = check(&sandbox, &[], &ALL, system::runtime(), person).await;
    assert!(ran.complete && ran.with("differs").is_empty(), "{}", ran.text);
}
