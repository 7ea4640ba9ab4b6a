//! `snappy-mcp keys`: the keys that seal what is stored.

use std::io::Write;

use clap::Subcommand;
use snappy_store::{Resealed, Store, housekeeping};

/// What to do with keys.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum KeysCommand {
    /// Seal everything anew with the first key of ENCRYPTION_KEY; works while the server runs
    Rotate,
}

/// Does it, and prints what came of it.
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
            writeln!(
                out,
                "{renewed} credentials were re-encrypted, {already} already used the newest key."
            )?;
            if lost > 0 {
                writeln!(
                    out,
                    "{lost} can't be decrypted with any of the keys: their people must sign in again."
                )?;
            }
            writeln!(
                out,
                "Apps hold tokens that were made under the older key: keep it in ENCRYPTION_KEY, \
                 behind the newest,\nuntil OAUTH_REFRESH_TTL has passed, or they must connect again."
            )?;
            Ok(())
        }
    }
}
