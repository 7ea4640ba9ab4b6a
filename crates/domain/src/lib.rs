//! What every crate shares: ids, time, randomness, secrets, scopes, error codes, the result
//! envelope, sealing, and the one-method trait for outgoing HTTP.
//!
//! Nothing here does I/O, and everything builds for `wasm32-unknown-unknown`.

pub mod access_limits;
pub mod audit;
mod cache;
pub mod cancelled;
pub mod clock;
pub mod envelope;
pub mod http;
pub mod id;
mod keyed_locks;
pub mod keys;
pub mod metrics;
pub mod random;
mod runtime;
pub mod scope;
pub mod secret;
pub mod spawn;
pub mod timer;

pub use access_limits::AccessLimits;
pub use cache::Cache;
pub use cancelled::Cancelled;
pub use clock::{Clock, Timestamp};
pub use envelope::{ErrorCode, Page, ToolError};
pub use id::{ClientId, CredentialId, GrantId, PersonId};
pub use keyed_locks::KeyedLocks;
pub use keys::{Keyring, TokenHash};
pub use random::Random;
pub use runtime::Runtime;
pub use scope::{Scope, Scopes};
pub use secret::Secret;
pub use spawn::Spawn;
pub use timer::Timer;
