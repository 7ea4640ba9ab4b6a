//! What the login page says when a sign-in fails.

use http::StatusCode;
use snappy_xano::SignInError;

/// The message for a failed sign-in on Xano's website, by its name in the query.
pub(super) fn xano_page_error(name: &str) -> &'static str {
    match name {
        "no_token" => "The sign-in on Xano's website was not completed.",
        "rejected" => sign_in_error(&SignInError::Refused).1,
        _ => "Xano can't be reached right now. Try again in a minute.",
    }
}

/// The status and the message for a failed sign-in.
pub(super) const fn sign_in_error(error: &SignInError) -> (StatusCode, &'static str) {
    match error {
        SignInError::WrongCredentials => (StatusCode::FORBIDDEN, "Incorrect email or password."),
        SignInError::Refused => (
            StatusCode::FORBIDDEN,
            "Xano does not accept this access token. Check that it is complete and not expired.",
        ),
        SignInError::NoApiKey => (
            StatusCode::BAD_GATEWAY,
            "Your password is correct, but Xano returned no API key for this account. Ask the \
             administrator of the Xano backend to return api_key from auth/me.",
        ),
        SignInError::SessionRefused | SignInError::AnotherPerson | SignInError::AnotherXano(_) => (
            StatusCode::BAD_GATEWAY,
            "Your password is correct, but Xano returned an unexpected response for this account. \
             Contact the administrator of the Xano backend.",
        ),
        SignInError::RateLimited => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Xano is receiving too many requests. Wait 30 seconds, then try again.",
        ),
        SignInError::Unavailable(_) => (
            StatusCode::BAD_GATEWAY,
            "Xano can't be reached right now, so the sign-in could not be checked. Try again in a \
             minute.",
        ),
    }
}
