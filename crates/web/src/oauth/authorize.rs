//! `GET /authorize` (RFC 6749 §4.1.1): checks the request, then redirects the person to the login page.

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::HeaderMap;
use snappy_oauth::Site;
use snappy_oauth::grant::authorize::AuthorizeError;

use crate::app::App;
use crate::middleware::remote_address::RemoteAddress;
use crate::pages::browser::Browser;
use crate::pages::pending;
use crate::pages::problem::Problem;
use crate::rate_limits::Action;
use crate::responses::{add_cookie, see_other};

pub(crate) async fn authorize(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    Extension(RemoteAddress(address)): Extension<RemoteAddress>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    // A request may make this server fetch a client's metadata document.
    if !app.limiter().count(Action::Authorize, &address) {
        return Problem::TooManyRequests.page();
    }
    let accepted = match app.oauth.authorize(&site, query.as_deref().unwrap_or_default()).await {
        Ok(accepted) => accepted,
        Err(AuthorizeError::Redirect(to)) => return see_other(&to),
        Err(error) => return Problem::Authorize(&error).page(),
    };
    let known = Browser::from_headers(&headers, &site);
    let browser = known.unwrap_or_else(|| Browser::new(&*app.runtime.random));
    let Ok(encrypted) = app.oauth.seal_pending(&accepted.pending, browser.as_str()) else {
        return Problem::ServerError.page();
    };
    let response = see_other(&pending::address("/login", &encrypted));
    add_cookie(response, browser.set_cookie(&site))
}
