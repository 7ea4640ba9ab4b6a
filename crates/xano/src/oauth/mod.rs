//! This server as a client of Xano's own OAuth server: discovery (RFC 8414), registration (RFC 7591), the
//! authorization code grant with PKCE (RFC 7636), refresh and revocation.
//!
//! What is known about that server, what is guessed, and where each comes from is in `contract/oauth.md`.

mod authorization;
mod binding;
mod client;
mod discovery;
mod error;
mod raw;
mod registration;
mod server_metadata;
mod token;

pub use authorization::{Authorization, AuthorizationAnswer, RequestedAccess, may_write, scopes};
pub use binding::extras;
pub use client::XanoOAuth;
pub use error::OAuthError;
pub use registration::CLIENT_NAME;
pub use server_metadata::ServerMetadata;
pub use token::TokenResponse;

pub use crate::claims::Claims;
