//! Injected failures.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// Which requests fail, how often, and how.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// The method, ignoring case; `None` matches all methods.
    #[serde(default)]
    pub method: Option<String>,
    /// A part of the raw path with query; `None` matches all paths.
    #[serde(default)]
    pub path_contains: Option<String>,
    /// How many more times the rule applies; `None` means always.
    #[serde(default)]
    pub times: Option<u32>,
    /// How the request fails.
    pub effect: Effect,
}

impl FaultRule {
    /// A rule for all requests. Set its fields to restrict it.
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

/// How a request fails. An invalid status becomes 500.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// Wait, then respond normally.
    Latency {
        /// How long to wait.
        ms: u64,
    },
    /// Respond with this status and body without processing the request.
    Status {
        /// The status.
        status: u16,
        /// Further headers.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// The JSON body.
        #[serde(default)]
        body: Value,
    },
    /// Respond with an HTML page without processing the request.
    Html {
        /// The status.
        status: u16,
    },
    /// Respond with an empty body without processing the request.
    Empty {
        /// The status.
        status: u16,
    },
    /// Process the request, then respond with 200 and the first half of the body, with a matching
    /// `Content-Length`.
    Truncated,
    /// Respond with 200 and this JSON without processing the request.
    WrongShape {
        /// The JSON body.
        body: Value,
    },
    /// Close the connection without processing the request.
    Close,
    /// Process the request, then respond with 502 and an HTML page.
    ApplyThenFail,
    /// Process the request, then close the connection without a response.
    ApplyThenClose,
    /// Process the request, then wait before the response.
    ApplyThenWait {
        /// How long to wait.
        ms: u64,
    },
}

/// The rules, in order of precedence.
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

    /// The effect of the first matching rule. Decrements its counter.
    pub(crate) fn take(&mut self, method: &str, path: &str) -> Option<Effect> {
        let rule = self.rules.iter_mut().find(|rule| rule.matches(method, path))?;
        if let Some(times) = &mut rule.times {
            *times = times.saturating_sub(1);
        }
        Some(rule.effect.clone())
    }
}
