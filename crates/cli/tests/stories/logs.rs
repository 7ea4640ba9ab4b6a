//! The lines that operators search for, and what is never in any line.

use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::json;
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD};
use tracing_subscriber::fmt::MakeWriter;

use crate::harness::{Browser, Connection, Registered, TestApp};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// Everything that is logged on this thread, at every level.
fn listen() -> (Lines, tracing::subscriber::DefaultGuard) {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(lines.clone())
        .with_ansi(false)
        .finish();
    (lines, tracing::subscriber::set_default(subscriber))
}

#[tokio::test]
async fn the_known_sentences_are_there_with_the_request_id() {
    let (lines, _guard) = listen();
    let app = TestApp::start().await;
    let connection = Connection::new(&app).await;
    app.xano.rotate_key(DEMO_EMAIL);
    connection.read_record(&app).await.ok();
    app.xano.set_me_without_key(true);
    app.xano.rotate_key(DEMO_EMAIL);
    connection.read_record(&app).await.failed("UPSTREAM_UNAVAILABLE");
    let text = lines.text();
    for sentence in [
        "Got 401 Unauthorized - attempting automatic token refresh...",
        "Token refresh successful - retrying original request",
        "Retry request successful after token refresh",
        "User profile successfully refreshed",
        "Token refresh failed: ",
        "Automatic refresh failed - returning 401 error",
    ] {
        let line = text.lines().find(|line| line.contains(sentence));
        let line = line.unwrap_or_else(|| panic!("{sentence} is missing"));
        assert!(line.contains("request_id="), "{line}");
    }
    assert!(text.contains(&format!("Client lookup for ID {}", connection.client.id)));
}

#[tokio::test]
async fn no_line_at_any_level_has_a_secret() {
    let (lines, _guard) = listen();
    let app = TestApp::start().await;
    let mut connection = Connection::new(&app).await;
    let old = connection.clone();
    let old_key = app.xano.api_key(DEMO_EMAIL);
    app.xano.rotate_key(DEMO_EMAIL);
    connection.read_record(&app).await.ok();
    connection.renew(&app).await;
    connection.call(&app, "debug_auth", json!({})).await.ok();
    let client = Registered::new(&app).await;
    let mut browser = Browser::default();
    let login = browser.reach_login(&app, &client.authorize()).await;
    browser.type_password(&app, &login, DEMO_EMAIL, "a-wrong-password").await;
    browser.paste_token(&app, &login, "a-wrong-pasted-token").await;
    client.redeem(&app, "snp_ac_a-wrong-code", &[]).await;
    client.refresh(&app, "snp_rt_a-wrong-refresh-token").await;

    let text = lines.text();
    let session: Vec<_> =
        app.xano.requests().into_iter().filter_map(|request| request.authorization).collect();
    let key = app.xano.api_key(DEMO_EMAIL);
    let mut secrets = vec![
        "snp_at_",
        "snp_rt_",
        "snp_ac_",
        "snp_cs_",
        DEMO_PASSWORD,
        "a-wrong-password",
        "a-wrong-pasted-token",
        &old.access,
        &old.refresh,
        &old_key,
        &key,
        crate::harness::VERIFIER,
        "the state & more",
    ];
    secrets.extend(session.iter().map(|bearer| bearer.trim_start_matches("Bearer ")));
    for secret in secrets {
        let line = text.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{line:?}");
    }
}
