//! OAuth scopes (RFC 6749 §3.3). Every tool needs exactly one.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

/// What a grant may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Scope {
    /// Look at instances, workspaces, tables, schemas and records.
    #[serde(rename = "xano:read")]
    Read,
    /// Create and change records.
    #[serde(rename = "xano:write")]
    Write,
    /// Create tables and change their shape.
    #[serde(rename = "xano:schema")]
    Schema,
    /// Delete records, fields and tables.
    #[serde(rename = "xano:delete")]
    Delete,
}

impl Scope {
    /// Every scope, in the order of the metadata documents.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Schema, Self::Delete];

    /// The scope token.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "xano:read",
            Self::Write => "xano:write",
            Self::Schema => "xano:schema",
            Self::Delete => "xano:delete",
        }
    }

    /// What it lets a client do, for the consent page.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Read => "Look at your instances, workspaces, tables and records",
            Self::Write => "Create and change records",
            Self::Schema => "Create tables and change their fields",
            Self::Delete => "Delete records, fields and tables",
        }
    }

    fn parse(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == token)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of scopes. Written as tokens with a space between them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// Every scope there is.
    #[must_use]
    pub fn all() -> Self {
        Scope::ALL.into_iter().collect()
    }

    /// The known tokens of a space-separated list; unknown ones (`openid`, `offline_access`) are
    /// passed over, as RFC 6749 §3.3 allows, because the answer names what was granted.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        text.split_ascii_whitespace().filter_map(Scope::parse).collect()
    }

    /// Whether a call that needs `needed` may go ahead. Whoever may change things may look at them.
    #[must_use]
    pub fn allow(&self, needed: Scope) -> bool {
        self.0.contains(&needed) || (needed == Scope::Read && !self.0.is_empty())
    }

    /// The scopes that are in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).copied().collect())
    }

    /// Whether nothing is granted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The scopes in order.
    pub fn iter(&self) -> impl Iterator<Item = Scope> + '_ {
        self.0.iter().copied()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<T: IntoIterator<Item = Scope>>(scopes: T) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, scope) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_tokens_are_passed_over_and_order_is_fixed() {
        let scopes = Scopes::parse("xano:delete openid xano:read  xano:read");
        assert_eq!(scopes.to_string(), "xano:read xano:delete");
        assert!(Scopes::parse("offline_access").is_empty());
    }

    #[test]
    fn r7_a_wider_scope_lets_a_client_read() {
        assert!(Scopes::parse("xano:write").allow(Scope::Read));
        assert!(!Scopes::parse("xano:write").allow(Scope::Delete));
        assert!(!Scopes::default().allow(Scope::Read));
    }
}
