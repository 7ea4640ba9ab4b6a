//! The authorization request that a page is about. It travels encrypted in the page's address and
//! forms, bound to the browser that started it.

use axum::response::Response;
use http::HeaderMap;
use snappy_oauth::Site;
pub(super) use snappy_oauth::grant::pending::Pending;
use snappy_oauth::grant::pending::PendingError;

use super::browser::Browser;
use super::problem::Problem;
use crate::app::App;

/// Decrypts the request for the browser that sent it. The error is a page that says what to do.
pub(super) fn open(
    app: &App,
    site: &Site,
    headers: &HeaderMap,
    encrypted: &str,
) -> Result<(Browser, Pending), Box<Response>> {
    let Some(browser) = Browser::from_headers(headers, site) else {
        return Err(Box::new(Problem::WrongBrowser.page()));
    };
    match app.oauth.open_pending(encrypted, browser.as_str()) {
        Ok(pending) => Ok((browser, pending)),
        Err(PendingError::Expired) => Err(Box::new(Problem::Expired.page())),
        Err(PendingError::NotThisBrowser) => Err(Box::new(Problem::WrongBrowser.page())),
    }
}

/// The address of a page about an encrypted request.
pub(crate) fn address(path: &str, encrypted: &str) -> String {
    format!("{path}?request={encrypted}")
}
