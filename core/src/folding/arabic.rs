//! The Arabic article. It is written onto its word, and people search with and without it.

use super::characters::is_letter;

/// Takes the article off the start of a folded word, if enough of the word stays for it to have been one.
///
/// How much must stay was chosen so that common words that merely begin alike stay whole: الان (now), الى (to), والدين
/// (parents), بالغين (adults). Where it still takes too much off (`المانيا`, Germany) it does so in index and query
/// alike, and the word is found. Repeated until nothing more comes off, so that folding twice is folding once.
pub(super) fn take_article_off(word: &mut String) {
    let mut rest = word.as_str();
    while let Some(shorter) = without_article(rest) {
        rest = shorter;
    }
    let taken = word.len() - rest.len();
    word.drain(..taken);
}

fn without_article(word: &str) -> Option<&str> {
    if let Some(rest) = word.strip_prefix("ال") {
        return at_least(3, rest);
    }
    if let Some(rest) = word.strip_prefix("لل") {
        // "for the": the alif of the article is dropped. In لاجئ, refugee, the second lam is the word's own.
        return if rest.starts_with("اجي") { word.get("ل".len()..) } else { at_least(3, rest) };
    }
    if word.starts_with("ولل") {
        return without_article(word.get("و".len()..)?).and_then(|rest| at_least(4, rest));
    }
    ["وال", "فال", "بال", "كال"].into_iter().find_map(|joined| at_least(4, word.strip_prefix(joined)?))
}

/// The rest if it begins with as many letters; a mark of some other script is none.
fn at_least(letters: usize, rest: &str) -> Option<&str> {
    (rest.chars().take(letters).filter(|c| is_letter(*c)).count() == letters).then_some(rest)
}
