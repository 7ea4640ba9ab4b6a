//! The metrics: what is counted and timed, declared once. `docs/metrics.md` is made from [`METRICS`].
//! Labels are names that this program or Xano's contract chose, never people, tokens or data. Names of
//! MCP's own things follow OpenTelemetry's conventions, as Prometheus writes them.

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};

use crate::{Clock, Timestamp};

/// How a metric goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Only up.
    Counter,
    /// Up and down.
    Gauge,
    /// Seconds, in buckets.
    Seconds,
}

/// A metric.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// How it goes.
    pub form: Form,
    /// Its labels.
    pub labels: &'static [&'static str],
    /// What it says.
    pub meaning: &'static str,
}

/// Refreshes of Xano keys that this process led, by how they ended.
pub const KEY_REFRESHES: Metric = Metric {
    name: "snappy_xano_key_refreshes_total",
    form: Form::Counter,
    labels: &["outcome"],
    meaning: "Refreshes of Xano keys, by `refreshed`, `already_fresh`, `upstream_unavailable`, \
              `sign_in_required` or `storage_trouble`.",
};
/// How long they took.
pub const KEY_REFRESH_DURATION: Metric = Metric {
    name: "snappy_xano_key_refresh_duration_seconds",
    form: Form::Seconds,
    labels: &["outcome"],
    meaning: "How long a refresh took, with waiting for another process.",
};
/// How many calls wait for a refresh now.
pub const KEY_REFRESH_WAITERS: Metric = Metric {
    name: "snappy_xano_key_refresh_waiters",
    form: Form::Gauge,
    labels: &[],
    meaning: "Calls that wait for a refresh now, the one that leads it included.",
};
/// Requests to Xano's Metadata API.
pub const XANO_REQUEST_DURATION: Metric = Metric {
    name: "snappy_xano_request_duration_seconds",
    form: Form::Seconds,
    labels: &["operation", "status"],
    meaning: "Requests to Xano's Metadata API, by the contract's operation and the status of the \
              answer (`none` without one).",
};
/// Waits for an instance's request limit.
pub const RATE_LIMIT_WAIT: Metric = Metric {
    name: "snappy_xano_rate_limit_wait_seconds",
    form: Form::Seconds,
    labels: &[],
    meaning: "How long calls waited for an instance that takes only so many requests.",
};
/// Calls that an instance's request limit ended.
pub const RATE_LIMITED: Metric = Metric {
    name: "snappy_xano_rate_limited_total",
    form: Form::Counter,
    labels: &[],
    meaning: "Calls that ended with `RATE_LIMITED`.",
};
/// Tool calls.
pub const TOOL_DURATION: Metric = Metric {
    name: "mcp_server_operation_duration_seconds",
    form: Form::Seconds,
    labels: &["mcp_method_name", "gen_ai_tool_name", "error_type"],
    meaning: "Tool calls, by tool and by the code of their error (empty for a success).",
};
/// Requests to the token endpoint.
pub const TOKEN_REQUESTS: Metric = Metric {
    name: "snappy_oauth_token_requests_total",
    form: Form::Counter,
    labels: &["grant_type", "outcome"],
    meaning: "Requests to the token endpoint, by grant type and by `ok` or the error's code.",
};
/// Presented refresh tokens.
pub const TOKEN_REFRESHES: Metric = Metric {
    name: "snappy_oauth_refreshes_total",
    form: Form::Counter,
    labels: &["outcome"],
    meaning: "Refresh tokens that apps presented, by what became of them (see the audit trail's \
              `token_refreshed`).",
};
/// Calls of the storage.
pub const STORE_DURATION: Metric = Metric {
    name: "snappy_store_duration_seconds",
    form: Form::Seconds,
    labels: &["operation"],
    meaning: "Calls of the storage on the paths that people wait for.",
};

/// All metrics, in the order of the reference page.
pub const METRICS: [Metric; 10] = [
    KEY_REFRESHES,
    KEY_REFRESH_DURATION,
    KEY_REFRESH_WAITERS,
    XANO_REQUEST_DURATION,
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

    /// Counts one more, with the values of its labels in their order.
    pub fn count(&self, values: &[&str]) {
        counter!(self.name, self.labelled(values)).increment(1);
    }

    /// Notes how long something took that began at `began`.
    pub fn time(&self, clock: &dyn Clock, began: Timestamp, values: &[&str]) {
        let seconds = clock.now().duration_since(began).as_secs_f64();
        histogram!(self.name, self.labelled(values)).record(seconds.max(0.0));
    }

    /// One more is there until the answer is dropped.
    #[must_use]
    pub fn enter(&self) -> Entered {
        gauge!(self.name).increment(1.0);
        Entered(self.name)
    }
}

/// Somebody who is counted by a gauge.
#[derive(Debug)]
pub struct Entered(&'static str);

impl Drop for Entered {
    fn drop(&mut self) {
        gauge!(self.0).decrement(1.0);
    }
}

/// Times a call of the storage.
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

/// Tells the recorder what each metric says.
pub fn describe() {
    for Metric { name, form, meaning, .. } in METRICS {
        match form {
            Form::Counter => describe_counter!(name, meaning),
            Form::Gauge => describe_gauge!(name, meaning),
            Form::Seconds => describe_histogram!(name, metrics::Unit::Seconds, meaning),
        }
    }
}

/// The reference page, in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut page = String::from(
        "# Metrics\n\nWith `SNAPPY_METRICS_LISTEN` set, the server answers `GET /metrics` there in \
         Prometheus's text format. Labels are names of\ntools, operations, statuses and codes: never \
         people, tokens or data.\n\nThis page is made from the program's own list; a test keeps it \
         true.\n\n| metric | form | labels | meaning |\n|---|---|---|---|\n",
    );
    for Metric { name, form, labels, meaning } in METRICS {
        let form = match form {
            Form::Counter => "counter",
            Form::Gauge => "gauge",
            Form::Seconds => "histogram, seconds",
        };
        let labels: Vec<_> = labels.iter().map(|label| format!("`{label}`")).collect();
        page.push_str(&format!("| `{name}` | {form} | {} | {meaning} |\n", labels.join(", ")));
    }
    page
}
