//! Clients: how they become known, and how they authenticate.

mod assertion;
pub mod authentication;
pub mod error;
mod fetch;
mod key_set;
mod keys;
pub mod metadata_document;
pub mod operator;
pub mod preregister;
mod proof;
pub mod redirect_uri;
pub mod register;
pub mod rules;

pub use fetch::is_fetchable_url;
pub(crate) use keys::ALGORITHMS;
