#![allow(clippy::unwrap_used)] // tests may stop at the first surprise

use super::{fold, tokens};
use proptest::prelude::*;

/// Both are found by each other: they fold alike, and to something.
#[track_caller]
fn same(written: &str, searched: &str) {
    assert_eq!(fold(written), fold(searched), "{written} / {searched}");
    assert!(!fold(written).is_empty());
}

#[test]
fn harakat_and_tatweel_do_not_matter() {
    same("مُدَرِّسَة", "مدرسة");
    same("مــدرســة", "مدرسة");
    same("هٰذا", "هذا");
    same("شكراً", "شكرا");
}

#[test]
fn alif_with_and_without_hamza() {
    same("أطفال", "اطفال");
    same("إقامة", "اقامة");
    same("آلام", "الام");
    same("ٱسم", "اسم");
    same("أ\u{0654}", "ا");
}

#[test]
fn ta_marbuta_and_ha_ya_and_alif_maqsura() {
    same("مدرسة", "مدرسه");
    same("مستشفى", "مستشفي");
    same("لاجئين", "لاجيين");
    same("مسؤول", "مسوول");
}

#[test]
fn the_article_is_found_with_and_without() {
    same("المدرسة", "مدرسة");
    same("والمدرسة", "مدرسة");
    same("بالعربية", "عربية");
    same("للنساء", "نساء");
    same("للأطفال", "الأطفال");
    same("للاجئين", "لاجئين");
    same("اللاجئين", "لاجئين");
    same("وللاجئين", "لاجئين");
    same("وللنساء", "النساء");
    same("العمل", "عمل");
}

#[test]
fn words_that_begin_like_an_article_stay_whole() {
    for (word, whole) in [
        ("الآن", "الان"),
        ("إلى", "الي"),
        ("والدين", "والدين"),
        ("والدة", "والده"),
        ("بالغين", "بالغين"),
        ("ألم", "الم"),
        ("لله", "لله"),
    ] {
        assert_eq!(fold(word), whole);
    }
}

#[test]
fn persian_kurdish_pashto_and_urdu_letters() {
    same("کابل", "كابل");
    same("افغانی", "افغاني");
    same("خانهٔ", "خانۀ");
    same("خانه", "خانە");
    same("کوردی", "كوردي");
    same("دهۆک", "دهوك");
    same("ښوونځی", "ښوونځي");
    same("ہسپتال", "هسپتال");
    same("می‌خواهم", "میخواهم");
    assert_ne!(fold("گل"), fold("كل"), "gaf is a letter of its own");
}

#[test]
fn ukrainian_and_russian_letters() {
    same("їжа", "іжа");
    same("ґанок", "ганок");
    same("Київ", "киів");
    same("йога", "иога");
    same("ёлка", "елка");
    same("п’ять", "п'ять");
    same("пʼять", "пять");
    same("п´ять", "пять");
    assert_ne!(fold("кит"), fold("кіт"), "и and і are letters of their own");
}

#[test]
fn latin_letters() {
    same("Straße", "STRASSE");
    same("Čaj", "caj");
    same("IŞIK ışık İstanbul", "isik isik istanbul");
    same("Łódź", "lodz");
    same("Tiếng Việt", "tieng viet");
    same("cœur", "coeur");
    same("Go'aan", "goaan");
    same("ＦＵＬＬ ﬁn", "full fin");
    assert_eq!(tokens("L’école d'été aujourd’hui"), ["l", "ecole", "d", "ete", "aujourdhui"]);
}

#[test]
fn every_digit_set() {
    for digits in ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "၀၁၂၃၄၅၆၇၈၉", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "０１２３４５６７８９"]
    {
        assert_eq!(fold(digits), "0123456789");
    }
    assert_eq!(fold("+۹۳ (۷۰) ۱۲۳-۴۵۶"), "93 70 123 456");
}

#[test]
fn what_cannot_be_seen_does_not_matter() {
    same("\u{202B}مدرسة\u{202C}", "مدرسة");
    same("work\u{200B}shop\u{00AD}s", "workshops");
    same("\u{FEFF}a\u{2068}b\u{2069}", "ab");
}

#[test]
fn vowel_signs_are_letters() {
    assert_eq!(fold("ကျန်းမာရေး"), "ကျန်းမာရေး");
    assert_eq!(fold("हिन्दी"), "हिन्दी");
    assert_ne!(fold("กิน"), fold("กน"));
}

#[test]
fn ethiopic_and_others_pass() {
    assert_eq!(fold("ሰላም፡ዓለም"), "ሰላም ዓለም");
    assert_eq!(fold(""), "");
    assert_eq!(fold("ال\u{1039}يا"), "ال\u{1039}يا", "no word begins with a mark");
    assert_eq!(fold("\u{0301}\u{0303} — !?\u{10FFFF}"), "");
}

#[test]
fn long_input_takes_time_in_proportion() {
    // Marks without end are sorted, not compared with each other; the longest expansion is bounded.
    assert_eq!(fold(&format!("a{}", "\u{0301}".repeat(200_000))), "a");
    assert!(fold(&"ﷺ".repeat(10_000)).len() <= 18 * 3 * 10_000);
    assert_eq!(fold(&"ال".repeat(200_000)).chars().count(), 4);
}

/// Text of the sorts that matter here, mixed with anything.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        "[\u{0600}-\u{06FF}\u{0750}-\u{077F}\u{FB50}-\u{FDFF}\u{FE70}-\u{FEFF}]{0,6}",
        "[\u{0300}-\u{036F}\u{0591}-\u{05C7}\u{0900}-\u{0A7F}\u{0E00}-\u{0FBC}\u{1000}-\u{109F}]{0,4}",
        "[\u{0400}-\u{04FF}'’ʼ´]{0,6}",
        "[a-zA-Z'’ßıİŁøéÄ]{0,6}",
        "(ال|وال|بال|لل|ولل|لا|اجي|ﷲ|ﷺ|l'|qu’| ){0,4}",
        "[\u{200B}-\u{200F}\u{202A}-\u{202E}\u{2060}-\u{206F}\u{00AD}]",
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn folding_twice_is_folding_once(text in text()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn tokens_are_the_words_of_fold(text in text()) {
        prop_assert_eq!(tokens(&text).join(" "), fold(&text));
    }

    #[test]
    fn words_fold_alone_as_they_do_together(a in text(), b in text()) {
        let both = fold(&format!("{a} . {b}"));
        let apart = [fold(&a), fold(&b)].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ");
        prop_assert_eq!(both, apart);
    }

    #[test]
    fn growth_is_bounded(text in text()) {
        prop_assert!(fold(&text).chars().count() <= 18 * text.chars().count());
    }
}

/// Why `words` needs no second NFKD after lower case and our own letters.
#[test]
fn folding_a_decomposed_character_leaves_nothing_to_decompose() {
    use unicode_normalization::UnicodeNormalization as _;
    for c in ('\0'..=char::MAX).flat_map(|c| std::iter::once(c).nfkd()) {
        let folded: String = c.to_lowercase().flat_map(super::characters::fold_character).collect();
        assert_eq!(folded.nfkd().collect::<String>(), folded, "{c:?}");
    }
}

/// The table of zeros against the standard library: a digit is numeric, and what is before a zero is not its nine.
#[test]
fn the_digit_table_is_sorted_and_numeric() {
    let mut count = 0;
    for c in '\0'..=char::MAX {
        if let Some(digit) = super::characters::ascii_digit(c) {
            assert!(digit.is_ascii_digit());
            assert!(c.is_numeric() || u32::from(c) > 0x10D3F, "{c:?}"); // newer than the standard library's Unicode, perhaps
            count += 1;
        }
    }
    assert_eq!(count, 770);
}

/// A vowel sign at a word's start counts as alphabetic, and a virama behind it would be sorted before it: a word that begins otherwise
/// each time it is folded.
#[test]
fn a_word_begins_with_a_letter() {
    for (text, folded) in
        [("\u{0F80}\u{10A3F}", ""), ("\u{0E38}\u{0F84}ก", "ก"), ("ال\u{0E38}\u{0F84}ابت", "ال\u{0F84}\u{0E38}ابت")]
    {
        assert_eq!(fold(text), folded, "{text:?}");
        assert_eq!(fold(folded), folded, "{text:?}");
    }
    assert_eq!(fold("กุ้ง"), "กุ้ง");
}
