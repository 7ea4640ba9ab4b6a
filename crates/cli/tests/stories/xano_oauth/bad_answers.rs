//! What Xano's OAuth server may answer and must not be believed: each has its own sentence, and nothing is stored.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use snappy_sandbox::{Control, DEMO_EMAIL, Effect, FaultRule};
use tokio::net::TcpListener;

use crate::harness::{AtXano, Browser, Connection, Registered, STORE, TestApp};

/// Signs in at Xano; gives the page where the browser ends, and the browser.
async fn outcome(app: &TestApp) -> (Browser, String, String) {
    let client = Registered::new(app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(app, &client.authorize()).await;
    let reply = browser.continue_with_xano(app, &login).await;
    if reply.status != 303 {
        return (browser, String::new(), reply.text());
    }
    let back = AtXano::picks(STORE).answers(&reply.location()).await;
    let to = browser.open(app, &back).await.location();
    let page = browser.open(app, &to).await;
    (browser, to, page.text())
}

/// Nothing is stored, and what Xano issued is revoked.
async fn nothing_is_kept(app: &TestApp, mut browser: Browser) {
    assert_eq!(browser.open(app, "/account").await.location(), "/login", "nobody is signed in");
    let sign_ins = app.xano.oauth_sign_ins();
    assert!(sign_ins.iter().all(|sign_in| sign_in.ended), "{sign_ins:?}");
}

type Set = fn(&Control);

#[tokio::test]
async fn each_wrong_answer_has_its_own_sentence_and_nothing_is_stored() {
    let cases: [(&str, Set, &str); 8] = [
        (
            "metadata of another issuer",
            |xano| xano.set_oauth_issuer(Some("https://evil.example".into())),
            "does not offer a sign-in that this server can use",
        ),
        (
            "metadata that is none",
            |xano| xano.set_oauth_metadata(Some(json!({"issuer": 7}))),
            "does not offer a sign-in that this server can use",
        ),
        (
            "a redirect without iss",
            |xano| xano.set_oauth_without_iss(true),
            "The answer did not come from your Xano",
        ),
        (
            "a redirect with another's iss",
            |xano| xano.set_oauth_redirect_issuer(Some("https://evil.example".into())),
            "The answer did not come from your Xano",
        ),
        (
            "a token without aud",
            |xano| xano.set_oauth_audience(Some(Value::Null)),
            "Xano did not say which instance you picked",
        ),
        (
            "a token with a foreign aud",
            |xano| xano.set_oauth_audience(Some(json!("https://evil.example"))),
            "is on a host that this server may not use",
        ),
        (
            "a token for an instance that the list does not have",
            |xano| xano.set_oauth_audience(Some(json!("https://x9.n7.xano.io"))),
            "is not one of your Xano account",
        ),
        (
            "a token of 40 kB",
            |xano| xano.set_oauth_padding(40_000),
            "Xano does not accept the sign-in that it has just made",
        ),
    ];
    for (what, set, sentence) in cases {
        let app = TestApp::start().await;
        set(&app.xano);
        let (browser, to, page) = outcome(&app).await;
        assert!(page.contains(sentence), "{what}: {page}");
        assert!(to.is_empty() || to.starts_with("/login?request="), "{what}: {to}");
        if what != "a token of 40 kB" {
            nothing_is_kept(&app, browser).await;
        }
    }
}

#[tokio::test]
async fn endpoints_elsewhere_are_not_called() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let elsewhere = format!("http://{}", listener.local_addr().unwrap());
    let visits = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&visits);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counter.fetch_add(1, Ordering::SeqCst);
        }
    });
    for endpoint in
        ["authorization_endpoint", "token_endpoint", "registration_endpoint", "revocation_endpoint"]
    {
        let app = TestApp::start().await;
        let origin = app.sandbox_origin();
        let mut document = json!({
            "issuer": origin,
            "authorization_endpoint": format!("{origin}/oauth2/authorize"),
            "token_endpoint": format!("{origin}/api:master/oauth/token"),
            "registration_endpoint": format!("{origin}/api:master/oauth/register"),
            "revocation_endpoint": format!("{origin}/api:master/oauth/revoke"),
        });
        document[endpoint] = format!("{elsewhere}/x").into();
        app.xano.set_oauth_metadata(Some(document));
        let (browser, _, page) = outcome(&app).await;
        assert!(page.contains("does not offer a sign-in"), "{endpoint}: {page}");
        nothing_is_kept(&app, browser).await;
    }
    assert_eq!(visits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_hostile_audience_gets_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let visits = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&visits);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counter.fetch_add(1, Ordering::SeqCst);
        }
    });
    // Also where the account API can't be asked for the list.
    for lists in [true, false] {
        let app = TestApp::start().await;
        app.xano.set_account_api_takes_oauth(lists);
        let client = Registered::new(&app).await;
        let mut browser = Browser::default();
        let login = browser.reach_login(&app, &client.authorize()).await;
        for audience in [
            json!(format!("http://127.0.0.1:{port}")),
            json!(format!("https://127.0.0.1:{port}")),
            json!(format!("http://localhost:{port}")),
            json!(format!("http://user@127.0.0.1:{port}")),
            json!(format!("http://127.0.0.1:{port}/?.xano.io")),
            json!(format!("http://127.0.0.1:{port}#.xano.io")),
            json!(format!("http://127.0.0.1:{port}\\.xano.io")),
            json!(format!("http://x.xano.io@127.0.0.1:{port}")),
            json!([format!("http://127.0.0.1:{port}"), app.sandbox_origin()]),
            json!(format!("{}/api:meta", app.sandbox_origin())),
            json!("https://x1.xano.io.evil.example"),
            json!("https://evilxano.io"),
            json!("https://.xano.io"),
            json!("http://x1.n7.xano.io"),
            json!("https://x1.n7.xano.io:8443"),
            json!("https://169.254.169.254"),
            json!("https://[::1]"),
            json!("https://2130706433"),
            json!("https://x1。n7。xano。io.evil.example"),
            json!("x1.n7.xano.io"),
            json!("javascript:alert(1)"),
            json!("file:///etc/passwd"),
            json!(""),
            json!(7),
            json!({"a": "https://x1.n7.xano.io"}),
            json!([]),
        ] {
            app.xano.set_oauth_audience(Some(audience.clone()));
            let back = browser.sign_in_at_xano(&app, &login, AtXano::picks(STORE)).await;
            assert!(back.contains("failed=oauth_"), "{audience}: {back}");
            let with_token = app.xano.requests().into_iter().filter(|request| {
                request.authorization.as_deref().is_some_and(|bearer| bearer.contains('.'))
            });
            let paths: Vec<_> = with_token.map(|request| request.path).collect();
            let lists_only = paths.iter().all(|path| path == "/api:meta/instance");
            assert!(lists_only, "{audience}: {paths:?}");
        }
        assert!(app.xano.oauth_sign_ins().iter().all(|sign_in| sign_in.ended));
    }
    assert_eq!(visits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_token_of_8_kb_is_used() {
    let app = TestApp::start().await;
    app.xano.set_oauth_padding(8_000);
    let connection = Connection::at_xano(&app, STORE).await;
    connection.read_record(&app).await.ok();
    app.advance(901);
    connection.read_record(&app).await.ok();
}

#[tokio::test]
async fn a_code_for_another_client_and_a_used_one_are_refused() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    let first = browser.continue_with_xano(&app, &login).await.location();
    let second = browser.continue_with_xano(&app, &login).await.location();
    let code = |back: &str| crate::harness::parameter(back, "code").unwrap();
    let (one, two) =
        (AtXano::picks(STORE).answers(&first).await, AtXano::picks(STORE).answers(&second).await);
    // The code of the other tab does not fit this one's verifier.
    let mixed = one.replace(&code(&one), &code(&two));
    let to = browser.open(&app, &mixed).await.location();
    let page = browser.open(&app, &to).await.text();
    assert!(page.contains("The sign-in at Xano was not completed in time."), "{page}");
    // And without a code there is nothing.
    let third = browser.continue_with_xano(&app, &login).await.location();
    let three = AtXano::picks(STORE).answers(&third).await;
    let without = three.replace("code=", "kode=");
    assert!(browser.open(&app, &without).await.location().contains("failed=oauth_code"));
}

#[tokio::test]
async fn a_sign_in_without_a_refresh_token_works_until_it_ends() {
    let app = TestApp::start().await;
    app.xano.set_oauth_without_refresh_token(true);
    let connection = Connection::at_xano(&app, STORE).await;
    let reply = connection.read_record(&app).await;
    let message = reply.0["message"].as_str().unwrap();
    assert!(message.contains("Your Xano sign-in for Acme Store / Acme Store ends at"), "{message}");
    app.refresh_ahead().await;
    assert_eq!(app.xano.oauth_sign_ins()[0].refreshes, 0);
    app.advance(901);
    connection.read_record(&app).await.failed("REAUTH_REQUIRED");
    // Signing in on the login page says so too.
    let mut browser = Browser::default();
    let login = browser.open(&app, "/login").await;
    let account = browser.sign_in_at_xano(&app, &login, AtXano::picks(STORE)).await;
    let page = browser.open(&app, &account).await.text();
    assert!(page.contains("Xano gave no way to renew this sign-in"), "{page}");
}

#[tokio::test]
async fn unreadable_answers_of_the_token_endpoint_store_nothing() {
    for effect in [
        Effect::Html { status: 200 },
        Effect::Html { status: 502 },
        Effect::Empty { status: 200 },
        Effect::Truncated,
        Effect::WrongShape { body: json!([]) },
        Effect::WrongShape { body: json!({"access_token": 7}) },
        Effect::WrongShape { body: json!({"access_token": "a.b.c", "token_type": "mac"}) },
        Effect::Close,
    ] {
        let app = TestApp::start().await;
        let rule =
            FaultRule { path_contains: Some("oauth/token".into()), ..FaultRule::always(effect) };
        app.xano.push_fault(rule);
        let (mut browser, to, page) = outcome(&app).await;
        assert!(to.contains("failed=unavailable"), "{to}");
        assert!(page.contains("Xano can") && page.contains("be reached right now"), "{page}");
        assert_eq!(browser.open(&app, "/account").await.location(), "/login");
        // Nothing stands in the way of the next try.
        app.xano.clear_faults();
        Connection::at_xano(&app, STORE).await.read_record(&app).await.ok();
        assert!(!app.xano.oauth_sign_ins().last().unwrap().ended, "{DEMO_EMAIL}");
    }
}

#[tokio::test]
async fn a_workspace_that_no_membership_names_is_not_guessed() {
    let app = TestApp::start().await;
    let extras = json!({
        "oauth": {"workspace": "11111111-2222-3333-4444-555555555555"},
        "instance": {"name": "xsbx-demo-0001", "membership": {"workspace": [{"id": 1, "guid": "another"}]}},
    });
    let body = json!({"id": 1, "name": "Demo", "email": DEMO_EMAIL, "extras": extras});
    app.xano.push_fault(FaultRule {
        path_contains: Some("/api:meta/auth/me".into()),
        ..FaultRule::always(Effect::WrongShape { body })
    });
    let (browser, to, page) = outcome(&app).await;
    assert!(to.contains("failed=oauth_"), "{to}");
    assert!(page.contains("which workspace"), "{page}");
    nothing_is_kept(&app, browser).await;
}
