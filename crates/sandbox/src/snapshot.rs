//! The file that keeps the state across restarts.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::accounts::Generations;
use crate::oauth::state::OauthState;
use crate::options::StartError;
use crate::state::Data;

/// The content of the file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Saved {
    pub(crate) users: Vec<Generations>,
    pub(crate) data: Data,
    /// Missing in files of earlier versions.
    #[serde(default)]
    pub(crate) oauth: OauthState,
}

/// The file, and the sequence number of the newest change in it.
#[derive(Debug)]
pub(crate) struct Snapshot {
    path: PathBuf,
    written: Mutex<u64>,
}

impl Snapshot {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, written: Mutex::new(0) }
    }

    /// Reads the file; `None` if it does not exist.
    pub(crate) fn load(&self) -> Result<Option<Saved>, StartError> {
        match fs::read(&self.path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|source| StartError::SnapshotCorrupt { path: self.path.clone(), source }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StartError::SnapshotUnreadable { path: self.path.clone(), source }),
        }
    }

    /// Writes the file, unless it already includes the given change, so that waiting writers share one
    /// write. `capture` returns the newest change and the content.
    pub(crate) fn write(
        &self,
        change: u64,
        capture: impl FnOnce() -> io::Result<(u64, Vec<u8>)>,
    ) -> io::Result<()> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if *written >= change {
            return Ok(());
        }
        let (newest, bytes) = capture()?;
        write_atomically(&self.path, &bytes)?;
        *written = newest;
        Ok(())
    }
}

fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_data()?;
    fs::rename(&temporary, path)
}
