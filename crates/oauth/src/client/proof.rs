//! What a new client authenticates with.

use serde_json::Value;
use snappy_domain::Secret;
use snappy_store::{ClientProof, SecretMethod, TokenEndpointAuth};

use super::error::KeysError;
use super::keys;
use crate::AuthorizationServer;

impl AuthorizationServer {
    /// The proof of a client that registers a method, and its new secret if it has one: only the secret's
    /// hash is kept.
    pub(super) fn new_proof(
        &self,
        method: TokenEndpointAuth,
        jwks: Option<Value>,
        jwks_uri: Option<String>,
    ) -> Result<(ClientProof, Option<Secret>), KeysError> {
        let with_secret = |method| {
            let (secret, hash) = self.new_client_secret();
            (ClientProof::Secret { method, hash }, Some(secret))
        };
        Ok(match method {
            TokenEndpointAuth::None => (ClientProof::Public, None),
            TokenEndpointAuth::ClientSecretBasic => with_secret(SecretMethod::Basic),
            TokenEndpointAuth::ClientSecretPost => with_secret(SecretMethod::Post),
            TokenEndpointAuth::PrivateKeyJwt => {
                let keys = keys::of_metadata(jwks, jwks_uri)?;
                (ClientProof::Keys { keys, also_public: false }, None)
            }
        })
    }
}
