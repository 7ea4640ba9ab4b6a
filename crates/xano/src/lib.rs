//! The client for Xano: which hosts may receive a key ([`origin`]), requests and responses
//! ([`operations`], [`api`]), sign-in ([`signin`]), and calls with one credential ([`session`]), which is
//! refreshed when it expires.
//!
//! This crate does not depend on MCP or on the OAuth server.

pub mod api;
pub mod budget;
mod claims;
pub mod error;
pub mod instances;
mod line;
pub mod oauth;
pub mod operations;
pub mod origin;
pub mod scopes;
pub mod sdk_credentials;
pub mod session;
pub mod signin;
mod upstream;

pub use api::XanoApi;
pub use error::XanoError;
pub use instances::Instance;
pub use oauth::{OAuthError, XanoOAuth};
pub use operations::{InvalidRequest, Request};
pub use origin::{HostPolicy, XanoOrigin};
pub use session::set::{Reachable, RouteError, Sessions};
pub use session::{Session, SessionError, Xano};
pub use signin::{SignInApi, SignInError, SignedIn};
pub use snappy_credentials::Outcome;
