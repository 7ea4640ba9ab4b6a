//! The HTTP interface: OAuth endpoints, pages, the MCP endpoint, status and health, as one axum router
//! that does not depend on the host or the store.
//!
//! Every request passes these middlewares, outermost first: request ID and log line (`trace`), security
//! headers (`headers`), buffering of small bodies (`body`), the address of the sender
//! (`remote_address`), the check of the Host header (`site`). Then its route handles it.

mod admission;
mod app;
mod health;
mod mcp;
mod middleware;
mod oauth;
mod pages;
mod rate_limits;
mod responses;
mod router;

pub use admission::AdmissionRules;
pub use app::Parts;
pub use middleware::remote_address::Peer;
pub use rate_limits::RateLimits;
pub use router::router;
