//! The free plan.

use std::sync::atomic::Ordering;

use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD};

use crate::client;

#[tokio::test]
async fn ten_requests_in_twenty_seconds() {
    let fixture = client::start().await;
    for _ in 0..12 {
        assert_eq!(fixture.meta("GET", "/workspace", None).await.0, 200);
    }
    fixture.control().set_free_plan_limit(true);
    for _ in 0..2 {
        for _ in 0..10 {
            assert_eq!(fixture.meta("GET", "/workspace", None).await.0, 200);
        }
        assert_eq!(fixture.meta("GET", "/workspace", None).await.0, 429);
        fixture.clock.fetch_add(19_999, Ordering::SeqCst);
        assert_eq!(fixture.meta("GET", "/workspace", None).await.0, 429);
        fixture.clock.fetch_add(1, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn the_account_and_sign_in_have_no_part_in_it() {
    let fixture = client::start().await;
    fixture.control().set_free_plan_limit(true);
    for _ in 0..11 {
        fixture.meta("GET", "/workspace", None).await;
    }
    assert_eq!(fixture.meta("GET", "/auth/me", None).await.0, 200);
    assert_eq!(fixture.meta("GET", "/instance", None).await.1[0]["rate_limit"], true);
    assert_eq!(fixture.login(DEMO_EMAIL, DEMO_PASSWORD).await.0, 200);
}

#[tokio::test]
async fn no_header_tells_when_to_come_back() {
    let fixture = client::start().await;
    fixture.control().set_free_plan_limit(true);
    let url = format!("{}/api:meta/workspace", fixture.sandbox.origin());
    for _ in 0..10 {
        fixture.meta("GET", "/workspace", None).await;
    }
    let refused = fixture.http.get(url).bearer_auth(fixture.key()).send().await.unwrap();
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().get("retry-after").is_none());
}
