//! Clients that the operator registers.

use serde_json::{Map, Value};
use snappy_domain::{ClientId, Secret};
use snappy_store::{Client, ClientKeys, Machine, Registration, TokenEndpointAuth};

use crate::fetch::is_address;
use crate::register::{RegisterError, display_name, usable_redirect_uris};
use crate::secrets::Kind;
use crate::{AuthorizationServer, client_keys, redirect_uri};

/// A client as the operator registers it.
#[derive(Debug, Clone)]
pub struct Preregistration {
    /// Its id; a new one when there is none.
    pub id: Option<ClientId>,
    /// What people see.
    pub name: String,
    /// Where it may be sent back to. None for a machine.
    pub redirect_uris: Vec<String>,
    /// How it proves itself.
    pub auth: TokenEndpointAuth,
    /// Its public keys (`jwks`), for `private_key_jwt`.
    pub jwks: Option<Value>,
    /// Where its public keys stand, in their stead.
    pub jwks_uri: Option<String>,
    /// What it may have for itself.
    pub machine: Option<Machine>,
}

impl AuthorizationServer {
    /// Whether it can be registered, but for its redirect URIs being there at all. Changes nothing.
    ///
    /// # Errors
    /// When the id is taken or is an address, a redirect URI is not one this server redirects to, or
    /// the keys are no use.
    pub async fn check_preregistration(
        &self,
        new: &Preregistration,
    ) -> Result<Option<ClientKeys>, RegisterError> {
        if let Some(id) = &new.id
            && (is_address(id.as_str()) || self.store.client(id).await?.is_some())
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
        Ok(match new.auth {
            TokenEndpointAuth::PrivateKeyJwt => {
                Some(client_keys::of_metadata(new.jwks.clone(), new.jwks_uri.clone())?)
            }
            _ => None,
        })
    }

    /// Registers a client for the operator, and gives its secret if it has one: it is not kept, so
    /// this is the only time to see it.
    ///
    /// # Errors
    /// As [`AuthorizationServer::check_preregistration`], and when a client that is no machine has no
    /// redirect URI.
    pub async fn preregister(
        &self,
        new: Preregistration,
    ) -> Result<(Client, Option<Secret>), RegisterError> {
        let keys = self.check_preregistration(&new).await?;
        // A machine is never sent back anywhere.
        let redirect_uris = match (&new.machine, new.redirect_uris.is_empty()) {
            (Some(_), true) => Vec::new(),
            _ => usable_redirect_uris(new.redirect_uris)?,
        };
        let issued = new.auth.has_secret().then(|| self.new_secret(Kind::ClientSecret));
        let client = Client {
            id: new.id.unwrap_or_else(|| ClientId::generate(&*self.clock, &*self.random)),
            registration: Registration::PreRegistered,
            name: display_name(&new.name),
            redirect_uris,
            auth: new.auth,
            also_public: false,
            keys,
            machine: new.machine,
            secret: issued.as_ref().map(|(_, hash)| *hash),
            metadata: Map::new(),
            created_at: self.clock.now(),
            used_at: None,
        };
        self.store.add_client(&client).await?;
        Ok((client, issued.map(|(secret, _)| secret)))
    }
}
