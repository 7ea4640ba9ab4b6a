//! The bearer check at the resource (RFC 6750) and its challenges.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;
use snappy_domain::clock::after;
use snappy_domain::metrics::timed_store;
use snappy_domain::{GrantId, Scope, Scopes, Secret, Timestamp, TokenHash};
use snappy_store::{AccountState, Grant, GrantState, StoreError};

use crate::secrets::Kind;
use crate::{AuthorizationServer, Site};

/// How often the use of a grant is written down.
const OFTEN_ENOUGH: Duration = Duration::from_secs(300);
const MANY_USES: usize = 10_000;

/// Which grants' use this process has just written down, so that a burst of calls is one write.
#[derive(Debug, Clone, Default)]
pub(crate) struct Uses(Arc<Mutex<HashMap<GrantId, Timestamp>>>);

impl Uses {
    /// Whether it is time to write it down; the next one to ask is told that it is not.
    fn is_due(&self, grant: GrantId, now: Timestamp) -> bool {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = |at: &Timestamp| now < after(*at, OFTEN_ENOUGH);
        if written.len() >= MANY_USES {
            written.retain(|_, at| recent(at));
        }
        let due = !written.get(&grant).is_some_and(recent);
        if due {
            written.insert(grant, now);
        }
        due
    }
}

/// Who calls, as proven by an access token.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The grant the token belongs to.
    pub grant: Grant,
    /// What the token may do.
    pub scopes: Scopes,
    /// When the token ends.
    pub expires_at: Timestamp,
    token: TokenHash,
}

/// Why a request is not let in.
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
    /// The token is good but the Xano sign-in behind it has ended.
    #[error("the sign-in at Xano has ended: sign in again")]
    SignInRequired(Box<Caller>),
    /// The storage failed, so nothing is known.
    #[error("the storage is not available, try again")]
    Storage(#[from] StoreError),
}

impl BearerError {
    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Missing | Self::Invalid | Self::SignInRequired(_) => StatusCode::UNAUTHORIZED,
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
            Self::Invalid | Self::SignInRequired(_) => Some("invalid_token"),
            Self::Storage(_) => Some("temporarily_unavailable"),
        }
    }

    /// The `WWW-Authenticate` challenge (RFC 6750 §3, RFC 9728 §5.1); none when the client should
    /// simply try again.
    #[must_use]
    pub fn challenge(&self, site: &Site) -> Option<String> {
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
            Scopes::all(),
        ))
    }
}

/// The challenge for a token that may not do what was asked (RFC 6750 §3.1): it names the scopes
/// that would be enough, including those the token has.
#[must_use]
pub fn insufficient_scope(site: &Site, caller: &Caller, needed: Scope) -> String {
    let scopes: Scopes = caller.scopes.iter().chain([needed]).collect();
    format!(
        r#"Bearer error="insufficient_scope", error_description="this needs {needed}", scope="{scopes}", resource_metadata="{}""#,
        site.url("/.well-known/oauth-protected-resource/mcp"),
    )
}

impl AuthorizationServer {
    /// Checks the `Authorization` headers of a request to the resource.
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
        let hashes = self.hashes(Kind::AccessToken, &token);
        let looking = timed_store(&*self.clock, "access_token", self.store.access_token(&hashes));
        let view = looking.await?.ok_or(BearerError::Invalid)?;
        let now = self.clock.now();
        if view.grant.state != GrantState::Active
            || view.grant.resource != site.resource()
            || view.token.expires_at <= now
            || view.grant.expires_at <= now
        {
            return Err(BearerError::Invalid);
        }
        let caller = Caller {
            grant: view.grant,
            scopes: view.token.scopes,
            expires_at: view.token.expires_at,
            token: view.token.hash,
        };
        if view.account != AccountState::Usable {
            return Err(BearerError::SignInRequired(Box::new(caller)));
        }
        self.remember_use(&caller.grant, now).await;
        Ok(caller)
    }

    /// Remembers that the grant is in use, now and then: not every call is worth a write, and none
    /// fails because of it.
    async fn remember_use(&self, grant: &Grant, now: Timestamp) {
        let known = grant.used_at.is_some_and(|used| now < after(used, OFTEN_ENOUGH));
        if known || !self.memory.uses.is_due(grant.id, now) {
            return;
        }
        if let Err(error) = self.store.touch_grant(grant.id, now).await {
            tracing::warn!(grant_id = %grant.id, "The use of a grant was not remembered: {error}");
        }
    }

    /// Lets the caller's own access token live for `left` more at most, and says until when.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn limit_access_token(
        &self,
        caller: &Caller,
        left: Duration,
    ) -> Result<Timestamp, StoreError> {
        let until = after(self.clock.now(), left).min(caller.expires_at);
        self.store.limit_access_life(&caller.token, until).await?;
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
