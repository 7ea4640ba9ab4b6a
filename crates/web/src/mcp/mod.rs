//! The MCP endpoint, and the endpoints that report on its caller.

mod bearer;
mod caller;
pub(crate) mod debug_oauth;
pub(crate) mod endpoint;
pub(crate) mod sse;
pub(crate) mod status;
