//! `snappy-mcp connections`: the grants of clients.

use std::io::Write;

use anyhow::bail;
use clap::Subcommand;
use snappy_domain::GrantId;
use snappy_oauth::AuthorizationServer;

/// The subcommands of `connections`.
#[derive(Debug, Clone, Subcommand)]
pub enum ConnectionsCommand {
    /// End connections; this takes effect immediately
    End {
        /// The IDs of the connections: `grant_id` in the log
        #[arg(required_unless_present = "all")]
        ids: Vec<GrantId>,
        /// End all connections: everybody must connect again
        #[arg(long, conflicts_with = "ids")]
        all: bool,
    },
}

/// Runs the command and prints its result.
///
/// # Errors
/// When the storage fails, or a connection does not exist.
pub async fn run(
    oauth: &AuthorizationServer,
    command: ConnectionsCommand,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let ConnectionsCommand::End { ids, all } = command;
    if all {
        let ended = oauth.end_all_grants().await?;
        return Ok(writeln!(out, "Ended connections: {ended}.")?);
    }
    for id in ids {
        match oauth.end_grant(id).await? {
            None => bail!("connection {id} does not exist"),
            Some(true) => writeln!(out, "Ended connection {id}.")?,
            Some(false) => writeln!(out, "Connection {id} had already ended.")?,
        }
    }
    Ok(())
}
