//! What this process remembers of refreshes that failed.

use std::num::NonZeroUsize;
use std::time::Duration;

use snappy_domain::clock::after;
use snappy_domain::{Cache, CredentialId, Timestamp};

/// How long a refresh that failed is not tried again: calls that arrive meanwhile get the same outcome, so that
/// they neither wait for a service that is in trouble nor add to its load.
const PAUSE: Duration = Duration::from_secs(5);
/// How long a service must have refused a credential in an unclear way before that is believed.
const UNCLEAR_FOR: Duration = Duration::from_secs(600);
const CAPACITY: NonZeroUsize = NonZeroUsize::MIN.saturating_add(9_999);

/// Failed refreshes of one version of a credential.
#[derive(Debug, Clone, Default)]
struct Trouble {
    version: u64,
    failed_at: Timestamp,
    why: String,
    /// Since when every response was an unclear refusal.
    unclear_since: Option<Timestamp>,
}

/// The failed refreshes of all credentials.
#[derive(Debug)]
pub(crate) struct Troubles(Cache<CredentialId, Trouble>);

impl Default for Troubles {
    fn default() -> Self {
        Self(Cache::new(CAPACITY))
    }
}

impl Troubles {
    /// Why the last refresh failed, if that was just now.
    pub(crate) fn recent(&self, id: CredentialId, version: u64, now: Timestamp) -> Option<String> {
        self.0.look(&id, |trouble| {
            let trouble = trouble.filter(|trouble| {
                trouble.version == version && now < after(trouble.failed_at, PAUSE)
            })?;
            Some(trouble.why.clone())
        })
    }

    /// Remembers that a refresh failed without a refusal.
    pub(crate) fn failed(&self, id: CredentialId, version: u64, now: Timestamp, why: &str) {
        self.note(id, version, now, why, false);
    }

    /// Remembers an unclear refusal. Returns whether it has lasted long enough to be believed.
    pub(crate) fn refused(
        &self,
        id: CredentialId,
        version: u64,
        now: Timestamp,
        why: &str,
    ) -> bool {
        self.note(id, version, now, why, true)
    }

    fn note(
        &self,
        id: CredentialId,
        version: u64,
        now: Timestamp,
        why: &str,
        unclear: bool,
    ) -> bool {
        self.0.update(id, |trouble| {
            let before = trouble.unclear_since.filter(|_| trouble.version == version);
            let unclear_since = unclear.then(|| before.unwrap_or(now));
            *trouble = Trouble { version, failed_at: now, why: why.to_owned(), unclear_since };
            unclear_since.is_some_and(|since| after(since, UNCLEAR_FOR) <= now)
        })
    }
}
