//! The caller's own instances (`list_instances`): the only place a host comes from.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use snappy_domain::clock::after;
use snappy_domain::{Cache, CredentialId, Timestamp};

use crate::{HostPolicy, XanoOrigin};

/// How long a list is taken as it was. A name that is not in it is looked up anew.
const KEEP: Duration = Duration::from_secs(300);
/// How old a list must be before a name that is not in it makes us ask again, and how long after
/// asking in vain an older list is used without asking.
const RETRY: Duration = Duration::from_secs(10);
/// How many lists a process keeps.
const LISTS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(9_999);

/// One instance of the caller.
#[derive(Debug, Clone)]
pub struct Instance {
    /// Its name (`x1234-4567-8901`).
    pub name: String,
    /// The record as Xano gave it.
    pub record: Value,
    /// Where it is reached; `None` when its host may not get a bearer.
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

    /// Whether it says of itself that it takes only so many requests.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.record.get("rate_limit").and_then(Value::as_bool).unwrap_or(false)
    }

    /// Its display name.
    #[must_use]
    pub fn display(&self) -> Option<&str> {
        self.record.get("display").and_then(Value::as_str)
    }

    /// Whether `wanted` is its name, its display name, or exactly one of its hosts, in any case.
    fn is_called(&self, wanted: &str) -> bool {
        let hosts = ["xano_domain", "custom_domain"]
            .iter()
            .filter_map(|field| self.record.get(field).and_then(Value::as_str));
        let reached = self.origin.as_ref().and_then(|origin| origin.as_str().split("://").nth(1));
        std::iter::once(self.name.as_str())
            .chain(self.display())
            .chain(hosts)
            .chain(reached)
            .any(|called| called.to_lowercase() == wanted)
    }
}

/// Which instance a name means.
#[derive(Debug, Clone)]
pub enum Lookup {
    /// This one.
    Found(Box<Instance>),
    /// None; these are the names there are.
    Unknown(Vec<String>),
    /// More than one; these are their names.
    Ambiguous(Vec<String>),
}

/// Finds the instance that `wanted` means. The exact name wins over everything else.
#[must_use]
pub fn find(instances: &[Instance], wanted: &str) -> Lookup {
    if let Some(exact) = instances.iter().find(|instance| instance.name == wanted) {
        return Lookup::Found(Box::new(exact.clone()));
    }
    let wanted = wanted.trim().to_lowercase();
    let found: Vec<_> = instances.iter().filter(|instance| instance.is_called(&wanted)).collect();
    let names = |of: &[&Instance]| of.iter().map(|instance| instance.name.clone()).collect();
    match found.as_slice() {
        [one] => Lookup::Found(Box::new((*one).clone())),
        [] => Lookup::Unknown(names(&instances.iter().collect::<Vec<_>>())),
        several => Lookup::Ambiguous(names(several)),
    }
}

/// The list of one credential.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) list: Arc<[Instance]>,
    fetched: Timestamp,
    /// When a newer list was last asked for in vain.
    missed: Option<Timestamp>,
}

impl Listed {
    /// A list as it was fetched at a time.
    pub(crate) const fn new(list: Arc<[Instance]>, fetched: Timestamp) -> Self {
        Self { list, fetched, missed: None }
    }

    /// What a name means in this list, when that is answer enough for now.
    pub(crate) fn find_now(&self, wanted: &str, now: Timestamp) -> Option<Lookup> {
        let within = |time: Duration, since: Timestamp| now < after(since, time);
        let found = find(&self.list, wanted);
        let is_enough = match found {
            Lookup::Unknown(_) => within(RETRY, self.fetched),
            _ => within(KEEP, self.fetched) || self.missed.is_some_and(|at| within(RETRY, at)),
        };
        is_enough.then_some(found)
    }

    /// What a name means in this list now that no newer one can be had; `None` when the list does
    /// not have it. Where instances are changes so rarely that yesterday's list will do.
    pub(crate) fn find_anyway(&mut self, wanted: &str, now: Timestamp) -> Option<Lookup> {
        self.missed = Some(now);
        let found = find(&self.list, wanted);
        (!matches!(found, Lookup::Unknown(_))).then_some(found)
    }
}

/// The slot of one credential's list. The lock is held while it is fetched, so that many calls fetch it
/// once.
pub(crate) type Slot = Arc<tokio::sync::Mutex<Option<Listed>>>;

/// Lists by credential. They hold no secret, and one credential's list is never used for another.
#[derive(Debug)]
pub(crate) struct Lists(Cache<CredentialId, Slot>);

impl Default for Lists {
    fn default() -> Self {
        Self(Cache::new(LISTS))
    }
}

impl Lists {
    /// The slot of one credential's list.
    pub(crate) fn slot(&self, credential: CredentialId) -> Slot {
        self.0.update(credential, |slot| Arc::clone(slot))
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
    fn two_of_one_display_name_are_not_guessed_between() {
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
