//! Refreshes the credentials of an upstream service. The [`Coordinator`] works with any service that
//! implements [`Upstream`].
//!
//! ```
//! # use std::sync::Arc;
//! # use async_trait::async_trait;
//! # use snappy_domain::clock::{Clock, MockClock};
//! # use snappy_domain::random::SeededRandom;
//! # use snappy_domain::spawn::RunAtOnce;
//! # use snappy_domain::{CredentialId, PersonId, Runtime, Secret, Timer};
//! # use snappy_store::*;
//! use snappy_credentials::{Coordinator, HeldLease, Outcome, UpstreamError, Upstream};
//!
//! /// A service that always returns a new key.
//! #[derive(Debug)]
//! struct Service;
//!
//! #[async_trait]
//! impl Upstream for Service {
//!     async fn renew(
//!         &self,
//!         old: &Credential,
//!         _: &HeldLease<'_>,
//!     ) -> Result<CredentialSecret, UpstreamError> {
//!         let CredentialSecret::Session { session, .. } = &old.secret else {
//!             return Err(UpstreamError::Rejected);
//!         };
//!         let key = Secret::new("new key");
//!         Ok(CredentialSecret::Session { key, session: session.clone(), expires_at: None })
//!     }
//!
//!     async fn check(&self, _: &Credential) -> Result<(), UpstreamError> {
//!         Err(UpstreamError::Rejected)
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
//! # let (timer, spawner) = (Arc::new(NoWaiting), Arc::new(RunAtOnce));
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
//! // The service responded with 401 to the key of this version: get a newer one.
//! let outcome = coordinator.refresh(person, id, credential.version).await?;
//! let Outcome::Refreshed(bearer) = outcome else { panic!("{outcome:?}") };
//! assert_eq!(bearer.token.expose(), "new key");
//! # Ok::<(), StoreError>(())
//! # }).unwrap();
//! ```

mod ask;
mod coordinator;
mod held_lease;
pub mod proactive;
mod trouble;
mod upstream;

pub use coordinator::{Bearer, Coordinator, Outcome};
pub use held_lease::HeldLease;
pub use upstream::{Upstream, UpstreamError};
