//! What a connection may be used for, besides its scopes. A limit that is not set allows everything,
//! including what is added later.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// The limits of a connection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessLimits {
    /// The toolsets it may use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toolsets: Option<BTreeSet<String>>,
    /// The instances it may use, by name, each with its workspaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instances: Option<BTreeMap<String, Workspaces>>,
}

/// The workspaces of an instance that a grant may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Workspaces {
    /// All, including those that are created later.
    All,
    /// These, by id.
    Only(BTreeSet<String>),
}

impl Workspaces {
    fn intersection(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::All, one) | (one, Self::All) => one.clone(),
            (Self::Only(one), Self::Only(two)) => {
                Self::Only(one.intersection(two).cloned().collect())
            }
        }
    }
}

impl AccessLimits {
    /// What both limits allow.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let toolsets = match (&self.toolsets, &other.toolsets) {
            (Some(one), Some(two)) => Some(one.intersection(two).cloned().collect()),
            (one, two) => one.as_ref().or(two.as_ref()).cloned(),
        };
        let instances = match (&self.instances, &other.instances) {
            (Some(one), Some(two)) => {
                let both = one.iter().filter_map(|(name, workspaces)| {
                    Some((name.clone(), workspaces.intersection(two.get(name)?)))
                });
                Some(both.collect())
            }
            (one, two) => one.as_ref().or(two.as_ref()).cloned(),
        };
        Self { toolsets, instances }
    }

    /// Whether a toolset may be used.
    #[must_use]
    pub fn allow_toolset(&self, name: &str) -> bool {
        self.toolsets.as_ref().is_none_or(|toolsets| toolsets.contains(name))
    }

    /// Whether an instance, or at least one of its workspaces, may be used.
    #[must_use]
    pub fn allow_instance(&self, name: &str) -> bool {
        self.instances.as_ref().is_none_or(|instances| instances.contains_key(name))
    }

    /// Whether a workspace of an instance may be used.
    #[must_use]
    pub fn allow_workspace(&self, instance: &str, workspace: &str) -> bool {
        let Some(instances) = &self.instances else { return true };
        match instances.get(instance) {
            None => false,
            Some(Workspaces::All) => true,
            Some(Workspaces::Only(ids)) => ids.contains(workspace),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unset_limit_allows_everything_and_a_set_one_is_exact() {
        let all = AccessLimits::default();
        assert!(all.allow_toolset("x") && all.allow_instance("i") && all.allow_workspace("i", "1"));
        let some = AccessLimits {
            toolsets: Some(["records".to_owned()].into()),
            instances: Some(
                [
                    ("a".to_owned(), Workspaces::All),
                    ("b".to_owned(), Workspaces::Only(["2".to_owned()].into())),
                ]
                .into(),
            ),
        };
        assert!(some.allow_toolset("records") && !some.allow_toolset("tables"));
        assert!(some.allow_workspace("a", "9") && some.allow_workspace("b", "2"));
        assert!(!some.allow_workspace("b", "1") && !some.allow_instance("c"));
        assert_eq!(serde_json::to_string(&all).unwrap(), "{}");
        assert_eq!(some.intersection(&all), some);
        assert_eq!(all.intersection(&some), some);
        let other = AccessLimits {
            toolsets: Some(["tables".to_owned()].into()),
            instances: Some(
                [("b".to_owned(), Workspaces::All), ("c".to_owned(), Workspaces::All)].into(),
            ),
        };
        let both = some.intersection(&other);
        assert!(!both.allow_toolset("records") && !both.allow_toolset("tables"));
        assert!(both.allow_workspace("b", "2") && !both.allow_workspace("b", "1"));
        assert!(!both.allow_instance("a") && !both.allow_instance("c"));
    }
}
