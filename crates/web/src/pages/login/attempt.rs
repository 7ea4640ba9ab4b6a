//! An attempt to sign in with what was entered on the login page.

use snappy_domain::{Secret, audit};
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
        app.xano.check_token(&Secret::new(token.expose().trim())).await
    } else {
        let Some(password) = form.secret("password").filter(|_| !email.is_empty()) else {
            let why = "Enter your email address and your password.";
            return Err(AttemptError::Incomplete(why));
        };
        app.xano.sign_in(email, password).await
    };
    result.map_err(AttemptError::Failed)
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
