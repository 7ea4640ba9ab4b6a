//! The caller's own instances (`list_instances`): the only source of hosts.

use std::num::NonZeroUsize;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use snappy_domain::clock::after;
use snappy_domain::{Cache, CredentialId, Timestamp};
use snappy_store::Coverage;

use crate::{HostPolicy, XanoOrigin};

/// How long a cached list is used. A name that it does not contain is looked up again.
const MAX_AGE: Duration = Duration::from_secs(300);
/// How old a list must be before an unknown name causes another request, and how long an older list is
/// used without another request after one failed.
const REFETCH_INTERVAL: Duration = Duration::from_secs(10);
/// How long Xano must return an empty list before it takes the place of one with instances.
const EMPTY_FOR: Duration = Duration::from_secs(60);
/// The most lists that a process caches.
const CAPACITY: NonZeroUsize = NonZeroUsize::MIN.saturating_add(9_999);

/// One instance of the caller.
#[derive(Debug, Clone)]
pub struct Instance {
    /// Its name (`x1234-4567-8901`).
    pub name: String,
    /// The record that Xano returned.
    pub record: Value,
    /// Its origin; `None` if its host may not receive a key.
    pub origin: Option<XanoOrigin>,
}

impl Instance {
    /// Reads one entry of the list; `None` when it has no name.
    pub(crate) fn read(policy: &HostPolicy, record: &Value) -> Option<Self> {
        let name = record.get("name")?.as_str().filter(|name| !name.is_empty())?;
        Some(Self {
            name: name.to_owned(),
            origin: policy.instance(record),
            record: record.clone(),
        })
    }

    /// The instance of an OAuth sign-in, whose host was checked at the sign-in and is checked again.
    pub(crate) fn covered(policy: &HostPolicy, coverage: &Coverage) -> Self {
        let origin = policy.audience(&coverage.origin);
        let record = json!({
            "name": coverage.instance,
            "display": coverage.instance_label,
            "xano_domain": coverage.origin.split("://").nth(1),
            "meta_api": format!("{}/api:meta", coverage.origin),
        });
        Self { name: coverage.instance.clone(), record, origin }
    }

    /// Whether both records are of one instance at one host.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.name, &self.origin) == (&other.name, &other.origin)
    }

    /// Whether its plan limits requests (`rate_limit`).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.record.get("rate_limit").and_then(Value::as_bool).unwrap_or(false)
    }

    /// Its display name.
    #[must_use]
    pub fn display(&self) -> Option<&str> {
        self.record.get("display").and_then(Value::as_str)
    }

    /// Whether `name`, in lowercase, is its name, its display name or one of its hosts, ignoring case.
    fn matches(&self, name: &str) -> bool {
        let hosts = ["xano_domain", "custom_domain"]
            .iter()
            .filter_map(|field| self.record.get(field).and_then(Value::as_str));
        let origin_host =
            self.origin.as_ref().and_then(|origin| origin.as_str().split("://").nth(1));
        std::iter::once(self.name.as_str())
            .chain(self.display())
            .chain(hosts)
            .chain(origin_host)
            .any(|own| own.to_lowercase() == name)
    }
}

/// The result of looking an instance up by name.
#[derive(Debug, Clone)]
pub enum Lookup {
    /// One instance matches.
    Found(Box<Instance>),
    /// No instance matches; the names of all instances.
    Unknown(Vec<String>),
    /// Several instances match; their names.
    Ambiguous(Vec<String>),
}

/// Finds an instance by its name, display name or host. An exact name takes precedence.
#[must_use]
pub fn find(instances: &[Instance], name: &str) -> Lookup {
    if let Some(exact) = instances.iter().find(|instance| instance.name == name) {
        return Lookup::Found(Box::new(exact.clone()));
    }
    let name = name.trim().to_lowercase();
    let found: Vec<_> = instances.iter().filter(|instance| instance.matches(&name)).collect();
    let names = |of: &[&Instance]| of.iter().map(|instance| instance.name.clone()).collect();
    match found.as_slice() {
        [one] => Lookup::Found(Box::new((*one).clone())),
        [] => Lookup::Unknown(names(&instances.iter().collect::<Vec<_>>())),
        several => Lookup::Ambiguous(names(several)),
    }
}

/// A cached list of one credential's instances.
#[derive(Debug)]
struct CachedList {
    list: Arc<[Instance]>,
    fetched: Timestamp,
    /// When fetching a newer list last failed, or brought an empty one.
    failed_at: Option<Timestamp>,
    /// Since when Xano returns an empty list instead of this one.
    empty_since: Option<Timestamp>,
}

/// What a cached list says about a name.
#[derive(Debug)]
pub(crate) enum Cached {
    /// It is fresh enough to be used.
    Fresh(Lookup),
    /// A newer one should be fetched; until then this one will do, as the hosts of instances rarely change.
    Stale(Lookup),
    Nothing,
}

/// The cache entry of one credential.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    cached: std::sync::Mutex<Option<CachedList>>,
    /// Locked while the list is fetched, so that parallel calls fetch it once.
    pub(crate) fetching: tokio::sync::Mutex<()>,
}

impl Entry {
    fn cached(&self) -> std::sync::MutexGuard<'_, Option<CachedList>> {
        self.cached.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks a name up.
    pub(crate) fn find(&self, name: &str, now: Timestamp) -> Cached {
        let cached = self.cached();
        let Some(is) = &*cached else { return Cached::Nothing };
        let within = |time: Duration, since: Timestamp| now < after(since, time);
        let failed_lately = is.failed_at.is_some_and(|at| within(REFETCH_INTERVAL, at));
        match find(&is.list, name) {
            unknown @ Lookup::Unknown(_) if within(REFETCH_INTERVAL, is.fetched) => {
                Cached::Fresh(unknown)
            }
            Lookup::Unknown(_) => Cached::Nothing,
            found if within(MAX_AGE, is.fetched) || failed_lately => Cached::Fresh(found),
            found => Cached::Stale(found),
        }
    }

    /// Keeps a list that was fetched. Returns the one to use: an empty list is believed when Xano returns it for a
    /// while.
    pub(crate) fn keep(&self, list: Arc<[Instance]>, now: Timestamp) -> Arc<[Instance]> {
        let mut cached = self.cached();
        if let Some(is) = &mut *cached
            && list.is_empty()
            && !is.list.is_empty()
        {
            let since = *is.empty_since.get_or_insert(now);
            if now < after(since, EMPTY_FOR) {
                is.failed_at = Some(now);
                return Arc::clone(&is.list);
            }
        }
        let kept = Arc::clone(&list);
        // An empty first list is used once.
        *cached = (!list.is_empty()).then_some(CachedList {
            list,
            fetched: now,
            failed_at: None,
            empty_since: None,
        });
        kept
    }

    /// Notes that fetching a newer list failed.
    pub(crate) fn note_failure(&self, now: Timestamp) {
        if let Some(is) = &mut *self.cached() {
            is.failed_at = Some(now);
        }
    }

    /// Has the list fetched again before it is used, if Xano can be reached.
    pub(crate) fn expire(&self) {
        if let Some(is) = &mut *self.cached() {
            is.fetched = Timestamp::UNIX_EPOCH;
        }
    }
}

/// The lists of all credentials. A list contains no secret and is used only for its own credential.
#[derive(Debug)]
pub(crate) struct InstanceCache(Cache<CredentialId, Arc<Entry>>);

impl Default for InstanceCache {
    fn default() -> Self {
        Self(Cache::new(CAPACITY))
    }
}

impl InstanceCache {
    pub(crate) fn entry(&self, credential: CredentialId) -> Arc<Entry> {
        self.0.update(credential, |entry| Arc::clone(entry))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn instances() -> Vec<Instance> {
        let policy = HostPolicy::new("https://app.xano.com", Vec::new()).unwrap();
        [
            json!({"name": "x1-a-b", "display": "Shop", "xano_domain": "x1-a-b.n7.xano.io"}),
            json!({"name": "x2-a-b", "display": "Twin", "custom_domain": "api.acme.example"}),
            json!({"name": "x3-a-b", "display": "twin", "meta_api": "https://x3.n7.xano.io/api:meta"}),
            json!({"display": "nameless"}),
        ]
        .iter()
        .filter_map(|record| Instance::read(&policy, record))
        .collect()
    }

    #[test]
    fn instances_are_found_by_name_display_name_and_exact_host() {
        for (wanted, name) in [
            ("x1-a-b", "x1-a-b"),
            ("X1-A-B", "x1-a-b"),
            (" shop ", "x1-a-b"),
            ("x1-a-b.n7.xano.io", "x1-a-b"),
            ("api.acme.example", "x2-a-b"),
            ("x3.n7.xano.io", "x3-a-b"),
        ] {
            let Lookup::Found(found) = find(&instances(), wanted) else { panic!("{wanted}") };
            assert_eq!(found.name, name);
        }
    }

    #[test]
    fn an_ambiguous_display_name_is_an_error() {
        let Lookup::Ambiguous(names) = find(&instances(), "Twin") else { panic!() };
        assert_eq!(names, ["x2-a-b", "x3-a-b"]);
    }

    #[test]
    fn nothing_that_is_not_in_the_list_is_found() {
        for wanted in [
            "",
            "attacker.example/?",
            "attacker.example#",
            "user@attacker.example/?",
            "x.xano.io.attacker.example",
            "https://attacker.example/.xano.io",
            "https://x1-a-b.n7.xano.io",
            "169.254.169.254/?",
            "127.0.0.1:8080/#",
            "x1-a-b.n7.xano.io.",
            "x1-a-b\0",
            "x1-a-b。n7。xano。io",
        ] {
            assert!(matches!(find(&instances(), wanted), Lookup::Unknown(_)), "{wanted}");
        }
    }
}
