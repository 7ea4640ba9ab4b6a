//! Xano as the upstream service of the credential coordinator.

use std::sync::Arc;

use async_trait::async_trait;
use snappy_credentials::{HeldLease, Upstream, UpstreamError};
use snappy_domain::Secret;
use snappy_store::{Credential, CredentialKind, CredentialSecret};

use crate::claims::Claims;
use crate::oauth::XanoOAuth;
use crate::signin::{self, SignInError};
use crate::{HostPolicy, SignInApi, XanoApi};

/// Renews and checks credentials at Xano.
#[derive(Debug)]
pub(crate) struct XanoUpstream {
    pub(crate) api: XanoApi,
    pub(crate) policy: HostPolicy,
    /// The backend's sign-in API, which renews keys; `None` if no backend is configured.
    pub(crate) signin: Option<SignInApi>,
    pub(crate) oauth: Arc<XanoOAuth>,
}

impl From<SignInError> for UpstreamError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused | SignInError::WrongCredentials => Self::Rejected,
            SignInError::UnclearRefusal => Self::Unclear(error.to_string()),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

fn wrong_authority(credential: &Credential) -> UpstreamError {
    SignInError::AnotherXano(credential.authority.clone()).into()
}

impl XanoUpstream {
    fn check_account(&self, credential: &Credential) -> Result<(), UpstreamError> {
        let same = self.policy.account().as_str() == credential.authority;
        same.then_some(()).ok_or_else(|| wrong_authority(credential))
    }

    /// Requests the person's current key from `auth/me`.
    async fn current_key(
        &self,
        credential: &Credential,
        session: &Secret,
    ) -> Result<CredentialSecret, UpstreamError> {
        let signin = self.signin.as_ref().ok_or_else(|| wrong_authority(credential))?;
        if signin.backend().as_str() != credential.authority {
            return Err(wrong_authority(credential));
        }
        let me = signin.me(session).await?;
        if me.profile.subject != credential.profile.subject {
            // Another person's key must never be used, whatever the cause.
            tracing::error!(credential_id = %credential.id, "auth/me returned another person");
            return Err(SignInError::AnotherPerson.into());
        }
        Ok(CredentialSecret::Session {
            expires_at: Claims::of(&me.key).expires_at(),
            key: me.key,
            session: session.clone(),
        })
    }
}

#[async_trait]
impl Upstream for XanoUpstream {
    async fn renew(
        &self,
        credential: &Credential,
        lease: &HeldLease<'_>,
    ) -> Result<CredentialSecret, UpstreamError> {
        match &credential.secret {
            CredentialSecret::Session { session, .. } => {
                self.current_key(credential, session).await
            }
            CredentialSecret::OAuth(tokens) => {
                self.check_account(credential)?;
                let renewed = self.oauth.refresh(tokens, lease).await?;
                Ok(CredentialSecret::OAuth(Box::new(renewed)))
            }
            CredentialSecret::Token { .. } | CredentialSecret::Service { .. } => {
                Err(UpstreamError::Rejected)
            }
        }
    }

    async fn discard(&self, _: &Credential, secret: &CredentialSecret) {
        if let CredentialSecret::OAuth(tokens) = secret {
            self.oauth.revoke(tokens).await;
        }
    }

    /// Requests the owner of the token (`auth_me`).
    async fn check(&self, credential: &Credential) -> Result<(), UpstreamError> {
        let secret = &credential.secret;
        if secret.kind() != CredentialKind::Session {
            self.check_account(credential)?;
        }
        let instance = match secret.coverage() {
            None => None,
            Some(coverage) => {
                let origin = self.policy.audience(&coverage.origin);
                Some(origin.ok_or_else(|| {
                    let why = "this server may no longer send keys to the instance's host";
                    UpstreamError::Unavailable(why.to_owned())
                })?)
            }
        };
        let origin = instance.as_ref().unwrap_or_else(|| self.policy.account());
        signin::token_owner(&self.api, origin, secret.bearer()).await?;
        Ok(())
    }
}
