//! An attempt to sign in with what was entered on the login page.

use snappy_domain::{Secret, Timestamp, audit};
use snappy_oauth::form::Form;
use snappy_store::CredentialKind;
use snappy_xano::{SignInError, SignedIn};

use crate::app::App;

/// Why an attempt did not succeed.
pub(super) enum AttemptError {
    /// A field is empty. The message is for the person.
    Incomplete(&'static str),
    /// Xano did not confirm the sign-in.
    Failed(SignInError),
}

/// The kind of credential that a form submits.
pub(super) fn method(form: &Form) -> CredentialKind {
    match form.get("method") {
        Some("token") => CredentialKind::Token,
        _ => CredentialKind::Session,
    }
}

/// Checks the submitted token, or the email address and the password, with Xano.
pub(super) async fn attempt(app: &App, form: &Form, email: &str) -> Result<SignedIn, AttemptError> {
    let result = if method(form) == CredentialKind::Token {
        let Some(token) = form.secret("token") else {
            return Err(AttemptError::Incomplete("Enter an access token."));
        };
        let ends = expiry(form.get("expires_on"), app.runtime.clock.now())?;
        let checked = app.xano.check_token(&Secret::new(token.expose().trim())).await;
        checked.map(|mut signed_in| {
            let secret = signed_in.credential.secret;
            let ends = secret.expires_at().or(ends);
            signed_in.credential.secret = secret.with_expires_at(ends);
            signed_in
        })
    } else {
        let Some(password) = form.secret("password").filter(|_| !email.is_empty()) else {
            let why = "Enter your email address and your password.";
            return Err(AttemptError::Incomplete(why));
        };
        app.xano.sign_in(email, password).await
    };
    result.map_err(AttemptError::Failed)
}

/// When a pasted token expires, as its owner says: the end of a day, in UTC. Nobody can read it from the token.
fn expiry(day: Option<&str>, now: Timestamp) -> Result<Option<Timestamp>, AttemptError> {
    let Some(day) = day.map(str::trim).filter(|day| !day.is_empty()) else { return Ok(None) };
    let ends: Option<Timestamp> = format!("{day}T23:59:59Z").parse().ok();
    let ends = ends.filter(|_| day.len() == 10);
    let why = "Enter the day on which the token expires as YYYY-MM-DD, or leave it empty.";
    let ends = ends.ok_or(AttemptError::Incomplete(why))?;
    if ends <= now {
        return Err(AttemptError::Incomplete("That day is over. Check when the token expires."));
    }
    Ok(Some(ends))
}

/// Records a failed sign-in in the audit trail.
pub(super) fn record_failure(method: &str, error: &SignInError, address: &str) {
    audit::SIGN_IN_FAILED.record(audit::Fields {
        method: Some(method),
        reason: Some(&error.to_string()),
        address: Some(address),
        ..Default::default()
    });
}
