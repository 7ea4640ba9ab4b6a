//! A person's browser: keeps cookies, fills in forms, follows no redirect by itself.

use std::collections::BTreeMap;

use axum::body::Body;
use http::{Method, header};
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD};

use super::app::{TestApp, encode, form_request, request};
use super::reply::Reply;

/// A browser.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    cookies: BTreeMap<String, String>,
    /// The address that a proxy reports for it.
    pub network: Option<String>,
}

impl Browser {
    pub fn cookie_names(&self) -> Vec<String> {
        self.cookies.keys().cloned().collect()
    }

    fn cookie_header(&self) -> String {
        let pairs: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    fn keep_cookies(&mut self, reply: &Reply) {
        for cookie in reply.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Opens an address of the app, absolute or a path.
    pub async fn open(&mut self, app: &TestApp, address: &str) -> Reply {
        let request = request(Method::GET, address).header(header::COOKIE, self.cookie_header());
        let reply = app.send(request.body(Body::empty()).unwrap()).await;
        self.keep_cookies(&reply);
        reply
    }

    /// Submits a form.
    pub async fn submit(&mut self, app: &TestApp, path: &str, form: &[(&str, &str)]) -> Reply {
        let mut request = form_request(path).header(header::COOKIE, self.cookie_header());
        if let Some(network) = &self.network {
            request = request.header("x-forwarded-for", network);
        }
        let reply = app.send(request.body(Body::from(encode(form))).unwrap()).await;
        self.keep_cookies(&reply);
        reply
    }

    /// From `/authorize` to the login page.
    pub async fn reach_login(&mut self, app: &TestApp, authorize: &str) -> Reply {
        let login = self.open(app, authorize).await.location();
        assert!(login.starts_with("/login?request="), "{login}");
        self.open(app, &login).await.assert_status(200)
    }

    /// Signs in on the login page and comes to the consent page.
    pub async fn sign_in(&mut self, app: &TestApp, login: &Reply, email: &str, pw: &str) -> Reply {
        let consent = self.type_password(app, login, email, pw).await.location();
        assert!(consent.starts_with("/consent?request="), "{consent}");
        self.open(app, &consent).await.assert_status(200)
    }

    /// Types e-mail and password into the login page.
    pub async fn type_password(
        &mut self,
        app: &TestApp,
        login: &Reply,
        email: &str,
        password: &str,
    ) -> Reply {
        let (csrf, request) = (hidden(login, "csrf"), hidden(login, "request"));
        let mut form = vec![
            ("csrf", csrf.as_str()),
            ("method", "password"),
            ("email", email),
            ("password", password),
        ];
        if !request.is_empty() {
            form.push(("request", &request));
        }
        self.submit(app, "/login", &form).await
    }

    /// Pastes a token into the login page.
    pub async fn paste_token(&mut self, app: &TestApp, login: &Reply, token: &str) -> Reply {
        let (csrf, request) = (hidden(login, "csrf"), hidden(login, "request"));
        let form =
            [("csrf", csrf.as_str()), ("request", &request), ("method", "token"), ("token", token)];
        self.submit(app, "/login", &form).await
    }

    /// Decides on the consent page; gives the address the browser is sent to.
    pub async fn decide(&mut self, app: &TestApp, consent: &Reply, decision: &str) -> String {
        let (csrf, request) = (hidden(consent, "csrf"), hidden(consent, "request"));
        let form = [("csrf", csrf.as_str()), ("request", &request), ("decision", decision)];
        self.submit(app, "/consent", &form).await.location()
    }

    /// The same with the boxes of the page, some of them cleared.
    pub async fn choose(
        &mut self,
        app: &TestApp,
        consent: &Reply,
        decision: &str,
        cleared: &[&str],
    ) -> Reply {
        let page = consent.text();
        let boxes = page.split("type=\"checkbox\" name=\"").skip(1);
        let boxes = boxes.map(|rest| rest.split('"').next().unwrap());
        let unchecked = |name: &str| page.contains(&format!("name=\"{name}\">"));
        let boxes = boxes.filter(|name| !cleared.contains(name) && !unchecked(name));
        let boxes: Vec<_> = boxes.collect();
        let fields = ["csrf", "request", "sign_ins", "toolsets", "instances"]
            .map(|name| (name, hidden(consent, name)));
        let fields = fields.iter().filter(|(_, value)| !value.is_empty());
        let mut form: Vec<_> = fields.map(|(name, value)| (*name, value.as_str())).collect();
        form.extend(boxes.iter().map(|name| (*name, "on")));
        form.push(("decision", decision));
        self.submit(app, "/consent", &form).await
    }

    /// The whole way as the demo person: gives the address with the code.
    pub async fn allow(&mut self, app: &TestApp, authorize: &str) -> String {
        self.allow_as(app, authorize, DEMO_EMAIL, DEMO_PASSWORD).await
    }

    /// The whole way as somebody.
    pub async fn allow_as(
        &mut self,
        app: &TestApp,
        authorize: &str,
        email: &str,
        pw: &str,
    ) -> String {
        let login = self.reach_login(app, authorize).await;
        let consent = self.sign_in(app, &login, email, pw).await;
        self.decide(app, &consent, "allow").await
    }
}

/// The value of a page's hidden field; empty when there is none.
pub fn hidden(page: &Reply, name: &str) -> String {
    let text = page.text();
    let marker = format!("name=\"{name}\" value=\"");
    text.split_once(&marker)
        .map(|(_, rest)| rest.split('"').next().unwrap().to_owned())
        .unwrap_or_default()
}
