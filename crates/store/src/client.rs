//! OAuth clients (RFC 7591 §2).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use snappy_domain::{AccessLimits, ClientId, CredentialId, PersonId, Scopes, Timestamp, TokenHash};

/// How a client became known to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// It registered itself (RFC 7591).
    Dynamic,
    /// The operator registered it.
    PreRegistered,
    /// Its id is the URL of its metadata document (OAuth Client ID Metadata Document).
    Document {
        /// When the document was fetched.
        fetched_at: Timestamp,
        /// Until when it is used without fetching it again.
        fresh_until: Timestamp,
    },
}

/// How a client authenticates at the token endpoint (`token_endpoint_auth_method`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenEndpointAuth {
    /// A public client, which proves itself by PKCE alone.
    None,
    /// The secret in an `Authorization: Basic` header.
    ClientSecretBasic,
    /// The secret in the form.
    ClientSecretPost,
    /// An assertion that the client signs with its own key (RFC 7523).
    PrivateKeyJwt,
}

impl TokenEndpointAuth {
    /// Every method, in the order of the metadata document.
    pub const ALL: [Self; 4] =
        [Self::None, Self::ClientSecretBasic, Self::ClientSecretPost, Self::PrivateKeyJwt];

    /// The name in the registry of RFC 7591.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::PrivateKeyJwt => "private_key_jwt",
        }
    }
}

/// The public keys of a client that signs assertions, as JWK Sets (RFC 7517 §5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientKeys {
    /// `jwks`: they came with the registration.
    Inline(Value),
    /// `jwks_uri`: they are served at a URL.
    At {
        /// The URL.
        uri: String,
    },
}

/// How long an unused key set is kept.
pub const KEY_SETS_KEPT: Duration = Duration::from_secs(30 * 86_400);

/// What is known of the JWK Set at a URL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeySet {
    /// The set that was last read there, and when.
    pub read: Option<(Value, Timestamp)>,
    /// When the URL was last requested, successfully or not.
    pub asked_at: Option<Timestamp>,
}

/// A client that gets tokens for itself, without a person (RFC 6749 §4.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceAccount {
    /// The credential that it opens the service with.
    #[serde(rename = "account")]
    pub credential: CredentialId,
    /// The person that stands for it. Earlier versions stored none: then it is that of the credential.
    #[serde(default)]
    person: Option<PersonId>,
    /// The most it may do.
    pub scopes: Scopes,
    /// What it may do it with.
    pub limits: AccessLimits,
}

impl ServiceAccount {
    /// A service account that opens the service with a person's credential.
    #[must_use]
    pub const fn new(
        person: PersonId,
        credential: CredentialId,
        scopes: Scopes,
        limits: AccessLimits,
    ) -> Self {
        Self { credential, person: Some(person), scopes, limits }
    }

    /// The person that stands for it.
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.person.unwrap_or_else(|| PersonId::of_credential(self.credential))
    }
}

/// How a client sends its secret (RFC 6749 §2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretMethod {
    /// In an `Authorization: Basic` header.
    Basic,
    /// In the form.
    Post,
}

/// How a client authenticates at the token endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientProof {
    /// A public client: by PKCE alone.
    Public,
    Secret {
        /// How it sends it.
        method: SecretMethod,
        /// The keyed hash of the secret.
        hash: TokenHash,
    },
    /// By assertions that it signs with its own key (RFC 7523).
    Keys {
        /// Its public keys.
        keys: ClientKeys,
        /// Whether it may also come as a public client: its document offers `none` too, and clients
        /// choose by what they once read in the server's metadata.
        also_public: bool,
    },
}

impl ClientProof {
    /// The registered `token_endpoint_auth_method`.
    #[must_use]
    pub const fn method(&self) -> TokenEndpointAuth {
        match self {
            Self::Public => TokenEndpointAuth::None,
            Self::Secret { method: SecretMethod::Basic, .. } => {
                TokenEndpointAuth::ClientSecretBasic
            }
            Self::Secret { method: SecretMethod::Post, .. } => TokenEndpointAuth::ClientSecretPost,
            Self::Keys { .. } => TokenEndpointAuth::PrivateKeyJwt,
        }
    }

    /// The proof of a client that registered a method and got a secret with this hash if it has one.
    /// `None` when the method needs keys.
    #[must_use]
    pub const fn without_keys(auth: TokenEndpointAuth, hash: Option<TokenHash>) -> Option<Self> {
        match (auth, hash) {
            (TokenEndpointAuth::None, _) => Some(Self::Public),
            (TokenEndpointAuth::ClientSecretBasic, Some(hash)) => {
                Some(Self::Secret { method: SecretMethod::Basic, hash })
            }
            (TokenEndpointAuth::ClientSecretPost, Some(hash)) => {
                Some(Self::Secret { method: SecretMethod::Post, hash })
            }
            _ => None,
        }
    }
}

/// A registered client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    pub id: ClientId,
    /// How it became known to the server.
    pub registration: Registration,
    /// `client_name`, as the client says of itself; shown escaped, never trusted.
    pub name: Option<String>,
    pub redirect_uris: Vec<String>,
    /// How it authenticates.
    pub proof: ClientProof,
    /// What it may have without a person.
    pub service_account: Option<ServiceAccount>,
    /// Other registered metadata. It is echoed and shown, never fetched.
    pub metadata: Map<String, Value>,
    /// When it registered.
    pub created_at: Timestamp,
    /// When a person first authorized it.
    pub used_at: Option<Timestamp>,
}
