//! Dates, times and digits as CLDR has them.

use crate::error::Error;
use crate::language::{Calendar, DateStyle, Language};

/// 22 November 2026, 08:35 UTC.
const AT: i64 = 1_795_336_500_000;

fn open(tag: &str) -> Language {
    Language::open(tag).unwrap()
}

#[test]
fn dates_in_daily_use() {
    let long = |tag: &str| open(tag).date(AT, "UTC", DateStyle::Long).unwrap();
    assert_eq!(long("prs"), "۱ قوس ۱۴۰۵");
    assert_eq!(long("fa-AF"), "۱ قوس ۱۴۰۵");
    assert_eq!(long("uk"), "22 листопада 2026\u{202F}р.");
    assert_eq!(long("ar"), "22 نوفمبر 2026");
    assert_eq!(long("ar-EG"), "٢٢ نوفمبر ٢٠٢٦");
    assert_eq!(long("ar-SY"), "٢٢ تشرين الثاني ٢٠٢٦");
    assert_eq!(long("en"), "November 22, 2026");
    assert_eq!(long("en-GB"), "22 November 2026");
    assert_eq!(long("prs-u-ca-gregory-nu-latn"), "22 نومبر 2026");
    assert_eq!(open("prs").calendar(), Calendar::SolarHijri);
    assert_eq!(open("prs-u-ca-gregory").calendar(), Calendar::Gregorian);
}

#[test]
fn the_months_of_solar_hijri_have_their_afghan_names() {
    let months = ["حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبلهٔ", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت"];
    let dari = open("prs");
    for (index, month) in months.iter().enumerate() {
        let typed = format!("1405/{}/15", index + 1);
        let day = dari.parse_date(&typed).unwrap().first_day;
        assert_eq!(dari.day(&day, DateStyle::Long).unwrap(), format!("۱۵ {month} ۱۴۰۵"));
    }
}

#[test]
fn styles_and_times() {
    let dari = open("prs");
    assert_eq!(dari.date(AT, "UTC", DateStyle::Short).unwrap(), "۱۴۰۵/۹/۱");
    assert_eq!(dari.date(AT, "UTC", DateStyle::Full).unwrap(), "یکشنبه ۱ قوس ۱۴۰۵");
    assert_eq!(dari.date_time(AT, "Asia/Kabul", DateStyle::Full).unwrap(), "یکشنبه ۱ قوس ۱۴۰۵ ساعت ۱۳:۰۵");
    let ukrainian = open("uk");
    assert_eq!(
        ukrainian.date_time(AT, "Europe/Vienna", DateStyle::Full).unwrap(),
        "неділя, 22 листопада 2026\u{202F}р. о 09:35"
    );
    assert_eq!(ukrainian.time(AT, "Europe/Kyiv").unwrap(), "10:35");
    assert_eq!(open("en").time(AT, "+04:30").unwrap(), "1:05\u{202F}PM");
    let arabic = open("ar").time(AT, "+04:30").unwrap();
    assert!(arabic.contains("05\u{202F}م") || arabic.contains("٠٥\u{202F}م"), "{arabic}");
    assert_eq!(ukrainian.day("2026-11-22", DateStyle::Short).unwrap(), "22.11.26");
}

#[test]
fn the_day_is_that_of_the_zone() {
    let english = open("en-GB");
    assert_eq!(english.date(AT, "Pacific/Kiritimati", DateStyle::Long).unwrap(), "22 November 2026");
    assert_eq!(english.date(AT + 7_200_000, "Pacific/Kiritimati", DateStyle::Long).unwrap(), "23 November 2026");
    assert_eq!(english.date(AT, "-11:00", DateStyle::Long).unwrap(), "21 November 2026");
}

#[test]
fn numbers() {
    assert_eq!(open("en").number(1_234_567), "1,234,567");
    assert_eq!(open("prs").number(1_234_567), "۱٬۲۳۴٬۵۶۷");
    assert_eq!(open("uk").number(-1_234_567), "-1\u{A0}234\u{A0}567");
    assert_eq!(open("en").number(i64::MIN), "-9,223,372,036,854,775,808");
}

#[test]
fn what_is_no_instant_zone_or_day_is_an_error_value() {
    let dari = open("prs");
    for at in [i64::MIN, i64::MAX, -70_000_000_000_000, 260_000_000_000_000] {
        assert_eq!(dari.date(at, "Pacific/Kiritimati", DateStyle::Long), Err(Error::invalid("date", "out-of-range")));
    }
    for zone in ["", "Europe/Nowhere", "kabul", "+99:99", "\0", &"Z".repeat(100_000)] {
        assert_eq!(dari.date(AT, zone, DateStyle::Long), Err(Error::invalid("zone", "unknown")), "{zone}");
    }
    for day in ["", "2026-02-30", "22.11.2026", "0000-01-01", "99999-01-01", "-0001-01-01"] {
        assert!(matches!(dari.day(day, DateStyle::Long), Err(Error::Invalid { field: "date", .. })), "{day}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn every_instant_is_answered(at in proptest::prelude::any::<i64>(), near in -62_000_000_000_000_i64..253_000_000_000_000) {
        for tag in ["prs", "uk"] {
            let _ = open(tag).date_time(at, "Asia/Kabul", DateStyle::Full);
            proptest::prop_assert!(open(tag).date_time(near, "America/New_York", DateStyle::Short).is_ok());
        }
    }

    #[test]
    fn a_day_is_read_as_it_was_written(day in 0_i64..60_000) {
        // Dates of 1800 to 1964 and on, in the calendar and digits of each language; year last is ambiguous in plain English.
        let at = (day - 25_000) * 86_400_000;
        let iso = chrono::DateTime::from_timestamp_millis(at).unwrap().format("%Y-%m-%d").to_string();
        for tag in ["prs", "ar", "ar-EG", "en-GB"] {
            let language = open(tag);
            let written = language.date(at, "UTC", DateStyle::Short).unwrap();
            proptest::prop_assert_eq!(&language.parse_date(&written).unwrap().first_day, &iso, "{}", written);
        }
    }
}
