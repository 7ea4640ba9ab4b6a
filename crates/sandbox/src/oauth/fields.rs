//! The parameters of a form or a query.

use crate::call::Call;

/// Decoded parameters. Of a repeated one the first counts, and an empty one is missing.
#[derive(Debug)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(crate) fn of_query(call: &Call) -> Self {
        Self(call.query.clone())
    }

    pub(crate) fn of_form(call: &Call) -> Self {
        Self(form_urlencoded::parse(&call.body).into_owned().collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}
