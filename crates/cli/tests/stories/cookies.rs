//! Cookies of sign-ins in progress: short enough for browsers, and few.

use http::header;

use crate::harness::{AtXano, Browser, Connection, Registered, STORE, TestApp, hidden};

fn cookies(reply: &crate::harness::Reply) -> Vec<String> {
    let all = reply.headers.get_all(header::SET_COOKIE).iter();
    all.map(|cookie| cookie.to_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_long_state_survives_the_sign_in_at_xano() {
    let app = TestApp::start().await;
    for length in [10, 1_500, 3_000, 4_000] {
        let client = Registered::new(&app).await;
        let state = "s".repeat(length);
        let mut browser = Browser::default();
        let login = browser.reach_login(&app, &client.authorize_with(&[("state", &state)])).await;
        let to_xano = browser.continue_with_xano(&app, &login).await;
        assert!(cookies(&to_xano).iter().all(|cookie| cookie.len() < 4_000), "{length}");
        let back = AtXano::picks(STORE).answers(&to_xano.location()).await;
        let consent = browser.open(&app, &back).await.location();
        let consent = browser.open(&app, &consent).await;
        let to = browser.decide(&app, &consent, "allow").await;
        assert!(to.contains(&state));
        Connection::finish(&app, client, &to).await.read_record(&app).await.ok();
    }
    // What no browser stores is said at once.
    let client = Registered::new(&app).await;
    let state = "s".repeat(12_000);
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize_with(&[("state", &state)])).await;
    let page = browser.continue_with_xano(&app, &login).await.assert_status(400);
    assert!(page.text().contains("too long"));
}

#[tokio::test]
async fn abandoned_sign_ins_make_room() {
    let app = TestApp::start().await;
    let mut browser = Browser::default();
    let mut begun = Vec::new();
    for _ in 0..10 {
        let client = Registered::new(&app).await;
        let login = browser.reach_login(&app, &client.authorize()).await;
        let to_xano = browser.continue_with_xano(&app, &login).await.location();
        begun.push((client, to_xano));
        app.advance(1);
        let form = [
            ("csrf", hidden(&login, "csrf")),
            ("request", hidden(&login, "request")),
            ("method", "xano".to_owned()),
        ];
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.submit(&app, "/login", &form).await.location();
    }
    let names = browser.cookie_names();
    let in_progress = |name: &&String| name.contains("xano-") || name.contains("pending-");
    assert_eq!(names.iter().filter(in_progress).count(), 4, "{names:?}");
    // The last two still work.
    for (client, to_xano) in begun.drain(8..) {
        let back = AtXano::picks(STORE).answers(&to_xano).await;
        let consent = browser.open(&app, &back).await.location();
        let consent = browser.open(&app, &consent).await;
        let to = browser.decide(&app, &consent, "allow").await;
        Connection::finish(&app, client, &to).await.read_record(&app).await.ok();
    }
}
