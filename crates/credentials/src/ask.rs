//! What the coordinator asks the service, and when it believes a refusal.
//!
//! One refusal can be a passing failure: a service that restarts, or rotates its own keys. Believing it would sign
//! people out. So a refusal counts when it comes twice some seconds apart, and an unclear one when nothing else
//! came for minutes. A refresh token that can be used only once is not sent a second time to find out.

use std::sync::Arc;
use std::time::Duration;

use snappy_domain::Runtime;
use snappy_store::{Credential, CredentialSecret};

use crate::held_lease::HeldLease;
use crate::trouble::Troubles;
use crate::upstream::{Upstream, UpstreamError};

/// How long to wait before a refused request is sent once more.
const CONFIRM_AFTER: Duration = Duration::from_secs(5);

/// Asks the service about credentials.
#[derive(Debug)]
pub(crate) struct Asker {
    pub(crate) upstream: Arc<dyn Upstream>,
    pub(crate) runtime: Runtime,
    pub(crate) troubles: Troubles,
}

impl Asker {
    /// Requests new secrets. Returns `None` if the service still accepts the stored ones.
    pub(crate) async fn request_secret(
        &self,
        credential: &Credential,
        lease: &HeldLease<'_>,
    ) -> Result<Option<CredentialSecret>, UpstreamError> {
        match self.ask(credential, lease).await {
            Err(UpstreamError::Rejected) if !credential.secret.rotates() => {
                self.runtime.timer.sleep(CONFIRM_AFTER).await;
                self.ask(credential, lease).await
            }
            Err(UpstreamError::Unclear(why)) => self.weigh(credential, why).await,
            other => other,
        }
    }

    /// The same, asked once.
    pub(crate) async fn ask(
        &self,
        credential: &Credential,
        lease: &HeldLease<'_>,
    ) -> Result<Option<CredentialSecret>, UpstreamError> {
        let secret = &credential.secret;
        if !secret.is_renewable() {
            // The service may refuse one call and still accept the token.
            return self.upstream.check(credential).await.map(|()| None);
        }
        let now = self.runtime.clock.now();
        match (self.upstream.renew(credential, lease).await, secret) {
            // The refresh token is void, but the access token may live on.
            (Err(UpstreamError::Rejected), CredentialSecret::OAuth(tokens)) => {
                let lives = tokens.expires_at.is_some_and(|at| at > now);
                match self.upstream.check(credential).await {
                    Ok(()) => {}
                    Err(UpstreamError::Unavailable(_)) if lives => {}
                    Err(_) => return Err(UpstreamError::Rejected),
                }
                let mut tokens = tokens.clone();
                tokens.refresh_token = None;
                Ok(Some(CredentialSecret::OAuth(tokens)))
            }
            // The session may expire before the token. As long as the service accepts the token, the
            // person does not have to sign in again.
            (Err(UpstreamError::Rejected), _) if self.upstream.check(credential).await.is_ok() => {
                // The token is accepted after its expiry, so that was wrong: remove it.
                let expired = secret.expires_at().filter(|at| *at <= self.runtime.clock.now());
                Ok(expired.map(|_| secret.clone().with_expires_at(None)))
            }
            (renewed, _) => renewed.map(Some),
        }
    }

    /// Believes an unclear refusal when it has lasted, and the service accepts the bearer token no longer.
    async fn weigh(
        &self,
        credential: &Credential,
        why: String,
    ) -> Result<Option<CredentialSecret>, UpstreamError> {
        let (id, version) = (credential.id, credential.version);
        let lasts = self.troubles.refused(id, version, self.runtime.clock.now(), &why);
        if lasts && self.upstream.check(credential).await == Err(UpstreamError::Rejected) {
            return Err(UpstreamError::Rejected);
        }
        Err(UpstreamError::Unclear(why))
    }
}
