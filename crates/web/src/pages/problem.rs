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
    back: Option<(&'a str, String)>,
}

/// What went wrong on a page, and what the person can do.
#[derive(Debug)]
pub(crate) enum Problem<'a> {
    /// The authorization request can't be answered to the client.
    Authorize(&'a AuthorizeError),
    /// The sign-in took too long.
    Expired,
    /// The sign-in was started elsewhere, or the browser keeps no cookies.
    WrongBrowser,
    /// A form that is not one of ours.
    InvalidForm,
    /// Every box of one kind was cleared.
    NothingSelected,
    /// Too many requests came from the person's network.
    TooManyRequests,
    /// Our own trouble.
    ServerError,
}

impl Problem<'_> {
    fn text(&self) -> (StatusCode, &'static str, String, &'static str) {
        const AGAIN: &str = "Go back to your app and connect again.";
        match self {
            Self::Authorize(AuthorizeError::Storage(_)) | Self::ServerError => (
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
            Self::WrongBrowser => (
                StatusCode::BAD_REQUEST,
                "This sign-in was not started in this browser",
                "The link may have been opened in another browser, or this one keeps no cookies."
                    .to_owned(),
                AGAIN,
            ),
            Self::InvalidForm => (
                StatusCode::BAD_REQUEST,
                "This form can't be used",
                "It does not come from this server's own page, or it is not complete.".to_owned(),
                AGAIN,
            ),
            Self::TooManyRequests => (
                StatusCode::TOO_MANY_REQUESTS,
                "Too many sign-ins were started",
                "So many came from your network within a minute that this server stops for a while."
                    .to_owned(),
                "Wait a minute, then go back to your app and connect again.",
            ),
            Self::NothingSelected => (
                StatusCode::BAD_REQUEST,
                "Nothing is left to allow",
                "At least one kind of access, one group of tools and one workspace must stay."
                    .to_owned(),
                "Go back one page and check some boxes, or deny the request there.",
            ),
        }
    }
    /// The page that describes the problem.
    pub(crate) fn page(&self) -> Response {
        let (status, title, what, next) = self.text();
        tracing::info!(title, "Problem page shown");
        let back = match self {
            Self::Authorize(AuthorizeError::Refused { to, .. }) => {
                Some((to.as_str(), redirect_target::describe(to)))
            }
            _ => None,
        };
        let mut response = render(status, &MessagePage { title, what: &what, next, back });
        if status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response
    }
}
