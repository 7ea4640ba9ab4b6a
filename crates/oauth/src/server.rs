//! The authorization server, and how it is configured.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use snappy_domain::http::HttpClient;
use snappy_domain::{Cache, ClientId, GrantId, KeyedLocks, Keyring, Runtime, Scope, Timestamp};
use snappy_store::{Client, Registration, Store, StoreResult};

use crate::client::rules::ClientRules;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);
/// For how many grants a process remembers that it has just recorded their use.
const RECENT_USES: NonZeroUsize = NonZeroUsize::MIN.saturating_add(9_999);

/// The service behind the protected resource.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    /// What people call it.
    pub name: &'static str,
    /// The protected resource's name (`resource_name`, RFC 9728 §2).
    pub resource_name: &'static str,
    /// The scopes there are, in the order of the metadata documents.
    pub scopes: &'static [Scope],
}

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
    /// (and never a refresh token). Each use extends it. Later than that it is taken for stolen.
    pub reuse_window: Duration,
}

impl Lifetimes {
    /// The defaults for access tokens that live for `access`: refresh tokens for 90 days without
    /// use and a year in total; the reuse window is a week, and at least twice the access token's life,
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

/// Which clients may be connected that the operator has not registered. Existing grants stay valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// All: they register themselves, or have a metadata document.
    Open,
    /// Those with a metadata document.
    Documents,
    /// None.
    Closed,
}

/// How the server behaves.
#[derive(Debug, Clone)]
pub struct Config {
    /// The service that it protects.
    pub service: Service,
    /// How long things last.
    pub lifetimes: Lifetimes,
    /// Which clients may connect.
    pub admission: Admission,
    /// Which of them the operator allows and denies by name.
    pub clients: ClientRules,
}

/// The authorization server over a store.
#[derive(Debug, Clone)]
pub struct AuthorizationServer {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) keys: Arc<Keyring>,
    pub(crate) runtime: Runtime,
    pub(crate) http: Arc<dyn HttpClient>,
    pub(crate) config: Config,
    pub(crate) memory: Arc<Memory>,
}

/// What a process keeps besides the store; losing it costs nothing.
#[derive(Debug)]
pub(crate) struct Memory {
    /// When this process last recorded the use of a grant, so that a burst of calls is one write.
    pub(crate) uses: Cache<GrantId, Option<Timestamp>>,
    /// Locked while a key set is fetched from its URL.
    pub(crate) fetching: KeyedLocks<String, tokio::sync::Mutex<()>>,
}

impl AuthorizationServer {
    /// A server over a store. `http` fetches the metadata documents and key sets of clients, so it must
    /// connect to public addresses only and follow no redirect.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        keys: Arc<Keyring>,
        runtime: Runtime,
        http: Arc<dyn HttpClient>,
        config: Config,
    ) -> Self {
        let (uses, fetching) = (Cache::new(RECENT_USES), KeyedLocks::default());
        Self { store, keys, runtime, http, config, memory: Arc::new(Memory { uses, fetching }) }
    }

    /// How the server behaves.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// Whether new grants may be made for a client.
    #[must_use]
    pub fn admits(&self, client: &Client) -> bool {
        let by_kind = match client.registration {
            Registration::PreRegistered => true,
            Registration::Document { .. } => self.config.admission != Admission::Closed,
            Registration::Dynamic => self.config.admission == Admission::Open,
        };
        by_kind && self.config.clients.permit(client)
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

    /// Whether the storage answers and can be written.
    ///
    /// # Errors
    /// When it does not or can't.
    pub async fn check_storage(&self) -> StoreResult<()> {
        self.store.check().await
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.runtime.clock.now()
    }
}
