//! What a call takes: lengths, characters, language tags. A person's words are measured in characters, not bytes, so that a
//! sentence in Dari may be as long as one in English.

use crate::error::{Error, Result};
use unic_langid::LanguageIdentifier;

/// A person's or group's name, a pairing's title.
pub(crate) const NAME: usize = 80;
/// A place.
pub(crate) const PLACE: usize = 200;
/// A goal or a milestone in own words.
pub(crate) const GOAL: usize = 500;
/// A note beside a check-in.
pub(crate) const NOTE: usize = 2_000;

/// One line that must say something.
pub(crate) fn line(field: &'static str, text: &str, most: usize) -> Result<String> {
    let text = optional_line(field, text, most)?;
    if text.is_empty() { Err(Error::invalid(field, "empty")) } else { Ok(text) }
}

/// One line that may be empty.
pub(crate) fn optional_line(field: &'static str, text: &str, most: usize) -> Result<String> {
    let text = note(field, text, most)?;
    if text.chars().any(char::is_control) { Err(Error::invalid(field, "format")) } else { Ok(text) }
}

/// Text of several lines that may be empty.
pub(crate) fn note(field: &'static str, text: &str, most: usize) -> Result<String> {
    // Bytes first: nobody makes us count the characters of a gigabyte.
    if text.len() > 8 * most || text.trim().chars().count() > most {
        return Err(Error::invalid(field, "too-long"));
    }
    Ok(text.trim().to_owned())
}

/// A BCP 47 language tag, in its usual spelling.
pub(crate) fn language(tag: &str) -> Result<String> {
    let parsed = if tag.len() <= 35 { tag.parse::<LanguageIdentifier>().ok() } else { None };
    let parsed = parsed.ok_or(Error::invalid("language", "format"))?;
    if parsed.language.is_empty() { Err(Error::invalid("language", "format")) } else { Ok(parsed.to_string()) }
}

/// What a screen gets of a text that came from elsewhere: another app may have had other limits, or none.
pub(crate) fn clip(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may fail
    use super::*;

    #[test]
    fn words_are_measured_in_characters() {
        assert_eq!(line("name", "  سلام ", 4).unwrap(), "سلام");
        assert_eq!(line("name", "سلام!", 4), Err(Error::invalid("name", "too-long")));
        assert_eq!(line("name", " \n ", 4), Err(Error::invalid("name", "empty")));
        assert_eq!(line("name", "a\nb", 4), Err(Error::invalid("name", "format")));
        assert_eq!(note("note", "a\nb", 4).unwrap(), "a\nb");
        assert_eq!(clip("سلام!", 4), "سلام");
    }

    #[test]
    fn bad_language_tag() {
        assert_eq!(language("PRS").unwrap(), "prs");
        assert_eq!(language("uk-ua").unwrap(), "uk-UA");
        for bad in ["", "und-", "x y", "دری", "en-", &"a".repeat(1000), "und"] {
            assert_eq!(language(bad), Err(Error::invalid("language", "format")), "{bad}");
        }
    }
}
