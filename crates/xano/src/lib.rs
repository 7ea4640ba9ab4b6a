//! The Xano side: where a bearer may go ([`origin`]), how a call is made and its answer read
//! ([`operations`], [`api`]), how a person signs in ([`signin`]), how the key stays fresh
//! ([`coordinator`]), and the three together for one account ([`session`]).
//!
//! It knows nothing of MCP or of the OAuth server.

pub mod api;
pub mod budget;
pub mod coordinator;
pub mod error;
mod expiry;
pub mod instances;
pub mod operations;
pub mod origin;
pub mod session;
pub mod signin;

pub use api::XanoApi;
pub use coordinator::{Coordinator, Outcome};
pub use error::XanoError;
pub use instances::Instance;
pub use operations::{InvalidRequest, Request};
pub use origin::{HostPolicy, XanoOrigin};
pub use session::{Session, SessionError, Xano};
pub use signin::{SignInApi, SignInError};
