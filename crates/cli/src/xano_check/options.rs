//! The command line of `snappy-mcp xano`.

use clap::{Args, Subcommand};
use url::Url;

/// The subcommands of `xano`.
#[derive(Debug, Clone, Subcommand)]
pub enum XanoCommand {
    /// Compare Xano's OAuth server at XANO_ACCOUNT_ORIGIN with what this server expects of it
    Check(CheckArgs),
    /// Forget this server's registration at Xano's OAuth server; the next sign-in registers again
    Forget {
        /// The redirect URI it was made for [default: SNAPPY_PUBLIC_URL with the path /oauth-callback]
        #[arg(long, value_name = "URL")]
        redirect: Option<String>,
    },
}

/// How far the check goes.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// Register a client for each redirect URI; Xano registers only about ten clients an hour
    #[arg(long)]
    pub register: bool,
    /// An https redirect URI to check [default: SNAPPY_PUBLIC_URL with the path /oauth-callback]
    #[arg(long, value_name = "URL", value_parser = https)]
    pub redirect: Option<String>,
    /// Sign in with a browser, and check the tokens, which are revoked at the end
    #[arg(long)]
    pub sign_in: bool,
    /// Also use a replaced refresh token again, which probably ends the sign-in
    #[arg(long, requires = "sign_in")]
    pub replay: bool,
    /// The port of the loopback redirect URI; with --sign-in, 0 picks a free one
    #[arg(long, default_value_t = 47100)]
    pub port: u16,
    /// Print one JSON document instead of text
    #[arg(long)]
    pub json: bool,
}

fn https(text: &str) -> Result<String, &'static str> {
    let is_https = Url::parse(text).is_ok_and(|url| url.scheme() == "https");
    is_https.then(|| text.to_owned()).ok_or("it must be a URL that starts with https://")
}
