//! This server's registration at Xano's OAuth server (RFC 7591): one for each redirect URI, which all
//! replicas share.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use snappy_domain::clock::after;
use snappy_store::{Applied, StoreResult, UpstreamClient};

use super::authorization::{RequestedAccess, scopes};
use super::client::{RefusedRegistration, XanoOAuth};
use super::error::{OAuthError, code};
use super::server_metadata::ServerMetadata;
use crate::XanoError;

/// How this server introduces itself to Xano and its people.
pub const CLIENT_NAME: &str = "Snappy MCP";
const SOFTWARE_ID: &str = "snappy-mcp";
/// How long a refused registration is not tried again, because Xano allows about ten an hour.
const REFUSED_FOR: Duration = Duration::from_secs(60);

impl XanoOAuth {
    /// The client ID for a redirect URI: the configured one, the registered one, or a new one.
    ///
    /// # Errors
    /// See [`OAuthError`].
    pub async fn client_id(
        &self,
        server: &ServerMetadata,
        redirect_uri: &str,
    ) -> Result<String, OAuthError> {
        if let Some(configured) = &self.client_id {
            return Ok(configured.clone());
        }
        let known = || self.clients.upstream_client(&server.issuer, redirect_uri);
        if let Some(client) = known().await? {
            return Ok(client.client_id);
        }
        let mut refused = self.registering.lock().await;
        // Another task may have registered while this one waited.
        if let Some(client) = known().await? {
            return Ok(client.client_id);
        }
        let now = self.runtime.clock.now();
        if let Some(refusal) = &*refused
            && refusal.redirect_uri == redirect_uri
            && now < refusal.until
        {
            return Err(refusal.error.clone());
        }
        match self.register(server, redirect_uri).await {
            Ok(client) => self.keep(&client).await,
            Err(error) => {
                let (redirect_uri, until) = (redirect_uri.to_owned(), after(now, REFUSED_FOR));
                if matches!(
                    error,
                    OAuthError::RegistrationRefused(_) | OAuthError::RegistrationLimited
                ) {
                    *refused =
                        Some(RefusedRegistration { redirect_uri, until, error: error.clone() });
                }
                Err(error)
            }
        }
    }

    /// Stores a new registration; if another replica was faster, its one is used.
    async fn keep(&self, client: &UpstreamClient) -> Result<String, OAuthError> {
        if self.clients.replace_upstream_client(None, client).await? == Applied::Yes {
            tracing::info!(
                redirect_uri = client.redirect_uri,
                "Registered this server at Xano's OAuth server",
            );
            return Ok(client.client_id.clone());
        }
        let winner = self.clients.upstream_client(&client.issuer, &client.redirect_uri).await?;
        Ok(winner.map_or_else(|| client.client_id.clone(), |winner| winner.client_id))
    }

    /// Registers this server with a redirect URI. Nothing is stored.
    ///
    /// # Errors
    /// See [`OAuthError`].
    pub async fn register(
        &self,
        server: &ServerMetadata,
        redirect_uri: &str,
    ) -> Result<UpstreamClient, OAuthError> {
        let endpoint = server.registration_endpoint.clone().ok_or(OAuthError::NoRegistration)?;
        let scopes = scopes(server, RequestedAccess::Full);
        let body = Some(("application/json", description(&scopes, redirect_uri).to_string()));
        let answer = self.send(Method::POST, endpoint, body).await.map_err(XanoError::from)?;
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let invalid = |why| XanoError::InvalidResponse { status: answer.status.as_u16(), why };
        match answer.status {
            status if status.is_success() => {}
            StatusCode::TOO_MANY_REQUESTS => return Err(OAuthError::RegistrationLimited),
            status if status.is_client_error() => {
                let said = body.get("error_description").or_else(|| body.get("message"));
                let said = said.and_then(Value::as_str).unwrap_or_default();
                let said = if said.is_empty() { code(&body).unwrap_or_default() } else { said };
                let said = format!("{status} {}", said.chars().take(200).collect::<String>());
                return Err(OAuthError::RegistrationRefused(said.trim().to_owned()));
            }
            status => {
                let why = "an error of the OAuth server";
                return Err(invalid_status(status, why).into());
            }
        }
        let client_id = body.get("client_id").and_then(Value::as_str);
        let client_id = client_id.filter(|id| !id.is_empty() && id.len() <= 2_048);
        Ok(UpstreamClient {
            issuer: server.issuer.clone(),
            redirect_uri: redirect_uri.to_owned(),
            client_id: client_id.ok_or_else(|| invalid("without a client_id"))?.to_owned(),
            registered_at: self.runtime.clock.now(),
        })
    }

    /// Forgets the stored registration for a redirect URI, and gives it: the next sign-in registers again. People who
    /// have signed in keep theirs.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn forget_registration(
        &self,
        redirect_uri: &str,
    ) -> StoreResult<Option<UpstreamClient>> {
        let account = self.policy.account();
        for issuer in [account.to_string(), format!("{account}/")] {
            if let Some(known) = self.clients.upstream_client(&issuer, redirect_uri).await? {
                let forgotten =
                    self.clients.forget_upstream_client(&issuer, &known.client_id).await?;
                return Ok((forgotten == Applied::Yes).then_some(known));
            }
        }
        Ok(None)
    }

    /// Forgets a registration that Xano does not know any more, so that the next sign-in registers again.
    pub(super) async fn forget_client(&self, server: &ServerMetadata, client_id: &str) {
        match self.clients.forget_upstream_client(&server.issuer, client_id).await {
            Ok(Applied::Yes) => tracing::warn!(
                "Xano no longer knows this server's registration; the next sign-in registers again",
            ),
            Ok(Applied::No) => {}
            Err(error) => tracing::warn!("The registration at Xano can't be removed: {error}"),
        }
    }
}

/// How this server describes itself when it registers.
pub(super) fn description(scopes: &[String], redirect_uri: &str) -> Value {
    // Xano reads the array `scopes`; `scope` is the standard's name.
    json!({
        "client_name": CLIENT_NAME,
        "software_id": SOFTWARE_ID,
        "redirect_uris": [redirect_uri],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "scopes": scopes,
        "scope": scopes.join(" "),
    })
}

const fn invalid_status(status: StatusCode, why: &'static str) -> XanoError {
    XanoError::InvalidResponse { status: status.as_u16(), why }
}
