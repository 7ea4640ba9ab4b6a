//! The options of a sandbox, and the errors of starting it.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

/// A clock that returns epoch milliseconds.
pub type NowMs = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The options of a sandbox.
#[derive(Clone)]
pub struct Options {
    /// The loopback address to listen on; port 0 picks a free port.
    pub listen: SocketAddr,
    /// The seed of the data, the keys and the session tokens.
    pub seed: u64,
    /// The file that stores the state: read at startup, and written after each change.
    pub snapshot: Option<PathBuf>,
    /// The clock.
    pub now_ms: NowMs,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed: 1,
            snapshot: None,
            now_ms: Arc::new(crate::time::system_ms),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("listen", &self.listen)
            .field("seed", &self.seed)
            .field("snapshot", &self.snapshot)
            .finish_non_exhaustive()
    }
}

/// Why a sandbox could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address can be reached from other hosts, which is not allowed because the sandbox is not secure.
    #[error("the sandbox only listens on loopback addresses such as 127.0.0.1; {0} is not one")]
    NotLoopback(SocketAddr),
    /// The address could not be bound.
    #[error("cannot listen on {addr}")]
    Bind {
        /// The address.
        addr: SocketAddr,
        /// The cause.
        source: std::io::Error,
    },
    /// The snapshot file exists and cannot be read.
    #[error("cannot read the snapshot file {}", path.display())]
    SnapshotUnreadable {
        /// The snapshot file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The snapshot file is invalid.
    #[error("the snapshot file {} is damaged; remove it to start from the seed", path.display())]
    SnapshotCorrupt {
        /// The snapshot file.
        path: PathBuf,
        /// The cause.
        source: serde_json::Error,
    },
}
