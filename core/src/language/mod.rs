//! What a person reads: sentences, dates and numbers in their language. Needs no store, so that "wrong passphrase" can be
//! said in Dari before anything is open.
//!
//! ```
//! use rafiq::language::{Args, DateStyle, Language};
//! # fn main() -> rafiq::error::Result<()> {
//! let dari = Language::open("prs-AF")?;
//! let sentence = dari.text("error-wrong-passphrase", &Args::new())?;
//! assert_eq!(sentence.language, "prs");
//! assert_eq!(dari.day("2026-11-22", DateStyle::Long)?, "۱ قوس ۱۴۰۵");
//! # Ok(())
//! # }
//! ```
//!
//! Sentences are [Fluent](https://projectfluent.org) messages in `locales/<tag>/*.ftl`, one file a noun, embedded when the
//! crate is built. A sentence that a language lacks comes from the next one of its chain and says so
//! ([`Spoken::fallback`], [`Language::label`]); a machine translation that no person has reviewed says so too
//! ([`Spoken::machine`]). A message id is also the key of its recording, for those who do not read.
//!
//! # To add a language
//!
//! 1. Copy `locales/en` to `locales/<tag>`; the tag is BCP 47, without a region unless it is needed (`so`, `ckb`, `zh-Hant`).
//! 2. In `language.ftl`, fill in the header, which the build checks, and `language-name`, the language's own name:
//!
//!    ```text
//!    # review: machine              `reviewed` once a person who speaks the language has read this file
//!    # locale: fa-AF-u-ca-persian   the CLDR locale for months, digits and plural forms; here CLDR's name for Dari
//!    # direction: right-to-left
//!    # plurals: one other           CLDR's plural categories; a test compares them with CLDR
//!    # stands-in-for: =fa-AF fa     tags whose readers get this language before English; `=`: it is their own
//!    ```
//! 3. Translate. Keep ids and `{ $variables }`; give every plural form the language has; leave out no message and add
//!    none. Start every file with `# review: machine` until a person has reviewed it.
//! 4. Build. Whatever is missing, unknown or broken is named by file and line. No code changes.
//!
//! Write as one would speak to a guest: short, warm, plain words, "you" in the polite form, and what can be done next.

mod args;
mod calendar;
#[cfg(test)]
mod check; // otherwise used by the build script alone
mod parsing;
mod plurals;
mod sources;

pub use args::{Arg, Args, isolate_phone};
pub use calendar::{Calendar, DateStyle};
pub use parsing::{EnteredDate, Precision, parse_number};

use crate::error::{Error, Result};
use icu_locale_core::Locale as CldrLocale;
use icu_locale_core::extensions::unicode::key;
use sources::{LOCALES, Locale, Texts, chain};
use std::sync::OnceLock;
use unic_langid::LanguageIdentifier;

/// BCP 47 recommends room for 35 characters; extensions (`-u-ca-persian-nu-latn`) take more.
const LONGEST_TAG: usize = 100;

/// A language that someone reads, with what to fall back to. Cheap to keep, safe to share between threads, never changes.
pub struct Language {
    tag: String,
    /// The same without what chooses calendar and digits.
    name: String,
    /// For dates and digits: the CLDR locale of the first language of the chain, with the region, calendar and digits asked for.
    locale: CldrLocale,
    calendar: Calendar,
    chain: Vec<Link>,
}

/// A language of the chain, parsed when it is first needed.
struct Link {
    shipped: &'static Locale,
    own: bool,
    locale: CldrLocale,
    texts: OnceLock<Texts>,
}

/// A sentence, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// The sentence. Values in it are set apart by invisible marks (U+2068, U+2069); see [`Spoken::unmarked`].
    pub text: String,
    /// The tag of the language that it is really in.
    pub language: String,
    /// It is not in the language that was asked for.
    pub fallback: bool,
    /// A machine translated it, and no person has reviewed it yet.
    pub machine: bool,
}

/// Which way a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// As Latin and Cyrillic.
    LeftToRight,
    /// As Arabic script.
    RightToLeft,
}

/// A language that is shipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageInfo {
    /// Its BCP 47 tag, for [`Language::open`].
    pub tag: String,
    /// Its own name, for a list from which people choose.
    pub name: String,
    /// Which way it is written.
    pub direction: Direction,
    /// People have reviewed every sentence of it.
    pub reviewed: bool,
}

impl Language {
    /// Opens the language of a BCP 47 tag, such as a device reports it (`uk-UA`, `prs`, `ar-EG-u-nu-latn`; `_` for `-` is
    /// taken too). A region chooses its months and digits; `-u-ca-gregory`, `-u-ca-persian` and `-u-nu-…` choose calendar
    /// and digits against the habit of the place.
    ///
    /// A language that is not shipped opens as well: its sentences are those of the languages after it, and say so.
    ///
    /// # Errors
    /// [`Error::Invalid`] with field `language` if the tag is none.
    pub fn open(tag: &str) -> Result<Self> {
        if tag.len() > LONGEST_TAG {
            return Err(Error::invalid("language", "too-long"));
        }
        let asked: CldrLocale = tag.replace('_', "-").parse().map_err(|_| Error::invalid("language", "format"))?;
        let identifier: LanguageIdentifier =
            asked.id.to_string().parse().map_err(|_| Error::invalid("language", "format"))?;
        let mut links = Vec::new();
        for (shipped, own) in chain(&identifier) {
            let locale = shipped.locale.parse().map_err(|_| Error::bug("language: header"))?;
            links.push(Link { shipped, own, locale, texts: OnceLock::new() });
        }
        let first = links.first_mut().ok_or_else(|| Error::bug("language: no English"))?;
        if first.own {
            adapt(&mut first.locale, &asked);
        }
        let (locale, calendar) = (first.locale.clone(), Calendar::of(&first.locale));
        Ok(Self { tag: asked.to_string(), name: identifier.to_string(), locale, calendar, chain: links })
    }

    /// The languages that are shipped, in the order of their tags.
    #[must_use]
    pub fn available() -> Vec<LanguageInfo> {
        let info = |shipped: &'static Locale| {
            let name = Self::open(shipped.tag).and_then(|language| language.text("language-name", &Args::new()));
            LanguageInfo {
                tag: shipped.tag.into(),
                name: name.map_or_else(|_| shipped.tag.into(), |spoken| spoken.text),
                direction: direction(shipped),
                reviewed: shipped.reviewed(),
            }
        };
        LOCALES.iter().map(info).collect()
    }

    /// The tag it was opened with, in its canonical form.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Under which tags somebody else's sentences can be for its readers, best first, each with whether that is their own language. It need not
    /// be one that is shipped.
    pub(crate) fn tags(&self) -> impl Iterator<Item = (&str, bool)> {
        let alone = self.name.split('-').next().unwrap_or_default();
        [(self.name.as_str(), true), (alone, true)]
            .into_iter()
            .chain(self.chain.iter().map(|link| (link.shipped.tag, link.own)))
    }

    /// Which way its sentences are written; of a language that is not shipped, those it falls back to.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.chain.first().map_or(Direction::LeftToRight, |link| direction(link.shipped))
    }

    /// The calendar its dates are in.
    #[must_use]
    pub const fn calendar(&self) -> Calendar {
        self.calendar
    }

    /// The sentence of a message id, or of one of its attributes (`face-good.description`).
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that no language of the chain has; [`Error::Invalid`] with field `args` if a value that
    /// the sentence needs is not in `args`, `zone` if a moment's is unknown.
    pub fn text(&self, id: &str, args: &Args) -> Result<Spoken> {
        if args.has_moments() {
            return self.text(id, &args.written(self)?);
        }
        let (message, attribute) = match id.split_once('.') {
            Some((message, attribute)) => (message, Some(attribute)),
            None => (id, None),
        };
        for link in &self.chain {
            let texts = link.texts();
            if let Some(text) = texts.format(message, attribute, args) {
                return Ok(Spoken {
                    text: text.ok_or(Error::invalid("args", "missing"))?,
                    language: texts.tag.clone(),
                    fallback: !texts.own,
                    machine: texts.is_machine(message),
                });
            }
        }
        Err(Error::NotFound)
    }

    /// The sentences of a whole screen, in the order asked for. Errors as [`Language::text`], for the first that fails.
    pub fn texts(&self, asked: &[(String, Args)]) -> Result<Vec<Spoken>> {
        asked.iter().map(|(id, args)| self.text(id, args)).collect()
    }

    /// What stands beside a sentence that is not in the person's language, or that no person has reviewed: a short remark
    /// in the language of the sentence. `None` if there is nothing to remark.
    #[must_use]
    pub fn label(&self, spoken: &Spoken) -> Option<Spoken> {
        let id = match spoken {
            Spoken { fallback: true, .. } => "language-fallback",
            Spoken { machine: true, .. } => "language-machine",
            _ => return None,
        };
        let texts = self.chain.iter().map(Link::texts).find(|texts| texts.tag == spoken.language)?;
        let text = texts.format(id, None, &Args::new()).flatten()?;
        Some(Spoken { text, language: texts.tag.clone(), fallback: !texts.own, machine: texts.is_machine(id) })
    }
}

impl Spoken {
    /// The sentence without the marks that set values apart, for a terminal or a text message.
    #[must_use]
    pub fn unmarked(&self) -> String {
        self.text.chars().filter(|c| !matches!(c, '\u{2066}'..='\u{2069}')).collect()
    }
}

impl Link {
    fn texts(&self) -> &Texts {
        let files = self.shipped.files.iter().map(|file| (file.reviewed, file.text.to_owned()));
        self.texts.get_or_init(|| Texts::new(self.shipped.tag, self.own, &self.locale, files))
    }
}

/// The region, calendar and digits that were asked for, where the language leaves them open or is told otherwise.
fn adapt(locale: &mut CldrLocale, asked: &CldrLocale) {
    if locale.id.region.is_none() {
        locale.id.region = asked.id.region;
    }
    for key in [key!("ca"), key!("nu"), key!("hc")] {
        if let Some(value) = asked.extensions.unicode.keywords.get(&key) {
            locale.extensions.unicode.keywords.set(key, value.clone());
        }
    }
}

fn direction(shipped: &Locale) -> Direction {
    if shipped.right_to_left { Direction::RightToLeft } else { Direction::LeftToRight }
}

#[cfg(test)]
mod tests;
