//! `snappy-mcp connections`: what apps and machines were allowed.

use std::io::Write;

use anyhow::bail;
use clap::Subcommand;
use snappy_domain::{GrantId, Timestamp};
use snappy_store::{Applied, RevocationReason, Store};

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
    store: &dyn Store,
    now: Timestamp,
    command: ConnectionsCommand,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let reason = RevocationReason::Operator;
    let ConnectionsCommand::End { ids, all } = command;
    if all {
        let ended = store.revoke_all_grants(reason, now).await?;
        return Ok(writeln!(out, "{ended} connections have ended.")?);
    }
    for id in ids {
        if store.grant(id).await?.is_none() {
            bail!("there is no connection {id}");
        }
        match store.revoke_grant(id, reason, now).await? {
            Applied::Yes => writeln!(out, "{id} has ended.")?,
            Applied::No => writeln!(out, "{id} had ended before.")?,
        }
    }
    Ok(())
}
