//! Xano as the upstream service of the credential coordinator.

use async_trait::async_trait;
use snappy_credentials::{Upstream, UpstreamError};
use snappy_store::{Credential, CredentialKind, CredentialSecret};

use crate::signin::{self, SignInError};
use crate::{HostPolicy, SignInApi, XanoApi, expiry};

/// Renews and checks credentials at Xano.
#[derive(Debug)]
pub(crate) struct XanoUpstream {
    pub(crate) api: XanoApi,
    pub(crate) policy: HostPolicy,
    /// The backend's sign-in API, which renews keys; `None` if no backend is configured.
    pub(crate) signin: Option<SignInApi>,
}

impl From<SignInError> for UpstreamError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused | SignInError::WrongCredentials => Self::Rejected,
            other => Self::Unavailable(other.to_string()),
        }
    }
}

fn wrong_authority(credential: &Credential) -> UpstreamError {
    SignInError::AnotherXano(credential.authority.clone()).into()
}

#[async_trait]
impl Upstream for XanoUpstream {
    /// Requests the person's current key from `auth/me`.
    async fn renew(&self, credential: &Credential) -> Result<CredentialSecret, UpstreamError> {
        let signin = self.signin.as_ref().ok_or_else(|| wrong_authority(credential))?;
        if signin.backend().as_str() != credential.authority {
            return Err(wrong_authority(credential));
        }
        let CredentialSecret::Session { session, .. } = &credential.secret else {
            return Err(UpstreamError::Rejected);
        };
        let me = signin.me(session).await?;
        if me.profile.subject != credential.profile.subject {
            // Another person's key must never be used, whatever the cause.
            tracing::error!(credential_id = %credential.id, "auth/me returned another person");
            return Err(SignInError::AnotherPerson.into());
        }
        Ok(CredentialSecret::Session {
            expires_at: expiry::of_token(&me.key),
            key: me.key,
            session: session.clone(),
        })
    }

    /// Requests the owner of the token (`auth_me`).
    async fn check(&self, credential: &Credential) -> Result<(), UpstreamError> {
        let secret = &credential.secret;
        let from_account = secret.kind() != CredentialKind::Session;
        if from_account && self.policy.account().as_str() != credential.authority {
            return Err(wrong_authority(credential));
        }
        signin::token_owner(&self.api, &self.policy, secret.bearer()).await?;
        Ok(())
    }
}
