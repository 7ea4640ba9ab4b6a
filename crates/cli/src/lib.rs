//! The binary `snappy-mcp`: its settings and commands, and how the other crates are put together.
//!
//! Cargo features, all on by default: `demo` (the sandbox), `otel` (traces) and `postgres`.

mod background;
pub mod clients;
pub mod compose;
pub mod connections;
#[cfg(feature = "demo")]
pub mod demo;
pub mod keys;
pub mod logging;
pub mod metrics;
pub mod serve;
pub mod settings;
pub mod system;
#[cfg(feature = "otel")]
mod traces;
pub mod xano_check;
pub mod xano_forget;
