//! The tools: a specification for each ([`ToolSpec`]), the inventory of all ([`Inventory`]), and
//! handlers, which are async functions from arguments to a result.
//!
//! The specification drives the list, the schema, the validation, the scope check and the reference
//! page. Handlers send requests only through `Call`, which asks [`authorize()`] first. The crate does
//! not know MCP's wire types.
//!
//! To add a tool: an argument struct that derives `Deserialize` and `JsonSchema` with a doc comment
//! on every field, a handler, and a specification in its module's `tools()`. The guard tests in
//! `tests/inventory.rs` say what is missing.

pub mod args;
pub mod authorize;
mod call;
pub mod context;
mod errors;
mod handlers;
pub mod inventory;
mod reference;
mod schema;
mod spec;
pub mod tool;

pub use authorize::{Access, Denied, authorize};
pub use context::{GrantControl, ToolContext};
pub use inventory::{Inventory, ToolPolicy};
pub use reference::reference;
pub use spec::{Annotations, ToolSpec, Toolset};
pub use tool::Tool;
