//! How a sandbox is started, and why it may refuse to.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

/// The injected clock: epoch milliseconds.
pub type NowMs = Arc<dyn Fn() -> i64 + Send + Sync>;

/// How a sandbox is started.
#[derive(Clone)]
pub struct Options {
    /// Where to listen; a loopback address, port 0 picks a free one.
    pub listen: SocketAddr,
    /// Seeds the data, the keys and the session tokens: the same seed gives the same ones.
    pub seed: u64,
    /// A file the state is read from at the start and written to after each write.
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

/// Why a sandbox could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address could be reached from other machines, and the sandbox protects nothing.
    #[error("the sandbox only listens on loopback addresses such as 127.0.0.1; {0} is not one")]
    NotLoopback(SocketAddr),
    /// The address could not be bound.
    #[error("cannot listen on {addr}")]
    Bind {
        /// The address asked for.
        addr: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The snapshot file exists and cannot be read.
    #[error("cannot read the snapshot file {}", path.display())]
    SnapshotUnreadable {
        /// The snapshot file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The snapshot file is not one this program wrote.
    #[error("the snapshot file {} is damaged; remove it to start from the seed", path.display())]
    SnapshotCorrupt {
        /// The snapshot file.
        path: PathBuf,
        /// Where reading it failed.
        source: serde_json::Error,
    },
}
