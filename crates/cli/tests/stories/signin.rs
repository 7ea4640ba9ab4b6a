//! Signing in at Xano.

use serde_json::json;
use snappy_sandbox::{BadCredentials, DEMO_EMAIL, DEMO_PASSWORD, Effect, FaultRule, LoginShape};

use crate::harness::{Browser, Connection, Registered, TestApp, hidden, parameter};

async fn type_wrongly(app: &TestApp) -> crate::harness::Reply {
    let client = Registered::new(app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(app, &client.authorize()).await;
    browser.type_password(app, &login, "demo@acme.test", "not the password").await
}

#[tokio::test]
async fn a_wrong_password_says_so_and_keeps_the_email() {
    for form in [BadCredentials::Forbidden403, BadCredentials::Fatal500] {
        let app = TestApp::start().await;
        app.xano.set_bad_credentials(form);
        let page = type_wrongly(&app).await.assert_status(403).text();
        assert!(page.contains("Incorrect email or password."));
        assert!(page.contains("value=\"demo@acme.test\"") && !page.contains("not the password"));
    }
}

#[tokio::test]
async fn an_unreachable_xano_says_that_instead() {
    for effect in [
        Effect::Close,
        Effect::Html { status: 502 },
        Effect::Html { status: 200 },
        Effect::Empty { status: 200 },
        Effect::Truncated,
        Effect::Status {
            status: 500,
            headers: Default::default(),
            body: json!({"code": "ERROR_FATAL", "message": "SQL Error: HY000"}),
        },
    ] {
        let app = TestApp::start().await;
        app.xano.push_fault(FaultRule {
            path_contains: Some("auth/login".into()),
            ..FaultRule::always(effect.clone())
        });
        let page = type_wrongly(&app).await.assert_status(502).text();
        assert!(page.contains("be reached right now"), "{effect:?}");
        assert!(page.contains("value=\"demo@acme.test\""));
    }
}

#[tokio::test]
async fn older_backends_answer_api_key_at_login_and_still_auth_me_decides() {
    let app = TestApp::start().await;
    app.xano.set_login_shape(LoginShape::ApiKey);
    let connection = Connection::new(&app).await;
    connection.read_record(&app).await.ok();
    app.xano.set_me_without_key(true);
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    let page = browser.type_password(&app, &login, DEMO_EMAIL, DEMO_PASSWORD).await;
    assert!(page.assert_status(502).text().contains("returned no API key"));
}

#[tokio::test]
async fn a_pasted_token_is_checked_before_it_is_accepted() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    for wrong in ["nonsense", "a\u{0}b", "with space", "\r\nX-Injected: 1"] {
        let page = browser.paste_token(&app, &login, wrong).await.assert_status(403).text();
        assert!(page.contains("does not accept this access token") && !page.contains(wrong));
    }
    let connection = Connection::with_token(&app, &app.xano.api_key(DEMO_EMAIL)).await;
    connection.read_record(&app).await.ok();
}

#[tokio::test]
async fn without_a_backend_only_the_token_is_asked_for() {
    let app = TestApp::start_with(&[("XANO_BASE_URL", ""), ("XANO_AUTH_API", "")]).await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    assert!(!login.text().contains("name=\"password\""));
    let forced = browser.type_password(&app, &login, DEMO_EMAIL, DEMO_PASSWORD).await;
    assert_eq!(forced.status, 403);
    Connection::with_token(&app, &app.xano.api_key(DEMO_EMAIL)).await.read_record(&app).await.ok();
}

#[tokio::test]
async fn a21_a_sign_in_belongs_to_the_browser_that_started_it() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let mut victim = Browser::default();
    let address = victim.open(&app, &client.authorize()).await.location();
    let mut other = Browser::default();
    let page = other.open(&app, &address).await.assert_status(400).text();
    assert!(page.contains("not started in this browser"));

    // Not even with a cookie of its own.
    other.open(&app, &client.authorize()).await;
    other.open(&app, &address).await.assert_status(400);

    let login = victim.open(&app, &address).await;
    let (csrf, request) = (hidden(&login, "csrf"), hidden(&login, "request"));
    for forged in ["", "x", &"A".repeat(43)] {
        let form = [
            ("csrf", forged),
            ("request", request.as_str()),
            ("email", DEMO_EMAIL),
            ("password", DEMO_PASSWORD),
        ];
        victim.submit(&app, "/login", &form).await.assert_status(400);
    }
    let form = [("csrf", csrf.as_str()), ("request", request.as_str()), ("decision", "allow")];
    victim.submit(&app, "/consent", &form).await.assert_status(400);
    let tampered = format!("{}A{}", &address[..40], &address[41..]);
    victim.open(&app, &tampered).await.assert_status(400);
}

#[tokio::test]
async fn empty_fields_are_asked_for_again() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    let page = browser.type_password(&app, &login, "demo@acme.test", "").await.assert_status(400);
    assert!(page.text().contains("value=\"demo@acme.test\""));
    browser.type_password(&app, &login, " ", "x").await.assert_status(400);
    browser.paste_token(&app, &login, "").await.assert_status(400);
    assert_eq!(app.xano.count("signin.login"), 0);
}

#[tokio::test]
async fn xanos_own_page_leads_back_and_its_token_is_gone_from_the_address() {
    let app = TestApp::start().await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    let (csrf, request) = (hidden(&login, "csrf"), hidden(&login, "request"));
    let form = [("csrf", csrf.as_str()), ("request", request.as_str()), ("method", "xano")];
    let xano = browser.submit(&app, "/login", &form).await.location();
    assert!(xano.starts_with(&format!("{}/login?dest=cli&callback=", app.sandbox_origin())));
    let back = parameter(&xano, "callback").unwrap();
    assert!(back.starts_with("http://127.0.0.1:8787/oauth-callback/"));

    for (query, says) in
        [("?token=nonsense", "does not accept this access token"), ("", "was not completed")]
    {
        let xano = browser.submit(&app, "/login", &form).await.location();
        let back = parameter(&xano, "callback").unwrap();
        let login = browser.open(&app, &format!("{back}{query}")).await.location();
        assert!(login.starts_with("/login?request=") && !login.contains("nonsense"), "{login}");
        let login = browser.open(&app, &login).await.assert_status(200);
        assert!(login.text().contains(says), "{}", login.text());
    }
    Browser::default().open(&app, &format!("{back}?token=x")).await.assert_status(400);
    browser.open(&app, "/oauth-callback?token=x").await.assert_status(400);
    browser.open(&app, "/oauth-callback/x?token=x").await.assert_status(400);
    let xano = browser.submit(&app, "/login", &form).await.location();
    let back = parameter(&xano, "callback").unwrap();

    // The person signs in over there, and Xano appends the token.
    let token = app.xano.api_key(DEMO_EMAIL);
    let typed = [("callback", back.as_str()), ("email", DEMO_EMAIL), ("password", DEMO_PASSWORD)];
    let typed = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(typed).finish();
    let http = reqwest::ClientBuilder::new().redirect(reqwest::redirect::Policy::none());
    let sent = http.build().unwrap().post(format!("{}/login", app.sandbox_origin())).body(typed);
    let returned = sent.send().await.unwrap();
    let returned = returned.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(returned, format!("{back}?token={token}"));
    let consent = browser.open(&app, &returned).await.location();
    assert!(consent.starts_with("/consent?request=") && !consent.contains(&token));
    let consent = browser.open(&app, &consent).await.assert_status(200);
    let to = browser.decide(&app, &consent, "allow").await;
    Connection::finish(&app, client, &to).await.read_record(&app).await.ok();
}

#[tokio::test]
async fn two_sign_ins_side_by_side_are_not_mixed_up() {
    let app = TestApp::start().await;
    let mut browser = Browser::default();
    let mut flows = Vec::new();
    for name in ["First", "Second"] {
        let metadata = json!({"client_name": name, "redirect_uris": [crate::harness::CALLBACK]});
        let client = Registered::with(&app, &metadata).await;
        let login = browser.reach_login(&app, &client.authorize()).await;
        let (csrf, request) = (hidden(&login, "csrf"), hidden(&login, "request"));
        let form = [("csrf", csrf.as_str()), ("request", request.as_str()), ("method", "xano")];
        let xano = browser.submit(&app, "/login", &form).await.location();
        flows.push((name, parameter(&xano, "callback").unwrap()));
    }
    let token = app.xano.api_key(DEMO_EMAIL);
    for (name, back) in flows {
        let consent = browser.open(&app, &format!("{back}?token={token}")).await.location();
        let consent = browser.open(&app, &consent).await.assert_status(200).text();
        assert!(consent.contains(&format!("Allow {name} to access")));
    }
}

#[tokio::test]
async fn renewing_in_another_way_does_not_pretend_to_help() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    app.xano.expire_session(DEMO_EMAIL);
    app.xano.rotate_key(DEMO_EMAIL);
    connection.read_record(&app).await.failed("REAUTH_REQUIRED");
    let mut browser = Browser::default();
    let login = browser.open(&app, "/login").await;
    let csrf = hidden(&login, "csrf");
    let token = app.xano.api_key(DEMO_EMAIL);
    let form = [("csrf", csrf.as_str()), ("method", "token"), ("token", token.as_str())];
    let page = browser.submit(&app, "/login", &form).await.location();
    let page = browser.open(&app, &page).await.assert_status(200).text();
    assert!(page.contains("no app uses this sign-in"), "{page}");
    let form = [("csrf", csrf.as_str()), ("method", "xano")];
    let xano = browser.submit(&app, "/login", &form).await.location();
    let back = parameter(&xano, "callback").unwrap();
    let done = browser.open(&app, &format!("{back}?token={token}")).await.location();
    assert_eq!(done, "/account?notice=renewed", "the same token a second time");
}
