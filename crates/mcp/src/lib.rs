//! MCP over the tools of any service: one dispatch for every transport and every protocol revision.
//!
//! A transport finds out who calls, hands the bytes of a message to [`Dispatch::handle`] with the [`Caller`],
//! and writes the [`Answer`] in its own way. Nothing here knows a socket, an HTTP framework or an async
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
