//! The authorization request that a page is about: opened for the browser that started it.

use axum::response::Response;
use http::HeaderMap;
use snappy_oauth::Site;
use snappy_oauth::grant::pending::{Pending, PendingError};

use crate::App;
use crate::browser::Browser;
use crate::pages::{Problem, problem};

/// The browser and its pending request, or the page that says what to do.
pub(crate) fn open(
    app: &App,
    site: &Site,
    headers: &HeaderMap,
    sealed: &str,
) -> Result<(Browser, Pending), Box<Response>> {
    let browser =
        Browser::of(headers, site).ok_or_else(|| Box::new(problem(&Problem::NotThisBrowser)))?;
    match app.oauth.open_pending(sealed, browser.as_str()) {
        Ok(pending) => Ok((browser, pending)),
        Err(PendingError::Expired) => Err(Box::new(problem(&Problem::Expired))),
        Err(PendingError::NotThisBrowser) => Err(Box::new(problem(&Problem::NotThisBrowser))),
    }
}

/// The address of a page about a sealed request.
pub(crate) fn address(path: &str, sealed: &str) -> String {
    format!("{path}?request={sealed}")
}
