//! Scopes.

/// The scope without which there is no refresh token.
pub(crate) const OFFLINE: &str = "offline_access";

/// The scope without which nothing can be changed.
pub(crate) const WRITE: &str = "workspace:write";

/// All scopes that can be granted.
pub(crate) const SUPPORTED: [&str; 4] = [OFFLINE, "workspace:read", WRITE, "xano:dev"];

/// The scopes of a text in which they are separated by spaces.
pub(crate) fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|scope| !scope.is_empty())
}

/// Whether a list such as `a b` contains a scope.
pub(crate) fn contains(text: &str, wanted: &str) -> bool {
    split(text).any(|scope| scope == wanted)
}
