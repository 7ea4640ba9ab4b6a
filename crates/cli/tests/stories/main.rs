//! Whole-app stories: the composed server, the sandbox Xano, a real SQLite file, and a clock that
//! stands still until a story moves it. Each file is one subject; a name that begins with rows
//! (`r4_r5_…`) holds those of `docs/oauth-requirements.md`.
#![expect(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "the harness is for these files; a story that fails must stop where it fails"
)]

mod account;
mod ahead;
mod allow_lists;
mod audit;
mod authorize;
mod bad_input;
mod bearer;
mod consent;
mod cookies;
mod disconnect;
mod discovery;
mod faults;
mod foreign_text;
mod harness;
mod hosts;
mod journeys;
mod keys;
mod limits;
mod logs;
mod mcp;
mod mcp_answers;
mod odd_shapes;
mod other_credentials;
mod pages;
mod ported;
mod profile_refresh;
mod refusals;
mod register;
mod rotation;
mod secrets;
mod service_accounts;
mod sign_in_again;
mod signin;
mod token_lifetimes;
mod tools;
mod transparent_refresh;
mod upgrade;
mod xano_oauth;
