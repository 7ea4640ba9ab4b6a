//! Outgoing HTTP on native hosts: reqwest behind the one-method trait, with the guards that every
//! call needs. Redirects are not followed, proxies from the environment are not used, answers are
//! capped, and a name that resolves to a private address is not connected to.

mod address;
mod client;

pub use address::is_public;
pub use client::GuardedClient;
