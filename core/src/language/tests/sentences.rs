//! Sentences, fallback and labels, plural forms, and what is put into sentences.

use crate::error::Error;
use crate::language::sources::{File, LOCALES, Locale, Texts};
use crate::language::{Arg, Args, DateStyle, Direction, Language, Link, Spoken};
use std::collections::BTreeSet;
use std::sync::OnceLock;

fn say(tag: &str, id: &str, args: &Args) -> String {
    Language::open(tag).unwrap().text(id, args).unwrap().unmarked()
}

fn count(tag: &str, id: &str, count: i64) -> String {
    say(tag, id, &Args::new().number("count", count))
}

#[test]
fn a_wrong_passphrase_is_said_in_dari_before_any_store_is_open() {
    let spoken = Language::open("prs-AF").unwrap().text("error-wrong-passphrase", &Args::new()).unwrap();
    assert_eq!(spoken.text, "رمز درست نیست. هیچ چیز گم نشده است؛ لطفاً دوباره کوشش کنید.");
    assert_eq!((spoken.language.as_str(), spoken.fallback, spoken.machine), ("prs", false, true));
}

#[test]
fn a_screen_of_sentences_with_their_dates_is_one_call() {
    let moment = |zone: &str, with_time| Arg::Moment {
        at_ms: 1_795_334_400_000, // 2026-11-22T08:00Z
        zone: zone.into(),
        style: DateStyle::Long,
        with_time,
    };
    let dari = Language::open("prs").unwrap();
    let asked = [
        ("today-title".to_owned(), Args::new()),
        ("due-by".to_owned(), Args::new().with("date", moment("Europe/Vienna", false))),
        ("session-next".to_owned(), Args::new().with("date", moment("Europe/Vienna", true))),
    ];
    let said = dari.texts(&asked).unwrap();
    assert_eq!(said.len(), 3);
    assert!(said[1].text.contains("۱ قوس ۱۴۰۵"), "{}", said[1].text);
    assert!(said[2].text.contains("۱ قوس ۱۴۰۵") && said[2].text.contains("۹:۰۰"), "{}", said[2].text);
    let nowhere = [("due-by".to_owned(), Args::new().with("date", moment("Middle/Earth", false)))];
    assert!(matches!(dari.texts(&nowhere), Err(Error::Invalid { field: "zone", .. })));
}

#[test]
fn bad_language_tag() {
    for tag in ["", "-", "uk--UA", "not a tag!", "e", "українська", "en-\0", "12345", &"a-".repeat(10_000), "*"]
    {
        assert!(matches!(Language::open(tag), Err(Error::Invalid { field: "language", .. })), "{tag}");
    }
}

#[test]
fn a_language_that_is_not_shipped_opens_and_says_that_it_falls_back() {
    let german = Language::open("de-AT").unwrap();
    assert_eq!(german.tag(), "de-AT");
    let spoken = german.text("today-title", &Args::new()).unwrap();
    let english = Spoken { text: "Today".into(), language: "en".into(), fallback: true, machine: false };
    assert_eq!(spoken, english);
    assert_eq!(german.label(&spoken).unwrap().text, "Not yet in your language; shown in English.");
    assert_eq!(german.direction(), Direction::LeftToRight);
}

#[test]
fn tags_are_found_by_parents_and_by_other_names() {
    let first = |tag: &str| {
        let spoken = Language::open(tag).unwrap().text("today-title", &Args::new()).unwrap();
        (spoken.language, spoken.fallback)
    };
    let own = |tag: &str| (tag.to_owned(), false);
    assert_eq!(first("uk_UA"), own("uk"));
    assert_eq!(first("uk-Cyrl-UA"), own("uk"));
    assert_eq!(first("ar-EG"), own("ar"));
    assert_eq!(first("fa-AF"), own("prs"), "Android's name for Dari");
    assert_eq!(first("fa-Arab-AF"), own("prs"));
    assert_eq!(first("fa-IR"), ("prs".to_owned(), true), "Persian reads Dari, but is told so");
    assert_eq!(first("apc"), ("ar".to_owned(), true));
    assert_eq!(first("ru"), ("en".to_owned(), true), "a neighbour's language may be the last one wanted");
}

#[test]
fn available_languages_say_their_own_names() {
    let languages = Language::available();
    let told: Vec<_> = languages.iter().map(|info| (info.tag.as_str(), info.name.as_str(), info.reviewed)).collect();
    assert_eq!(
        told,
        [("ar", "العربية", false), ("en", "English", true), ("prs", "دری", false), ("uk", "Українська", false)]
    );
    let right_to_left = languages.iter().filter(|info| info.direction == Direction::RightToLeft);
    assert_eq!(right_to_left.map(|info| info.tag.as_str()).collect::<Vec<_>>(), ["ar", "prs"]);
}

#[test]
fn machine_translations_are_labelled() {
    let dari = Language::open("prs").unwrap();
    let spoken = dari.text("today-title", &Args::new()).unwrap();
    assert_eq!(dari.label(&spoken).unwrap().language, "prs");
    let english = Language::open("en").unwrap();
    assert_eq!(english.label(&english.text("today-title", &Args::new()).unwrap()), None);
}

static PARTIAL: Locale = Locale {
    tag: "xx",
    locale: "en",
    right_to_left: true,
    stands_in_for: &[],
    files: &[
        File { reviewed: false, text: "today-title = Xx\ntoday-meeting = { $nobody-gives-this }\nloop = { loop }\n" },
        File { reviewed: true, text: "today-done = Xx\nfeeling-1 = Xx\nbroken = {\n" },
    ],
};

/// A language that is half translated, over English.
fn partial() -> Language {
    let mut language = Language::open("en").unwrap();
    let locale = language.locale.clone();
    language.chain.insert(0, Link { shipped: &PARTIAL, own: true, locale, texts: OnceLock::new() });
    language.chain[1].own = false;
    language
}

#[test]
fn a_missing_sentence_comes_from_the_next_language_and_says_so() {
    let language = partial();
    let told = |id: &str| {
        let spoken = language.text(id, &Args::new()).unwrap();
        (spoken.language, spoken.fallback, spoken.machine)
    };
    assert_eq!(told("today-title"), ("xx".into(), false, true));
    assert_eq!(told("today-done"), ("xx".into(), false, false), "each file is reviewed by itself");
    assert_eq!(told("today-nothing"), ("en".into(), true, false));
    assert_eq!(told("feeling-1"), ("xx".into(), false, false));
    assert_eq!(told("feeling-1.description"), ("en".into(), true, false), "an attribute alone may be missing");
    assert_eq!(language.text("broken", &Args::new()), Err(Error::NotFound));
}

#[test]
fn what_cannot_be_said_is_an_error_value() {
    let language = partial();
    for id in ["", ".", "no-such-message", "today-title.no-such-attribute", "-term", "today title", "\u{2068}"] {
        assert_eq!(language.text(id, &Args::new()), Err(Error::NotFound), "{id}");
    }
    assert_eq!(language.text("today-meeting", &Args::new()), Err(Error::invalid("args", "missing")));
    assert_eq!(language.text("loop", &Args::new()), Err(Error::invalid("args", "missing")));
}

#[test]
fn plural_forms() {
    assert_eq!(count("en", "sync-waiting", 1), "1 change is waiting for a connection.");
    assert_eq!(count("en", "sync-waiting", 1_234), "1,234 changes are waiting for a connection.");
    let arabic = [
        (0, "لا شيء بانتظار الإرسال."),
        (1, "تغيير واحد بانتظار الاتصال."),
        (2, "تغييران بانتظار الاتصال."),
        (3, "3 تغييرات بانتظار الاتصال."),
        (10, "10 تغييرات بانتظار الاتصال."),
        (11, "11 تغييرًا بانتظار الاتصال."),
        (99, "99 تغييرًا بانتظار الاتصال."),
        (100, "100 تغيير بانتظار الاتصال."),
        (103, "103 تغييرات بانتظار الاتصال."),
        (1_011, "1,011 تغييرًا بانتظار الاتصال."),
    ];
    for (n, sentence) in arabic {
        assert_eq!(count("ar", "sync-waiting", n), sentence);
    }
    let ukrainian =
        [(1, "зміну"), (2, "зміни"), (5, "змін"), (11, "змін"), (21, "зміну"), (24, "зміни"), (112, "змін")];
    for (n, form) in ukrainian {
        assert_eq!(count("uk", "sync-received", n), format!("Отримано {n} {form}"));
    }
    assert_eq!(count("uk", "sync-received", 0), "Нічого нового.");
    assert_eq!(count("prs", "attendance-count", 1), "۱ نفر آمد.");
    assert_eq!(count("prs", "attendance-count", 12), "۱۲ نفر آمدند.");
    assert_eq!(count("ar-EG", "sync-waiting", 11), "١١ تغييرًا بانتظار الاتصال.", "Egypt writes its own digits");
    assert_eq!(count("prs-u-nu-latn", "sync-received", 12), "12 تغییر رسید", "unless others are asked for");
}

/// Against ICU4X, which follows CLDR where Fluent's own rules do not.
#[test]
fn plural_forms_are_those_of_cldr() {
    for locale in LOCALES {
        let cldr: icu_locale_core::Locale = locale.locale.parse().unwrap();
        let rules = icu_plurals::PluralRules::try_new_cardinal((&cldr).into()).unwrap();
        let forms = ["zero", "one", "two", "few", "many"].map(|form| format!("[{form}] {form}\n ")).concat();
        let text = format!("n = {{ $n ->\n {forms}*[other] other\n }}\n");
        let texts = Texts::new(locale.tag, true, &cldr, [(true, text)]);
        for n in (0..1_300).chain([1_000_000, 1_000_003, i64::MAX]) {
            let form = format!("{:?}", rules.category_for(n)).to_lowercase();
            let said = texts.format("n", None, &Args::new().number("n", n));
            assert_eq!(said, Some(Some(form)), "{} {n}", locale.tag);
        }
    }
}

#[test]
fn extreme_counts_are_said() {
    assert!(count("en", "sync-waiting", 9_007_199_254_740_993).starts_with("9,007,199,254,740,993 changes"));
    for tag in ["en", "ar", "uk", "prs"] {
        for n in [i64::MIN, -1, i64::MAX, 9_007_199_254_740_993] {
            assert!(!count(tag, "sync-waiting", n).is_empty());
        }
    }
    assert!(count("en", "sync-waiting", -5).starts_with("-5 changes"));
}

#[test]
fn what_is_put_in_is_set_apart() {
    let english = Language::open("en").unwrap();
    let spoken = english.text("alert-contact-today", &Args::new().text("name", "فرشته")).unwrap();
    assert_eq!(spoken.text, "\u{2068}فرشته\u{2069} asks to be contacted today.");
    let reaching = Args::new().text("name", "a\u{2069}\u{202E}b\nc\u{2029}\u{200C}d");
    let spoken = english.text("alert-contact-today", &reaching).unwrap();
    assert_eq!(spoken.text, "\u{2068}ab c \u{200C}d\u{2069} asks to be contacted today.");
    let dari = Language::open("prs").unwrap();
    let spoken = dari.text("directory-call", &Args::new().phone("phone", "+43 1 234 56")).unwrap();
    assert_eq!(spoken.text, "زنگ: \u{2068}\u{2066}+43 1 234 56\u{2069}\u{2069}");
}

/// Ids and variables of the English messages, read without a parser: every line that begins with a name.
fn english() -> (Vec<String>, BTreeSet<String>) {
    let (mut ids, mut variables) = (Vec::new(), BTreeSet::new());
    for line in
        LOCALES.iter().filter(|locale| locale.tag == "en").flat_map(|locale| locale.files).flat_map(|f| f.text.lines())
    {
        let name = |text: &str| text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>();
        if line.starts_with(|c: char| c.is_ascii_lowercase()) {
            ids.push(name(line));
        } else if let Some(attribute) = line.trim_start().strip_prefix('.') {
            let message = ids.iter().rev().find(|id| !id.contains('.')).unwrap();
            ids.push(format!("{message}.{}", name(attribute)));
        }
        variables.extend(line.split('$').skip(1).map(name));
    }
    (ids, variables)
}

#[test]
fn every_sentence_can_be_said_in_every_language() {
    let (ids, variables) = english();
    assert!(ids.len() > 200 && variables.contains("name"), "{} {variables:?}", ids.len());
    for info in Language::available() {
        let language = Language::open(&info.tag).unwrap();
        for n in [0, 1, 2, 5, 11, 100] {
            let args = variables.iter().fold(Args::new(), |args, name| match name.as_str() {
                "count" | "week" => args.number(name, n),
                "phone" => args.phone(name, "+43 1 234"),
                _ => args.text(name, "Олена"),
            });
            for id in &ids {
                let spoken = language.text(id, &args).unwrap_or_else(|error| panic!("{} {id}: {error}", info.tag));
                assert!(!spoken.fallback && spoken.language == info.tag, "{} {id}", info.tag);
                assert!(!spoken.text.is_empty() && !spoken.text.contains(['{', '}', '$']), "{} {id}", info.tag);
            }
        }
    }
}

/// Every id in the shipped programme files has its sentences, so that a new step cannot be shipped unsaid.
#[test]
fn every_support_model_and_milestone_is_said() {
    let (ids, _) = english();
    let programmes = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("programmes");
    let mut needed = BTreeSet::new();
    for folder in ["support_models", "milestones"] {
        for file in std::fs::read_dir(programmes.join(folder)).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let file: toml::Table = text.parse().unwrap();
            if folder == "support_models" {
                let id = file["id"].as_str().unwrap();
                needed.extend(["", "-about", "-not"].map(|part| format!("model-{id}{part}")));
            }
            gather(&toml::Value::Table(file), "", &mut needed);
        }
    }
    assert!(needed.len() > 80, "{}", needed.len());
    let missing: Vec<_> = needed.iter().filter(|id| !ids.contains(id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn gather(value: &toml::Value, key: &str, needed: &mut BTreeSet<String>) {
    let prefix = match key {
        "roles" | "pass_on" => "role",
        "steps" | "watches" => "step",
        "milestones" => "milestone",
        "events" => "event",
        "consents" => "consent",
        "training" => "training",
        "checklist" => "checklist",
        "area" => "area",
        _ => "",
    };
    match value {
        toml::Value::Table(table) => {
            if let (false, Some(id)) = (prefix.is_empty(), table.get("id").and_then(toml::Value::as_str)) {
                needed.insert(format!("{prefix}-{id}"));
            }
            table.iter().filter(|(key, _)| *key != "texts").for_each(|(key, value)| gather(value, key, needed));
        }
        toml::Value::Array(values) => values.iter().for_each(|value| gather(value, key, needed)),
        // `milestones = "arrival"` names a catalogue, not a milestone.
        toml::Value::String(word) if !prefix.is_empty() && key != "milestones" => {
            needed.insert(format!("{prefix}-{word}"));
        }
        _ => {}
    }
}

#[test]
fn can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Language>();
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_tag_and_any_value_is_answered(tag in "[a-zA-Z0-9_-]{0,20}|.{0,20}", id in "[a-z.-]{0,20}", text in "\\PC{0,40}|.{0,40}") {
        if let Ok(language) = Language::open(&tag) {
            let _ = language.text(&id, &Args::new().text("name", &text));
            let said = language.text("alert-contact-today", &Args::new().text("name", &text)).unwrap();
            proptest::prop_assert_eq!(said.text.matches('\u{2068}').count(), said.text.matches('\u{2069}').count());
        }
    }
}
