//! Whom the operator lets use the server, and for which instances and workspaces.

use std::collections::{BTreeMap, BTreeSet};

use snappy_domain::access_limits::{AccessLimits, Workspaces};
use snappy_store::{Coverage, Credential, CredentialKind, Profile};

/// The operator's lists. An empty one allows everything.
#[derive(Debug, Clone, Default)]
pub struct AdmissionRules {
    /// E-mail addresses, and domains as `@example.com`.
    pub people: Vec<String>,
    /// The instances, each with its workspaces.
    pub limits: AccessLimits,
}

impl AdmissionRules {
    /// The rules of `people`, and of instances: `name`, or `name/id` for one workspace.
    #[must_use]
    pub fn new(people: Vec<String>, instances: &[String]) -> Self {
        let mut limits: BTreeMap<String, Workspaces> = BTreeMap::new();
        for entry in instances {
            let (name, workspace) = entry.split_once('/').unwrap_or((entry, ""));
            let known = limits.entry(name.to_owned());
            let known = known.or_insert_with(|| Workspaces::Only(BTreeSet::new()));
            match known {
                Workspaces::Only(ids) if !workspace.is_empty() => {
                    ids.insert(workspace.to_owned());
                }
                _ => *known = Workspaces::All,
            }
        }
        let instances = (!limits.is_empty()).then_some(limits);
        Self { people, limits: AccessLimits { instances, ..AccessLimits::default() } }
    }

    /// Whether a person may use the server. One without an e-mail address is in no list.
    #[must_use]
    pub fn allow_person(&self, profile: &Profile) -> bool {
        let email = profile.email.as_deref().unwrap_or_default().to_lowercase();
        self.people.is_empty()
            || self.people.iter().any(|rule| match rule.to_lowercase() {
                domain if domain.starts_with('@') => email.ends_with(&domain),
                address => email == address,
            })
    }

    /// Whether the owner of a credential may use the server. Service accounts are the operator's own.
    #[must_use]
    pub fn allow_credential(&self, credential: &Credential) -> bool {
        credential.secret.kind() == CredentialKind::Service
            || self.allow_person(&credential.profile)
    }

    /// Whether what a sign-in covers may be used.
    #[must_use]
    pub fn allow_coverage(&self, coverage: &Coverage) -> bool {
        self.limits.allow_workspace(&coverage.instance, &coverage.workspace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_named_by_address_or_domain() {
        let rules = AdmissionRules::new(vec!["Ada@Other.test".into(), "@acme.test".into()], &[]);
        for (email, allowed) in [
            (Some("ada@other.test"), true),
            (Some("Bob@ACME.test"), true),
            (Some("bob@evil-acme.test"), false),
            (Some("bob@acme.test.evil.test"), false),
            (Some("eve@other.test"), false),
            (None, false),
        ] {
            let profile = Profile { email: email.map(str::to_owned), ..Profile::default() };
            assert_eq!(rules.allow_person(&profile), allowed, "{email:?}");
            assert!(AdmissionRules::default().allow_person(&profile));
        }
    }

    #[test]
    fn instances_are_named_whole_or_by_workspace() {
        let entries = ["a".to_owned(), "b/1".to_owned(), "b/2".to_owned(), "a/7".to_owned()];
        let limits = AdmissionRules::new(Vec::new(), &entries).limits;
        assert!(limits.allow_workspace("a", "9") && limits.allow_workspace("b", "2"));
        assert!(!limits.allow_workspace("b", "3") && !limits.allow_instance("c"));
        assert_eq!(AdmissionRules::new(Vec::new(), &[]).limits, AccessLimits::default());
    }
}
