//! A simulated Xano for the demo, the tests and the benchmarks.
//!
//! One server on loopback combines four services on one origin: the account API, an instance with its
//! Metadata API, the sign-in backend, and Xano's OAuth server. It keeps realistic data in memory, records
//! all requests, and can simulate the failures of the real service.
//!
//! Request bodies in XanoScript are not supported: tables are written as JSON.

mod account_api;
mod accounts;
mod answer;
mod call;
mod connection;
mod control;
mod control_http;
mod failure;
mod faults;
mod input;
mod limit;
mod login_page;
mod meta;
mod oauth;
mod options;
mod page;
mod pipeline;
mod recorder;
mod routes;
mod sandbox;
mod seed;
mod server;
mod settings;
mod signin;
mod snapshot;
mod state;
mod time;
mod token;

pub use control::Control;
pub use faults::{Effect, FaultRule};
pub use oauth::settings::OauthErrors;
pub use oauth::sign_ins::OauthSignIn;
pub use options::{NowMs, Options, StartError};
pub use recorder::Recorded;
pub use sandbox::Sandbox;
pub use seed::people::{
    DEMO_EMAIL, DEMO_NAME, DEMO_PASSWORD, SECOND_EMAIL, SECOND_NAME, SECOND_PASSWORD,
};
pub use settings::{BadCredentials, LoginShape};
pub use signin::SIGN_IN_GROUP;
