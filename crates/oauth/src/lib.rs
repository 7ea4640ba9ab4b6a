//! The OAuth 2.1 authorization server and the bearer check: requests in, decisions out.
//!
//! It knows clients, codes, grants and tokens. It does not know HTTP frameworks, pages, or Xano.
//! Every rule that a store must not get wrong is one conditional change there; everything else is
//! decided here, by plain functions where that is possible ([`refresh::decide`]).

pub mod assertion;
pub mod authorize;
pub mod bearer;
pub mod client_auth;
mod client_credentials;
pub mod client_keys;
pub mod documents;
mod fetch;
pub mod form;
pub mod metadata;
pub mod pending;
pub mod pkce;
pub mod preregister;
pub mod redirect_uri;
pub mod refresh;
pub mod register;
pub mod resource;
pub mod revoke;
mod secrets;
#[cfg(feature = "testing")]
pub mod testing;
pub mod token;

use std::sync::Arc;
use std::time::Duration;

use snappy_domain::http::HttpClient;
use snappy_domain::{ClientId, Clock, Held, Keyring, Random};
use snappy_store::{Client, Registration, Store, StoreResult};

pub use bearer::{BearerError, Caller};
pub use fetch::is_address;
pub use metadata::Site;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);

/// How long things last.
#[derive(Debug, Clone, Copy)]
pub struct Lifetimes {
    /// An access token.
    pub access: Duration,
    /// A refresh token that nobody uses.
    pub refresh_idle: Duration,
    /// A grant, however much it is used.
    pub grant: Duration,
    /// An authorization code.
    pub code: Duration,
    /// From the authorization request to the consent.
    pub pending: Duration,
    /// After a refresh token's successor was used: how long the old one still gives an access token
    /// (and never a refresh token), counted anew from each time it does. Later than that it is taken
    /// for stolen.
    pub reuse_window: Duration,
}

impl Lifetimes {
    /// The defaults for access tokens that live for `access`: refresh tokens for 90 days without
    /// use and a year in all; the reuse window is a week, and at least twice the access token's life,
    /// because a process may sleep that long with the older pair.
    #[must_use]
    pub fn for_access(access: Duration) -> Self {
        Self {
            access,
            refresh_idle: 90 * DAY,
            grant: 365 * DAY,
            code: MINUTE,
            pending: 30 * MINUTE,
            reuse_window: (7 * DAY).max(access * 2),
        }
    }
}

/// Which apps may be connected that the operator has not registered. Connections that exist go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// All: they register themselves, or a document describes them.
    Open,
    /// Those that a document describes.
    Documents,
    /// None.
    Closed,
}

/// What a process of the server keeps in mind besides the store.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    pub(crate) uses: bearer::Uses,
    /// Held while a key set is read from its address.
    pub(crate) fetching: Arc<Held<String, tokio::sync::Mutex<()>>>,
}

/// The authorization server over a store.
#[derive(Debug, Clone)]
pub struct AuthorizationServer {
    /// Where clients, grants and tokens are kept.
    pub store: Arc<dyn Store>,
    /// Hashes tokens and seals pending requests.
    pub keys: Arc<Keyring>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Fetches the documents of clients. Must connect to public addresses only.
    pub http: Arc<dyn HttpClient>,
    /// Randomness for tokens.
    pub random: Arc<dyn Random>,
    /// How long things last.
    pub lifetimes: Lifetimes,
    /// Which apps may connect.
    pub admission: Admission,
    /// What this process keeps in mind; losing it costs nothing.
    pub memory: Memory,
}

impl AuthorizationServer {
    /// Whether new connections may be made for a client.
    #[must_use]
    pub fn admits(&self, client: &Client) -> bool {
        match client.registration {
            Registration::PreRegistered => true,
            Registration::Document { .. } => self.admission != Admission::Closed,
            Registration::Dynamic => self.admission == Admission::Open,
        }
    }

    /// The client with this id, as it is stored.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn client(&self, id: &ClientId) -> StoreResult<Option<Client>> {
        let client = self.store.client(id).await?;
        tracing::info!(client_id = %id, known = client.is_some(), "Client lookup for ID {id}");
        Ok(client)
    }
}
