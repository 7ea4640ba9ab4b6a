//! The metrics, declared once; `docs/metrics.md` is generated from [`METRICS`]. Label values come from
//! fixed sets: never people, tokens or data. MCP metrics follow the OpenTelemetry semantic conventions
//! in Prometheus notation.

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};

use crate::{Clock, Timestamp};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricType {
    /// Only increases.
    Counter,
    /// Goes up and down.
    Gauge,
    /// A histogram of seconds.
    Seconds,
}

#[derive(Debug, Clone, Copy)]
pub struct Metric {
    pub name: &'static str,
    pub kind: MetricType,
    pub labels: &'static [&'static str],
    /// What it measures.
    pub meaning: &'static str,
}

/// Refreshes of upstream credentials that this process led, by outcome.
pub const CREDENTIAL_REFRESHES: Metric = Metric {
    name: "snappy_credential_refreshes_total",
    kind: MetricType::Counter,
    labels: &["outcome"],
    meaning: "Refreshes of upstream credentials, by outcome: `refreshed`, `already_fresh`, \
              `upstream_unavailable`, `sign_in_required` or `storage_error`.",
};
/// Their duration.
pub const CREDENTIAL_REFRESH_DURATION: Metric = Metric {
    name: "snappy_credential_refresh_duration_seconds",
    kind: MetricType::Seconds,
    labels: &["outcome"],
    meaning: "Duration of a refresh, including the wait for another process.",
};
/// Calls that are waiting for a refresh.
pub const CREDENTIAL_REFRESH_WAITERS: Metric = Metric {
    name: "snappy_credential_refresh_waiters",
    kind: MetricType::Gauge,
    labels: &[],
    meaning: "Calls that are waiting for a refresh, including the one that leads it.",
};
/// Requests to the upstream API.
pub const UPSTREAM_REQUEST_DURATION: Metric = Metric {
    name: "snappy_upstream_request_duration_seconds",
    kind: MetricType::Seconds,
    labels: &["operation", "status"],
    meaning: "Duration of requests to the upstream API, by operation and HTTP status (`none` \
              without an answer).",
};
/// Responses of the upstream API in another shape than its contract's.
pub const UPSTREAM_DEVIATIONS: Metric = Metric {
    name: "snappy_upstream_deviations_total",
    kind: MetricType::Counter,
    labels: &["operation", "what"],
    meaning: "Responses of the upstream API whose shape differs from the contract, by operation and what differs. \
              They are passed on with a note.",
};
/// Waits for an upstream request limit.
pub const RATE_LIMIT_WAIT: Metric = Metric {
    name: "snappy_upstream_rate_limit_wait_seconds",
    kind: MetricType::Seconds,
    labels: &[],
    meaning: "Time that calls waited for an upstream request limit.",
};
/// Calls that failed because of an upstream request limit.
pub const RATE_LIMITED: Metric = Metric {
    name: "snappy_upstream_rate_limited_total",
    kind: MetricType::Counter,
    labels: &[],
    meaning: "Calls that failed with `RATE_LIMITED`.",
};
/// Tool calls.
pub const TOOL_DURATION: Metric = Metric {
    name: "mcp_server_operation_duration_seconds",
    kind: MetricType::Seconds,
    labels: &["mcp_method_name", "gen_ai_tool_name", "error_type"],
    meaning: "Duration of tool calls, by tool and by error code (empty on success).",
};
/// Requests to the token endpoint.
pub const TOKEN_REQUESTS: Metric = Metric {
    name: "snappy_oauth_token_requests_total",
    kind: MetricType::Counter,
    labels: &["grant_type", "outcome"],
    meaning: "Requests to the token endpoint, by grant type and by `ok` or the OAuth error code.",
};
/// Refresh tokens that clients presented.
pub const TOKEN_REFRESHES: Metric = Metric {
    name: "snappy_oauth_refreshes_total",
    kind: MetricType::Counter,
    labels: &["outcome"],
    meaning: "Refresh tokens that clients presented, by outcome (the same as in the audit event \
              `refresh_token_used`).",
};
/// Storage operations.
pub const STORE_DURATION: Metric = Metric {
    name: "snappy_store_operation_duration_seconds",
    kind: MetricType::Seconds,
    labels: &["operation"],
    meaning: "Duration of storage operations on request paths.",
};

/// All metrics, in the order of the reference page.
pub const METRICS: [Metric; 11] = [
    CREDENTIAL_REFRESHES,
    CREDENTIAL_REFRESH_DURATION,
    CREDENTIAL_REFRESH_WAITERS,
    UPSTREAM_REQUEST_DURATION,
    UPSTREAM_DEVIATIONS,
    RATE_LIMIT_WAIT,
    RATE_LIMITED,
    TOOL_DURATION,
    TOKEN_REQUESTS,
    TOKEN_REFRESHES,
    STORE_DURATION,
];

impl Metric {
    fn labelled(&self, values: &[&str]) -> Vec<metrics::Label> {
        let pairs = self.labels.iter().zip(values);
        pairs.map(|(name, value)| metrics::Label::new(*name, (*value).to_owned())).collect()
    }

    /// Increments the counter; `values` are label values in the order of `labels`.
    pub fn count(&self, values: &[&str]) {
        counter!(self.name, self.labelled(values)).increment(1);
    }

    /// Records the time since `began`.
    pub fn time(&self, clock: &dyn Clock, began: Timestamp, values: &[&str]) {
        let seconds = clock.now().duration_since(began).as_secs_f64();
        histogram!(self.name, self.labelled(values)).record(seconds.max(0.0));
    }

    /// Increments the gauge until the returned guard is dropped.
    #[must_use]
    pub fn enter(&self) -> Entered {
        gauge!(self.name).increment(1.0);
        Entered(self.name)
    }
}

/// Keeps a gauge incremented.
#[derive(Debug)]
pub struct Entered(&'static str);

impl Drop for Entered {
    fn drop(&mut self) {
        gauge!(self.0).decrement(1.0);
    }
}

/// Times a storage operation.
pub async fn timed_store<T>(
    clock: &dyn Clock,
    operation: &'static str,
    work: impl Future<Output = T>,
) -> T {
    let began = clock.now();
    let done = work.await;
    STORE_DURATION.time(clock, began, &[operation]);
    done
}

/// Registers the descriptions with the recorder.
pub fn describe() {
    for Metric { name, kind, meaning, .. } in METRICS {
        match kind {
            MetricType::Counter => describe_counter!(name, meaning),
            MetricType::Gauge => describe_gauge!(name, meaning),
            MetricType::Seconds => describe_histogram!(name, metrics::Unit::Seconds, meaning),
        }
    }
}

/// The reference page in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut page = String::from(
        "# Metrics\n\nWith `SNAPPY_METRICS_LISTEN` set, the server answers `GET /metrics` there in \
         the Prometheus text format. Label values are\ntools, operations, statuses and codes, never \
         people, tokens or data.\n\nThis page is generated from the code; a test checks that it is \
         current.\n\n| metric | type | labels | meaning |\n|---|---|---|---|\n",
    );
    for Metric { name, kind, labels, meaning } in METRICS {
        let kind = match kind {
            MetricType::Counter => "counter",
            MetricType::Gauge => "gauge",
            MetricType::Seconds => "histogram, seconds",
        };
        let labels: Vec<_> = labels.iter().map(|label| format!("`{label}`")).collect();
        page.push_str(&format!("| `{name}` | {kind} | {} | {meaning} |\n", labels.join(", ")));
    }
    page
}
