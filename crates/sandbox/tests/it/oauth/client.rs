//! A client of the OAuth server, and the person who decides.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD, SECOND_EMAIL, SECOND_PASSWORD};

use crate::client::{Answer, Fixture};

pub(crate) const REDIRECT: &str = "http://127.0.0.1:47100/oauth/callback";
pub(crate) const SCOPES: &str = "offline_access workspace:read workspace:write xano:dev";
/// The pair of RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const STORE: &str = "xsbx-demo-0001/1";

pub(crate) type Form = Vec<(String, String)>;

/// Parameters as a form, the later ones replacing earlier ones of the same name. An empty value is left out.
pub(crate) fn form(base: &[(&str, &str)], changes: &[(&str, &str)]) -> Form {
    let mut fields: Vec<(String, String)> = Vec::new();
    for (name, value) in base.iter().chain(changes) {
        fields.retain(|(known, _)| known != name);
        if !value.is_empty() {
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
    }
    fields
}

fn request(client: &str) -> [(&str, &str); 7] {
    [
        ("response_type", "code"),
        ("client_id", client),
        ("redirect_uri", REDIRECT),
        ("scope", SCOPES),
        ("state", "st a&te"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]
}

/// The members of a JWT's claims.
pub(crate) fn claims(token: &str) -> Value {
    serde_json::from_slice(&part(token, 1)).unwrap()
}

pub(crate) fn part(token: &str, place: usize) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(token.split('.').nth(place).unwrap()).unwrap()
}

pub(crate) fn text(answer: &Value, name: &str) -> String {
    answer[name].as_str().unwrap_or_else(|| panic!("no {name} in {answer}")).to_owned()
}

/// A response of the authorization endpoint: a page, or the way back to the client.
#[derive(Debug)]
pub(crate) enum Shown {
    Page(u16, String),
    Back(String, BTreeMap<String, String>),
}

impl Shown {
    pub(crate) fn page(self) -> (u16, String) {
        match self {
            Self::Page(status, html) => (status, html),
            back @ Self::Back(..) => panic!("expected a page, not {back:?}"),
        }
    }

    /// The parameters at the redirect URI.
    pub(crate) fn back(self) -> BTreeMap<String, String> {
        match self {
            Self::Back(_, parameters) => parameters,
            page @ Self::Page(..) => panic!("expected a redirect, not {page:?}"),
        }
    }
}

/// A client that shows redirects instead of following them.
#[expect(clippy::disallowed_methods, reason = "talks to loopback only")]
fn browser() -> reqwest::Client {
    let redirects = reqwest::redirect::Policy::none();
    reqwest::Client::builder().no_proxy().redirect(redirects).build().unwrap()
}

impl Fixture {
    pub(crate) async fn register(&self, body: Value) -> Answer {
        self.send("POST", "/api:master/oauth/register", None, Some(&body)).await.unwrap()
    }

    /// Registers a client for all scopes and returns its id.
    pub(crate) async fn oauth_client(&self) -> String {
        let scopes: Vec<_> = SCOPES.split(' ').collect();
        let body = json!({
            "client_name": "Tester <1>", "software_id": "tests", "redirect_uris": [REDIRECT],
            "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
            "token_endpoint_auth_method": "none", "scopes": scopes,
        });
        let (status, answer) = self.register(body).await;
        assert_eq!(status, 200, "{answer}");
        text(&answer, "client_id")
    }

    pub(crate) async fn post_form(
        &self,
        path: &str,
        fields: &Form,
    ) -> Result<reqwest::Response, reqwest::Error> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let url = format!("{}{path}", self.sandbox.origin());
        let request = browser().post(url).body(body);
        request.header("content-type", "application/x-www-form-urlencoded").send().await
    }

    async fn shown(&self, response: reqwest::Response) -> Shown {
        let status = response.status().as_u16();
        let Some(location) = response.headers().get("location") else {
            assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
            return Shown::Page(status, response.text().await.unwrap());
        };
        assert_eq!(status, 303);
        let location = location.to_str().unwrap().to_owned();
        let query = location.split_once('?').unwrap().1;
        let parameters = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Shown::Back(location, parameters)
    }

    /// Opens the page with a changed request.
    pub(crate) async fn open(&self, client: &str, changes: &[(&str, &str)]) -> Shown {
        let fields = form(&request(client), changes);
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let url = format!("{}/oauth2/authorize?{query}", self.sandbox.origin());
        self.shown(browser().get(url).send().await.unwrap()).await
    }

    /// Allows as the demo user, with a changed form.
    pub(crate) async fn allow(&self, client: &str, changes: &[(&str, &str)]) -> Shown {
        let mut fields = request(client).to_vec();
        fields.extend([("email", DEMO_EMAIL), ("password", DEMO_PASSWORD)]);
        fields.extend([("workspace", STORE), ("decision", "allow")]);
        let response = self.post_form("/oauth2/authorize", &form(&fields, changes)).await.unwrap();
        self.shown(response).await
    }

    pub(crate) async fn code(&self, client: &str, changes: &[(&str, &str)]) -> String {
        self.allow(client, changes).await.back()["code"].clone()
    }

    pub(crate) async fn token(&self, fields: &Form) -> Result<Answer, reqwest::Error> {
        let response = self.post_form("/api:master/oauth/token", fields).await?;
        let status = response.status().as_u16();
        let text = response.text().await?;
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }

    pub(crate) async fn redeem(
        &self,
        client: &str,
        code: &str,
        changes: &[(&str, &str)],
    ) -> Answer {
        let fields = [
            ("grant_type", "authorization_code"),
            ("client_id", client),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ];
        self.token(&form(&fields, changes)).await.unwrap()
    }

    pub(crate) async fn refresh(&self, client: &str, token: &str) -> Answer {
        self.token(&refresh_form(client, token)).await.unwrap()
    }

    /// Goes the whole way as the demo user, and returns the tokens.
    pub(crate) async fn tokens(&self, client: &str, changes: &[(&str, &str)]) -> Value {
        let code = self.code(client, changes).await;
        let (status, answer) = self.redeem(client, &code, &[]).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// A Metadata call with an access token; `path` is what follows `/api:meta`.
    pub(crate) async fn with_token(&self, method: &str, path: &str, token: &str) -> Answer {
        let body = (method != "GET").then(|| json!({ "name": "new" }));
        let path = format!("/api:meta{path}");
        self.send(method, &path, Some(token), body.as_ref()).await.unwrap()
    }

    pub(crate) async fn accepts(&self, token: &str) -> bool {
        match self.with_token("GET", "/auth/me", token).await.0 {
            200 => true,
            401 => false,
            other => panic!("{other}"),
        }
    }
}

pub(crate) const SECOND: [(&str, &str); 2] =
    [("email", SECOND_EMAIL), ("password", SECOND_PASSWORD)];

pub(crate) fn refresh_form(client: &str, token: &str) -> Form {
    let fields = [("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", token)];
    form(&fields, &[])
}

/// An error in Xano's form with status 401.
pub(crate) fn unauthorized(message: &str) -> Answer {
    (401, json!({ "code": "ERROR_CODE_UNAUTHORIZED", "message": message }))
}
