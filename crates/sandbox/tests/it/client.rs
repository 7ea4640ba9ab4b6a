//! A sandbox with a client for it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use reqwest::Method;
use serde_json::{Value, json};
use snappy_sandbox::{Control, DEMO_EMAIL, Options, SIGN_IN_GROUP, Sandbox};

/// 2026-01-11 11:30:49 UTC.
pub(crate) const NOW_MS: i64 = 1_768_131_049_000;

pub(crate) struct Fixture {
    pub(crate) sandbox: Sandbox,
    pub(crate) http: reqwest::Client,
    pub(crate) clock: Arc<AtomicI64>,
}

/// Status and body of an answer; a body that is no JSON is a string.
pub(crate) type Answer = (u16, Value);

pub(crate) async fn start() -> Fixture {
    start_with(None).await
}

pub(crate) async fn start_with(snapshot: Option<PathBuf>) -> Fixture {
    let clock = Arc::new(AtomicI64::new(NOW_MS));
    let reading = Arc::clone(&clock);
    let options = Options {
        snapshot,
        now_ms: Arc::new(move || reading.load(Ordering::SeqCst)),
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    Fixture { sandbox, http: http(), clock }
}

#[expect(clippy::disallowed_methods, reason = "talks to loopback only")]
pub(crate) fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

impl Fixture {
    pub(crate) fn control(&self) -> &Control {
        self.sandbox.control()
    }

    pub(crate) fn key(&self) -> String {
        self.control().api_key(DEMO_EMAIL)
    }

    /// A request with a bearer; `path` begins with a slash.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        bearer: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Answer, reqwest::Error> {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.http.request(method, format!("{}{path}", self.sandbox.origin()));
        if let Some(bearer) = bearer {
            request = request.bearer_auth(bearer);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        let text = response.text().await?;
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }

    /// A Metadata call with the demo user's key; `path` is what follows `/api:meta`.
    pub(crate) async fn meta(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let path = format!("/api:meta{path}");
        self.send(method, &path, Some(&self.key()), body.as_ref()).await.unwrap()
    }

    /// A call on a table of workspace 1.
    pub(crate) async fn table(&self, method: &str, rest: &str, body: Option<Value>) -> Answer {
        self.meta(method, &format!("/workspace/1/table{rest}"), body).await
    }

    /// The same, which must succeed.
    pub(crate) async fn ok(&self, method: &str, rest: &str, body: Option<Value>) -> Value {
        let (status, answer) = self.table(method, rest, body).await;
        assert_eq!(status, 200, "{method} {rest}: {answer}");
        answer
    }

    /// The same, which must be refused for its input; answers the param.
    pub(crate) async fn refused(&self, method: &str, rest: &str, body: Option<Value>) -> String {
        let (status, answer) = self.table(method, rest, body).await;
        assert_eq!((status, &answer["code"]), (400, &json!("ERROR_CODE_INPUT_ERROR")), "{answer}");
        answer["payload"]["param"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn login(&self, email: &str, password: &str) -> Answer {
        let body = json!({ "email": email, "password": password });
        let path = format!("/{SIGN_IN_GROUP}/auth/login");
        self.send("POST", &path, None, Some(&body)).await.unwrap()
    }

    pub(crate) async fn me(&self, bearer: &str) -> Answer {
        let path = format!("/{SIGN_IN_GROUP}/auth/me");
        self.send("GET", &path, Some(bearer), None).await.unwrap()
    }
}
