//! Numbers and dates as people type them.

use crate::error::Error;
use crate::language::{Calendar, Language, Precision, parse_number};

#[test]
fn numbers_in_every_digit_set() {
    for text in ["1234", "1,234", "١٢٣٤", "۱٬۲۳۴", " १२३४ ", "1 234", "1\u{202F}234", "\u{200F}۱۲۳۴", "+1234", "1’234"]
    {
        assert_eq!(parse_number(text), Ok(1_234), "{text}");
    }
    assert_eq!(parse_number("−۵"), Ok(-5));
    assert_eq!(parse_number("-9223372036854775808"), Ok(i64::MIN));
    for text in [
        "",
        "1.234",
        "3,5",
        "12,34",
        "1,2345",
        ",123",
        "1,,234",
        "--1",
        "1e3",
        "five",
        "0x10",
        "½",
        "99999999999999999999",
    ] {
        assert!(matches!(parse_number(text), Err(Error::Invalid { field: "number", .. })), "{text}");
    }
    assert_eq!(parse_number(&"1".repeat(1_000_000)), Err(Error::invalid("number", "too-long")));
}

#[test]
fn dates_in_their_calendar() {
    let dari = Language::open("prs").unwrap();
    for text in ["1405/09/01", "۱۴۰۵/۹/۱", "۱۴۰۵-۰۹-۰۱", "۱/۹/۱۴۰۵", "1405 9 1"] {
        let date = dari.parse_date(text).unwrap();
        assert_eq!(
            (date.first_day.as_str(), date.precision, date.calendar),
            ("2026-11-22", Precision::Day, Calendar::SolarHijri)
        );
    }
    // 1403 was a leap year: its last day is the 30th of Hut.
    assert_eq!(dari.parse_date("1403/12/30").unwrap().first_day, "2025-03-20");
    assert_eq!(dari.parse_date("1405/12/30"), Err(Error::invalid("date", "out-of-range")));
    let gregorian = dari.parse_date_in("22.11.2026", Calendar::Gregorian).unwrap();
    assert_eq!((gregorian.first_day.as_str(), gregorian.calendar), ("2026-11-22", Calendar::Gregorian));
}

#[test]
fn precision_is_kept() {
    let dari = Language::open("prs").unwrap();
    let month = dari.parse_date("۱۴۰۵/۹").unwrap();
    assert_eq!((month.first_day.as_str(), month.precision), ("2026-11-22", Precision::Month));
    let year = dari.parse_date("۱۳۷۰").unwrap();
    assert_eq!((year.first_day.as_str(), year.precision), ("1991-03-21", Precision::Year));
    let month = Language::open("uk").unwrap().parse_date("11.2026").unwrap();
    assert_eq!((month.first_day.as_str(), month.precision), ("2026-11-01", Precision::Month));
}

#[test]
fn the_order_of_day_and_month_is_not_guessed() {
    let read = |tag: &str, text: &str| Language::open(tag).unwrap().parse_date(text).map(|date| date.first_day);
    assert_eq!(read("uk", "01.09.2026"), Ok("2026-09-01".into()));
    assert_eq!(read("en-GB", "1/9/2026"), Ok("2026-09-01".into()));
    assert_eq!(read("en-US", "1/9/2026"), Ok("2026-01-09".into()));
    assert_eq!(read("en", "1/9/2026"), Err(Error::invalid("date", "ambiguous")));
    assert_eq!(read("en", "22/11/2026"), Ok("2026-11-22".into()));
    assert_eq!(read("en", "11/22/2026"), Ok("2026-11-22".into()));
    assert_eq!(read("en", "2026-09-01"), Ok("2026-09-01".into()));
    assert_eq!(read("de", "1/9/2026"), Err(Error::invalid("date", "ambiguous")));
}

#[test]
fn a_year_of_the_other_calendar_is_refused() {
    let dari = Language::open("prs").unwrap();
    assert_eq!(dari.parse_date("2026/11/22"), Err(Error::invalid("date", "out-of-range")));
    assert_eq!(dari.parse_date_in("1405/09/01", Calendar::Gregorian), Err(Error::invalid("date", "out-of-range")));
    for text in ["", "hello", "1405", "22.11.26", "1/2/3/4", "2026-13-01", "2026-00-10", "2026-02-30", "20260901", "٪"]
    {
        assert!(
            matches!(dari.parse_date_in(text, Calendar::Gregorian), Err(Error::Invalid { field: "date", .. })),
            "{text}"
        );
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn anything_typed_is_answered(text in "[0-9۰-۹٠-٩/.,٬ -]{0,14}|.{0,70}") {
        let _ = parse_number(&text);
        for tag in ["prs", "en", "en-US"] {
            let _ = Language::open(tag).unwrap().parse_date(&text);
        }
    }

    #[test]
    fn a_number_is_read_as_it_was_written(number in proptest::prelude::any::<i64>()) {
        for tag in ["en", "uk", "ar", "ar-EG", "prs"] {
            let written = Language::open(tag).unwrap().number(number);
            proptest::prop_assert_eq!(parse_number(&written), Ok(number), "{}", written);
        }
    }
}
