//! Clients that the operator registers.

use serde_json::{Map, Value};
use snappy_domain::{ClientId, Secret};
use snappy_store::{Client, Registration, ServiceAccount, TokenEndpointAuth};

use super::fetch::is_fetchable_url;
use super::register::{RegisterError, display_name, usable_redirect_uris};
use super::{keys, redirect_uri};
use crate::AuthorizationServer;

/// A client as the operator registers it.
#[derive(Debug, Clone)]
pub struct Preregistration {
    /// Its id; a new one when there is none.
    pub id: Option<ClientId>,
    /// What people see.
    pub name: String,
    /// Its redirect URIs. None for a service account.
    pub redirect_uris: Vec<String>,
    /// How it authenticates.
    pub auth: TokenEndpointAuth,
    /// Its public keys (`jwks`), for `private_key_jwt`.
    pub jwks: Option<Value>,
    /// Where its public keys are served, instead.
    pub jwks_uri: Option<String>,
    /// What it may have without a person.
    pub service_account: Option<ServiceAccount>,
}

impl AuthorizationServer {
    /// Whether it can be registered, except for a missing redirect URI. Changes nothing.
    ///
    /// # Errors
    /// When the id is in use or is a URL, a redirect URI is not one that this server redirects to, or the
    /// keys can't be used.
    pub async fn check_preregistration(&self, new: &Preregistration) -> Result<(), RegisterError> {
        if let Some(id) = &new.id
            && (is_fetchable_url(id.as_str()) || self.store.client(id).await?.is_some())
        {
            return Err(RegisterError::IdTaken);
        }
        if let Some(bad) = new.redirect_uris.iter().find(|uri| redirect_uri::check(uri).is_err()) {
            return Err(RegisterError::Malformed(format!(
                "{bad:?} is neither https nor http on a loopback address"
            )));
        }
        if !new.redirect_uris.is_empty() {
            usable_redirect_uris(new.redirect_uris.clone())?;
        }
        if new.auth == TokenEndpointAuth::PrivateKeyJwt {
            keys::of_metadata(new.jwks.clone(), new.jwks_uri.clone())?;
        }
        Ok(())
    }

    /// Registers a client for the operator, and gives its secret if it has one: only its hash is kept, so
    /// this is the only time to see it.
    ///
    /// # Errors
    /// As [`AuthorizationServer::check_preregistration`], and when a client that is no service account has
    /// no redirect URI.
    pub async fn preregister(
        &self,
        new: Preregistration,
    ) -> Result<(Client, Option<Secret>), RegisterError> {
        self.check_preregistration(&new).await?;
        let (proof, secret) = self.new_proof(new.auth, new.jwks, new.jwks_uri)?;
        // A service account is never redirected anywhere.
        let redirect_uris = match (&new.service_account, new.redirect_uris.is_empty()) {
            (Some(_), true) => Vec::new(),
            _ => usable_redirect_uris(new.redirect_uris)?,
        };
        let (clock, random) = (&*self.runtime.clock, &*self.runtime.random);
        let client = Client {
            id: new.id.unwrap_or_else(|| ClientId::generate(clock, random)),
            registration: Registration::PreRegistered,
            name: display_name(&new.name),
            redirect_uris,
            proof,
            service_account: new.service_account,
            metadata: Map::new(),
            created_at: self.now(),
            used_at: None,
        };
        self.store.add_client(&client).await?;
        Ok((client, secret))
    }
}
