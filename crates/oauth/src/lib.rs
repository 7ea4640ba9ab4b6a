//! The OAuth 2.1 authorization server and the bearer check: requests in, decisions out.
//!
//! It knows people, clients, codes, grants and tokens. It does not know HTTP frameworks, pages, or the
//! service that it protects: that one gives its name and its scopes ([`Service`]). Every rule that a
//! store must not get wrong is one conditional change there; everything else is decided here, by plain
//! functions where that is possible ([`grant::refresh::decide`]). Whatever a page or a command may do to
//! a grant is one method here, and audited.
//!
//! ```
//! # use std::sync::Arc;
//! # use async_trait::async_trait;
//! # use snappy_domain::clock::MockClock;
//! # use snappy_domain::http::{Answer, HttpClient, HttpError, Outgoing};
//! # use snappy_domain::random::SeededRandom;
//! # use snappy_domain::spawn::NoSpawner;
//! # use snappy_domain::{Keyring, Runtime, Scope, Secret, Timer};
//! use snappy_oauth::{Admission, AuthorizationServer, Config, Lifetimes, Service, Site};
//! use snappy_store::MemoryStore;
//!
//! # #[derive(Debug)] struct Nowhere;
//! # #[async_trait] impl HttpClient for Nowhere {
//! #     async fn send(&self, _: Outgoing) -> Result<Answer, HttpError> {
//! #         Err(HttpError::Refused("no network".into()))
//! #     }
//! # }
//! # #[derive(Debug)] struct NoWaiting;
//! # #[async_trait] impl Timer for NoWaiting {
//! #     async fn sleep(&self, _: std::time::Duration) {}
//! # }
//! const NOTES: Service = Service {
//!     name: "Notes",
//!     resource_name: "Notes over MCP",
//!     scopes: &[Scope { name: "notes:read", meaning: "Read notes", implied: true }],
//! };
//!
//! # let runtime = Runtime {
//! #     clock: Arc::new(MockClock::default()),
//! #     timer: Arc::new(NoWaiting),
//! #     random: Arc::new(SeededRandom::new(1)),
//! #     spawner: Arc::new(NoSpawner),
//! # };
//! # let http = Arc::new(Nowhere);
//! let keys = Arc::new(Keyring::new(&[Secret::new("at-least-16-characters")]).unwrap());
//! let config = Config {
//!     service: NOTES,
//!     lifetimes: Lifetimes::for_access(std::time::Duration::from_secs(3600)),
//!     admission: Admission::Open,
//!     clients: Default::default(),
//! };
//! let store = Arc::new(MemoryStore::default());
//! let server = AuthorizationServer::new(store, keys, runtime, http, config);
//! # futures::executor::block_on(async {
//! let registered = server.register(br#"{"redirect_uris": ["http://127.0.0.1/callback"]}"#).await?;
//! let query = format!(
//!     "response_type=code&client_id={}&code_challenge_method=S256&\
//!      code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
//!     registered["client_id"].as_str().unwrap(),
//! );
//! let accepted = server.authorize(&Site::new("https://mcp.example"), &query).await.unwrap();
//! assert_eq!(accepted.pending.scopes.to_string(), "notes:read");
//! # Ok::<(), snappy_oauth::client::register::RegisterError>(())
//! # }).unwrap();
//! ```

pub mod client;
pub mod form;
pub mod grant;
pub mod metadata;
mod people;
mod server;
mod site;
#[cfg(feature = "testing")]
pub mod testing;
mod tokens;

pub use grant::bearer::{BearerError, Caller};
pub use server::{Admission, AuthorizationServer, Config, Lifetimes, Service};
pub use site::Site;
