//! When a refusal of Xano is believed, and how a credential comes back after it.

use serde_json::{Value, json};
use snappy_sandbox::{DEMO_EMAIL, Effect, FaultRule, SECOND_EMAIL, SECOND_PASSWORD};

use crate::harness::{Connection, TestApp};

fn xanos_401() -> Value {
    json!({"code": "ERROR_CODE_UNAUTHORIZED", "message": "This token is expired."})
}

/// Every request is refused with this body, as often as it says.
fn refuse_all(app: &TestApp, times: Option<u32>, body: Value) {
    let effect = Effect::Status { status: 401, headers: Default::default(), body };
    app.xano.push_fault(FaultRule { times, ..FaultRule::always(effect) });
}

#[tokio::test]
async fn seconds_of_401_while_xano_rotates_its_keys_sign_nobody_out() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    let second = Connection::of(&app, SECOND_EMAIL, SECOND_PASSWORD).await;
    let pasted = Connection::with_token(&app, &app.xano.api_key(DEMO_EMAIL)).await;
    // The call, the check of the key, and where there is a session, `auth/me` before it.
    for (one, refusals) in [(&connection, 3), (&second, 3), (&pasted, 2)] {
        refuse_all(&app, Some(refusals), xanos_401());
        one.read_record(&app).await;
        app.xano.clear_faults();
        one.read_record(&app).await.ok();
    }
}

#[tokio::test]
async fn after_a_minute_of_401_everything_goes_on_by_itself() {
    let app = TestApp::start().await;
    let mut connection = Connection::new(&app).await;
    let pasted = Connection::with_token(&app, &app.xano.api_key(DEMO_EMAIL)).await;
    refuse_all(&app, None, xanos_401());
    for one in [&connection, &pasted] {
        one.read_record(&app).await.failed("REAUTH_REQUIRED");
    }
    app.advance(60);
    app.refresh_ahead().await;
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    connection.rpc(&app, &list).await.assert_status(401);
    app.xano.clear_faults();
    // It is looked at with growing pauses, so not in the next round.
    app.advance(30);
    app.refresh_ahead().await;
    pasted.rpc(&app, &list).await.assert_status(401);
    app.advance(60);
    app.refresh_ahead().await;
    connection.read_record(&app).await.ok();
    pasted.read_record(&app).await.ok();
    connection.renew(&app).await;
}

#[tokio::test]
async fn a_backends_own_401_is_trouble_until_it_lasts() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    app.xano.rotate_key(DEMO_EMAIL);
    let own = Effect::Status {
        status: 401,
        headers: Default::default(),
        body: json!({"error": "maintenance"}),
    };
    let path_contains = Some("auth/me".into());
    let group = FaultRule { path_contains, ..FaultRule::always(own) };
    app.xano.push_fault(group);
    for _ in 0..10 {
        connection.read_record(&app).await.failed("UPSTREAM_UNAVAILABLE");
        app.advance(60);
    }
    connection.read_record(&app).await.failed("REAUTH_REQUIRED");
}

#[tokio::test]
async fn what_is_really_over_is_asked_about_less_and_less() {
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    app.xano.expire_session(DEMO_EMAIL);
    app.xano.rotate_key(DEMO_EMAIL);
    connection.read_record(&app).await.failed("REAUTH_REQUIRED");
    app.xano.clear_requests();
    for _ in 0..8 * 24 * 12 {
        app.advance(300);
        app.refresh_ahead().await;
    }
    let asked = app.xano.count("signin.auth_me");
    assert!((20..60).contains(&asked), "{asked} times in a week");
}
