//! What follows a successful sign-in.

use http::HeaderValue;
use snappy_oauth::Site;
use snappy_oauth::grant::pending::Pending;
use snappy_xano::SignedIn;

use crate::app::App;
use crate::pages::browser::Browser;
use crate::pages::problem::Problem;
use crate::pages::{pending, session};

/// Where the browser goes after a sign-in, and the cookie that starts the session.
pub(super) struct Completed {
    pub(super) location: String,
    pub(super) session: Option<HeaderValue>,
}

/// Stores the sign-in. The browser continues to the consent page of an authorization request, or to the
/// account page.
pub(super) async fn complete(
    app: &App,
    site: &Site,
    browser: &Browser,
    pending: Option<Pending>,
    signed_in: &SignedIn,
) -> Result<Completed, Problem<'static>> {
    let SignedIn { identity, credential } = signed_in;
    let method = credential.secret.kind().as_str();
    let stored = app.oauth.sign_in(identity, credential, method).await.map_err(|error| {
        tracing::error!("A sign-in could not be stored: {error}");
        Problem::ServerError
    })?;
    let session = session::start(app, site, browser, &stored);
    let Some(mut pending) = pending else {
        let notice = if stored.version > 1 { "renewed" } else { "new" };
        return Ok(Completed { location: format!("/account?notice={notice}"), session });
    };
    pending.signed_in = Some((stored.person, stored.id));
    match app.oauth.seal_pending(&pending, browser.as_str()) {
        Ok(encrypted) => {
            Ok(Completed { location: pending::address("/consent", &encrypted), session })
        }
        Err(_) => Err(Problem::ServerError),
    }
}
