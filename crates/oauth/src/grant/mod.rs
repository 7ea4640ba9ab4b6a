//! Grants: how one is asked for, allowed, redeemed, refreshed, used and ended.

pub mod authorize;
pub mod bearer;
mod client_credentials;
mod code;
mod connections;
pub mod error;
mod issue;
pub mod pending;
pub mod pkce;
pub mod refresh;
pub mod resource;
mod revoke;
pub mod token;

pub use connections::Connection;
