//! OAuth clients (RFC 7591 §2).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use snappy_domain::{AccountId, ClientId, Limits, Scopes, Timestamp, TokenHash};

/// How a client came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// It registered itself (RFC 7591).
    Dynamic,
    /// The operator registered it.
    PreRegistered,
    /// Its id is the address of a document that describes it (Client ID Metadata Documents).
    Document {
        /// When the document was read.
        fetched_at: Timestamp,
        /// Until when it is taken as it was.
        fresh_until: Timestamp,
    },
}

/// How a client proves itself at the token endpoint (`token_endpoint_auth_method`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenEndpointAuth {
    /// A public client: PKCE is its proof.
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

    /// Whether the server gives such a client a secret.
    #[must_use]
    pub const fn has_secret(self) -> bool {
        matches!(self, Self::ClientSecretBasic | Self::ClientSecretPost)
    }
}

/// The public keys of a client that signs assertions, as JWK Sets (RFC 7517 §5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientKeys {
    /// `jwks`: they came with the registration.
    Inline(Value),
    /// `jwks_uri`: they stand at an address.
    At {
        /// The address.
        uri: String,
    },
}

/// How long a key set is kept that nobody asked for.
pub const KEY_SETS_KEPT: Duration = Duration::from_secs(30 * 86_400);

/// What is known of the JWK Set at an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeySet {
    /// What was read there last, and when.
    pub read: Option<(Value, Timestamp)>,
    /// When the address was last asked, successfully or not.
    pub asked_at: Option<Timestamp>,
}

/// What a machine may have for itself, without a person (RFC 6749 §4.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// The account whose Xano it opens.
    pub account: AccountId,
    /// The most it may do.
    pub scopes: Scopes,
    /// What it is narrowed to besides.
    pub limits: Limits,
}

/// A registered client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Its `client_id`.
    pub id: ClientId,
    /// How it came to be known.
    pub registration: Registration,
    /// `client_name`, as the client says of itself; shown escaped, never trusted.
    pub name: Option<String>,
    /// Where it may be sent back to.
    pub redirect_uris: Vec<String>,
    /// How it proves itself.
    pub auth: TokenEndpointAuth,
    /// Whether it may also come without a proof: its document offers `none` besides, and clients
    /// choose by what they once read about the server.
    #[serde(default)]
    pub also_public: bool,
    /// The keys it signs assertions with.
    #[serde(default)]
    pub keys: Option<ClientKeys>,
    /// What it may have for itself.
    #[serde(default)]
    pub machine: Option<Machine>,
    /// The keyed hash of its secret; `None` for public clients.
    #[serde(skip)]
    pub secret: Option<TokenHash>,
    /// Other registered metadata that is echoed and shown, never fetched.
    pub metadata: Map<String, Value>,
    /// When it registered.
    pub created_at: Timestamp,
    /// When a person first authorized it.
    pub used_at: Option<Timestamp>,
}
