//! `/login`: sign-in to Xano by e-mail and password, with a pasted access token, or on Xano's own page.
//! With an authorization request it continues to the consent page. Without one it renews the sign-in
//! that existing connections use.

mod complete;
mod form;
mod messages;
pub(crate) mod xano_page;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use snappy_domain::Secret;
use snappy_oauth::Site;
use snappy_oauth::form::Form;
use snappy_store::CredentialKind;
use snappy_xano::SignInError;

use self::form::LoginForm;
use super::browser::Browser;
use super::pending;
use super::problem::Problem;
use crate::app::App;
use crate::middleware::remote_address::RemoteAddress;
use crate::rate_limits::Action;
use crate::responses::{add_cookie, see_other};

/// Shows the form.
pub(crate) async fn get(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Ok(form) = Form::parse(query.unwrap_or_default().as_bytes()) else {
        return Problem::WrongBrowser.page();
    };
    let (browser, pending) = match form.get("request") {
        Some(sealed) => match pending::open(&app, &site, &headers, sealed) {
            Ok((browser, pending)) => (browser, Some(pending)),
            Err(page) => return *page,
        },
        None => {
            let known = Browser::from_headers(&headers, &site);
            (known.unwrap_or_else(|| Browser::new(&*app.runtime.random)), None)
        }
    };
    let sealed = form.get("request");
    let page = LoginForm { app: &app, browser: &browser, sealed, token_failed: false };
    let error = form.get("failed").map(messages::xano_page_error);
    let response = page.show(StatusCode::OK, pending.as_ref(), error, "").await;
    add_cookie(response, browser.set_cookie(&site))
}

/// Handles the form.
pub(crate) async fn post(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    Extension(RemoteAddress(address)): Extension<RemoteAddress>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Ok(form) = Form::parse(&body) else {
        return Problem::InvalidForm.page();
    };
    let (browser, pending) = match form.get("request") {
        Some(sealed) => match pending::open(&app, &site, &headers, sealed) {
            Ok((browser, pending)) => (browser, Some(pending)),
            Err(page) => return *page,
        },
        None => match Browser::from_headers(&headers, &site) {
            Some(browser) => (browser, None),
            None => return Problem::WrongBrowser.page(),
        },
    };
    if !browser.has_csrf_token(&app.keys, form.get("csrf")) {
        return Problem::InvalidForm.page();
    }
    let token_failed = form.get("method") == Some("token");
    let page =
        LoginForm { app: &app, browser: &browser, sealed: form.get("request"), token_failed };
    let email = form.get("email").unwrap_or_default().trim();
    let account = email.to_lowercase();
    let limiter = app.limiter();
    if !limiter.count(Action::Login, &address) || !limiter.allows(Action::LoginFailure, &account) {
        let why = Some("There were too many tries. Wait a few minutes, then try again.");
        return page.show(StatusCode::TOO_MANY_REQUESTS, pending.as_ref(), why, email).await;
    }
    let signed_in = match form.get("method") {
        Some("xano") => return xano_page::start(&app, &site, &browser, page.sealed),
        Some("token") => match form.secret("token").map(|token| token.expose().trim()) {
            Some(token) => app.xano.check_token(&Secret::new(token)).await,
            None => {
                let why = Some("Paste an access token first.");
                return page.show(StatusCode::BAD_REQUEST, pending.as_ref(), why, email).await;
            }
        },
        _ => match form.secret("password") {
            Some(password) if !email.is_empty() => app.xano.sign_in(email, password).await,
            _ => {
                let why = Some("Type your e-mail address and your password.");
                return page.show(StatusCode::BAD_REQUEST, pending.as_ref(), why, email).await;
            }
        },
    };
    match signed_in {
        Ok(signed_in) => match complete::complete(&app, &site, &browser, pending, &signed_in).await
        {
            Ok(completed) => add_cookie(see_other(&completed.location), completed.session),
            Err(problem) => problem.page(),
        },
        Err(error) => {
            let method = if token_failed { CredentialKind::Token } else { CredentialKind::Session };
            complete::record_failure(method.as_str(), &error, &address);
            // Whether the account exists makes no difference here.
            if error == SignInError::WrongCredentials {
                limiter.count(Action::LoginFailure, &account);
            }
            let (status, why) = messages::sign_in_error(&error);
            page.show(status, pending.as_ref(), Some(why), email).await
        }
    }
}
