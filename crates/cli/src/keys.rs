//! `snappy-mcp keys`: the encryption keys of the database.

use std::io::Write;

use clap::Subcommand;
use snappy_store::{Resealed, Store, housekeeping};

/// The subcommands of `keys`.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum KeysCommand {
    /// Re-encrypt all accounts with the first key of ENCRYPTION_KEY; the server may be running
    Rotate,
}

/// Runs the command and prints its result.
///
/// # Errors
/// When the storage fails.
pub async fn run(
    store: &dyn Store,
    command: KeysCommand,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    match command {
        KeysCommand::Rotate => {
            let Resealed { renewed, already, lost, .. } = housekeeping::reseal_all(store).await?;
            writeln!(out, "Re-encrypted credentials: {renewed}. Already up to date: {already}.")?;
            if lost > 0 {
                writeln!(
                    out,
                    "Credentials that no key can decrypt: {lost}. Their owners must sign in again."
                )?;
            }
            writeln!(
                out,
                "Apps still have tokens issued with the older key. Keep it in ENCRYPTION_KEY, after \
                 the newest key,\nuntil OAUTH_REFRESH_TTL has passed; otherwise those apps must \
                 connect again."
            )?;
            Ok(())
        }
    }
}
