//! The binary `snappy-mcp`: settings, composition, and the two ways to run it. Everything else lives
//! in the rooms below.

pub mod clients;
pub mod compose;
pub mod connections;
pub mod demo;
pub mod keys;
pub mod logging;
pub mod metrics;
pub mod serve;
pub mod settings;
pub mod system;
