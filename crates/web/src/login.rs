//! `/login`: signing in to Xano, by e-mail and password, with a pasted token, or on Xano's own page.
//! With a pending request it leads on to the consent; without one it renews the sign-in behind
//! connections that exist.

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use snappy_domain::{Secret, audit};
use snappy_oauth::Site;
use snappy_oauth::form::Form;
use snappy_oauth::grant::pending::Pending;
use snappy_store::CredentialKind;
use snappy_xano::{SignInError, SignedIn};

use crate::App;
use crate::browser::{self, Browser};
use crate::limits::{Action, Sender};
use crate::pages::{self, LoginPage, Problem, problem};
use crate::reply::see_other;
use crate::{oauth_callback, pending};

/// Shows the form.
pub(crate) async fn get(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Ok(form) = Form::parse(query.unwrap_or_default().as_bytes()) else {
        return problem(&Problem::NotThisBrowser);
    };
    let (browser, pending) = match form.get("request") {
        Some(sealed) => match pending::open(&app, &site, &headers, sealed) {
            Ok((browser, pending)) => (browser, Some(pending)),
            Err(page) => return *page,
        },
        None => {
            let known = Browser::of(&headers, &site);
            (known.unwrap_or_else(|| Browser::new(&*app.runtime.random)), None)
        }
    };
    let sealed = form.get("request");
    let page = Page { app: &app, browser: &browser, sealed, token_failed: false };
    let error = form.get("failed").map(came_back_with);
    let mut response = page.show(StatusCode::OK, pending.as_ref(), error, "").await;
    response
        .headers_mut()
        .extend(browser.set_cookie(&site).map(|cookie| (header::SET_COOKIE, cookie)));
    response
}

/// Takes what the person typed.
pub(crate) async fn post(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    Extension(Sender(sender)): Extension<Sender>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Ok(form) = Form::parse(&body) else {
        return problem(&Problem::NotOurForm);
    };
    let (browser, pending) = match form.get("request") {
        Some(sealed) => match pending::open(&app, &site, &headers, sealed) {
            Ok((browser, pending)) => (browser, Some(pending)),
            Err(page) => return *page,
        },
        None => match Browser::of(&headers, &site) {
            Some(browser) => (browser, None),
            None => return problem(&Problem::NotThisBrowser),
        },
    };
    if !browser.sent(&app.keys, form.get("csrf")) {
        return problem(&Problem::NotOurForm);
    }
    let token_failed = form.get("method") == Some("token");
    let page = Page { app: &app, browser: &browser, sealed: form.get("request"), token_failed };
    let email = form.get("email").unwrap_or_default().trim();
    let account = email.to_lowercase();
    let limiter = app.limiter();
    if !limiter.count(Action::Login, &sender) || !limiter.has_room(Action::LoginFailure, &account) {
        let why = Some("There were too many tries. Wait a few minutes, then try again.");
        return page.show(StatusCode::TOO_MANY_REQUESTS, pending.as_ref(), why, email).await;
    }
    let signed_in = match form.get("method") {
        Some("xano") => return oauth_callback::start(&app, &site, &browser, page.sealed),
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
        Ok(signed_in) => match finish(&app, &site, &browser, pending, &signed_in).await {
            Ok(finished) => finished.into_response(),
            Err(trouble) => problem(&trouble),
        },
        Err(error) => {
            let method = if token_failed { CredentialKind::Token } else { CredentialKind::Session };
            failed(method.as_str(), &error, &sender);
            // Whether the account exists makes no difference here.
            if error == SignInError::WrongCredentials {
                limiter.count(Action::LoginFailure, &account);
            }
            let (status, why) = explain(&error);
            page.show(status, pending.as_ref(), Some(why), email).await
        }
    }
}

/// Writes a failed sign-in down in the audit trail.
pub(crate) fn failed(method: &str, error: &SignInError, address: &str) {
    audit::SIGN_IN_FAILED.record(audit::Fields {
        method: Some(method),
        reason: Some(&error.to_string()),
        address: Some(address),
        ..Default::default()
    });
}

/// Where a sign-in leads, and the cookie that opens the account page.
pub(crate) struct Finished {
    pub(crate) to: String,
    pub(crate) session: Option<HeaderValue>,
}

impl Finished {
    /// The answer that sends the browser there.
    fn into_response(self) -> Response {
        let mut response = see_other(&self.to);
        response.headers_mut().extend(self.session.map(|cookie| (header::SET_COOKIE, cookie)));
        response
    }
}

/// Stores the sign-in, and says where to go: to the consent of a new connection, or to the person's own
/// page.
pub(crate) async fn finish(
    app: &App,
    site: &Site,
    browser: &Browser,
    pending: Option<Pending>,
    signed_in: &SignedIn,
) -> Result<Finished, Problem<'static>> {
    let SignedIn { identity, credential } = signed_in;
    let method = credential.secret.kind().as_str();
    let kept = app.oauth.sign_in(identity, credential, method).await.map_err(|error| {
        tracing::error!("A sign-in could not be stored: {error}");
        Problem::Trouble
    })?;
    let session = browser::open_session(app, site, browser, &kept);
    let Some(mut pending) = pending else {
        let notice = if kept.version > 1 { "renewed" } else { "new" };
        return Ok(Finished { to: format!("/account?notice={notice}"), session });
    };
    pending.signed_in = Some((kept.person, kept.id));
    match app.oauth.seal_pending(&pending, browser.as_str()) {
        Ok(sealed) => Ok(Finished { to: pending::address("/consent", &sealed), session }),
        Err(_) => Err(Problem::Trouble),
    }
}

/// What went wrong on Xano's own page, as the address of the way back names it.
fn came_back_with(failed: &str) -> &'static str {
    match failed {
        "nothing" => "The sign-in on Xano's page was not finished.",
        "refused" => explain(&SignInError::Refused).1,
        _ => "Xano can't be asked about the sign-in right now. Try again in a minute.",
    }
}

/// What a failed sign-in says to the person.
pub(crate) const fn explain(error: &SignInError) -> (StatusCode, &'static str) {
    match error {
        SignInError::WrongCredentials => {
            (StatusCode::FORBIDDEN, "Xano does not accept this e-mail and password.")
        }
        SignInError::Refused => (StatusCode::FORBIDDEN, "Xano does not accept this access token."),
        SignInError::NoApiKey => (
            StatusCode::BAD_GATEWAY,
            "The password is right, but Xano gave no API key for this account. Ask whoever runs \
             the Xano backend to return api_key from auth/me.",
        ),
        SignInError::SessionRefused | SignInError::AnotherPerson | SignInError::AnotherXano(_) => (
            StatusCode::BAD_GATEWAY,
            "The password is right, but Xano then gave no proper answer about this account. Ask \
             whoever runs the Xano backend.",
        ),
        SignInError::RateLimited => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Xano is asked too often right now. Wait half a minute and try again.",
        ),
        SignInError::Unavailable(_) => (
            StatusCode::BAD_GATEWAY,
            "Xano can't be reached right now, so the sign-in could not be checked. Try again in a \
             minute.",
        ),
    }
}

/// The login page for one browser.
struct Page<'a> {
    app: &'a App,
    browser: &'a Browser,
    sealed: Option<&'a str>,
    token_failed: bool,
}

impl Page<'_> {
    async fn show(
        &self,
        status: StatusCode,
        pending: Option<&Pending>,
        error: Option<&str>,
        email: &str,
    ) -> Response {
        let client = match pending {
            Some(pending) => match self.app.oauth.client(&pending.client).await {
                Ok(client) => client.and_then(|client| client.name),
                Err(_) => return problem(&Problem::Trouble),
            },
            None => None,
        };
        let page = LoginPage {
            client: client.as_deref(),
            connecting: pending.is_some(),
            request: self.sealed,
            csrf: &self.browser.csrf(&self.app.keys),
            error,
            email,
            offers_password: self.app.xano.offers_password(),
            token_failed: self.token_failed,
            code_url: &format!("{}/login?dest=cli&display=code", self.app.account_origin),
        };
        pages::show(status, &page)
    }
}
