//! What single characters fold to, after NFKD and lower case.

use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// The character, or what stands for it in the index: nothing, one or two letters.
pub(super) fn fold_character(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        c if c.is_ascii() => (Some(c), None),
        c if is_combining_mark(c) && !is_kept_mark(c) => (None, None),

        // Latin letters that do not decompose.
        'ß' => (Some('s'), Some('s')),
        'æ' => (Some('a'), Some('e')),
        'œ' => (Some('o'), Some('e')),
        'þ' => (Some('t'), Some('h')),
        'ı' | 'ɨ' => (Some('i'), None),
        'ø' => (Some('o'), None),
        'đ' | 'ð' => (Some('d'), None),
        'ł' => (Some('l'), None),
        'ħ' => (Some('h'), None),

        // Greek: the last sigma of a word.
        'ς' => (Some('σ'), None),

        // Cyrillic. ї, й, ё and ў came apart under NFKD; their marks are gone.
        'ґ' => (Some('г'), None),

        // Arabic script. أ إ آ ؤ ئ came apart under NFKD; their hamza is gone. The other letters are those of Persian,
        // Kurdish, Pashto and Urdu keyboards, which look alike in one form or another and are mixed up in typing.
        'ـ' => (None, None),
        'ٱ' | 'ٲ' | 'ٳ' => (Some('ا'), None),
        'ة' | 'ە' | 'ھ' | 'ہ' | 'ۃ' => (Some('ه'), None),
        'ى' | 'ی' | 'ې' | 'ۍ' | 'ێ' | 'ے' | 'ۑ' | 'ؠ' => (Some('ي'), None),
        'ۆ' | 'ۇ' | 'ۈ' | 'ۋ' | 'ۊ' => (Some('و'), None),
        'ک' | 'ڪ' => (Some('ك'), None),
        'ګ' => (Some('گ'), None),
        'ں' => (Some('ن'), None),
        'ڕ' => (Some('ر'), None),
        'ڵ' => (Some('ل'), None),

        c => (Some(ascii_digit(c).unwrap_or(c)), None),
    };
    first.into_iter().chain(second)
}

/// Marks that are letters to their readers: vowel signs, viramas, nuktas and tone marks of South and South-East Asian
/// scripts. Accents, harakat, hamzas and points (combining classes 10–36 and from 200 on) are not.
pub(super) fn is_kept_mark(c: char) -> bool {
    is_combining_mark(c)
        && match canonical_combining_class(c) {
            0 => c.is_alphabetic(),
            7..=9 | 84..=199 => true,
            _ => false,
        }
}

/// What a word can begin with: a letter or digit. A vowel sign counts as alphabetic too, but it belongs to a letter before it; and at
/// a word's start other marks could be put before it, which begin none.
pub(super) fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !is_combining_mark(c)
}

/// What is typed for an apostrophe within a word.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '‛' | 'ʼ' | 'ʻ' | 'ʽ' | 'ˈ' | '`' | '′' | 'ꞌ')
}

/// Zero-width characters, bidi controls, soft hyphen, variation selectors: two texts that look the same must be found
/// by each other.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// A decimal digit of any script (Unicode's `Nd`) as an ASCII digit.
pub(crate) fn ascii_digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let zero = *ZEROS.get(ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?)?;
    char::from_digit(code - zero, 10)
}

/// The zeros of Unicode 17's decimal digits; in each script the other nine follow it.
const ZEROS: [u32; 77] = [
    0x0030, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
    0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x10D40, 0x11066,
    0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0,
    0x11950, 0x11BF0, 0x11C50, 0x11D50, 0x11DA0, 0x11DE0, 0x11F50, 0x16130, 0x16A60, 0x16AC0, 0x16B50, 0x16D70,
    0x1CCF0, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0,
];
