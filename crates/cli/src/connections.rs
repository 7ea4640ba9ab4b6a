//! `snappy-mcp connections`: the grants of apps and machines.

use std::io::Write;

use anyhow::bail;
use clap::Subcommand;
use snappy_domain::{GrantId, Timestamp};
use snappy_store::{Applied, RevocationReason, Store};

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
    store: &dyn Store,
    now: Timestamp,
    command: ConnectionsCommand,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let reason = RevocationReason::Operator;
    let ConnectionsCommand::End { ids, all } = command;
    if all {
        let ended = store.revoke_all_grants(reason, now).await?;
        return Ok(writeln!(out, "Ended connections: {ended}.")?);
    }
    for id in ids {
        if store.grant(id).await?.is_none() {
            bail!("connection {id} does not exist");
        }
        match store.revoke_grant(id, reason, now).await? {
            Applied::Yes => writeln!(out, "Ended connection {id}.")?,
            Applied::No => writeln!(out, "Connection {id} had already ended.")?,
        }
    }
    Ok(())
}
