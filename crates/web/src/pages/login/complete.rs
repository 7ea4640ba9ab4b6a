//! What follows a successful sign-in.

use http::HeaderValue;
use snappy_domain::{GrantId, audit};
use snappy_oauth::Site;
use snappy_oauth::grant::pending::Pending;
use snappy_store::{Credential, CredentialSecret, NewCredential};
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

impl Then {
    pub(in crate::pages) fn of(pending: Option<Pending>, grant: Option<GrantId>) -> Self {
        match (pending, grant) {
            (Some(pending), _) => Self::Consent(Box::new(pending)),
            (None, Some(grant)) => Self::Connection(grant),
            (None, None) => Self::Account,
        }
    }
}

/// Stores the sign-in. The browser continues to the consent page of an authorization request, or to the
/// account page.
pub(in crate::pages) async fn complete(
    app: &App,
    site: &Site,
    browser: &Browser,
    address: &str,
    then: Then,
    signed_in: &SignedIn,
) -> Result<Completed, Problem<'static>> {
    let SignedIn { identity, credential } = signed_in;
    let method = credential.secret.kind().as_str();
    if let Some((problem, reason)) = refusal(app, credential) {
        audit::SIGN_IN_FAILED.record(audit::Fields {
            method: Some(method),
            reason: Some(reason),
            address: Some(address),
            ..Default::default()
        });
        if let CredentialSecret::OAuth(tokens) = &credential.secret {
            app.xano.oauth().revoke(tokens).await;
        }
        return Err(problem);
    }
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
        Then::Connection(grant) if !uses(app, grant, &stored).await? => {
            format!("/account/connection?grant={grant}&add={}", stored.id)
        }
        Then::Connection(_) | Then::Account => {
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

/// Why the operator does not allow the sign-in, and the name of the reason in the audit trail.
fn refusal(app: &App, new: &NewCredential) -> Option<(Problem<'static>, &'static str)> {
    if !app.admission.allow_person(&new.profile) {
        return Some((Problem::PersonNotAllowed, "person_not_allowed"));
    }
    let coverage = new.secret.coverage();
    let is_allowed = coverage.is_none_or(|coverage| app.admission.allow_coverage(coverage));
    (!is_allowed).then_some((Problem::WorkspaceNotAllowed, "workspace_not_allowed"))
}

/// Whether a connection of the person uses the credential already.
async fn uses(
    app: &App,
    grant: GrantId,
    credential: &Credential,
) -> Result<bool, Problem<'static>> {
    let connections = app.oauth.connections(credential.person).await.map_err(|error| {
        tracing::error!("The connections of a person can't be read: {error}");
        Problem::ServerError
    })?;
    let this = connections.iter().find(|connection| connection.grant.id == grant);
    Ok(this.is_some_and(|connection| connection.grant.credentials.contains(&credential.id)))
}
