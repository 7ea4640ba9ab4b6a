//! The Xano side: where a bearer may go ([`origin`]), how a call is made and its answer read
//! ([`operation`], [`api`]), how a person signs in ([`signin`]), how the key stays fresh
//! ([`coordinator`]), and the three together for one account ([`session`]).
//!
//! It knows nothing of MCP or of the OAuth server.

pub mod ahead;
pub mod api;
pub mod budget;
pub mod coordinator;
pub mod error;
mod expiry;
pub mod instances;
pub mod operation;
pub mod origin;
pub mod session;
pub mod signin;

pub use api::XanoApi;
pub use coordinator::{Coordinator, Outcome};
pub use error::XanoError;
pub use instances::Instance;
pub use operation::{Expect, Operation};
pub use origin::{HostPolicy, XanoOrigin};
pub use session::{Session, SessionError, Xano};
pub use signin::{SignInApi, SignInError};
