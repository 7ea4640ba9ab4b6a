//! The tools: one record for each ([`Tool`]), one inventory of them all ([`Inventory`]), and
//! handlers that are plain async functions from arguments to a result.
//!
//! The same record drives the list, the schema, the validation, the scope check and the reference
//! page. It knows nothing of MCP's wire types.
//!
//! To add a tool: an argument struct that derives `Deserialize` and `JsonSchema` with a doc comment
//! on every field, a handler, and a record in its module's `tools()`. The guard tests in
//! `tests/inventory.rs` say what is missing.

pub mod args;
pub mod context;
mod errors;
mod handlers;
pub mod inventory;
mod reference;
mod schema;
pub mod tool;

pub use context::{GrantControl, ToolContext};
pub use inventory::{Ceiling, Inventory};
pub use reference::reference;
pub use tool::{Annotations, Tool, Toolset};
