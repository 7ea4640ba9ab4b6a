//! `application/x-www-form-urlencoded` parameters, in which a repeated one is an error
//! (RFC 6749 §3.1 and §3.2).

use std::collections::HashMap;

use snappy_domain::Secret;

/// A parameter that came more than once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the parameter {0} is given more than once")]
pub struct Repeated(pub String);

/// Decoded parameters. Empty values count as absent (RFC 6749 §3.1). Prints names only.
#[derive(Default)]
pub struct Form(HashMap<String, Secret>);

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Form {
    /// Decodes a query or a body. `resource` may be repeated (RFC 8707 §2); the first one is taken
    /// when all are the same.
    ///
    /// # Errors
    /// When a parameter is given more than once.
    pub fn parse(encoded: &[u8]) -> Result<Self, Repeated> {
        let mut form = HashMap::new();
        for (name, value) in form_urlencoded::parse(encoded) {
            let value = Secret::new(value.into_owned());
            let same = form.get(name.as_ref()).map(|earlier| *earlier == value);
            match same {
                None => {
                    form.insert(name.into_owned(), value);
                }
                Some(true) if name == "resource" => {}
                Some(_) => return Err(Repeated(name.into_owned())),
            }
        }
        form.retain(|_, value| !value.is_empty());
        Ok(Self(form))
    }

    /// A parameter's text.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(Secret::expose)
    }

    /// What follows a prefix in the names that have it: `instance:` in `instance:x1=on` gives `x1`.
    pub fn after<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.keys().filter_map(move |name| name.strip_prefix(prefix))
    }

    /// A parameter that stays wrapped.
    #[must_use]
    pub fn secret(&self, name: &str) -> Option<&Secret> {
        self.0.get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_parameters_are_refused_and_empty_ones_are_absent() {
        let form = Form::parse(b"a=1&b=&resource=x&resource=x&c=%2B+").unwrap();
        assert_eq!((form.get("a"), form.get("b"), form.get("c")), (Some("1"), None, Some("+ ")));
        assert_eq!(Form::parse(b"a=1&a=1").unwrap_err(), Repeated("a".into()));
        assert!(Form::parse(b"resource=x&resource=y").is_err());
        assert!(!format!("{form:?}").contains('1'));
    }
}
