//! One text folding, used for the index and for the query alike, so that a word is found however it was typed.
//!
//! SQLite's `unicode61` does not fold what people actually mix up: أ and ا, ة and ه, ال-, ї and і, ґ and г, ’ and ',
//! ۱ and 1. So the core folds text itself before it is indexed, folds the query in the same way, and the index only has
//! to split at spaces. What is stored and shown is always the text as it was written; only the index holds folded text.
//!
//! What is folded:
//! - case, compatibility forms (full width, ligatures, presentation forms) and diacritics: `É` → `e`, `ß` → `ss`, `ı` → `i`;
//! - Arabic script: harakat and tatweel go; أ إ آ ٱ → ا, ة → ه, ى ی ئ ې → ي, ؤ ۆ → و, ک → ك, ە ھ ہ → ه; the article at
//!   the start of a word goes ([`tokens`] says when);
//! - Cyrillic: ї → і, й → и, ґ → г, ё → е, ў → у; apostrophes within a word go (`п’ять` = `п'ять` = `пять`);
//! - every digit of Unicode → ASCII;
//! - what cannot be seen (zero-width characters, bidi controls, soft hyphens) goes.
//!
//! Vowel signs of Indic, Burmese, Khmer, Thai … scripts are letters to their readers and are kept.

mod arabic;
mod characters;

pub(crate) use characters::{ascii_digit, is_invisible};
use characters::{fold_character, is_apostrophe, is_kept_mark, is_letter};
use unicode_normalization::UnicodeNormalization as _;

/// `text` as the index and the query see it: folded words, one space between them, nothing else. Empty if the text has
/// no letter and no digit.
///
/// Folding twice is folding once. Takes time and memory in proportion to the text (at most 18 times its length, for a
/// text of nothing but ﷺ); does not fail.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in words(text) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(&word);
    }
    folded
}

/// The folded words of `text`, in order: what a query is made of.
///
/// A word is a run of letters, digits and the marks that belong to them; a mark without a letter before it is none. The Arabic article is taken from its start:
/// `ال` if three letters stay (`المدرسة` and `مدرسة` are found by each other, `الآن` stays whole), after `و ف ب ك` if
/// four stay (`والمدرسة`; `والدين`, parents, stays whole), and `لل` if three stay (`للنساء`). A French elision is a word
/// of its own (`l’école` → `l`, `ecole`).
#[must_use]
pub fn tokens(text: &str) -> Vec<String> {
    words(text).collect()
}

/// The free-standing acute accent, often typed for an apostrophe. NFKD would make a space of it.
const ACUTE: char = '´';

fn words(text: &str) -> impl Iterator<Item = String> {
    if text.is_ascii() {
        return split(&text.to_ascii_lowercase()).into_iter();
    }
    let plain = text.chars().map(|c| if c == ACUTE { '\'' } else { c }).filter(|c| !is_invisible(*c));
    let letters: String = plain
        .nfkd()
        .filter(|c| !is_invisible(*c))
        .flat_map(char::to_lowercase) // stays NFKD; a test goes through every character
        .flat_map(fold_character)
        .collect();
    split(&letters).into_iter()
}

/// Splits at everything that is no letter, digit or kept mark, and takes articles and elisions off.
fn split(letters: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word = String::new();
    let mut characters = letters.chars().peekable();
    while let Some(c) = characters.next() {
        if is_apostrophe(c) {
            let next_is_letter = characters.peek().is_some_and(|next| next.is_alphabetic());
            if next_is_letter && is_elided(&word) {
                found.push(std::mem::take(&mut word));
            }
        } else if if word.is_empty() { is_letter(c) } else { c.is_alphanumeric() || is_kept_mark(c) } {
            word.push(c);
        } else if !word.is_empty() {
            found.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        found.push(word);
    }
    for word in &mut found {
        if word.chars().any(is_kept_mark) {
            // What was taken out may have stood between marks that have an order of their own.
            *word = word.nfkd().collect();
        }
        arabic::take_article_off(word);
    }
    found
}

/// What French and Italian put before an apostrophe without its being part of the next word.
fn is_elided(word: &str) -> bool {
    matches!(word, "l" | "d" | "j" | "m" | "t" | "s" | "n" | "c" | "qu" | "jusqu" | "lorsqu" | "dell" | "nell" | "all")
}

#[cfg(test)]
mod tests;
