//! Limits against guessing and flooding, and that they spare honest use.

use axum::body::Body;
use http::{Method, header};
use serde_json::json;
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD};

use crate::harness::{Browser, CALLBACK, Connection, Registered, TestApp, request};

#[tokio::test]
async fn a_hundred_people_of_one_office_sign_in_within_a_minute() {
    let app = TestApp::start().await;
    for _ in 0..100 {
        Connection::new(&app).await;
    }
}

#[tokio::test]
async fn guessing_a_password_ends_soon_and_does_not_tell_whether_the_account_exists() {
    let app = TestApp::start_with(&[("SNAPPY_LIMIT_LOGIN_FAILURES", "3")]).await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    for email in [DEMO_EMAIL, "nobody@acme.test"] {
        let mut pages = Vec::new();
        for _ in 0..4 {
            let page = browser.type_password(&app, &login, email, "a guess").await;
            pages.push(page.status.as_u16());
        }
        assert_eq!(pages, [403, 403, 403, 429], "{email}");
    }
    // Also the right password waits now, in any spelling of the address.
    let asked = app.xano.count("signin.login");
    let page = browser.type_password(&app, &login, "DEMO@acme.test", DEMO_PASSWORD).await;
    assert!(page.assert_status(429).text().contains("Too many attempts"));
    assert_eq!(app.xano.count("signin.login"), asked, "Xano is not even asked");
    app.advance(15 * 60);
    browser.open(&app, &client.authorize()).await;
    let login = browser.reach_login(&app, &client.authorize()).await;
    browser.sign_in(&app, &login, DEMO_EMAIL, DEMO_PASSWORD).await;
}

#[tokio::test]
async fn floods_are_stopped_by_address_and_for_a_minute() {
    let settings = [("SNAPPY_LIMIT_REGISTRATIONS", "2"), ("SNAPPY_TRUSTED_PROXIES", "1")];
    let app = TestApp::start_with(&settings).await;
    let register = |from: &'static str| {
        let body = json!({"redirect_uris": [CALLBACK]}).to_string();
        let request = request(Method::POST, "/register")
            .header("x-forwarded-for", from)
            .header(header::CONTENT_TYPE, "application/json");
        app.send(request.body(Body::from(body)).unwrap())
    };
    register("203.0.113.7").await.assert_status(201);
    register("1.1.1.1, 203.0.113.7").await.assert_status(201);
    let refused = register("6.6.6.6, 203.0.113.7").await.assert_status(429);
    assert_eq!(refused.header("retry-after"), "60");
    register("203.0.113.8").await.assert_status(201);
    app.advance(60);
    register("203.0.113.7").await.assert_status(201);
}

#[tokio::test]
async fn starting_sign_ins_without_end_is_stopped_with_a_page() {
    let app = TestApp::start_with(&[("SNAPPY_LIMIT_AUTHORIZATIONS", "2")]).await;
    let client = Registered::new(&app).await;
    for _ in 0..2 {
        app.get(&client.authorize()).await.assert_status(303);
    }
    let stopped = app.get(&client.authorize()).await.assert_status(429);
    assert_eq!(stopped.header("retry-after"), "60");
    assert!(stopped.text().contains("Wait a minute"));
    app.advance(60);
    app.get(&client.authorize()).await.assert_status(303);
}

#[tokio::test]
async fn a_limit_can_be_switched_off() {
    let off = [
        ("SNAPPY_LIMIT_AUTHORIZATIONS", "0"),
        ("SNAPPY_LIMIT_REGISTRATIONS", "0"),
        ("SNAPPY_LIMIT_TOKEN_FAILURES", "0"),
    ];
    let app = TestApp::start_with(&off).await;
    let client = Registered::new(&app).await;
    for _ in 0..700 {
        Registered::new(&app).await;
        app.get(&client.authorize()).await.assert_status(303);
        client.refresh(&app, "snp_rt_guess").await.assert_status(400);
    }
}

#[tokio::test]
async fn valid_refreshes_are_never_turned_away() {
    let settings = [("SNAPPY_LIMIT_TOKEN_FAILURES", "2"), ("SNAPPY_LIMIT_LOGINS", "0")];
    let app = TestApp::start_with(&settings).await;
    let mut connection = Connection::new(&app).await;
    for status in [400, 400, 429, 429] {
        connection.client.refresh(&app, "snp_rt_guess").await.assert_status(status);
    }
    for _ in 0..50 {
        connection.renew(&app).await;
    }
    connection.read_record(&app).await.ok();
}

#[tokio::test]
async fn failures_from_one_network_do_not_lock_the_owner_out_from_another() {
    let settings = [("SNAPPY_LIMIT_LOGIN_FAILURES", "3"), ("SNAPPY_TRUSTED_PROXIES", "1")];
    let app = TestApp::start_with(&settings).await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    let typed = async |browser: &mut Browser, from: String, password: &str| {
        browser.network = Some(from);
        browser.type_password(&app, &login, DEMO_EMAIL, password).await.status.as_u16()
    };
    for _ in 0..3 {
        assert_eq!(typed(&mut browser, "203.0.113.7".into(), "a guess").await, 403);
    }
    assert_eq!(typed(&mut browser, "203.0.113.7".into(), DEMO_PASSWORD).await, 429);
    assert_eq!(typed(&mut browser, "::ffff:203.0.113.7".into(), DEMO_PASSWORD).await, 429);
    assert_eq!(typed(&mut browser, "203.0.113.8".into(), DEMO_PASSWORD).await, 303);
    // Many networks together are stopped too.
    let mut stopped = 0;
    for n in 0..60 {
        let from = format!("203.0.113.{}", 20 + n);
        stopped += usize::from(typed(&mut browser, from, "a guess").await == 429);
    }
    assert_eq!(stopped, 33, "three here and 27 elsewhere were tried");
}

#[tokio::test]
async fn what_reaches_xano_without_a_password_is_limited_too() {
    let settings = [("SNAPPY_LIMIT_LOGINS", "3"), ("SNAPPY_LIMIT_AUTHORIZATIONS", "4")];
    let app = TestApp::start_with(&settings).await;
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    let (csrf, request) =
        (crate::harness::hidden(&login, "csrf"), crate::harness::hidden(&login, "request"));
    let form = [("csrf", csrf.as_str()), ("request", request.as_str()), ("method", "xano")];
    let xano = browser.submit(&app, "/login", &form).await.location();
    let back = crate::harness::parameter(&xano, "callback").unwrap();
    app.xano.clear_requests();
    let mut refused = 0;
    for n in 0..20 {
        let reply = browser.open(&app, &format!("{back}?token=guess-{n}")).await;
        refused += usize::from(reply.status == 429);
    }
    assert_eq!((refused, app.xano.requests().len()), (18, 1), "then its cookie is gone");
    app.advance(60);
    let login = browser.reach_login(&app, &client.authorize()).await;
    let consent = browser.type_password(&app, &login, DEMO_EMAIL, DEMO_PASSWORD).await.location();
    app.xano.clear_requests();
    let mut shown = 0;
    for _ in 0..20 {
        shown += usize::from(browser.open(&app, &consent).await.status == 200);
    }
    assert_eq!(shown, 3, "one authorization request came before");
}
