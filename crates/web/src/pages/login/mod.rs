//! `/login`: sign-in at Xano's OAuth server, by email and password, or with an access token.
//! With an authorization request it continues to the consent page. Without one it renews the sign-in
//! that existing connections use.

mod attempt;
pub(super) mod complete;
mod form;
pub(super) mod messages;
pub(crate) mod xano_page;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use snappy_domain::GrantId;
use snappy_oauth::Site;
use snappy_oauth::form::Form;
use snappy_xano::SignInError;

use self::attempt::AttemptError;
use self::complete::Then;
use self::form::LoginForm;
use super::browser::Browser;
use super::pending;
use super::problem::Problem;
use super::xano_oauth::{self, Begin};
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
    let failed = form.get("failed");
    let page = LoginForm {
        app: &app,
        browser: &browser,
        encrypted,
        uses_token: matches!(failed, Some("oauth_not_offered" | "oauth_refused" | "oauth_limited")),
        only_reads: form.get("access") == Some("read"),
        grant: grant(&form),
    };
    let error = failed.map(messages::xano_page_error);
    let response = page.show(StatusCode::OK, pending.as_ref(), error, "").await;
    add_cookie(response, browser.set_cookie(&site))
}

/// The connection whose app asked for the sign-in.
fn grant(form: &Form) -> Option<GrantId> {
    form.get("grant")?.parse().ok()
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
        only_reads: form.get("access") == Some("read"),
        grant: grant(&form),
    };
    let email = form.get("email").unwrap_or_default().trim();
    // Failures from one network must not lock the owner out everywhere.
    let account = email.to_lowercase();
    let here = format!("{address} {account}");
    let limiter = app.limiter();
    if !limiter.count(Action::Login, &address)
        || !limiter.allows(Action::LoginFailure, &here)
        || !limiter.allows(Action::LoginFailureAnywhere, &account)
    {
        let why = Some("Too many attempts. Wait a few minutes, then try again.");
        return page.show(StatusCode::TOO_MANY_REQUESTS, pending.as_ref(), why, email).await;
    }
    match form.get("method") {
        Some("xano") => {
            return xano_page::start(&app, &site, &headers, &browser, page.encrypted, page.grant);
        }
        Some("oauth") if app.offers_oauth => {
            let requested = pending.as_ref().map(|pending| &pending.scopes);
            let only_reads = page.only_reads
                || requested.is_some_and(|scopes| xano_oauth::only_reads(&app, scopes))
                || app.is_read_only();
            let begin = Begin { request: page.encrypted, grant: page.grant, only_reads };
            return match xano_oauth::start(&app, &site, &headers, &browser, begin).await {
                Ok(response) => response,
                Err(error) => {
                    messages::record_oauth_failure(&error, &address);
                    let why = messages::xano_page_error(messages::oauth_error_name(&error));
                    let page = LoginForm { uses_token: error.is_about_this_server(), ..page };
                    let status = StatusCode::BAD_GATEWAY;
                    page.show(status, pending.as_ref(), Some(why), email).await
                }
            };
        }
        _ => {}
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
                limiter.count(Action::LoginFailure, &here);
                limiter.count(Action::LoginFailureAnywhere, &account);
            }
            let (status, why) = messages::sign_in_error(&error);
            return page.show(status, pending.as_ref(), Some(why), email).await;
        }
    };
    let then = Then::of(pending, grant(&form));
    match complete::complete(&app, &site, &browser, &address, then, &signed_in).await {
        Ok(completed) => add_cookie(see_other(&completed.location), completed.session),
        Err(problem) => problem.page(),
    }
}
