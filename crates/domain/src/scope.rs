//! OAuth scopes (RFC 6749 §3.3). Which scopes there are is declared by the service that the server
//! stands in front of; here they are names.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One scope that a service declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The scope token.
    pub name: &'static str,
    /// What it lets a client do, as the consent page says it.
    pub meaning: &'static str,
    /// Whether every other scope includes it: whoever may change things may also read them.
    pub implied: bool,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A set of scopes, in the order in which the service declares them. Written as tokens with a space
/// between them.
///
/// ```
/// use snappy_domain::{Scope, Scopes};
///
/// const READ: Scope = Scope { name: "read", meaning: "Read", implied: true };
/// const WRITE: Scope = Scope { name: "write", meaning: "Write", implied: false };
///
/// let asked = Scopes::select(&[READ, WRITE], "openid write read");
/// assert_eq!(asked.to_string(), "read write");
/// assert!(Scopes::select(&[READ, WRITE], "write").allow(READ));
/// assert!(!Scopes::select(&[READ, WRITE], "read").allow(WRITE));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// The declared scopes that a space-separated list names. Others (`openid`, `offline_access`) are
    /// ignored, as RFC 6749 §3.3 allows, because the answer names what was granted.
    #[must_use]
    pub fn select(declared: &[Scope], text: &str) -> Self {
        let named = |scope: &&Scope| text.split_ascii_whitespace().any(|name| name == scope.name);
        declared.iter().filter(named).copied().collect()
    }

    /// The set as it was written by its `Display`.
    #[must_use]
    pub fn from_stored(text: &str) -> Self {
        Self(text.split_ascii_whitespace().map(str::to_owned).collect())
    }

    /// Whether a call that needs `needed` may go ahead.
    #[must_use]
    pub fn allow(&self, needed: Scope) -> bool {
        self.contains(needed.name) || (needed.implied && !self.is_empty())
    }

    /// Whether a scope of this name is in the set.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|scope| scope == name)
    }

    /// The scopes that are in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0.iter().filter(|scope| other.contains(scope)).cloned().collect())
    }

    /// Whether nothing is granted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<T: IntoIterator<Item = Scope>>(scopes: T) -> Self {
        Self(scopes.into_iter().map(|scope| scope.name.to_owned()).collect())
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: Scope = Scope { name: "read", meaning: "Read", implied: true };
    const DELETE: Scope = Scope { name: "delete", meaning: "Delete", implied: false };
    const WRITE: Scope = Scope { name: "write", meaning: "Write", implied: false };
    const ALL: [Scope; 3] = [READ, WRITE, DELETE];

    #[test]
    fn unknown_tokens_are_ignored_and_the_order_is_that_of_the_declaration() {
        let scopes = Scopes::select(&ALL, "delete openid read  read");
        assert_eq!(scopes.to_string(), "read delete");
        assert_eq!(Scopes::from_stored("read delete"), scopes);
        assert!(Scopes::select(&ALL, "offline_access").is_empty());
    }

    #[test]
    fn r7_a_wider_scope_lets_a_client_read() {
        assert!(Scopes::select(&ALL, "write").allow(READ));
        assert!(!Scopes::select(&ALL, "write").allow(DELETE));
        assert!(!Scopes::default().allow(READ));
    }
}
