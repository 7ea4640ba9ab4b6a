//! The default clock, and Xano's two time formats.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The system clock in epoch milliseconds.
#[expect(
    clippy::disallowed_methods,
    reason = "the default clock; all other code uses the injected clock"
)]
pub(crate) fn system_ms() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// A metadata timestamp such as `2026-01-11 11:30:49+0000`.
pub(crate) fn metadata(ms: i64) -> String {
    Timestamp::from_millisecond(ms)
        .unwrap_or_default()
        .strftime("%Y-%m-%d %H:%M:%S+0000")
        .to_string()
}

/// Parses an RFC 3339 time or a date, into epoch milliseconds.
pub(crate) fn parse_ms(text: &str) -> Option<i64> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment.as_millisecond());
    }
    let date = text.parse::<Date>().ok()?;
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

/// Whether the text is a calendar date such as `2026-01-11`.
pub(crate) fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<Date>().is_ok()
}
