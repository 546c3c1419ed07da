//! Numbers and dates as people type them: in any digits, in their calendar.

use super::{Calendar, Language};
use crate::error::{Error, Result};
use crate::folding::ascii_digit;
use icu_calendar::{Date, Gregorian, Iso};

/// Longer than any number or date; more is refused before it is looked at.
const LONGEST: usize = 64;

/// How much of a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Precision {
    /// Only the year.
    Year,
    /// Year and month.
    Month,
    /// The day.
    Day,
}

/// A date as someone entered it, ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EnteredDate {
    /// ISO 8601, Gregorian, ASCII digits: the day; or the first day of the month or year that was entered.
    pub first_day: String,
    /// What was entered.
    pub precision: Precision,
    /// The calendar it was entered in, and should be shown in again: a year of Solar Hijri is no Gregorian year.
    pub calendar: Calendar,
}

/// A whole number in the digits of any script, with or without grouping: `1,234`, `۱٬۲۳۴`, `1 234`, `−5`.
///
/// A point is refused, since `1.234` is a thousand to some and one to others.
///
/// # Errors
/// [`Error::Invalid`] with field `number`.
pub fn parse_number(text: &str) -> Result<i64> {
    let format = || Error::invalid("number", "format");
    let text = visible(text, "number")?;
    let (negative, digits) = match text.strip_prefix(['-', '−', '－']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let groups: Vec<&str> = digits.split([',', '٬', '،', '\'', '’', ' ', '\u{A0}', '\u{202F}']).collect();
    let all_digits = groups.iter().all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    let grouped = groups.len() == 1
        || (groups.first().is_some_and(|first| first.len() <= 3)
            && groups.iter().skip(1).all(|group| group.len() == 3));
    if !all_digits || !grouped {
        return Err(format());
    }
    let sign = if negative { "-" } else { "" };
    format!("{sign}{}", groups.concat()).parse().map_err(|_| Error::invalid("number", "out-of-range"))
}

impl Language {
    /// Reads a date that was typed in the language's own calendar, see [`Language::parse_date_in`].
    ///
    /// # Errors
    /// [`Error::Invalid`] with field `date`.
    pub fn parse_date(&self, text: &str) -> Result<EnteredDate> {
        self.parse_date_in(text, self.calendar)
    }

    /// Reads a date in digits of any script: year first (`1405/09/01`, `2026-11-22`) or last (`22.11.2026`), with month and
    /// day, with the month only, or the year alone. A year has four digits.
    ///
    /// With the year last, the day comes first, except in the United States, where the month does. In plain English
    /// nobody can tell whether `1/9/2026` is in January or in September, so it is refused as `ambiguous`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with field `date` and reason `format`, `ambiguous`, `out-of-range` (no such day; or a year
    /// outside 1800–2200, 1180–1580 in Solar Hijri, which is most often one of the other calendar), `too-long`.
    pub fn parse_date_in(&self, text: &str, calendar: Calendar) -> Result<EnteredDate> {
        let format = || Error::invalid("date", "format");
        let text = visible(text, "date")?;
        let parts: Vec<&str> =
            text.split(['/', '-', '.', '،', ' ', '\u{60D}']).filter(|part| !part.is_empty()).collect();
        let slashes = text.contains(['/', '\u{60D}']);
        let number = |part: &str| {
            let digits = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
            if digits { part.parse::<i32>().map_err(|_| format()) } else { Err(format()) }
        };
        let (year, month, day) = match *parts.as_slice() {
            [year] if year.len() == 4 => (year, None, None),
            [year, month] if year.len() == 4 => (year, Some(number(month)?), None),
            [month, year] if year.len() == 4 => (year, Some(number(month)?), None),
            [year, month, day] if year.len() == 4 => (year, Some(number(month)?), Some(number(day)?)),
            [first, second, year] if year.len() == 4 => {
                let (first, second) = (number(first)?, number(second)?);
                let english = self.locale.id.language.as_str() == "en" && calendar == Calendar::Gregorian;
                let region = self.locale.id.region.as_ref().map(icu_locale_core::subtags::Region::as_str);
                match region {
                    Some("US") if english => (year, Some(first), Some(second)),
                    None if english && slashes && first <= 12 && second <= 12 && first != second => {
                        return Err(Error::invalid("date", "ambiguous"));
                    }
                    None if english && slashes && second > 12 => (year, Some(first), Some(second)),
                    _ => (year, Some(second), Some(first)),
                }
            }
            _ => return Err(format()),
        };
        let precision = match (month, day) {
            (None, _) => Precision::Year,
            (_, None) => Precision::Month,
            _ => Precision::Day,
        };
        let first_day = iso_day(calendar, number(year)?, month.unwrap_or(1), day.unwrap_or(1))?;
        Ok(EnteredDate { first_day, precision, calendar })
    }
}

fn iso_day(calendar: Calendar, year: i32, month: i32, day: i32) -> Result<String> {
    let out_of_range = || Error::invalid("date", "out-of-range");
    let months = u8::try_from(month).map_err(|_| out_of_range())?;
    let days = u8::try_from(day).map_err(|_| out_of_range())?;
    let date: Date<Iso> = match calendar {
        Calendar::Gregorian if (1800..=2200).contains(&year) => {
            Date::try_new_gregorian(year, months, days).map_err(|_| out_of_range())?.to_calendar(Iso)
        }
        Calendar::SolarHijri if (1180..=1580).contains(&year) => {
            Date::try_new_persian(year, months, days).map_err(|_| out_of_range())?.to_calendar(Iso)
        }
        _ => return Err(out_of_range()),
    };
    let date = date.to_calendar(Gregorian);
    Ok(format!("{:04}-{:02}-{:02}", date.year().extended_year(), date.month().ordinal, date.day_of_month().0))
}

/// Trimmed, without what cannot be seen, with ASCII digits.
fn visible(text: &str, field: &'static str) -> Result<String> {
    if text.len() > LONGEST * 4 || text.chars().count() > LONGEST {
        return Err(Error::invalid(field, "too-long"));
    }
    let shown = text.chars().filter(|c| !crate::folding::is_invisible(*c)).map(|c| ascii_digit(c).unwrap_or(c));
    let shown: String = shown.collect();
    match shown.trim() {
        "" => Err(Error::invalid(field, "empty")),
        shown => Ok(shown.to_owned()),
    }
}
