//! Times as people agree on them: an instant with the zone in which it was said, and the buckets that keep documents small.

mod zone;

pub use zone::Zone;

use crate::error::{Error, Result};
use chrono::{DateTime, Datelike, Utc};

/// 2000-01-01 and 2200-01-01, UTC: outside of this a time is a slip of the finger.
const YEARS: std::ops::Range<i64> = 946_684_800_000..7_258_118_400_000;

/// A time that two people could agree on, Unix ms. `Invalid{field, range}` outside of 2000 to 2199.
pub fn time(field: &'static str, at_ms: i64) -> Result<i64> {
    if YEARS.contains(&at_ms) { Ok(at_ms) } else { Err(Error::invalid(field, "range")) }
}

/// The month of a time in UTC, such as `2026-11`: everybody names the same bucket.
pub fn month_bucket(at_ms: i64) -> String {
    let date = date(at_ms);
    format!("{:04}-{:02}", date.year(), date.month())
}

/// The quarter of a time in UTC, such as `2026-q4`.
pub fn quarter_bucket(at_ms: i64) -> String {
    let date = date(at_ms);
    format!("{:04}-q{}", date.year(), date.month0() / 3 + 1)
}

fn date(at_ms: i64) -> DateTime<Utc> {
    // A broken clock must not keep anybody from writing.
    DateTime::from_timestamp_millis(at_ms.clamp(0, YEARS.end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets() {
        let at = 1_795_338_000_000; // 2026-11-22 09:00 UTC
        assert_eq!((month_bucket(at).as_str(), quarter_bucket(at).as_str()), ("2026-11", "2026-q4"));
        assert_eq!(month_bucket(i64::MIN), "1970-01");
        assert_eq!(quarter_bucket(i64::MAX), "2200-q1");
    }

    #[test]
    fn zones_and_times() {
        assert!(Zone::named("Europe/Vienna").is_ok());
        assert_eq!(Zone::named("Mars/Olympus"), Err(Error::invalid("zone", "unknown")));
        assert_eq!(time("starts-at", 0), Err(Error::invalid("starts-at", "range")));
    }
}
