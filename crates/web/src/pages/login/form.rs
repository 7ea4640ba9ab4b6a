//! The login page.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use snappy_domain::GrantId;
use snappy_oauth::grant::pending::Pending;

use crate::app::App;
use crate::pages::browser::Browser;
use crate::pages::problem::Problem;
use crate::pages::render::render;

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage<'a> {
    client: Option<&'a str>,
    /// Whether the sign-in belongs to an authorization request.
    connecting: bool,
    request: Option<&'a str>,
    csrf: &'a str,
    error: Option<&'a str>,
    email: &'a str,
    /// The host of Xano's OAuth server, if its sign-in is offered.
    xano: Option<&'a str>,
    only_reads: bool,
    grant: Option<String>,
    /// The host of the backend that receives the password, if that sign-in is offered.
    backend: Option<&'a str>,
    uses_token: bool,
    /// Where Xano shows a code that is an access token.
    code_url: &'a str,
}

fn host(origin: &str) -> &str {
    origin.split("://").nth(1).unwrap_or(origin)
}

/// The login page of a browser.
pub(super) struct LoginForm<'a> {
    pub(super) app: &'a App,
    pub(super) browser: &'a Browser,
    /// The encrypted authorization request.
    pub(super) encrypted: Option<&'a str>,
    /// Whether the person tried to sign in with an access token.
    pub(super) uses_token: bool,
    /// Whether the sign-in at Xano only needs to read.
    pub(super) only_reads: bool,
    /// The connection whose app asked for the sign-in.
    pub(super) grant: Option<GrantId>,
}

impl LoginForm<'_> {
    /// Renders the page, with an error and the email address that was entered.
    pub(super) async fn show(
        &self,
        status: StatusCode,
        pending: Option<&Pending>,
        error: Option<&str>,
        email: &str,
    ) -> Response {
        let client = match pending {
            Some(pending) => match self.app.oauth.client(&pending.client).await {
                Ok(client) => client.and_then(|client| client.name),
                Err(_) => return Problem::ServerError.page(),
            },
            None => None,
        };
        let backend = self.app.xano.password_backend();
        let page = LoginPage {
            client: client.as_deref(),
            connecting: pending.is_some(),
            request: self.encrypted,
            csrf: &self.browser.csrf_token(&self.app.keys),
            error,
            email,
            xano: self.app.offers_oauth.then(|| host(&self.app.account_origin)),
            only_reads: self.only_reads,
            grant: self.grant.map(|grant| grant.to_string()),
            backend: backend.as_deref(),
            uses_token: self.uses_token,
            code_url: &format!("{}/login?dest=cli&display=code", self.app.account_origin),
        };
        render(status, &page)
    }
}
