//! The day in English, for whoever reads no other language: what its people are called, and what they write and look for.

use super::{COURIER, MENTOR, NEWCOMER, apart, card, ending};

const IN_ENGLISH: [(&str, &str); 8] = [
    (NEWCOMER, "Amina"),
    (MENTOR, "Bohdan"),
    (COURIER, "Salma"),
    (apart::GOAL, "Read a newspaper by myself"),
    (card::GOALS[0], "Learn to ride a bicycle"),
    (card::GOALS[1], "Know the neighbours’ names"),
    (ending::CLINIC, "clinic"),
    (ending::SHELTER, "shelter"),
];

/// Who is who, before anything is said.
pub(super) const CAST: [&str; 3] = [
    "Maria coordinates a group, on a laptop. Amina (\u{2068}آمنه\u{2069}) is a newcomer and reads Dari; Bohdan (Богдан) is her",
    "mentor and reads Ukrainian; Salma (\u{2068}سلمى\u{2069}) reads Arabic and carries a memory card. Each hears the day in their own",
    "language, and in brackets below it stands what that says in English. Lines at the margin are results.",
];

/// An English sentence with the day's names and words in English too, and without the marks that set them apart.
pub(super) fn in_english(sentence: &str) -> String {
    IN_ENGLISH.iter().fold(unmarked(sentence), |text, (word, english)| text.replace(word, english))
}

/// A sentence without the marks that set values apart.
pub(super) fn unmarked(sentence: &str) -> String {
    sentence.chars().filter(|c| !matches!(c, '\u{2066}'..='\u{2069}')).collect()
}

#[cfg(test)]
mod tests {
    use super::in_english;

    #[test]
    fn names_and_words_are_said_in_english() {
        assert_eq!(in_english("New goal: \u{2068}بایسکل‌رانی یاد بگیرم\u{2069}"), "New goal: Learn to ride a bicycle");
        assert_eq!(in_english("You and \u{2068}آمنه\u{2069} are in touch now."), "You and Amina are in touch now.");
    }
}
