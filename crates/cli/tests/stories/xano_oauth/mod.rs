//! The sign-in at Xano's own OAuth server.

mod bad_answers;
mod refresh;
mod sign_in;
mod workspaces;
