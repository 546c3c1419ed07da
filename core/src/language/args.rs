//! What is put into a sentence.

use super::{DateStyle, Language};
use crate::error::Result;
use fluent_bundle::{FluentArgs, FluentValue};
use icu_locale_core::Locale as CldrLocale;

/// Values for the variables of a message, by name.
///
/// ```
/// # use rafiq::language::{Args, Language};
/// # fn main() -> rafiq::error::Result<()> {
/// let args = Args::new().text("name", "Олена").number("count", 3);
/// # Language::open("en")?.text("sync-waiting", &Args::new().number("count", 3))?;
/// # let _ = args;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Args(Vec<(String, Arg)>);

/// One value. Each is set apart from its sentence (Unicode's isolates), so that a Latin name in an Arabic sentence does
/// not turn its words round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// What a person wrote: a name, a title. Bidi controls and line breaks are taken out, so that it cannot reach into
    /// the sentence around it.
    Text(String),
    /// A count: chooses the plural form, and is written in the language's digits.
    Number(i64),
    /// A telephone number: always left to right, in the digits it came in.
    Phone(String),
    /// A date, a time or another sentence of ours: taken as it is.
    Formatted(String),
    /// A moment, written as the language writes dates: the day, or with the time of day.
    Moment {
        /// Unix milliseconds.
        at_ms: i64,
        /// An IANA name, or an offset (`+04:30`).
        zone: String,
        /// How much of the date.
        style: DateStyle,
        /// Whether the time of day stands beside it.
        with_time: bool,
    },
}

impl Args {
    /// No values yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what a person wrote.
    #[must_use]
    pub fn text(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(name, Arg::Text(value.into()))
    }

    /// Adds a count.
    #[must_use]
    pub fn number(self, name: impl Into<String>, value: i64) -> Self {
        self.with(name, Arg::Number(value))
    }

    /// Adds a telephone number.
    #[must_use]
    pub fn phone(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(name, Arg::Phone(value.into()))
    }

    /// Adds what the language has already formatted.
    #[must_use]
    pub fn formatted(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(name, Arg::Formatted(value.into()))
    }

    /// Adds any value; a second one of the same name replaces the first.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: Arg) -> Self {
        let name = name.into();
        self.0.retain(|(other, _)| *other != name);
        self.0.push((name, value));
        self
    }

    /// The same with every moment written out in a language.
    pub(super) fn written(&self, language: &Language) -> Result<Self> {
        let written = self.0.iter().map(|(name, arg)| Ok((name.clone(), arg.written(language)?)));
        written.collect::<Result<_>>().map(Self)
    }

    pub(super) fn has_moments(&self) -> bool {
        self.0.iter().any(|(_, arg)| matches!(arg, Arg::Moment { .. }))
    }

    pub(super) fn to_fluent(&self, locale: &CldrLocale) -> FluentArgs<'_> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.to_fluent(locale))).collect()
    }
}

impl Arg {
    fn written(&self, language: &Language) -> Result<Self> {
        Ok(match self {
            Self::Moment { at_ms, zone, style, with_time: true } => {
                Self::Formatted(language.date_time(*at_ms, zone, *style)?)
            }
            Self::Moment { at_ms, zone, style, with_time: false } => {
                Self::Formatted(language.date(*at_ms, zone, *style)?)
            }
            other => other.clone(),
        })
    }

    fn to_fluent(&self, locale: &CldrLocale) -> FluentValue<'_> {
        match self {
            Self::Text(text) => FluentValue::String(clean(text).into()),
            Self::Number(number) => super::plurals::count(locale, *number),
            Self::Phone(number) => FluentValue::String(isolate_phone(number).into()),
            Self::Formatted(text) => FluentValue::String(text.as_str().into()),
            Self::Moment { .. } => FluentValue::Error, // written out before
        }
    }
}

/// A telephone number that keeps its order inside right-to-left text: `+43 1 234` not `234 1 43+`.
#[must_use]
pub fn isolate_phone(number: &str) -> String {
    format!("\u{2066}{}\u{2069}", clean(number))
}

/// Without bidi controls and line breaks, which would end the isolation around a value. Joiners stay: Persian needs them.
fn clean(text: &str) -> String {
    let kept = text.chars().filter(|c| !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'));
    kept.map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}
