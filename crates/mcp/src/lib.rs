//! MCP on top of the tools of any service: one dispatch for all transports and protocol revisions.
//!
//! A transport authenticates the caller, passes the bytes of a message and the [`Caller`] to
//! [`Dispatch::handle`], and sends the [`Answer`]. This crate depends on no HTTP framework and no async
//! runtime.

mod answer;
mod call;
mod caller;
mod dispatch;
mod http_headers;
mod message;
mod methods;
mod revision;
pub mod tools;
mod url_elicitation;

pub use answer::{Answer, Challenge};
pub use caller::{Caller, SignInState};
pub use dispatch::Dispatch;
pub use tools::{Annotations, ClientCapabilities, ListedTool, ServerInfo, Tools};
