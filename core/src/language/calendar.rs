//! Dates, times and numbers as they are written in a language, by CLDR.

use super::Language;
use super::plurals::digits;
use crate::error::{Error, Result};
use crate::schedule::Zone;
use chrono::{DateTime as UtcDateTime, Datelike as _, FixedOffset, NaiveDateTime, Timelike as _};
use icu_calendar::cal::Persian;
use icu_calendar::{Date, Gregorian};
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::enums::{CompositeDateTimeFieldSet, DateAndTimeFieldSet, DateFieldSet, TimeFieldSet};
use icu_datetime::fieldsets::{T, YMD, YMDE, YMDET, YMDT};
use icu_datetime::input::{DateTime, Time};
use icu_datetime::options::TimePrecision;
use icu_locale_core::Locale;
use icu_locale_core::extensions::unicode;

/// A calendar that dates are shown and entered in. Stored dates are always ISO 8601 (Gregorian).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// The civil calendar of most countries.
    Gregorian,
    /// Solar Hijri, the civil calendar of Afghanistan and Iran; with Afghan month names in Dari.
    SolarHijri,
}

/// How much of a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateStyle {
    /// In digits only, for narrow lists: `22/11/2026`, `۱۴۰۵/۹/۱`.
    Short,
    /// With the month in words: `22 листопада 2026 р.`, `۱ قوس ۱۴۰۵`.
    Long,
    /// The same with the day of the week, for meetings.
    Full,
}

impl Calendar {
    /// The calendar of a locale with a `-u-ca-` of its own, else Gregorian.
    pub(super) fn of(locale: &Locale) -> Self {
        match locale.extensions.unicode.keywords.get(&unicode::key!("ca")) {
            Some(value) if *value == unicode::value!("persian") => Self::SolarHijri,
            _ => Self::Gregorian,
        }
    }
}

impl Language {
    /// A whole number in the language's digits, in groups: `1,234`, `۱٬۲۳۴`.
    #[must_use]
    pub fn number(&self, number: i64) -> String {
        digits(&self.locale, number)
    }

    /// The date at `at_ms` (Unix milliseconds, UTC) in a time zone: an IANA name (`Europe/Vienna`), or an offset (`+04:30`).
    ///
    /// # Errors
    /// [`Error::Invalid`] for an unknown `zone`, or an instant outside the years 1 to 9999.
    pub fn date(&self, at_ms: i64, zone: &str, style: DateStyle) -> Result<String> {
        self.write(local(at_ms, zone)?, CompositeDateTimeFieldSet::Date(style.date()))
    }

    /// Date and time of day, to the minute. Otherwise as [`Language::date`].
    ///
    /// # Errors
    /// As [`Language::date`].
    pub fn date_time(&self, at_ms: i64, zone: &str, style: DateStyle) -> Result<String> {
        let text = self.write(local(at_ms, zone)?, CompositeDateTimeFieldSet::DateTime(style.date_time()))?;
        Ok(unbroken(text))
    }

    /// The time of day, to the minute. Otherwise as [`Language::date`].
    ///
    /// # Errors
    /// As [`Language::date`].
    pub fn time(&self, at_ms: i64, zone: &str) -> Result<String> {
        let time = TimeFieldSet::T(T::short().with_time_precision(TimePrecision::Minute));
        Ok(unbroken(self.write(local(at_ms, zone)?, CompositeDateTimeFieldSet::Time(time))?))
    }

    /// A stored ISO day (`2026-11-22`): one that has no time of day and so no zone, such as the day a service was last
    /// checked.
    ///
    /// # Errors
    /// [`Error::Invalid`] if `iso_day` is no such day.
    pub fn day(&self, iso_day: &str, style: DateStyle) -> Result<String> {
        let day =
            chrono::NaiveDate::parse_from_str(iso_day, "%Y-%m-%d").map_err(|_| Error::invalid("date", "format"))?;
        if !(1..=9999).contains(&day.year()) {
            return Err(Error::invalid("date", "out-of-range"));
        }
        self.write(day.into(), CompositeDateTimeFieldSet::Date(style.date()))
    }

    fn write(&self, at: NaiveDateTime, fields: CompositeDateTimeFieldSet) -> Result<String> {
        let bug = |_| Error::bug("language: calendar");
        let date = Date::try_new_gregorian(at.year(), small(at.month())?, small(at.day())?).map_err(bug)?;
        let time = Time::try_new(small(at.hour())?, small(at.minute())?, 0, 0).map_err(bug)?;
        let no_data = |_| Error::bug("language: CLDR data");
        let preferences = (&self.locale).into();
        // Fixed calendars: a formatter that can take any calendar links the data of seventeen.
        Ok(match self.calendar {
            Calendar::Gregorian => FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(preferences, fields)
                .map_err(no_data)?
                .format(&DateTime { date, time })
                .to_string(),
            Calendar::SolarHijri => FixedCalendarDateTimeFormatter::<Persian, _>::try_new(preferences, fields)
                .map_err(no_data)?
                .format(&DateTime { date: date.to_calendar(Persian), time })
                .to_string(),
        })
    }
}

impl DateStyle {
    fn date(self) -> DateFieldSet {
        match self {
            Self::Short => DateFieldSet::YMD(YMD::short()),
            Self::Long => DateFieldSet::YMD(YMD::long()),
            Self::Full => DateFieldSet::YMDE(YMDE::long()),
        }
    }

    fn date_time(self) -> DateAndTimeFieldSet {
        let minute = TimePrecision::Minute;
        match self {
            Self::Short => DateAndTimeFieldSet::YMDT(YMDT::short().with_time_precision(minute)),
            Self::Long => DateAndTimeFieldSet::YMDT(YMDT::long().with_time_precision(minute)),
            Self::Full => DateAndTimeFieldSet::YMDET(YMDET::long().with_time_precision(minute)),
        }
    }
}

/// Keeps what stands behind the minutes on their line, as CLDR does for English but not for Arabic: a ص alone says nothing.
fn unbroken(text: String) -> String {
    let minutes = text.rfind(':').and_then(|colon| text[colon..].char_indices().nth(3)).map(|(past, _)| past);
    let space = text.rfind(':').zip(minutes).map(|(colon, past)| colon + past);
    match space.filter(|at| text[*at..].starts_with(' ')) {
        Some(at) => format!("{}\u{202F}{}", &text[..at], &text[at + 1..]),
        None => text,
    }
}

/// The wall time at an instant in a zone.
fn local(at_ms: i64, zone: &str) -> Result<NaiveDateTime> {
    let at = UtcDateTime::from_timestamp_millis(at_ms)
        // A day's room at either end: chrono panics where a zone's offset leads out of its range.
        .filter(|at| (1..=9998).contains(&at.year()))
        .ok_or(Error::invalid("date", "out-of-range"))?;
    if let Ok(zone) = Zone::named(zone) {
        return Ok(zone.local(at_ms));
    }
    let zone: FixedOffset = zone.parse().map_err(|_| Error::invalid("zone", "unknown"))?;
    Ok(at.with_timezone(&zone).naive_local())
}

fn small(number: u32) -> Result<u8> {
    u8::try_from(number).map_err(|_| Error::bug("language: calendar"))
}
