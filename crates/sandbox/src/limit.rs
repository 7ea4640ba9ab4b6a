//! The free plan's limit.

use std::collections::BTreeMap;

const REQUESTS: u32 = 10;
const WINDOW_MS: i64 = 20_000;

/// The number of requests in the current window, by host name. The seeded instances have the same host, so
/// they share a limit.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    windows: BTreeMap<String, (i64, u32)>,
}

impl Limiter {
    /// Whether another request is within the limit. Refused requests are not counted.
    pub(crate) fn admit(&mut self, instance: &str, now_ms: i64) -> bool {
        self.windows.retain(|_, (start, _)| (0..WINDOW_MS).contains(&(now_ms - *start)));
        let (_, used) = self.windows.entry(instance.to_owned()).or_insert((now_ms, 0));
        *used += 1;
        if *used > REQUESTS {
            *used = REQUESTS;
            return false;
        }
        true
    }
}
