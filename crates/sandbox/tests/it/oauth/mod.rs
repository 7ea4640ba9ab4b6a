//! Xano's OAuth server.

mod access;
mod authorize;
mod client;
mod controls;
mod faults;
mod life;
mod oddities;
mod register;
mod token;
