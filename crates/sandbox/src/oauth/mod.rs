//! Xano's OAuth authorization server, and the access that its tokens give.

pub(crate) mod access;
mod access_token;
pub(crate) mod authorize;
mod authorize_request;
mod clients;
mod codes;
mod consent_page;
mod error;
mod exchange;
mod fields;
mod issue;
pub(crate) mod metadata;
mod redirect;
mod refresh;
mod refresh_token;
pub(crate) mod register;
pub(crate) mod revoke;
mod scopes;
pub(crate) mod settings;
pub(crate) mod sign_ins;
pub(crate) mod state;
pub(crate) mod token_endpoint;
