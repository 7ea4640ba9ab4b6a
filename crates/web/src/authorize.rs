//! `GET /authorize`: checks everything, then sends the person to the login.

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, header};
use snappy_oauth::Site;
use snappy_oauth::grant::authorize::AuthorizeError;

use crate::App;
use crate::browser::Browser;
use crate::limits::{Action, Sender};
use crate::pages::{Problem, problem};
use crate::pending;
use crate::reply::see_other;

pub(crate) async fn get(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    Extension(Sender(sender)): Extension<Sender>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    // A request may make this server read the document of a client.
    if !app.limiter().count(Action::Authorize, &sender) {
        return problem(&Problem::TooMany);
    }
    let accepted = match app.oauth.authorize(&site, query.as_deref().unwrap_or_default()).await {
        Ok(accepted) => accepted,
        Err(AuthorizeError::Redirect(to)) => return see_other(&to),
        Err(error) => return problem(&Problem::Authorize(&error)),
    };
    let known = Browser::of(&headers, &site);
    let browser = known.unwrap_or_else(|| Browser::new(&*app.runtime.random));
    let Ok(sealed) = app.oauth.seal_pending(&accepted.pending, browser.as_str()) else {
        return problem(&Problem::Trouble);
    };
    let mut response = see_other(&pending::address("/login", &sealed));
    response
        .headers_mut()
        .extend(browser.set_cookie(&site).map(|cookie| (header::SET_COOKIE, cookie)));
    response
}
