//! How a credential of Xano is renewed and checked, for the coordinator.

use async_trait::async_trait;
use snappy_credentials::{Refusal, Upstream};
use snappy_store::{Credential, CredentialKind, CredentialSecret};

use crate::signin::{self, SignInError};
use crate::{HostPolicy, SignInApi, XanoApi, expiry};

/// Xano as the issuer of credentials.
#[derive(Debug)]
pub(crate) struct XanoUpstream {
    pub(crate) api: XanoApi,
    pub(crate) policy: HostPolicy,
    /// The backend's sign-in API; without it only tokens can be kept.
    pub(crate) signin: Option<SignInApi>,
}

impl From<SignInError> for Refusal {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused | SignInError::WrongCredentials => Self::Refused,
            other => Self::Unavailable(other.to_string()),
        }
    }
}

fn another_xano(credential: &Credential) -> Refusal {
    SignInError::AnotherXano(credential.authority.clone()).into()
}

#[async_trait]
impl Upstream for XanoUpstream {
    /// Asks `auth/me` for the person's current key.
    async fn renew(&self, credential: &Credential) -> Result<CredentialSecret, Refusal> {
        let signin = self.signin.as_ref().ok_or_else(|| another_xano(credential))?;
        if signin.backend().as_str() != credential.authority {
            return Err(another_xano(credential));
        }
        let CredentialSecret::Session { session, .. } = &credential.secret else {
            return Err(Refusal::Refused);
        };
        let me = signin.me(session).await?;
        if me.profile.subject != credential.profile.subject {
            // Never take another person's key, whatever went wrong there.
            tracing::error!(credential_id = %credential.id, "auth/me answered for another person");
            return Err(SignInError::AnotherPerson.into());
        }
        Ok(CredentialSecret::Session {
            expires_at: expiry::of_token(&me.key),
            key: me.key,
            session: session.clone(),
        })
    }

    /// Asks Xano whose token it is.
    async fn check(&self, credential: &Credential) -> Result<(), Refusal> {
        let secret = &credential.secret;
        let from_account = secret.kind() != CredentialKind::Session;
        if from_account && self.policy.account().as_str() != credential.authority {
            return Err(another_xano(credential));
        }
        signin::whose(&self.api, &self.policy, secret.bearer()).await?;
        Ok(())
    }
}
