//! What the login page says when a sign-in fails.

use http::StatusCode;
use snappy_domain::audit;
use snappy_xano::{OAuthError, SignInError};

/// Records a failed sign-in at Xano's OAuth server in the audit trail.
pub(in crate::pages) fn record_oauth_failure(error: &OAuthError, address: &str) {
    tracing::warn!("A sign-in at Xano failed: {error}");
    audit::SIGN_IN_FAILED.record(audit::Fields {
        method: Some("oauth"),
        reason: Some(oauth_error_name(error)),
        address: Some(address),
        ..Default::default()
    });
}

/// The name of a failed sign-in at Xano's OAuth server, for the query.
pub(in crate::pages) const fn oauth_error_name(error: &OAuthError) -> &'static str {
    match error {
        OAuthError::NotOffered(_)
        | OAuthError::Metadata(_)
        | OAuthError::OtherIssuer(_)
        | OAuthError::ForeignEndpoint(_) => "oauth_not_offered",
        OAuthError::NoRegistration | OAuthError::RegistrationRefused(_) => "oauth_refused",
        OAuthError::RegistrationLimited => "oauth_limited",
        OAuthError::Denied => "oauth_denied",
        OAuthError::Reported(_) => "oauth_reported",
        OAuthError::MissingIssuer | OAuthError::WrongIssuer => "oauth_issuer",
        OAuthError::NoCode | OAuthError::CodeRefused => "oauth_code",
        OAuthError::ClientUnknown => "oauth_client",
        OAuthError::NoAudience => "oauth_no_instance",
        OAuthError::ForeignAudience(_) => "oauth_foreign_instance",
        OAuthError::UnlistedInstance(_) => "oauth_unlisted_instance",
        OAuthError::NoWorkspace => "oauth_no_workspace",
        OAuthError::TokenRefused | OAuthError::TokenTooLong => "oauth_token",
        OAuthError::RateLimited | OAuthError::Unavailable(_) | OAuthError::Storage(_) => {
            "unavailable"
        }
    }
}

/// The message for a failed sign-in on Xano's website, by its name in the query.
pub(super) fn xano_page_error(name: &str) -> &'static str {
    match name {
        "oauth_not_offered" => {
            "This Xano does not offer a sign-in that this server can use. Sign in with an access token \
             instead, as described below."
        }
        "oauth_refused" => {
            "Xano does not accept sign-ins from this server yet. Sign in on Xano's website with an \
             access token instead, as described below. The operator of this server can find in its log \
             what to do."
        }
        "oauth_limited" => {
            "Xano does not register this server right now, because of too many attempts. Try again in \
             an hour, or sign in with an access token, as described below."
        }
        "oauth_denied" => "You cancelled the sign-in at Xano.",
        "oauth_reported" => "Xano reported an error. Try again, or use another way to sign in.",
        "oauth_issuer" => {
            "The answer did not come from your Xano, so it was not used. Start the sign-in again."
        }
        "oauth_code" => "The sign-in at Xano was not completed in time. Start it again.",
        "oauth_client" => "Xano no longer knew this server. Start the sign-in again.",
        "oauth_no_instance" => "Xano did not say which instance you picked, so nothing was stored.",
        "oauth_foreign_instance" => {
            "The instance that you picked is on a host that this server may not use, so nothing was \
             stored. Ask the operator of this server to add the host to XANO_EXTRA_HOSTS."
        }
        "oauth_unlisted_instance" => {
            "The instance that you picked is not one of your Xano account, so nothing was stored."
        }
        "oauth_no_workspace" => {
            "Xano did not say which workspace you picked, so nothing was stored. Start again, and pick \
             one workspace."
        }
        "oauth_token" => "Xano does not accept the sign-in that it has just made. Start it again.",
        "no_token" => "The sign-in on Xano's website was not completed.",
        "not_allowed" => {
            "The operator of this server has limited it to certain people, and your Xano account is not among them."
        }
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
        SignInError::SessionRefused
        | SignInError::UnclearRefusal
        | SignInError::AnotherPerson
        | SignInError::AnotherXano(_) => (
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
