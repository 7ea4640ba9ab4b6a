//! The Xano side: where a bearer may go ([`origin`]), how a call is made and its answer read
//! ([`operations`], [`api`]), how a person signs in ([`signin`]) and how the credential is
//! renewed, and all of it together for one credential ([`session`]).
//!
//! It knows nothing of MCP or of the OAuth server.

pub mod api;
pub mod budget;
pub mod error;
mod expiry;
pub mod instances;
pub mod operations;
pub mod origin;
pub mod scopes;
pub mod session;
pub mod signin;
mod upstream;

pub use api::XanoApi;
pub use error::XanoError;
pub use instances::Instance;
pub use operations::{InvalidRequest, Request};
pub use origin::{HostPolicy, XanoOrigin};
pub use session::{Session, SessionError, Xano};
pub use signin::{SignInApi, SignInError, SignedIn};
pub use snappy_credentials::Outcome;
