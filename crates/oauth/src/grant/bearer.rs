//! The bearer check at the resource (RFC 6750) and its challenges.

use std::time::Duration;

use http::StatusCode;
use snappy_domain::clock::after;
use snappy_domain::metrics::timed_store;
use snappy_domain::{Scope, Scopes, Secret, Timestamp, TokenHash};
use snappy_store::{Credential, CredentialState, Grant, GrantState, StoreError, StoreResult};

use crate::tokens::TokenKind;
use crate::{AuthorizationServer, Site};

/// How often the use of a grant is recorded.
const RECORD_USE: Duration = Duration::from_secs(300);

/// Who calls, as an access token proves.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The grant that the token belongs to.
    pub grant: Grant,
    /// The person's credentials that the grant may use, in its order, as they were when the token was checked.
    pub credentials: Vec<Credential>,
    /// What the token may do.
    pub scopes: Scopes,
    /// When the token ends.
    pub expires_at: Timestamp,
    token: TokenHash,
}

impl Caller {
    /// Whether the person must sign in before any call can work.
    #[must_use]
    pub fn needs_sign_in(&self) -> bool {
        self.credentials.iter().all(|one| one.state != CredentialState::Usable)
    }
}

/// Why a request is refused.
#[derive(Debug, thiserror::Error)]
pub enum BearerError {
    /// No token came. The challenge has no `error` then (RFC 6750 §3.1).
    #[error("sign in to use this server")]
    Missing,
    /// The header is not one bearer token.
    #[error("the Authorization header must be given once, as: Bearer <token>")]
    Malformed,
    /// The token is unknown, expired, revoked, or for another resource.
    #[error("the access token is unknown, expired or revoked")]
    Invalid,
    /// The token is valid, but the sign-in behind it has ended.
    #[error("the sign-in behind this token has ended: sign in again")]
    SignInRequired,
    /// The storage failed.
    #[error("the storage is not available, try again")]
    Storage(#[from] StoreError),
}

impl BearerError {
    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Missing | Self::Invalid | Self::SignInRequired => StatusCode::UNAUTHORIZED,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Storage(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The error code of RFC 6750 §3.1, where there is one.
    #[must_use]
    pub const fn code(&self) -> Option<&'static str> {
        match self {
            Self::Missing => None,
            Self::Malformed => Some("invalid_request"),
            Self::Invalid | Self::SignInRequired => Some("invalid_token"),
            Self::Storage(_) => Some("temporarily_unavailable"),
        }
    }

    /// The `WWW-Authenticate` challenge (RFC 6750 §3, RFC 9728 §5.1); none when the client should
    /// try again.
    #[must_use]
    pub fn challenge(&self, site: &Site, declared: &[Scope]) -> Option<String> {
        if matches!(self, Self::Storage(_)) {
            return None;
        }
        let error = self
            .code()
            .map(|code| format!(r#"error="{code}", error_description="{self}", "#))
            .unwrap_or_default();
        Some(format!(
            r#"Bearer {error}resource_metadata="{}", scope="{}""#,
            site.url("/.well-known/oauth-protected-resource/mcp"),
            declared.iter().copied().collect::<Scopes>(),
        ))
    }
}

/// The challenge for a token that may not do what was asked (RFC 6750 §3.1): it names the scopes that
/// would be enough, including those that the token has.
#[must_use]
pub fn insufficient_scope(
    site: &Site,
    declared: &[Scope],
    granted: &Scopes,
    needed: Scope,
) -> String {
    let scopes = Scopes::select(declared, &format!("{granted} {needed}"));
    format!(
        r#"Bearer error="insufficient_scope", error_description="this needs {needed}", scope="{scopes}", resource_metadata="{}""#,
        site.url("/.well-known/oauth-protected-resource/mcp"),
    )
}

impl AuthorizationServer {
    /// Checks the `Authorization` headers of a request to the resource. A caller whose sign-in has ended
    /// is a caller too: see [`Caller::needs_sign_in`].
    ///
    /// # Errors
    /// See [`BearerError`].
    pub async fn check_bearer<'a>(
        &self,
        site: &Site,
        authorization: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Caller, BearerError> {
        let mut headers = authorization.into_iter();
        let token = bearer_token(headers.next().ok_or(BearerError::Missing)?)?;
        if headers.next().is_some() {
            return Err(BearerError::Malformed);
        }
        let token = self.token_ref(TokenKind::Access, &token);
        let reading = timed_store(&*self.runtime.clock, "admit", self.store.admit(&token));
        let found = reading.await?.ok_or(BearerError::Invalid)?;
        let now = self.now();
        if found.grant.state != GrantState::Active
            || found.grant.resource != site.resource()
            || found.token.expires_at <= now
            || found.grant.expires_at <= now
        {
            return Err(BearerError::Invalid);
        }
        let caller = Caller {
            grant: found.grant,
            credentials: found.credentials,
            scopes: found.token.scopes,
            expires_at: found.token.expires_at,
            token: found.token.hash,
        };
        if !caller.needs_sign_in() {
            self.record_use(&caller.grant, now).await;
        }
        Ok(caller)
    }

    /// Records that the grant is in use, now and then: not every call is worth a write, and none fails
    /// because of it.
    async fn record_use(&self, grant: &Grant, now: Timestamp) {
        let recent = |at: Option<Timestamp>| at.is_some_and(|at| now < after(at, RECORD_USE));
        if recent(grant.used_at) {
            return;
        }
        let due = self.memory.uses.update(grant.id, |recorded| {
            let due = !recent(*recorded);
            if due {
                *recorded = Some(now);
            }
            due
        });
        if due && let Err(error) = self.store.touch_grant(grant.person, grant.id, now).await {
            tracing::warn!(grant_id = %grant.id, "The use of a grant was not recorded: {error}");
        }
    }

    /// Records whether the caller's client opens URLs for the person, as it has just declared.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn note_elicitation(&self, caller: &Caller, elicits_urls: bool) -> StoreResult<()> {
        if caller.grant.elicits_urls == elicits_urls {
            return Ok(());
        }
        self.store.note_elicitation(caller.grant.person, caller.grant.id, elicits_urls).await
    }

    /// Shortens the life of the caller's own access token to `left` at most, and gives its new end.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn limit_access_token(
        &self,
        caller: &Caller,
        left: Duration,
    ) -> StoreResult<Timestamp> {
        let until = after(self.now(), left).min(caller.expires_at);
        self.store.limit_access_life(caller.grant.person, &caller.token, until).await?;
        Ok(until)
    }
}

fn bearer_token(header: &[u8]) -> Result<Secret, BearerError> {
    let text = std::str::from_utf8(header).map_err(|_| BearerError::Malformed)?;
    let (scheme, token) = text.split_once(' ').ok_or(BearerError::Malformed)?;
    let token = token.trim_matches(' ');
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() || token.contains(' ') {
        return Err(BearerError::Malformed);
    }
    Ok(Secret::new(token))
}
