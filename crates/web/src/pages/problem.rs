//! The pages that say what went wrong and what the person can do.

use askama::Template;
use axum::response::Response;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use snappy_oauth::grant::authorize::AuthorizeError;

use super::redirect_target;
use super::render::render;

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage<'a> {
    title: &'a str,
    what: &'a str,
    next: &'a str,
    /// The redirect URI that reports the error to the app, and where it leads.
    return_link: Option<(&'a str, String)>,
}

/// A problem, each with its own page.
#[derive(Debug)]
pub(crate) enum Problem<'a> {
    /// The authorization request is not valid, and must not be reported to the client by redirect.
    Authorize(&'a AuthorizeError),
    /// The authorization request is too long to be kept while the person is at Xano.
    RequestTooLong,
    /// The sign-in took too long.
    Expired,
    /// The sign-in was started in a different browser, or the browser does not store cookies.
    WrongBrowser,
    /// A form without a valid CSRF token, or with missing fields.
    InvalidForm,
    /// On the consent page, no box of some group is checked.
    NothingSelected,
    /// On the page of a connection, no sign-in is checked.
    NoSignInSelected,
    /// The operator does not let this person use the server.
    PersonNotAllowed,
    /// The operator does not let this workspace be used through the server.
    WorkspaceNotAllowed,
    /// The rate limit of the person's network is reached.
    TooManyRequests,
    /// The storage or the encryption failed.
    ServerError,
}

impl Problem<'_> {
    fn text(&self) -> (StatusCode, &'static str, String, &'static str) {
        const CONNECT_AGAIN: &str = "Go back to your app and connect again.";
        const CONTACT_DEVELOPER: &str = "Go back to your app and connect again. If this happens \
                                         again, contact the developer of the app.";
        match self {
            Self::Authorize(AuthorizeError::Storage(_)) | Self::ServerError => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Something went wrong",
                "The server is temporarily unavailable. Nothing was changed.".to_owned(),
                "Try again in a minute.",
            ),
            Self::Authorize(AuthorizeError::UnknownClient) => (
                StatusCode::BAD_REQUEST,
                "This app is not registered",
                "The sign-in can't continue because your app is not registered with this server."
                    .to_owned(),
                "In your app, remove this server (or clear its stored sign-in) and add it again. \
                 The app then registers itself.",
            ),
            Self::Authorize(AuthorizeError::Refused { why, .. }) => (
                StatusCode::BAD_REQUEST,
                "Your app sent an invalid request",
                format!("The sign-in can't continue: {why}."),
                CONTACT_DEVELOPER,
            ),
            Self::Authorize(error) => (
                StatusCode::BAD_REQUEST,
                "This sign-in link is not valid",
                format!("The sign-in can't continue: {error}."),
                CONTACT_DEVELOPER,
            ),
            Self::PersonNotAllowed => (
                StatusCode::FORBIDDEN,
                "You can't use this server",
                "The operator of this server has limited it to certain people, and your Xano account is not among \
                 them. Nothing was stored."
                    .to_owned(),
                "If you should have access, ask the operator to add your e-mail address, or sign in with another \
                 account.",
            ),
            Self::WorkspaceNotAllowed => (
                StatusCode::FORBIDDEN,
                "This workspace can't be used here",
                "The operator of this server has limited it to certain Xano workspaces, and the one you picked is not \
                 among them. Nothing was stored."
                    .to_owned(),
                "Go back to your app, connect again, and pick another workspace.",
            ),
            Self::RequestTooLong => (
                StatusCode::BAD_REQUEST,
                "Your app sent a request that is too long",
                "The sign-in at Xano can't continue, because browsers don't store that much. Usually the app's `state` is \
                 too long."
                    .to_owned(),
                "Go back to your app, connect again, and sign in in another way; or contact the developer of the app.",
            ),
            Self::Expired => (
                StatusCode::BAD_REQUEST,
                "This sign-in has expired",
                "For security, a sign-in must be completed within 30 minutes.".to_owned(),
                CONNECT_AGAIN,
            ),
            Self::WrongBrowser => (
                StatusCode::BAD_REQUEST,
                "This sign-in was not started in this browser",
                "The link was opened in a different browser, or this browser does not allow \
                 cookies."
                    .to_owned(),
                CONNECT_AGAIN,
            ),
            Self::InvalidForm => (
                StatusCode::BAD_REQUEST,
                "This form is not valid",
                "It was not sent from a page of this server, or it is incomplete.".to_owned(),
                CONNECT_AGAIN,
            ),
            Self::TooManyRequests => (
                StatusCode::TOO_MANY_REQUESTS,
                "Too many sign-in attempts",
                "Too many sign-ins were started from your network within a minute."
                    .to_owned(),
                "Wait a minute, then go back to your app and connect again.",
            ),
            Self::NoSignInSelected => (
                StatusCode::BAD_REQUEST,
                "Select at least one sign-in",
                "An app needs at least one Xano sign-in that it may use.".to_owned(),
                "Go back to the previous page to change your selection, or disconnect the app.",
            ),
            Self::NothingSelected => (
                StatusCode::BAD_REQUEST,
                "Your selection is incomplete",
                "Select at least one permission, one group of tools, and one instance or workspace."
                    .to_owned(),
                "Go back to the previous page to change your selection or deny the request.",
            ),
        }
    }

    /// The page that describes the problem.
    pub(crate) fn page(&self) -> Response {
        let (status, title, what, next) = self.text();
        tracing::info!(title, "Problem page shown");
        let return_link = match self {
            Self::Authorize(AuthorizeError::Refused { to, .. }) => {
                Some((to.as_str(), redirect_target::describe(to)))
            }
            _ => None,
        };
        let mut response = render(status, &MessagePage { title, what: &what, next, return_link });
        if status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response
    }
}
