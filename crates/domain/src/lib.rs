//! The words that every room shares: ids, time, randomness, secrets, scopes, error codes, the
//! result envelope, sealing, and the one-method trait for outgoing HTTP.
//!
//! Nothing here does I/O, and everything builds for `wasm32-unknown-unknown`.

pub mod audit;
pub mod cancelled;
pub mod clock;
pub mod envelope;
pub mod held;
pub mod host;
pub mod http;
pub mod id;
pub mod keys;
pub mod limits;
pub mod metrics;
pub mod random;
pub mod scope;
pub mod secret;
pub mod spawn;
pub mod timer;

pub use cancelled::Cancelled;
pub use clock::{Clock, Timestamp};
pub use envelope::{ErrorCode, ToolError};
pub use held::Held;
pub use host::Host;
pub use id::{AccountId, ClientId, GrantId};
pub use keys::{Keyring, TokenHash};
pub use limits::Limits;
pub use random::Random;
pub use scope::{Scope, Scopes};
pub use secret::Secret;
pub use spawn::Spawn;
pub use timer::Timer;
