//! What follows a successful sign-in.

use http::HeaderValue;
use snappy_domain::GrantId;
use snappy_oauth::Site;
use snappy_oauth::grant::pending::Pending;
use snappy_xano::SignedIn;

use crate::app::App;
use crate::pages::browser::Browser;
use crate::pages::problem::Problem;
use crate::pages::{pending, session};

/// Where the browser goes after a sign-in, and the cookie that starts the session.
pub(in crate::pages) struct Completed {
    pub(in crate::pages) location: String,
    pub(in crate::pages) session: Option<HeaderValue>,
}

/// What a sign-in is for.
pub(in crate::pages) enum Then {
    /// An authorization request, which continues with the consent.
    Consent(Box<Pending>),
    /// A connection that may be allowed to use the new credential.
    Connection(GrantId),
    /// Nothing else.
    Account,
}

impl From<Option<Pending>> for Then {
    fn from(pending: Option<Pending>) -> Self {
        pending.map_or(Self::Account, |pending| Self::Consent(Box::new(pending)))
    }
}

/// Stores the sign-in. The browser continues to the consent page of an authorization request, or to the
/// account page.
pub(in crate::pages) async fn complete(
    app: &App,
    site: &Site,
    browser: &Browser,
    then: Then,
    signed_in: &SignedIn,
) -> Result<Completed, Problem<'static>> {
    let SignedIn { identity, credential } = signed_in;
    let method = credential.secret.kind().as_str();
    let stored = app.oauth.sign_in(identity, credential, method).await.map_err(|error| {
        tracing::error!("A sign-in could not be stored: {error}");
        Problem::ServerError
    })?;
    let session = session::start(app, site, browser, &stored);
    let location = match then {
        Then::Consent(mut pending) => {
            pending.signed_in = Some((stored.person, stored.id));
            let encrypted = app.oauth.seal_pending(&pending, browser.as_str());
            let encrypted = encrypted.map_err(|_| Problem::ServerError)?;
            pending::address("/consent", &encrypted)
        }
        Then::Connection(grant) => {
            format!("/account/connection?grant={grant}&add={}", stored.id)
        }
        Then::Account => {
            let (at_xano, renewable) = (stored.secret.rotates(), stored.secret.is_renewable());
            let notice = match (stored.version > 1, at_xano) {
                _ if at_xano && !renewable => "ends",
                (true, _) => "renewed",
                (false, true) => "added",
                (false, false) => "new",
            };
            format!("/account?notice={notice}")
        }
    };
    Ok(Completed { location, session })
}
