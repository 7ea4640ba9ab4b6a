//! An update of the server: what the version before people, credentials and grants stored stays valid.
//!
//! `fixtures/before_people.db` was written by that version, with the tokens in `before_people.json`: three
//! accounts with a connection and an unused code each (a session, and two tokens of one person), and a
//! service client.

use http::Method;
use serde::Deserialize;
use serde_json::Value;
use snappy_domain::{Clock as _, PersonId};
use snappy_store::Identity;

use crate::harness::{TestApp, request};

/// The verifier of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const REDIRECT_URI: &str = "http://127.0.0.1/cb";

#[derive(Deserialize)]
struct Person {
    account: String,
    access_token: String,
    refresh_token: String,
    older_refresh_token: String,
    unused_code: String,
}

#[derive(Deserialize)]
struct Service {
    client_id: String,
    client_secret: String,
    access_token: String,
    account: String,
}

#[derive(Deserialize)]
struct Written {
    client_id: String,
    people: [Person; 3],
    service: Service,
}

impl Written {
    /// Redeems a refresh token.
    async fn refresh(&self, app: &TestApp, token: &str) -> Value {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", &self.client_id),
            ("refresh_token", token),
        ];
        app.post_form("/token", &form).await.assert_status(200).json()
    }
}

/// The server on a copy of the older database.
async fn updated() -> (TestApp, Written, tempfile::TempDir) {
    let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let written = std::fs::read_to_string(fixtures.join("before_people.json")).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("older.db");
    std::fs::copy(fixtures.join("before_people.db"), &file).unwrap();
    let url = format!("sqlite://{}", file.display());
    let settings = [("DATABASE_URL", url.as_str()), ("ENCRYPTION_KEY", "a-key-for-the-upgrade")];
    let app = TestApp::start_with(&settings).await;
    (app, serde_json::from_str(&written).unwrap(), dir)
}

/// What `/status` says to the holder of an access token.
async fn status(app: &TestApp, access_token: &str) -> Value {
    let request = request(Method::GET, "/status")
        .header("authorization", format!("Bearer {access_token}"))
        .body(axum::body::Body::empty());
    app.send(request.unwrap()).await.assert_status(200).json()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test]
async fn tokens_of_the_version_before_are_accepted_and_refreshed() {
    let (app, written, _dir) = updated().await;
    for person in &written.people {
        let before = status(&app, &person.access_token).await;
        assert_eq!(before["credentials"][0]["id"], *person.account);
        assert_eq!(before["person"]["id"], *person.account, "an account is a person of its own");
        assert_eq!(before["grant"]["limits"]["toolsets"][0], "records");

        let first = written.refresh(&app, &person.refresh_token).await;
        // A client whose answer was lost asks again, and gets the same tokens.
        assert_eq!(
            written.refresh(&app, &person.refresh_token).await["refresh_token"],
            first["refresh_token"]
        );
        let after = status(&app, text(&first["access_token"])).await;
        assert_eq!(after["grant"]["id"], before["grant"]["id"]);
        let second = written.refresh(&app, text(&first["refresh_token"])).await;
        status(&app, text(&second["access_token"])).await;
    }
}

#[tokio::test]
async fn a_lost_refresh_of_the_version_before_is_answered_again() {
    let (app, written, _dir) = updated().await;
    for person in &written.people {
        let answer = written.refresh(&app, &person.older_refresh_token).await;
        assert_eq!(answer["refresh_token"], *person.refresh_token);
    }
}

#[tokio::test]
async fn codes_and_service_accounts_of_the_version_before_are_used() {
    let (app, written, _dir) = updated().await;
    for person in &written.people {
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", written.client_id.as_str()),
            ("code", &person.unused_code),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ];
        let tokens = app.post_form("/token", &form).await.assert_status(200).json();
        let status = status(&app, text(&tokens["access_token"])).await;
        assert_eq!(status["credentials"][0]["id"], *person.account);
        app.post_form("/token", &form).await.assert_error(400, "invalid_grant");
    }
    let Service { client_id, client_secret, access_token, account } = &written.service;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client_id.as_str()),
        ("client_secret", client_secret),
    ];
    let tokens = app.post_form("/token", &form).await.assert_status(200).json();
    for token in [access_token, text(&tokens["access_token"])] {
        assert_eq!(status(&app, token).await["credentials"][0]["id"], **account);
    }
}

#[tokio::test]
async fn the_next_sign_in_finds_the_accounts_of_the_version_before() {
    let (app, written, _dir) = updated().await;
    let store = app.store();
    let [session, token, second_token] = &written.people;
    let session_owner = Identity { upstream: "https://x.example/auth".into(), subject: "7".into() };
    let token_owner = Identity { upstream: "https://app.example".into(), subject: "8".into() };
    for (identity, account, grants) in [(session_owner, session, 1), (token_owner, token, 2)] {
        let new: PersonId = second_token.account.parse().unwrap();
        let person = store.person(&identity, new, app.clock.now()).await.unwrap();
        assert_eq!(person.to_string(), account.account);
        // The person sees all of their connections again, and may end them.
        let found = store.grants_of(person, app.clock.now()).await.unwrap();
        assert_eq!(found.len(), grants);
    }
    for person in &written.people {
        let refreshed = written.refresh(&app, &person.refresh_token).await;
        let owner = if person.account == session.account { session } else { token };
        let status = status(&app, text(&refreshed["access_token"])).await;
        assert_eq!(status["person"]["id"], *owner.account);
        assert_eq!(status["credentials"][0]["id"], *person.account);
    }
}
