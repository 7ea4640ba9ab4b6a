//! `snappy-mcp connections`: what apps and machines were allowed.

use std::io::Write;

use anyhow::bail;
use clap::Subcommand;
use snappy_domain::GrantId;
use snappy_oauth::AuthorizationServer;

/// What to do with connections.
#[derive(Debug, Clone, Subcommand)]
pub enum ConnectionsCommand {
    /// End connections; it counts with the next request
    End {
        /// Their ids, as `grant_id` in the log
        #[arg(required_unless_present = "all")]
        ids: Vec<GrantId>,
        /// End all there are: everybody connects again
        #[arg(long, conflicts_with = "ids")]
        all: bool,
    },
}

/// Does it, and prints what came of it.
///
/// # Errors
/// When the storage fails, or there is no such connection.
pub async fn run(
    oauth: &AuthorizationServer,
    command: ConnectionsCommand,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let ConnectionsCommand::End { ids, all } = command;
    if all {
        let ended = oauth.end_all_grants().await?;
        return Ok(writeln!(out, "{ended} connections have ended.")?);
    }
    for id in ids {
        match oauth.end_grant(id).await? {
            None => bail!("there is no connection {id}"),
            Some(true) => writeln!(out, "{id} has ended.")?,
            Some(false) => writeln!(out, "{id} had ended before.")?,
        }
    }
    Ok(())
}
