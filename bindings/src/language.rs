//! What a person reads: sentences, dates and numbers in their language. Needs no store, so that "wrong passphrase" can be said in
//! Dari before anything is open.

use std::collections::HashMap;
use std::sync::Arc;

use rafiq::language as core;

use crate::guard::guarded;
use crate::{RafiqError, each, same_words};

/// One value put into a sentence. Each is set apart from its sentence by invisible marks.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Arg {
    /// What a person wrote: a name, a title.
    Text {
        /// As they wrote it.
        value: String,
    },
    /// A count: chooses the plural form, and is written in the language's digits.
    Number {
        /// The count.
        value: i64,
    },
    /// A telephone number: always left to right, in the digits it came in.
    Phone {
        /// As it came.
        value: String,
    },
    /// A date, a time or another sentence of ours: taken as it is.
    Formatted {
        /// As `Language` wrote it.
        value: String,
    },
    /// A moment, written as the language writes dates: the day, or with the time of day.
    Moment {
        /// Unix ms.
        at_ms: i64,
        /// An IANA name, or an offset (`+04:30`).
        zone: String,
        /// How much of the date.
        style: DateStyle,
        /// Whether the time of day stands beside it.
        with_time: bool,
    },
}

/// A sentence to be said: a message and its values.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Said {
    /// The message's id.
    pub id: String,
    /// Its values, by name.
    pub args: HashMap<String, Arg>,
}

/// A sentence, and what it is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Spoken {
    /// The sentence. Values in it are set apart by invisible marks (U+2068, U+2069).
    pub text: String,
    /// The tag of the language that it is really in.
    pub language: String,
    /// It is not in the language that was asked for.
    pub fallback: bool,
    /// A machine translated it, and no person has reviewed it yet.
    pub machine: bool,
}

/// Which way a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Direction {
    /// As Latin and Cyrillic.
    LeftToRight,
    /// As Arabic script.
    RightToLeft,
}

/// A language that is shipped.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LanguageInfo {
    /// Its BCP 47 tag.
    pub tag: String,
    /// Its own name, for a list from which people choose.
    pub name: String,
    /// Which way it is written.
    pub direction: Direction,
    /// People have reviewed every sentence of it.
    pub reviewed: bool,
}

/// A calendar that dates are shown and entered in. Stored dates are always ISO 8601 (Gregorian).
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum CalendarKind {
    /// The civil calendar of most countries.
    Gregorian,
    /// Solar Hijri, the civil calendar of Afghanistan and Iran.
    SolarHijri,
}

/// How much of a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum DateStyle {
    /// In digits only, for narrow lists.
    Short,
    /// With the month in words.
    Long,
    /// The same with the day of the week, for meetings.
    Full,
}

/// How much of a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Precision {
    /// Only the year.
    Year,
    /// Year and month.
    Month,
    /// The day.
    Day,
}

/// A date as someone entered it, ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct EnteredDate {
    /// ISO 8601, Gregorian: the day; or the first day of the month or year that was entered.
    pub first_day: String,
    /// What was entered.
    pub precision: Precision,
    /// The calendar it was entered in, and should be shown in again.
    pub calendar: CalendarKind,
}

/// The languages that are shipped, in the order of their tags.
#[uniffi::export]
pub fn available_languages() -> Result<Vec<LanguageInfo>, RafiqError> {
    guarded("available_languages", || Ok(each(core::Language::available())))
}

/// A whole number in the digits of any script: `1,234`, `۱٬۲۳۴`. `Invalid{number, …}` otherwise.
#[uniffi::export]
pub fn parse_number(text: String) -> Result<i64, RafiqError> {
    guarded("parse_number", || core::parse_number(&text))
}

/// A language that someone reads, with what to fall back to.
#[derive(uniffi::Object)]
pub struct Language {
    core: core::Language,
}

#[uniffi::export]
impl Language {
    /// Opens the language of a BCP 47 tag, such as a device reports it (`uk-UA`, `prs`, `ar-EG-u-nu-latn`). One that is not
    /// shipped opens as well: its sentences are those it falls back to, and say so. `Invalid{language, …}` if the tag is none.
    #[uniffi::constructor]
    pub fn open(tag: String) -> Result<Arc<Self>, RafiqError> {
        guarded("language.open", || Ok(Arc::new(Self { core: core::Language::open(&tag)? })))
    }

    /// The tag it was opened with, in its canonical form.
    pub fn tag(&self) -> Result<String, RafiqError> {
        guarded("language.tag", || Ok(self.core.tag().to_owned()))
    }

    /// Which way its sentences are written.
    pub fn direction(&self) -> Result<Direction, RafiqError> {
        guarded("language.direction", || Ok(self.core.direction().into()))
    }

    /// The calendar its dates are in.
    pub fn calendar(&self) -> Result<CalendarKind, RafiqError> {
        guarded("language.calendar", || Ok(self.core.calendar().into()))
    }

    /// The sentence of a message id. `NotFound` for an id that no language of the chain has; `Invalid{args, missing}` if a value
    /// that the sentence needs is not in `args`.
    pub fn text(&self, id: String, args: HashMap<String, Arg>) -> Result<Spoken, RafiqError> {
        guarded("language.text", || Ok(self.core.text(&id, &core_args(args))?.into()))
    }

    /// The sentences of a whole screen, in the order asked for. Errors as `text`, for the first that fails.
    pub fn texts(&self, asked: Vec<Said>) -> Result<Vec<Spoken>, RafiqError> {
        guarded("language.texts", || {
            let asked: Vec<_> = asked.into_iter().map(|Said { id, args }| (id, core_args(args))).collect();
            Ok(each(self.core.texts(&asked)?))
        })
    }

    /// The sentence that says an error to a person. Every error has one in every language.
    pub fn error_text(&self, error: RafiqError) -> Result<Spoken, RafiqError> {
        let id = crate::error_message_id(error.clone())?;
        guarded("language.error_text", || {
            let mut args = core::Args::new();
            match error {
                RafiqError::Invalid { field, reason } => args = args.text("field", field).text("reason", reason),
                // The last second of a minute is a minute to wait.
                RafiqError::TryLater { seconds } => args = args.number("minutes", seconds.saturating_add(59) / 60),
                _ => {}
            }
            Ok(self.core.text(&id, &args)?.into())
        })
    }

    /// What stands beside a sentence that is not in the person's language, or that no person has reviewed.
    pub fn label(&self, spoken: Spoken) -> Result<Option<Spoken>, RafiqError> {
        guarded("language.label", || Ok(self.core.label(&spoken.into()).map(Spoken::from)))
    }

    /// A whole number in the language's digits.
    pub fn number(&self, number: i64) -> Result<String, RafiqError> {
        guarded("language.number", || Ok(self.core.number(number)))
    }

    /// The date at `at_ms` (Unix ms) in a time zone: an IANA name, or an offset (`+04:30`).
    pub fn date(&self, at_ms: i64, zone: String, style: DateStyle) -> Result<String, RafiqError> {
        guarded("language.date", || self.core.date(at_ms, &zone, style.into()))
    }

    /// Date and time of day, to the minute.
    pub fn date_time(&self, at_ms: i64, zone: String, style: DateStyle) -> Result<String, RafiqError> {
        guarded("language.date_time", || self.core.date_time(at_ms, &zone, style.into()))
    }

    /// The time of day, to the minute.
    pub fn time(&self, at_ms: i64, zone: String) -> Result<String, RafiqError> {
        guarded("language.time", || self.core.time(at_ms, &zone))
    }

    /// A stored ISO day (`2026-11-22`).
    pub fn day(&self, iso_day: String, style: DateStyle) -> Result<String, RafiqError> {
        guarded("language.day", || self.core.day(&iso_day, style.into()))
    }

    /// Reads a date that was typed in the language's own calendar, in digits of any script. `Invalid{date, …}` with `format`,
    /// `ambiguous`, `out-of-range`, `too-long`.
    pub fn parse_date(&self, text: String) -> Result<EnteredDate, RafiqError> {
        guarded("language.parse_date", || Ok(self.core.parse_date(&text)?.into()))
    }
}

fn core_args(args: HashMap<String, Arg>) -> core::Args {
    args.into_iter().fold(core::Args::new(), |all, (name, arg)| all.with(name, arg.into()))
}

same_words!(Direction, core::Direction, LeftToRight, RightToLeft);
same_words!(CalendarKind, core::Calendar, Gregorian, SolarHijri);
same_words!(DateStyle, core::DateStyle, Short, Long, Full);
same_words!(Precision, core::Precision, Year, Month, Day);

impl From<Arg> for core::Arg {
    fn from(arg: Arg) -> Self {
        match arg {
            Arg::Text { value } => Self::Text(value),
            Arg::Number { value } => Self::Number(value),
            Arg::Phone { value } => Self::Phone(value),
            Arg::Formatted { value } => Self::Formatted(value),
            Arg::Moment { at_ms, zone, style, with_time } => {
                Self::Moment { at_ms, zone, style: style.into(), with_time }
            }
        }
    }
}

impl From<core::Spoken> for Spoken {
    fn from(spoken: core::Spoken) -> Self {
        let core::Spoken { text, language, fallback, machine } = spoken;
        Self { text, language, fallback, machine }
    }
}

impl From<Spoken> for core::Spoken {
    fn from(spoken: Spoken) -> Self {
        let Spoken { text, language, fallback, machine } = spoken;
        Self { text, language, fallback, machine }
    }
}

impl From<core::LanguageInfo> for LanguageInfo {
    fn from(info: core::LanguageInfo) -> Self {
        let core::LanguageInfo { tag, name, direction, reviewed } = info;
        Self { tag, name, direction: direction.into(), reviewed }
    }
}

impl From<core::EnteredDate> for EnteredDate {
    fn from(date: core::EnteredDate) -> Self {
        let core::EnteredDate { first_day, precision, calendar } = date;
        Self { first_day, precision: precision.into(), calendar: calendar.into() }
    }
}
