//! The endpoints of the authorization server.

pub(crate) mod authorize;
pub(crate) mod metadata;
pub(crate) mod register;
pub(crate) mod revoke;
pub(crate) mod token;
mod token_request;
