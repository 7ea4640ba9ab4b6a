//! What a new access token reaches: the instance and the workspace that the person picked at Xano.
//!
//! The token names the instance's origin (`aud`). That is a hint: the host must be one that may receive a Xano
//! token ([`HostPolicy`](crate::HostPolicy)), and it must be in the person's own list of instances. Where the
//! account API does not accept the token, the instance itself says who it is.

use serde_json::Value;
use snappy_domain::Secret;
use snappy_store::{Coverage, CredentialSecret, Identity, NewCredential, OAuthTokens, Profile};

use super::client::XanoOAuth;
use super::error::OAuthError;
use super::token::TokenResponse;
use crate::claims::Claims;
use crate::operations::{AUTH_ME, GET_WORKSPACE, LIST_INSTANCES, RequestBuilder};
use crate::signin::profile;
use crate::{Instance, Request, SignInError, SignedIn, XanoError, XanoOrigin};

/// Which workspace a token is for, as its instance says (`auth_me`).
struct Workspace {
    id: String,
    label: Option<String>,
}

impl XanoOAuth {
    /// Finds out what the tokens of a sign-in reach and whose they are.
    pub(super) async fn bind(
        &self,
        client_id: &str,
        requested_scope: &str,
        tokens: &TokenResponse,
    ) -> Result<SignedIn, OAuthError> {
        let token = &tokens.access_token;
        let claims = Claims::of(token);
        let audience = claims.audience().ok_or(OAuthError::NoAudience)?;
        let shown = || audience.chars().take(200).collect();
        let origin = self.policy.audience(audience);
        let origin = origin.ok_or_else(|| OAuthError::ForeignAudience(shown()))?;
        let listed = self.listed_at(&origin, token).await?;
        if listed.as_ref().is_some_and(Vec::is_empty) {
            return Err(OAuthError::UnlistedInstance(origin.host()));
        }
        let me = self.call(&origin, token, Request::to(&AUTH_ME)).await?;
        let (name, label) = instance_name(&origin, listed.as_deref(), &me);
        let workspace = self.workspace(&origin, token, &me).await?;
        let (identity, profile) = match listed {
            Some(_) => self.account_owner(token).await?,
            None => self.instance_owner(&origin, &claims, &me)?,
        };
        let scope = tokens.scope.as_deref().unwrap_or(requested_scope);
        let coverage = Coverage {
            instance: name,
            instance_label: label,
            origin: origin.to_string(),
            workspace: workspace.id,
            workspace_label: workspace.label,
            scope: sorted(scope),
        };
        let secret = CredentialSecret::OAuth(Box::new(OAuthTokens {
            access_token: token.clone(),
            refresh_token: tokens.refresh_token.clone(),
            expires_at: tokens.expires_at,
            refresh_expires_at: tokens.refresh_expires_at,
            client_id: client_id.to_owned(),
            coverage,
        }));
        let (authority, at) = (self.policy.account().to_string(), self.runtime.clock.now());
        Ok(SignedIn { identity, credential: NewCredential { authority, profile, secret, at } })
    }

    /// The person's instances at an origin; `None` when the account API does not accept the token.
    async fn listed_at(
        &self,
        origin: &XanoOrigin,
        token: &Secret,
    ) -> Result<Option<Vec<Instance>>, OAuthError> {
        let request = Request::to(&LIST_INSTANCES).build().map_err(XanoError::from)?;
        let account = self.policy.account();
        let list = match self.api.call(account, token, &request, request.timeout()).await {
            Ok(list) => list,
            Err(XanoError::Unauthorized(_) | XanoError::AccessDenied(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let records = list.as_array().map(Vec::as_slice).unwrap_or_default();
        let own = records.iter().filter_map(|record| Instance::read(&self.policy, record));
        Ok(Some(own.filter(|one| one.origin.as_ref() == Some(origin)).collect()))
    }

    async fn call(
        &self,
        origin: &XanoOrigin,
        token: &Secret,
        request: RequestBuilder,
    ) -> Result<Value, OAuthError> {
        let request = request.build().map_err(XanoError::from)?;
        let answer = self.api.call(origin, token, &request, request.timeout()).await;
        answer.map_err(|error| match error {
            XanoError::Unauthorized(_) | XanoError::AccessDenied(_) => OAuthError::TokenRefused,
            error => error.into(),
        })
    }

    /// The workspace that the person picked: `extras.oauth.workspace` is its GUID, and the memberships map GUIDs
    /// to ids. Without a GUID only a single membership is clear.
    async fn workspace(
        &self,
        origin: &XanoOrigin,
        token: &Secret,
        me: &Value,
    ) -> Result<Workspace, OAuthError> {
        let extras = extras(me);
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let picked = text(extras.pointer("/oauth/workspace")).filter(|guid| !guid.is_empty());
        let memberships = extras.pointer("/instance/membership/workspace");
        let memberships = memberships.and_then(Value::as_array).map(Vec::as_slice);
        let memberships = memberships.unwrap_or_default();
        let membership = match (picked, memberships) {
            (Some(picked), all) => {
                all.iter().find(|one| text(one.get("guid")).as_ref() == Some(&picked))
            }
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        let id = match membership.and_then(|one| one.get("id")) {
            Some(Value::Number(id)) => id.to_string(),
            Some(Value::String(id)) if !id.is_empty() => id.clone(),
            _ => return Err(OAuthError::NoWorkspace),
        };
        // The name is only for people.
        let request = Request::to(&GET_WORKSPACE).set("workspace_id", &id);
        let record = self.call(origin, token, request).await;
        let label = record.ok().and_then(|record| text(record.get("name")));
        Ok(Workspace { id, label })
    }

    /// The person, as the account API knows them: the same person as with a pasted token.
    async fn account_owner(&self, token: &Secret) -> Result<(Identity, Profile), OAuthError> {
        let account = self.policy.account();
        let me = self.call(account, token, Request::to(&AUTH_ME)).await?;
        let profile = owner(&me)?;
        let upstream = account.to_string();
        Ok((Identity { upstream, subject: profile.subject.clone() }, profile))
    }

    /// The person, when only the instance tells: as the OAuth server knows them (`sub`), or else as that one
    /// instance does, whose ids mean nothing elsewhere.
    fn instance_owner(
        &self,
        origin: &XanoOrigin,
        claims: &Claims,
        me: &Value,
    ) -> Result<(Identity, Profile), OAuthError> {
        let profile = owner(me)?;
        let identity = match claims.subject() {
            Some(subject) => Identity {
                upstream: format!("{}/oauth", self.policy.account()),
                subject: subject.to_owned(),
            },
            None => Identity { upstream: origin.to_string(), subject: profile.subject.clone() },
        };
        Ok((identity, profile))
    }
}

fn owner(me: &Value) -> Result<Profile, OAuthError> {
    profile(me).map_err(|error| match error {
        SignInError::Unavailable(error) => OAuthError::Unavailable(error),
        _ => OAuthError::TokenRefused,
    })
}

/// `extras` of `auth_me`: an object, or one as text, as the contract declares it.
#[must_use]
pub fn extras(me: &Value) -> Value {
    match me.get("extras") {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(object) => object.clone(),
        None => Value::Null,
    }
}

/// The instance's name and display name. Of several at one origin, the one that `auth_me` names.
fn instance_name(
    origin: &XanoOrigin,
    listed: Option<&[Instance]>,
    me: &Value,
) -> (String, Option<String>) {
    let extras = extras(me);
    let said = |field: &str| {
        let text = extras.pointer(&format!("/instance/{field}")).and_then(Value::as_str);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let listed = listed.unwrap_or_default();
    let named = listed.iter().find(|one| said("name").as_deref() == Some(one.name.as_str()));
    if let Some(instance) = named.or(listed.first()) {
        return (instance.name.clone(), instance.display().map(str::to_owned));
    }
    let host = origin.host();
    let label = host.split('.').next().unwrap_or(&host).to_owned();
    (said("name").unwrap_or(label), said("display"))
}

/// Scopes in the order in which they are compared.
fn sorted(scope: &str) -> String {
    let mut scopes: Vec<_> = scope.split_ascii_whitespace().collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes.join(" ")
}
