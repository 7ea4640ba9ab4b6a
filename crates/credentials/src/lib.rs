//! Keeps the credentials of an upstream service fresh. The [`Coordinator`] knows leases, versions and
//! outcomes; which service it is, it does not know: it works over [`Upstream`].
//!
//! ```
//! # use std::sync::Arc;
//! # use async_trait::async_trait;
//! # use snappy_domain::clock::{Clock, MockClock};
//! # use snappy_domain::random::SeededRandom;
//! # use snappy_domain::{CredentialId, PersonId, Runtime, Secret, Timer};
//! # use snappy_store::*;
//! use snappy_credentials::{Coordinator, Outcome, Refusal, Upstream};
//!
//! /// A service that gives a new key whenever it is asked.
//! #[derive(Debug)]
//! struct Service;
//!
//! #[async_trait]
//! impl Upstream for Service {
//!     async fn renew(&self, old: &Credential) -> Result<CredentialSecret, Refusal> {
//!         let CredentialSecret::Session { session, .. } = &old.secret else {
//!             return Err(Refusal::Refused);
//!         };
//!         let key = Secret::new("new key");
//!         Ok(CredentialSecret::Session { key, session: session.clone(), expires_at: None })
//!     }
//!
//!     async fn check(&self, _: &Credential) -> Result<(), Refusal> {
//!         Err(Refusal::Refused)
//!     }
//! }
//!
//! # #[derive(Debug)]
//! # struct NoWaiting;
//! # #[async_trait]
//! # impl Timer for NoWaiting {
//! #     async fn sleep(&self, _: std::time::Duration) { std::future::pending().await }
//! # }
//! # futures::executor::block_on(async {
//! # let clock = Arc::new(MockClock::default());
//! # let random = Arc::new(SeededRandom::new(1));
//! # let (timer, spawner) = (Arc::new(NoWaiting), Arc::new(snappy_domain::spawn::NoSpawner));
//! # let runtime = Runtime { clock: clock.clone(), timer, random: random.clone(), spawner };
//! # let store = Arc::new(MemoryStore::default());
//! # let person = PersonId::generate(&*clock, &*random);
//! # let id = CredentialId::generate(&*clock, &*random);
//! # let (key, session) = (Secret::new("old key"), Secret::new("session"));
//! # let secret = CredentialSecret::Session { key, session, expires_at: None };
//! # let profile = Profile { subject: "7".into(), ..Profile::default() };
//! # let new = NewCredential { authority: "https://x".into(), profile, secret, at: clock.now() };
//! let credential = store.sign_in(person, id, &new).await?;
//! let coordinator = Coordinator::new(store.clone(), runtime, Arc::new(Service));
//! // The service answered 401 to the key of this version: get a newer one.
//! let outcome = coordinator.refresh(person, id, credential.version).await?;
//! let Outcome::Refreshed(usable) = outcome else { panic!("{outcome:?}") };
//! assert_eq!(usable.bearer.expose(), "new key");
//! # Ok::<(), StoreError>(())
//! # }).unwrap();
//! ```

pub mod ahead;
mod coordinator;
mod upstream;

pub use coordinator::{Coordinator, Outcome, Usable};
pub use upstream::{Refusal, Upstream};
