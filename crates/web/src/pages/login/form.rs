//! The login page.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
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
    offers_password: bool,
    uses_token: bool,
    /// Where Xano shows a code that is an access token.
    code_url: &'a str,
}

/// The login page of a browser.
pub(super) struct LoginForm<'a> {
    pub(super) app: &'a App,
    pub(super) browser: &'a Browser,
    /// The encrypted authorization request.
    pub(super) encrypted: Option<&'a str>,
    /// Whether the person tried to sign in with an access token.
    pub(super) uses_token: bool,
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
        let page = LoginPage {
            client: client.as_deref(),
            connecting: pending.is_some(),
            request: self.encrypted,
            csrf: &self.browser.csrf_token(&self.app.keys),
            error,
            email,
            offers_password: self.app.xano.offers_password(),
            uses_token: self.uses_token,
            code_url: &format!("{}/login?dest=cli&display=code", self.app.account_origin),
        };
        render(status, &page)
    }
}
