//! Sign-in, keys and sessions.

use serde_json::{Value, json};
use snappy_sandbox::{
    DEMO_EMAIL, DEMO_NAME, DEMO_PASSWORD, LoginShape, SECOND_EMAIL, SECOND_NAME, SECOND_PASSWORD,
    SIGN_IN_GROUP,
};

use crate::client::{self, Fixture};

async fn session(fixture: &Fixture) -> String {
    let (status, answer) = fixture.login(DEMO_EMAIL, DEMO_PASSWORD).await;
    assert_eq!(status, 200, "{answer}");
    answer["authToken"].as_str().unwrap().to_owned()
}

async fn key_works(fixture: &Fixture, key: &str) -> bool {
    let answer = fixture.send("GET", "/api:meta/workspace", Some(key), None).await.unwrap();
    answer.0 == 200
}

#[tokio::test]
async fn sign_in_leads_to_the_metadata_key_of_the_same_person() {
    let fixture = client::start().await;
    let mut keys = Vec::new();
    for (id, email, password, name) in
        [(1, DEMO_EMAIL, DEMO_PASSWORD, DEMO_NAME), (2, SECOND_EMAIL, SECOND_PASSWORD, SECOND_NAME)]
    {
        let (_, answer) = fixture.login(email, password).await;
        let (_, row) = fixture.me(answer["authToken"].as_str().unwrap()).await;
        assert_eq!(
            (&row["id"], &row["name"], &row["email"]),
            (&json!(id), &json!(name), &json!(email))
        );
        assert!(row["created_at"].as_i64().unwrap() > 1_600_000_000_000);
        let key = row["api_key"].as_str().unwrap().to_owned();
        assert_eq!(key, fixture.control().api_key(email));
        let owner = fixture.send("GET", "/api:meta/auth/me", Some(&key), None).await.unwrap().1;
        assert_eq!((&owner["id"], &owner["email"]), (&json!(id), &json!(email)));
        assert_eq!(owner["extras"]["instance"]["name"], "xsbx-demo-0001");
        keys.push(key);
    }
    assert_ne!(keys[0], keys[1]);
}

#[tokio::test]
async fn sessions_and_keys_are_not_interchangeable() {
    let fixture = client::start().await;
    let session = session(&fixture).await;
    assert!(!key_works(&fixture, &session).await);
    assert_eq!(fixture.me(&fixture.key()).await.0, 401);
}

#[tokio::test]
async fn missing_input_and_missing_sessions() {
    let fixture = client::start().await;
    let path = format!("/{SIGN_IN_GROUP}/auth/login");
    for (body, param) in
        [(json!({}), "email"), (json!({"email": DEMO_EMAIL}), "password"), (json!([]), "body")]
    {
        let (status, answer) = fixture.send("POST", &path, None, Some(&body)).await.unwrap();
        assert_eq!((status, &answer["payload"]["param"]), (400, &json!(param)));
    }
    let path = format!("/{SIGN_IN_GROUP}/auth/me");
    assert_eq!(fixture.send("GET", &path, None, None).await.unwrap().0, 401);
    assert_eq!(fixture.me("a.b.c.d.e").await.0, 401);
}

#[tokio::test]
async fn a_rotated_key_is_dead_and_the_row_has_the_new_one() {
    let fixture = client::start().await;
    let session = session(&fixture).await;
    let old = fixture.key();
    let new = fixture.control().rotate_key(DEMO_EMAIL);
    assert_ne!(old, new);
    assert!(!key_works(&fixture, &old).await);
    assert!(key_works(&fixture, &new).await);
    assert_eq!(fixture.me(&session).await.1["api_key"], json!(new));
    assert!(key_works(&fixture, &fixture.control().api_key(SECOND_EMAIL)).await);
}

#[tokio::test]
async fn an_expired_key_is_replaced_by_the_next_reading_of_the_row() {
    let fixture = client::start().await;
    let session = session(&fixture).await;
    let old = fixture.key();
    fixture.control().expire_key(DEMO_EMAIL);
    assert!(!key_works(&fixture, &old).await);
    let new = fixture.me(&session).await.1["api_key"].as_str().unwrap().to_owned();
    assert_ne!(old, new);
    assert!(key_works(&fixture, &new).await);
    assert_eq!(fixture.me(&session).await.1["api_key"], json!(new));
}

#[tokio::test]
async fn an_expired_session_needs_a_new_sign_in() {
    let fixture = client::start().await;
    let old = session(&fixture).await;
    fixture.control().expire_session(DEMO_EMAIL);
    assert_eq!(fixture.me(&old).await.0, 401);
    let new = session(&fixture).await;
    assert_ne!(old, new);
    assert_eq!((fixture.me(&old).await.0, fixture.me(&new).await.0), (401, 200));
    assert!(key_works(&fixture, &fixture.key()).await);
}

#[tokio::test]
async fn in_the_older_shape_the_key_is_also_the_session() {
    let fixture = client::start().await;
    fixture.control().set_login_shape(LoginShape::ApiKey);
    let (_, answer) = fixture.login(DEMO_EMAIL, DEMO_PASSWORD).await;
    assert_eq!(answer.get("authToken"), None);
    let key = answer["api_key"].as_str().unwrap().to_owned();
    assert!(key_works(&fixture, &key).await);
    assert_eq!(fixture.me(&key).await.1["api_key"], json!(key));
    fixture.control().expire_session(DEMO_EMAIL);
    assert_eq!(fixture.me(&key).await.0, 401);
    fixture.login(DEMO_EMAIL, DEMO_PASSWORD).await;
    fixture.control().rotate_key(DEMO_EMAIL);
    assert_eq!(fixture.me(&key).await.0, 401);
}

#[tokio::test]
async fn the_row_may_lack_the_key() {
    let fixture = client::start().await;
    let session = session(&fixture).await;
    fixture.control().set_me_without_key(true);
    let (status, row) = fixture.me(&session).await;
    assert_eq!((status, row.get("api_key")), (200, None));
}

#[tokio::test]
async fn unknown_addresses_change_nothing() {
    let fixture = client::start().await;
    let control = fixture.control();
    assert_eq!(control.rotate_key("nobody@acme.test"), "");
    assert_eq!(control.api_key("nobody@acme.test"), "");
    control.expire_key("nobody@acme.test");
    control.expire_session("nobody@acme.test");
    assert!(key_works(&fixture, &fixture.key()).await);
}

#[tokio::test]
async fn instances_are_the_seeds_or_anything_else() {
    let fixture = client::start().await;
    let (_, list) = fixture.meta("GET", "/instance", None).await;
    let origin = fixture.sandbox.origin();
    for (place, (name, display)) in
        [("xsbx-demo-0001", "Acme Store"), ("xsbx-demo-0002", "Acme Staging")].iter().enumerate()
    {
        let instance = &list[place];
        assert_eq!((&instance["name"], &instance["display"]), (&json!(name), &json!(display)));
        assert_eq!(instance["meta_api"], json!(format!("{origin}/api:meta")));
        assert_eq!(instance["xano_domain"], json!(fixture.sandbox.addr().to_string()));
        assert_eq!(fixture.meta("GET", &format!("/instance/{name}"), None).await.1, *instance);
    }
    let hostile = json!([{ "name": "x", "meta_api": "https://elsewhere.test/api:meta" }, 7]);
    fixture.control().set_instances(Some(hostile.clone()));
    assert_eq!(fixture.meta("GET", "/instance", None).await.1, hostile);
    assert_eq!(fixture.meta("GET", "/instance/x", None).await.1, hostile[0]);
    fixture.control().set_instances(Some(Value::Null));
    assert_eq!(fixture.meta("GET", "/instance", None).await.1, Value::Null);
    fixture.control().set_instances(None);
    assert_eq!(fixture.meta("GET", "/instance", None).await.1, list);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_tokens() {
    let (first, second) = (client::start().await, client::start().await);
    assert_eq!(first.key(), second.key());
    assert_eq!(session(&first).await, session(&second).await);
}
