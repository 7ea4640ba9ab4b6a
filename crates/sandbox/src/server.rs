//! The state of a sandbox, which requests and controls share.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::accounts::Accounts;
use crate::faults::Faults;
use crate::limit::Limiter;
use crate::oauth::state::OauthState;
use crate::options::{NowMs, Options, StartError};
use crate::recorder::Recorder;
use crate::seed;
use crate::settings::Settings;
use crate::snapshot::{Saved, Snapshot};
use crate::state::Data;

/// The shared state. Each part has its own lock, and no lock is acquired while another one is held, except
/// for writing a snapshot.
pub(crate) struct Server {
    pub(crate) origin: String,
    /// `host:port`.
    pub(crate) authority: String,
    pub(crate) seed: u64,
    pub(crate) now_ms: NowMs,
    data: RwLock<Data>,
    accounts: Mutex<Accounts>,
    oauth: Mutex<OauthState>,
    settings: RwLock<Settings>,
    faults: Mutex<Faults>,
    limiter: Mutex<Limiter>,
    recorder: Mutex<Recorder>,
    snapshot: Option<Snapshot>,
    changes: AtomicU64,
}

impl Server {
    pub(crate) fn new(options: Options, authority: String) -> Result<Self, StartError> {
        let snapshot = options.snapshot.map(Snapshot::new);
        let saved = match &snapshot {
            Some(snapshot) => snapshot.load()?,
            None => None,
        };
        let (data, kept, oauth) = match saved {
            Some(saved) => (saved.data, saved.users, saved.oauth),
            None => (seed::data(options.seed), Vec::new(), OauthState::default()),
        };
        Ok(Self {
            origin: format!("http://{authority}"),
            authority,
            seed: options.seed,
            now_ms: options.now_ms,
            data: RwLock::new(data),
            accounts: Mutex::new(Accounts::new(options.seed, &seed::people::PEOPLE, &kept)),
            oauth: Mutex::new(oauth),
            settings: RwLock::default(),
            faults: Mutex::default(),
            limiter: Mutex::default(),
            recorder: Mutex::default(),
            snapshot,
            changes: AtomicU64::new(0),
        })
    }

    pub(crate) fn data(&self) -> RwLockReadGuard<'_, Data> {
        self.data.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn data_mut(&self) -> RwLockWriteGuard<'_, Data> {
        self.data.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn accounts(&self) -> MutexGuard<'_, Accounts> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn oauth(&self) -> MutexGuard<'_, OauthState> {
        self.oauth.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn settings(&self) -> RwLockReadGuard<'_, Settings> {
        self.settings.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn settings_mut(&self) -> RwLockWriteGuard<'_, Settings> {
        self.settings.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn limiter(&self) -> MutexGuard<'_, Limiter> {
        self.limiter.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn recorder(&self) -> MutexGuard<'_, Recorder> {
        self.recorder.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn has_snapshot(&self) -> bool {
        self.snapshot.is_some()
    }

    /// Returns a new sequence number for a change that was just made.
    pub(crate) fn changed(&self) -> u64 {
        self.changes.fetch_add(1, Ordering::SeqCst) + 1
    }

    pub(crate) fn latest_change(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// Writes the snapshot, unless it already includes the given change. Blocks.
    pub(crate) fn persist(&self, change: u64) -> io::Result<()> {
        let Some(snapshot) = &self.snapshot else {
            return Ok(());
        };
        snapshot.write(change, || {
            let newest = self.changes.load(Ordering::SeqCst);
            let users = self.accounts().generations();
            let oauth = self.oauth().clone();
            let data = self.data().clone();
            let saved = Saved { users, data, oauth };
            let bytes = serde_json::to_vec(&saved).map_err(io::Error::other)?;
            Ok((newest, bytes))
        })
    }

    /// Restores the initial state.
    pub(crate) fn reset(&self) {
        *self.data_mut() = seed::data(self.seed);
        *self.accounts() = Accounts::new(self.seed, &seed::people::PEOPLE, &[]);
        *self.oauth() = OauthState::default();
        *self.settings_mut() = Settings::default();
        *self.faults() = Faults::default();
        *self.limiter() = Limiter::default();
        self.recorder().clear();
    }
}
