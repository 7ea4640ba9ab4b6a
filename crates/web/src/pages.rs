//! Pages for people: server-rendered, without a script, readable without a style.

use askama::Template;
use axum::Extension;
use axum::response::{Html, IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use snappy_domain::Scope;
use snappy_oauth::Site;
use snappy_oauth::grant::authorize::AuthorizeError;
use snappy_tools::Toolset;

use crate::consent::{Place, destination};

/// The login form.
#[derive(Template)]
#[template(path = "login.html")]
pub(crate) struct LoginPage<'a> {
    pub(crate) client: Option<&'a str>,
    pub(crate) connecting: bool,
    pub(crate) request: Option<&'a str>,
    pub(crate) csrf: &'a str,
    pub(crate) error: Option<&'a str>,
    pub(crate) email: &'a str,
    pub(crate) offers_password: bool,
    pub(crate) token_failed: bool,
    pub(crate) code_url: &'a str,
}

/// The consent form.
#[derive(Template)]
#[template(path = "consent.html")]
pub(crate) struct ConsentPage<'a> {
    pub(crate) client: Option<&'a str>,
    pub(crate) client_id: &'a str,
    pub(crate) described_at: Option<&'a str>,
    pub(crate) goes_to: &'a str,
    pub(crate) on_this_computer: bool,
    pub(crate) account: &'a str,
    pub(crate) xano: &'a str,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) may_read_only: bool,
    pub(crate) toolsets: Vec<Toolset>,
    pub(crate) places: &'a [Place],
    pub(crate) shown: usize,
    pub(crate) request: &'a str,
    pub(crate) csrf: &'a str,
}

/// The person's own page.
#[derive(Template)]
#[template(path = "account.html")]
pub(crate) struct AccountPage<'a> {
    pub(crate) who: &'a str,
    pub(crate) xano: &'a str,
    pub(crate) works: bool,
    pub(crate) since: String,
    pub(crate) ends: Option<String>,
    pub(crate) connected: Vec<Connected>,
    pub(crate) csrf: &'a str,
    pub(crate) notice: Option<&'static str>,
}

/// A connected app on it.
pub(crate) struct Connected {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) may: Vec<&'static str>,
    pub(crate) narrowed: bool,
    pub(crate) since: String,
    pub(crate) used: Option<String>,
}

/// A page with a heading and a few sentences.
#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage<'a> {
    title: &'a str,
    what: &'a str,
    next: &'a str,
    /// An address to go on to, and its host.
    back: Option<(&'a str, String)>,
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    mcp_url: &'a str,
}

/// What went wrong on a page, and what the person can do.
#[derive(Debug)]
pub(crate) enum Problem<'a> {
    /// The authorization request can't be answered to the client.
    Authorize(&'a AuthorizeError),
    /// The sign-in took too long.
    Expired,
    /// The sign-in was started elsewhere, or the browser keeps no cookies.
    NotThisBrowser,
    /// A form that is not one of ours.
    NotOurForm,
    /// Every box of one kind was cleared.
    NothingChosen,
    /// Too many requests came from the person's network.
    TooMany,
    /// Our own trouble.
    Trouble,
}

impl Problem<'_> {
    fn page(&self) -> (StatusCode, &'static str, String, &'static str) {
        const AGAIN: &str = "Go back to your app and connect again.";
        match self {
            Self::Authorize(AuthorizeError::Storage(_)) | Self::Trouble => (
                StatusCode::SERVICE_UNAVAILABLE,
                "That did not work",
                "This server has a problem with its storage. Nothing was changed.".to_owned(),
                "Try again in a minute.",
            ),
            Self::Authorize(AuthorizeError::UnknownClient) => (
                StatusCode::BAD_REQUEST,
                "This app is not known here",
                "The sign-in can't go on: your app is not registered here, or not any more."
                    .to_owned(),
                "In your app, remove this server (or clear its stored sign-in) and add it again, so \
                 that it registers anew.",
            ),
            Self::Authorize(AuthorizeError::Refused { why, .. }) => (
                StatusCode::BAD_REQUEST,
                "Your app asked for something that can't be done",
                format!("The sign-in can't go on: {why}."),
                "Go back to your app and connect again. If it happens again, tell the app's makers.",
            ),
            Self::Authorize(error) => (
                StatusCode::BAD_REQUEST,
                "This sign-in link is not right",
                format!("The sign-in can't go on: {error}."),
                "Go back to your app and connect again. If it happens again, tell the app's makers.",
            ),
            Self::Expired => (
                StatusCode::BAD_REQUEST,
                "This took too long",
                "For safety a sign-in must be finished within half an hour.".to_owned(),
                AGAIN,
            ),
            Self::NotThisBrowser => (
                StatusCode::BAD_REQUEST,
                "This sign-in was not started in this browser",
                "The link may have been opened in another browser, or this one keeps no cookies."
                    .to_owned(),
                AGAIN,
            ),
            Self::NotOurForm => (
                StatusCode::BAD_REQUEST,
                "This form can't be used",
                "It does not come from this server's own page, or it is not complete.".to_owned(),
                AGAIN,
            ),
            Self::TooMany => (
                StatusCode::TOO_MANY_REQUESTS,
                "Too many sign-ins were started",
                "So many came from your network within a minute that this server stops for a while."
                    .to_owned(),
                "Wait a minute, then go back to your app and connect again.",
            ),
            Self::NothingChosen => (
                StatusCode::BAD_REQUEST,
                "Nothing is left to allow",
                "At least one kind of access, one group of tools and one workspace must stay."
                    .to_owned(),
                "Go back one page and check some boxes, or deny the request there.",
            ),
        }
    }
}

/// Renders a page.
pub(crate) fn show(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!("A page can't be rendered: {error}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The page for a problem.
pub(crate) fn problem(problem: &Problem<'_>) -> Response {
    let (status, title, what, next) = problem.page();
    tracing::info!(title, "Problem page shown");
    let back = match problem {
        Problem::Authorize(AuthorizeError::Refused { to, .. }) => {
            Some((to.as_str(), destination(to)))
        }
        _ => None,
    };
    let mut response = show(status, &MessagePage { title, what: &what, next, back });
    if status == StatusCode::TOO_MANY_REQUESTS {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("60"));
    }
    response
}

/// What the account page says at its top, by the name in its address.
pub(crate) fn notice(name: &str) -> Option<&'static str> {
    match name {
        "renewed" => Some(
            "You are signed in to Xano again. The apps below work again: go back and repeat what you \
             were doing.",
        ),
        "new" => Some(
            "You are signed in, but no app was connected in this way. If one waits for you, sign in \
             with the account and in the way you connected it with.",
        ),
        "ended" => Some("Disconnected. It counts from now on."),
        _ => None,
    }
}

/// `GET /`: what this is and how to connect.
pub(crate) async fn home(Extension(site): Extension<Site>) -> Response {
    show(StatusCode::OK, &HomePage { mcp_url: &site.resource() })
}

/// `GET /style.css`.
pub(crate) async fn style() -> Response {
    let headers = [(CONTENT_TYPE, "text/css"), (CACHE_CONTROL, "public, max-age=3600")];
    (headers, include_str!("../templates/style.css")).into_response()
}
