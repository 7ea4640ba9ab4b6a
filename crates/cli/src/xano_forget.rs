//! `snappy-mcp xano forget`: the next sign-in registers this server anew at Xano's OAuth server.

use std::io::Write;

use anyhow::{Context as _, bail};
use snappy_oauth::Site;
use snappy_xano::Xano;

/// Runs the command and prints its result.
///
/// # Errors
/// When no redirect URI is known, there is no registration for it, or the storage fails.
pub async fn run(
    xano: &Xano,
    public: Option<&Site>,
    redirect: Option<String>,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let redirect = redirect.or_else(|| Some(public?.url("/oauth-callback")));
    let redirect =
        redirect.context("set SNAPPY_PUBLIC_URL, or name the redirect URI with --redirect")?;
    match xano.oauth().forget_registration(&redirect).await? {
        Some(client) => {
            let since = client.registered_at.strftime("%Y-%m-%d");
            Ok(writeln!(out, "Forgot the registration of {since} for {redirect}.")?)
        }
        None => bail!("there is no registration for {redirect}"),
    }
}
