//! What the login page says when a sign-in fails.

use http::StatusCode;
use snappy_xano::SignInError;

/// The message for an error of a sign-in on Xano's own page, by its name in the query.
pub(super) fn xano_page_error(name: &str) -> &'static str {
    match name {
        "no_token" => "The sign-in on Xano's page was not finished.",
        "rejected" => sign_in_error(&SignInError::Refused).1,
        _ => "Xano can't be asked about the sign-in right now. Try again in a minute.",
    }
}

/// The status and the message for a failed sign-in.
pub(super) const fn sign_in_error(error: &SignInError) -> (StatusCode, &'static str) {
    match error {
        SignInError::WrongCredentials => {
            (StatusCode::FORBIDDEN, "Xano does not accept this e-mail and password.")
        }
        SignInError::Refused => (StatusCode::FORBIDDEN, "Xano does not accept this access token."),
        SignInError::NoApiKey => (
            StatusCode::BAD_GATEWAY,
            "The password is right, but Xano gave no API key for this account. Ask whoever runs \
             the Xano backend to return api_key from auth/me.",
        ),
        SignInError::SessionRefused | SignInError::AnotherPerson | SignInError::AnotherXano(_) => (
            StatusCode::BAD_GATEWAY,
            "The password is right, but Xano then gave no proper answer about this account. Ask \
             whoever runs the Xano backend.",
        ),
        SignInError::RateLimited => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Xano is asked too often right now. Wait half a minute and try again.",
        ),
        SignInError::Unavailable(_) => (
            StatusCode::BAD_GATEWAY,
            "Xano can't be reached right now, so the sign-in could not be checked. Try again in a \
             minute.",
        ),
    }
}
