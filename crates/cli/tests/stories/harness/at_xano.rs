//! A person at Xano's own pages, which the sandbox shows: between "Continue with Xano" and the way back.

use std::collections::BTreeMap;

use http::header;
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD};

use super::app::{TestApp, encode};
use super::browser::{Browser, hidden};
use super::client::{Connection, Registered};
use super::reply::Reply;

pub const STORE: &str = "xsbx-demo-0001/1";
pub const PLAYGROUND: &str = "xsbx-demo-0001/2";
pub const STAGING: &str = "xsbx-demo-0002/1";

/// What the demo person answers on Xano's consent page.
#[derive(Debug, Clone, Copy)]
pub struct AtXano<'a> {
    pub email: &'a str,
    pub password: &'a str,
    pub workspace: &'a str,
    pub decision: &'a str,
}

impl<'a> AtXano<'a> {
    pub fn picks(workspace: &'a str) -> Self {
        Self { email: DEMO_EMAIL, password: DEMO_PASSWORD, workspace, decision: "allow" }
    }

    pub fn cancels() -> Self {
        Self { decision: "deny", ..Self::picks(STORE) }
    }

    /// Answers at the address that this server sent the browser to; gives the address of the way back.
    #[expect(clippy::disallowed_methods, reason = "talks to the sandbox on loopback")]
    pub async fn answers(&self, address: &str) -> String {
        let address = url::Url::parse(address).unwrap();
        let mut form: BTreeMap<String, String> = address.query_pairs().into_owned().collect();
        for (name, value) in [
            ("email", self.email),
            ("password", self.password),
            ("workspace", self.workspace),
            ("decision", self.decision),
        ] {
            form.insert(name.to_owned(), value.to_owned());
        }
        let form: Vec<_> =
            form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let mut endpoint = address.clone();
        endpoint.set_query(None);
        let redirects = reqwest::redirect::Policy::none();
        let client = reqwest::Client::builder().no_proxy().redirect(redirects).build().unwrap();
        let request = client.post(endpoint).body(encode(&form));
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = request.send().await.unwrap();
        let to = answer.headers().get(header::LOCATION).cloned();
        let to = to.unwrap_or_else(|| panic!("Xano shows a page: {}", answer.status()));
        to.to_str().unwrap().to_owned()
    }
}

impl Browser {
    /// Chooses "Continue with Xano" on a page; gives the reply, which leads to Xano.
    pub async fn continue_with_xano(&mut self, app: &TestApp, page: &Reply) -> Reply {
        let fields = ["csrf", "request", "grant", "access"].map(|name| (name, hidden(page, name)));
        let fields = fields.iter().filter(|(_, value)| !value.is_empty());
        let mut form: Vec<_> = fields.map(|(name, value)| (*name, value.as_str())).collect();
        form.push(("method", "oauth"));
        self.submit(app, "/login", &form).await
    }

    /// From a page with "Continue with Xano" through Xano's pages; gives the address after the way back.
    pub async fn sign_in_at_xano(&mut self, app: &TestApp, page: &Reply, at: AtXano<'_>) -> String {
        let to_xano = self.continue_with_xano(app, page).await.location();
        let back = at.answers(&to_xano).await;
        self.open(app, &back).await.location()
    }
}

impl Connection {
    /// Registers a client and connects the demo person with a sign-in at Xano.
    pub async fn at_xano(app: &TestApp, workspace: &str) -> Self {
        Self::at_xano_with(app, AtXano::picks(workspace), &[]).await
    }

    /// The same with a changed authorization request.
    pub async fn at_xano_with(app: &TestApp, at: AtXano<'_>, changes: &[(&str, &str)]) -> Self {
        let client = Registered::new(app).await;
        let mut browser = Browser::default();
        let login = browser.reach_login(app, &client.authorize_with(changes)).await;
        let consent = browser.sign_in_at_xano(app, &login, at).await;
        assert!(consent.starts_with("/consent?request="), "{consent}");
        let consent = browser.open(app, &consent).await.assert_status(200);
        let reply = browser.choose(app, &consent, "allow", &[]).await;
        Self::finish(app, client, &reply.location()).await
    }
}
