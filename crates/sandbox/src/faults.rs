//! Injected failures.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// Which requests fail, how often, and how.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// Only this method, in any case; `None` means every method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only requests whose raw path with query contains this; `None` means every path.
    #[serde(default)]
    pub path_contains: Option<String>,
    /// How often the rule still applies; `None` means always.
    #[serde(default)]
    pub times: Option<u32>,
    /// How the request fails.
    pub effect: Effect,
}

impl FaultRule {
    /// A rule for every request; set its fields to restrict it.
    #[must_use]
    pub fn always(effect: Effect) -> Self {
        Self { method: None, path_contains: None, times: None, effect }
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.times != Some(0)
            && self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.path_contains.as_deref().is_none_or(|part| path.contains(part))
    }
}

/// How a request fails. An invalid status is answered as 500.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// Wait, then answer as usual.
    Latency {
        /// How long to wait.
        ms: u64,
    },
    /// Answer this and do nothing.
    Status {
        /// The status to answer.
        status: u16,
        /// Further headers.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// The JSON body.
        #[serde(default)]
        body: Value,
    },
    /// Answer an HTML page and do nothing.
    Html {
        /// The status to answer.
        status: u16,
    },
    /// Answer an empty body and do nothing.
    Empty {
        /// The status to answer.
        status: u16,
    },
    /// Perform the request, then answer 200 with the first half of its body. The announced length
    /// is that of the half.
    Truncated,
    /// Answer 200 with this JSON and do nothing.
    WrongShape {
        /// The JSON body.
        body: Value,
    },
    /// Close the connection without an answer and do nothing.
    Close,
    /// Perform the request, then answer 502 with an HTML page.
    ApplyThenFail,
    /// Perform the request, then close the connection without an answer.
    ApplyThenClose,
}

/// The rules in the order they are consulted.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Vec<FaultRule>,
}

impl Faults {
    pub(crate) fn push(&mut self, rule: FaultRule) {
        self.rules.push(rule);
    }

    pub(crate) fn replace(&mut self, rules: Vec<FaultRule>) {
        self.rules = rules;
    }

    /// The effect of the first rule that matches, counting it down.
    pub(crate) fn take(&mut self, method: &str, path: &str) -> Option<Effect> {
        let rule = self.rules.iter_mut().find(|rule| rule.matches(method, path))?;
        if let Some(times) = &mut rule.times {
            *times = times.saturating_sub(1);
        }
        Some(rule.effect.clone())
    }
}
