//! Telephone numbers: kept as written for people, and as digits for the dialler when that is certain.

use serde_json::{Map, Value};

use super::fields::{Object, limits};
use super::problem::Problem;
use super::record::Draft;
use super::service::{language, translate};

/// Digits of an international number at most, after ITU-T E.164.
const MAX_DIGITS: usize = 15;

/// Adds the phones of an object that the record does not have yet.
pub(super) fn add(source: &Object<'_, '_>, record: &mut Draft) {
    for phone in source.list("phones") {
        let Some(number) = phone.code("number", limits::LINE) else {
            if phone.map.get("number").is_none_or(|n| n.is_null() || n.as_str().is_some_and(|t| t.trim().is_empty())) {
                phone.problem("number", Problem::Missing, "");
            }
            continue;
        };
        let number = number.trim_matches(['"', '\'', ' ']).to_owned();
        if !number.chars().any(char::is_numeric) && !number.chars().any(|c| c.is_ascii_uppercase()) {
            phone.problem("number", Problem::NotAPhone, &number);
            continue;
        }
        let mut kept = Map::new();
        let mut put = |field: &str, text: Option<String>| {
            if let Some(text) = text {
                kept.insert(field.to_owned(), Value::String(text));
            }
        };
        match dial(&number) {
            Dial::Number(digits) => put("dial", Some(digits)),
            Dial::Uncertain => {}
            Dial::TooLong => {
                phone.problem("number", Problem::NotAPhone, &number);
                continue;
            }
        }
        put("number", Some(number));
        put("extension", phone.code("extension", limits::LINE));
        put("type", phone.text("type", limits::LINE));
        put("description", phone.text("description", limits::PROSE));
        let languages: Vec<String> = phone.list("languages").iter().filter_map(language).collect();
        put("languages", (!languages.is_empty()).then(|| languages.join(", ")));
        translate(&mut kept, &phone, &["description"]);
        let same = |other: &Value| ["number", "extension"].iter().all(|field| other.get(*field) == kept.get(*field));
        if !record.list("phones").iter().any(same) {
            record.add("phones", kept);
        }
    }
}

enum Dial {
    Number(String),
    /// Letters in it (`0800 HELP`, `ask for Ann`): shown, not dialled.
    Uncertain,
    TooLong,
}

/// `+` and digits, or digits alone when the number names no country: which country it is, nobody guesses.
fn dial(number: &str) -> Dial {
    // `(0)` after a country code is dialled within the country only.
    let number = if number.starts_with('+') { number.replace("(0)", "") } else { number.to_owned() };
    let mut digits = String::new();
    for character in number.chars() {
        match character {
            '+' if digits.is_empty() => digits.push('+'),
            _ if character.is_alphabetic() || character == '+' || character == '/' || character == ',' => {
                return Dial::Uncertain;
            }
            _ => digits.extend(digit(character)),
        }
    }
    let digits =
        digits.strip_prefix("00").filter(|rest| rest.len() > 7).map(|rest| format!("+{rest}")).unwrap_or(digits);
    match digits.trim_start_matches('+').len() {
        0..=1 => Dial::Uncertain,
        2..=MAX_DIGITS => Dial::Number(digits),
        _ => Dial::TooLong,
    }
}

/// Decimal digits of the scripts that directories are written in.
fn digit(character: char) -> Option<char> {
    let zero = match character {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}', // Arabic-Indic
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}', // Persian, Urdu
        '\u{966}'..='\u{96f}' => '\u{966}', // Devanagari
        '\u{9e6}'..='\u{9ef}' => '\u{9e6}', // Bengali
        _ => return None,
    };
    char::from_digit(character as u32 - zero as u32, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        let dialled = |number: &str| match dial(number) {
            Dial::Number(digits) => digits,
            Dial::Uncertain => "uncertain".to_owned(),
            Dial::TooLong => "too long".to_owned(),
        };
        for (written, expected) in [
            ("+44 1234 234567", "+441234234567"),
            ("+44 (0)1234 234567", "+441234234567"),
            ("0044 1234 234567", "+441234234567"),
            ("(555) 010-0147", "5550100147"),
            ("112", "112"),
            ("٠١٢٣٤٥٦", "0123456"),
            ("+۹۸۲۱۱۲۳۴", "+98211234"),
            ("0800 HELP", "uncertain"),
            ("555 0100 / 555 0101", "uncertain"),
            ("1234567890123456", "too long"),
        ] {
            assert_eq!(dialled(written), expected, "{written}");
        }
    }
}
