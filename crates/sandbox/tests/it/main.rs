#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should fail loudly"
)]
//! The sandbox as its clients see it.

mod accounts;
mod client;
mod content;
mod contract;
mod controls;
mod faults;
mod limit;
mod oauth;
mod paths;
mod recording;
mod samples;
mod schema;
mod search;
mod snapshot;
mod tables;
