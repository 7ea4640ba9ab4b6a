//! Pages for people. They are rendered on the server, use no scripts, and stay readable without the
//! style sheet.

pub(crate) mod account;
pub(crate) mod browser;
pub(crate) mod connection;
pub(crate) mod consent;
mod cookies;
pub(crate) mod home;
mod in_progress;
pub(crate) mod login;
pub(crate) mod pending;
pub(crate) mod problem;
mod redirect_target;
mod render;
mod session;
mod sign_ins;
pub(crate) mod xano_oauth;
