//! The tools: their specifications ([`ToolSpec`]), their handlers, which are async functions from
//! arguments to a result, and the inventory of all tools ([`Inventory`]).
//!
//! The list of tools, the validation of arguments, the scope check and the reference page all follow from
//! the specification. Handlers send requests only through `Call`, which authorizes them first
//! ([`authorize()`]). This crate does not depend on MCP's wire types.
//!
//! To add a tool, write an argument struct that derives `Deserialize` and `JsonSchema`, with a doc comment
//! on every field; a handler; and a specification in the `tools()` function of its module. The tests in
//! `tests/inventory.rs` check what is missing.

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
