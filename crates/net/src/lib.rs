//! The outgoing HTTP client. It protects against server-side request forgery: it does not follow redirects,
//! ignores proxies from the environment, limits the size of responses, and does not connect to private
//! addresses.

mod address;
mod client;

pub use address::is_public;
pub use client::GuardedClient;
