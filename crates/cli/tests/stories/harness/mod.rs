//! The app under test and the people and programs that use it.

mod app;
mod at_xano;
mod browser;
mod client;
mod database;
mod lines;
mod reply;

pub use app::{TestApp, encode, form_request, request};
pub use at_xano::{AtXano, PLAYGROUND, STAGING, STORE};
pub use browser::{Browser, hidden};
pub use client::{CALLBACK, Connection, Registered, ToolReply, VERIFIER, challenge, products};
pub use lines::Lines;
pub use reply::{Reply, parameter};
