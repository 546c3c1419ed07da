//! The twelve words: 128 random bits written so that a hand can copy them and a mistake shows.
//!
//! The form is BIP-39's, with its English list: 12 times 11 bits, the last four of which check the others. The list stands here as a file and not
//! in a crate: 2048 lines that never change, whose checksum the tests hold, against a dependency with dependencies of its own.

use crate::error::{Error, Result};
use crate::sync::wire::DeviceKeys;
use crate::sync::wire::keys::derive;
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::LazyLock;
use zeroize::Zeroizing;

/// The words of a kit.
pub const WORDS: usize = 12;
/// A longer text is no kit, whatever stands in it; room for numbers, line breaks and twelve of the longest words.
const MAX_TEXT: usize = 512;
/// So many letters tell every word of the list from the others.
#[cfg(test)]
const TELLING: usize = 4;
/// The most words that [`words_beginning`] gives.
const SUGGESTIONS: usize = 8;

/// In alphabetical order, each of 3 to 8 small letters.
static LIST: LazyLock<Vec<&'static str>> = LazyLock::new(|| include_str!("english.txt").lines().collect());

/// What a kit's words say. Wiped from memory when dropped, and never shown by `Debug`.
pub struct KitSecret(Zeroizing<[u8; 16]>);

impl KitSecret {
    /// From 16 random bytes.
    #[must_use]
    pub fn new(entropy: [u8; 16]) -> Self {
        Self(Zeroizing::new(entropy))
    }

    /// From words as somebody has typed them: capitals, numbers, commas and line breaks are forgiven.
    ///
    /// Errors: `Invalid{words, count}` unless there are twelve, `Invalid{words, unknown}` for one that is not in the list,
    /// `Invalid{words, checksum}` for words that no kit has: one is wrong, or two have changed places.
    pub fn parse(text: &str) -> Result<Self> {
        if text.len() > MAX_TEXT {
            return Err(Error::invalid("words", "count"));
        }
        let mut numbers = Zeroizing::new([0_u16; WORDS]);
        let mut count = 0;
        for word in text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty()) {
            let place = numbers.get_mut(count).ok_or(Error::invalid("words", "count"))?;
            *place = number_of(word).ok_or(Error::invalid("words", "unknown"))?;
            count += 1;
        }
        if count != WORDS {
            return Err(Error::invalid("words", "count"));
        }
        // 132 bits; the first 128 are the secret.
        let mut bits = Zeroizing::new([0_u8; 17]);
        for (place, number) in numbers.iter().enumerate() {
            for bit in 0..11 {
                let at = place * 11 + bit;
                bits[at / 8] |= u8::from(number >> (10 - bit) & 1 == 1) << (7 - at % 8);
            }
        }
        let mut secret = Self::new([0; 16]);
        secret.0.copy_from_slice(&bits[..16]);
        if secret.check() == bits[16] { Ok(secret) } else { Err(Error::invalid("words", "checksum")) }
    }

    /// The words, one blank between two.
    #[must_use]
    pub fn words(&self) -> Zeroizing<String> {
        let mut bits = Zeroizing::new([0_u8; 17]);
        bits[..16].copy_from_slice(&*self.0);
        bits[16] = self.check();
        // Longer than it ever gets, so that it never moves and leaves a copy behind.
        let mut words = Zeroizing::new(String::with_capacity(WORDS * 9));
        for place in 0..WORDS {
            let number = (0..11)
                .map(|bit| place * 11 + bit)
                .fold(0, |sum, at| sum << 1 | usize::from(bits[at / 8] >> (7 - at % 8) & 1));
            if place > 0 {
                words.push(' ');
            }
            words.push_str(LIST[number]);
        }
        words
    }

    /// The keys of the kit: those of a device that nobody carries, under its first and only incarnation.
    #[must_use]
    pub fn keys(&self) -> DeviceKeys {
        DeviceKeys::from_seed(derive("rafiq 2026 recovery kit seed v1", &[&*self.0]), 1)
    }

    /// Four bits, in the upper half of the byte.
    fn check(&self) -> u8 {
        Sha256::digest(*self.0)[0] & 0xf0
    }
}

impl fmt::Debug for KitSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the secret of a kit")
    }
}

/// Whether these can be the words of a kit, before any relay is asked. Needs no profile, so that nobody has to make one just to type them.
///
/// Errors: `Invalid{field: "words"}` with `count` (not twelve), `unknown` (one is not in the list), `checksum` (one is wrong, or two have
/// changed places).
pub fn check(words: &str) -> Result<()> {
    KitSecret::parse(words).map(|_| ())
}

/// The words of the list that begin with these letters, at most eight: for a field that helps whoever types them, before there is a profile. None
/// before the first letter.
#[must_use]
pub fn words_beginning(letters: &str) -> Vec<String> {
    let letters = letters.trim().to_ascii_lowercase();
    if letters.is_empty() {
        return Vec::new();
    }
    let from = LIST.partition_point(|word| *word < letters.as_str());
    LIST[from..]
        .iter()
        .take_while(|word| word.starts_with(&letters))
        .take(SUGGESTIONS)
        .map(|word| (*word).to_owned())
        .collect()
}

/// A word's place in the list, by all its letters.
fn number_of(word: &str) -> Option<u16> {
    let small = || word.bytes().map(|letter| letter.to_ascii_lowercase());
    let place = LIST.binary_search_by(|known| known.bytes().cmp(small())).ok()?;
    u16::try_from(place).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_bip_39s_and_can_be_searched() {
        let sum = Sha256::digest(include_str!("english.txt"));
        let sum: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(sum, "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda");
        assert_eq!(LIST.len(), 2048);
        assert!(LIST.is_sorted());
        let mut beginnings: Vec<&str> = LIST.iter().map(|word| &word[..word.len().min(TELLING)]).collect();
        beginnings.dedup();
        assert_eq!(beginnings.len(), 2048);
    }

    /// From the test vectors of BIP-39.
    #[test]
    fn words_are_those_that_others_make() {
        for (entropy, words) in [
            (0x00, "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"),
            (0x7f, "legal winner thank year wave sausage worth useful legal winner thank yellow"),
            (0x80, "letter advice cage absurd amount doctor acoustic avoid letter advice cage above"),
            (0xff, "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong"),
        ] {
            let secret = KitSecret::new([entropy; 16]);
            assert_eq!(*secret.words(), words);
            assert_eq!(*KitSecret::parse(words).unwrap().0, [entropy; 16]);
        }
        let mixed = *b"\x9e\x88\x5d\x95\x2a\xd3\x62\xca\xeb\x4e\xfe\x34\xa8\xe9\x1b\xd2";
        let words = "ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic";
        assert_eq!(*KitSecret::new(mixed).words(), words);
        assert_eq!(*KitSecret::parse(words).unwrap().0, mixed);
    }

    #[test]
    fn a_hand_is_forgiven_and_a_mistake_shows() {
        let right = "legal winner thank year wave sausage worth useful legal winner thank yellow";
        let numbered =
            "1. Legal 2. Winner 3. Thank\n4. YEAR 5. wave, sausage; worth useful\tlegal winner thank  yellow\n";
        assert_eq!(*KitSecret::parse(numbered).unwrap().0, [0x7f; 16]);
        let refused = |text: &str| match KitSecret::parse(text) {
            Err(Error::Invalid { field: "words", reason }) => reason,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(""), "count");
        assert_eq!(refused("legal winner"), "count");
        assert_eq!(refused(&format!("{right} legal")), "count");
        assert_eq!(refused(&"legal ".repeat(100_000)), "count");
        assert_eq!(refused(&right.replace("sausage", "sausages")), "unknown");
        assert_eq!(refused(&right.replace("sausage", "сосиска")), "unknown");
        assert_eq!(refused(&right.replace("sausage", "wave")), "checksum");
        assert_eq!(refused(&right.replace("thank year", "year thank")), "checksum");
    }

    #[test]
    fn beginnings_help_who_types() {
        assert_eq!(words_beginning("aban"), ["abandon"]);
        assert_eq!(words_beginning("Act"), ["act", "action", "actor", "actress", "actual"]);
        assert_eq!(words_beginning("s").len(), SUGGESTIONS);
        assert!(words_beginning("").is_empty() && words_beginning("zzz").is_empty() && words_beginning("ش").is_empty());
    }

    #[test]
    fn a_secret_is_not_shown() {
        let secret = KitSecret::new([0xab; 16]);
        assert!(!format!("{secret:?} {:?}", secret.keys()).to_lowercase().contains("abab"));
        assert_ne!(secret.keys().device(), KitSecret::new([0xac; 16]).keys().device());
    }
}
