//! `/login`: sign-in to Xano by email and password, with a pasted access token, or on Xano's own page.
//! With an authorization request it continues to the consent page. Without one it renews the sign-in
//! that existing connections use.

mod attempt;
mod complete;
mod form;
mod messages;
pub(crate) mod xano_page;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use snappy_oauth::Site;
use snappy_oauth::form::Form;
use snappy_xano::SignInError;

use self::attempt::AttemptError;
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
        Some(encrypted) => match pending::open(&app, &site, &headers, encrypted) {
            Ok((browser, pending)) => (browser, Some(pending)),
            Err(page) => return *page,
        },
        None => {
            let known = Browser::from_headers(&headers, &site);
            (known.unwrap_or_else(|| Browser::new(&*app.runtime.random)), None)
        }
    };
    let encrypted = form.get("request");
    let page = LoginForm { app: &app, browser: &browser, encrypted, uses_token: false };
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
        Some(encrypted) => match pending::open(&app, &site, &headers, encrypted) {
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
    let page = LoginForm {
        app: &app,
        browser: &browser,
        encrypted: form.get("request"),
        uses_token: form.get("method") == Some("token"),
    };
    let email = form.get("email").unwrap_or_default().trim();
    let account = email.to_lowercase();
    let limiter = app.limiter();
    if !limiter.count(Action::Login, &address) || !limiter.allows(Action::LoginFailure, &account) {
        let why = Some("Too many attempts. Wait a few minutes, then try again.");
        return page.show(StatusCode::TOO_MANY_REQUESTS, pending.as_ref(), why, email).await;
    }
    if form.get("method") == Some("xano") {
        return xano_page::start(&app, &site, &browser, page.encrypted);
    }
    let signed_in = match attempt::attempt(&app, &form, email).await {
        Ok(signed_in) => signed_in,
        Err(AttemptError::Incomplete(why)) => {
            return page.show(StatusCode::BAD_REQUEST, pending.as_ref(), Some(why), email).await;
        }
        Err(AttemptError::Failed(error)) => {
            attempt::record_failure(attempt::method(&form).as_str(), &error, &address);
            // Also counted if no such account exists, so that the limit does not reveal accounts.
            if error == SignInError::WrongCredentials {
                limiter.count(Action::LoginFailure, &account);
            }
            let (status, why) = messages::sign_in_error(&error);
            return page.show(status, pending.as_ref(), Some(why), email).await;
        }
    };
    match complete::complete(&app, &site, &browser, pending, &signed_in).await {
        Ok(completed) => add_cookie(see_other(&completed.location), completed.session),
        Err(problem) => problem.page(),
    }
}
