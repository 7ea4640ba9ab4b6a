//! Storage traits, one for each aggregate, the records they keep, an in-memory backend, and the
//! contract that every backend must pass.
//!
//! The traits work on plain records. A method either reads, or makes one conditional change in one
//! transaction and says whether the condition held ([`Applied`]). So the rules stand in one place and
//! not in each backend, and a lost race is an ordinary value. Each change touches one aggregate, named
//! by its key: a `PersonId` for everything that belongs to a person, a `ClientId` for everything of a
//! client. So a backend may be one database, or one object for each person and client.
//!
//! Conditional changes can be repeated: the same call again says [`Applied::Yes`] again. So a caller
//! whose first call ended without an answer repeats it ([`repeat`]).
//!
//! To add a storage method: a trait method here, the in-memory backend, a case of the contract, then the
//! SQL backends. To add a backend: implement [`Store`] and run the cases of `contract`.
//!
//! ```
//! use snappy_domain::clock::{Clock, MockClock};
//! use snappy_domain::random::SeededRandom;
//! use snappy_domain::PersonId;
//! use snappy_store::{Directory, Identity, MemoryStore};
//!
//! # futures::executor::block_on(async {
//! let (clock, random) = (MockClock::default(), SeededRandom::new(1));
//! let store = MemoryStore::default();
//! let identity = Identity { upstream: "https://x.example".into(), subject: "7".into() };
//! let proposed = PersonId::generate(&clock, &random);
//! let person = store.person(&identity, proposed, clock.now()).await?;
//! // The same identity is the same person, whatever id is proposed.
//! let another = PersonId::generate(&clock, &random);
//! assert_eq!(store.person(&identity, another, clock.now()).await?, person);
//! # Ok::<(), snappy_store::StoreError>(())
//! # }).unwrap();
//! ```

pub mod client;
pub mod codec;
#[cfg(feature = "contract")]
pub mod contract;
pub mod credential;
mod error;
pub mod grant;
pub mod housekeeping;
pub mod memory;
pub mod person;
mod repeat;
pub mod sealing;
mod traits;
pub mod upstream_client;

pub use client::{
    Client, ClientKeys, ClientProof, KEY_SETS_KEPT, KeySet, Registration, SecretMethod,
    ServiceAccount, TokenEndpointAuth,
};
pub use credential::{
    Coverage, Credential, CredentialKind, CredentialSecret, CredentialState, LEASE_SLACK, Lease,
    NewCredential, OAuthTokens, Profile, REMOVED_KEPT,
};
pub use error::{StoreError, StoreResult};
pub use grant::{
    AccessToken, Admitted, AuthorizationCode, CodeState, Fork, Grant, GrantState,
    MAX_ACCESS_TOKENS_PER_GRANT, NewGrant, Party, RefreshState, RefreshToken, RefreshView,
    RevocationReason, Rotation, TokenRef,
};
pub use memory::MemoryStore;
pub use person::Identity;
pub use repeat::repeat;
pub use traits::{
    Applied, ClientStore, CredentialStore, Directory, Expiring, GrantStore, Resealed, Store,
    Sweeps, UpstreamClientStore,
};
pub use upstream_client::UpstreamClient;
