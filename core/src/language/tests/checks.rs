//! What fails the build, on broken input of every sort.

use crate::language::check::{Folder, check, header, too_deep};
use crate::language::sources::LOCALES;

const ENGLISH: &str = "# review: reviewed\n# locale: en\n# direction: left-to-right\n# plurals: one other\n";
const UKRAINIAN: &str = "# review: machine\n# locale: uk\n# direction: left-to-right\n# plurals: one few many other\n";

fn folder(tag: &str, header: &str, text: &str) -> Folder {
    let text = format!("# review: machine\n{text}");
    Folder { tag: tag.into(), files: vec![("language.ftl".into(), header.into()), ("sync.ftl".into(), text)] }
}

/// The problems of a Ukrainian text beside an English one.
fn problems(english: &str, ukrainian: &str) -> Vec<String> {
    let folders = [folder("en", ENGLISH, english), folder("uk", UKRAINIAN, ukrainian)];
    check(&folders).iter().map(ToString::to_string).collect()
}

const GOOD: &str = "hello = Hello, { $name }\n    .short = Hi\n";
const GOOD_UK: &str = "hello = Вітаємо, { $name }\n    .short = Вітання\n";

#[test]
fn a_whole_language_passes() {
    assert!(problems(GOOD, GOOD_UK).is_empty());
    assert!(problems(GOOD, "hello = Вітаємо\n    .short = { $name }\n").is_empty(), "a variable need not be used");
}

#[test]
fn shipped_languages_pass() {
    let files = |files: &'static [crate::language::sources::File]| {
        files.iter().enumerate().map(|(index, file)| {
            let name = if file.text.contains("\n# plurals:") { "language.ftl".into() } else { format!("{index}.ftl") };
            (name, file.text.to_owned())
        })
    };
    let folders: Vec<_> =
        LOCALES.iter().map(|locale| Folder { tag: locale.tag.into(), files: files(locale.files).collect() }).collect();
    assert_eq!(check(&folders).iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn broken_syntax() {
    let found = problems(GOOD, "\nhello = Вітаємо, { $name\n    .short = Вітання\n");
    assert!(found[0].starts_with("locales/uk/sync.ftl:"), "{found:?}");
    assert!(found[0].contains("broken syntax"), "{found:?}");
    assert!(
        problems(GOOD, &format!("{GOOD_UK}\nnot a message\n"))[0].starts_with("locales/uk/sync.ftl:5: broken syntax")
    );
}

#[test]
fn a_missing_message() {
    assert_eq!(problems(&format!("{GOOD}bye = Bye\n"), GOOD_UK), ["locales/en/sync.ftl:4: bye is missing in uk"]);
}

#[test]
fn an_extra_message() {
    assert_eq!(problems(GOOD, &format!("{GOOD_UK}bye = Бувайте\n")), ["locales/uk/sync.ftl:4: bye is not in en"]);
}

#[test]
fn an_unknown_variable() {
    let found = problems(GOOD, "hello = Вітаємо, { $nmae }\n    .short = Вітання\n");
    assert_eq!(found, ["locales/uk/sync.ftl:2: hello uses $nmae, which en does not have"]);
}

#[test]
fn a_missing_and_an_extra_attribute() {
    let found = problems(GOOD, "hello = Вітаємо\n    .long = Вітаємо\n");
    assert_eq!(
        found,
        ["locales/uk/sync.ftl:2: hello.short is missing in uk", "locales/uk/sync.ftl:2: hello.long is not in en"]
    );
    let found = problems(GOOD, "hello =\n    .short = Вітання\n");
    assert_eq!(found, ["locales/uk/sync.ftl:2: hello has a text of its own in only one of uk, en"]);
}

#[test]
fn undefined_terms_and_messages() {
    let found = problems("hello = { -app }\n", "-app = Rafiq\nhello = { -app } { bye }\n");
    assert_eq!(
        found,
        [
            "locales/en/sync.ftl:2: hello refers to the undefined term -app",
            "locales/uk/sync.ftl:3: hello refers to the undefined message bye"
        ]
    );
    assert!(
        problems("-app = Rafiq\nhello = { -app }\n", "hello = Rafiq\n").is_empty(),
        "terms are each language's own"
    );
}

#[test]
fn what_refers_to_itself() {
    let found = problems("a = { b }\nb = { a }\n", "a = А\nb = Б\n");
    assert_eq!(found, ["locales/en/sync.ftl:2: a refers to itself", "locales/en/sync.ftl:3: b refers to itself"]);
}

#[test]
fn functions() {
    let found = problems("a = { NUMBER($n) }\n", "a = А\n");
    assert_eq!(found, ["locales/en/sync.ftl:2: a calls NUMBER(); there are no functions"]);
}

#[test]
fn plural_forms() {
    let english = "n = { $count ->\n    [one] one\n   *[other] { $count }\n }\n";
    let found = problems(english, "n = { $count ->\n    [one] одна\n    [two] дві\n   *[other] { $count }\n }\n");
    assert_eq!(
        found,
        [
            "locales/uk/sync.ftl:2: n has no form for [few] of $count",
            "locales/uk/sync.ftl:2: n has no form for [many] of $count",
            "locales/uk/sync.ftl:2: n has [two], a form that the language does not have",
        ]
    );
    let found = problems(english, "n = { $count }\n");
    assert_eq!(found, ["locales/uk/sync.ftl:2: n does not choose a plural form by $count"]);
}

#[test]
fn the_same_message_twice() {
    let found = problems(GOOD, &format!("{GOOD_UK}hello = Вітаємо\n    .short = Вітання\n"));
    assert_eq!(found, ["locales/uk/sync.ftl:2: hello is there twice"]);
}

#[test]
fn headers() {
    let check_header = |text: &str| {
        let folders = [folder("en", ENGLISH, GOOD), folder("uk", text, GOOD_UK)];
        check(&folders).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert!(
        check_header("# review: machine\n").contains("locales/uk/language.ftl:1: the line `# direction: …` is missing")
    );
    let unreviewed = UKRAINIAN.replace("machine", "maybe");
    assert!(check_header(&unreviewed).contains("locales/uk/language.ftl:1: the line `# review: machine`"));
    let upwards = UKRAINIAN.replace("left-to-right", "upwards");
    assert!(
        check_header(&upwards)
            .contains("locales/uk/language.ftl:3: direction is left-to-right or right-to-left, not upwards")
    );
    assert!(check_header(&UKRAINIAN.replace("few", "several")).contains("locales/uk/language.ftl:4: plurals are"));
    let nameless =
        Folder { tag: "uk".into(), files: vec![("sync.ftl".into(), format!("# review: machine\n{GOOD_UK}"))] };
    let found = check(&[folder("en", ENGLISH, GOOD), nameless]);
    assert_eq!(found[0].to_string(), "locales/uk/language.ftl:1: is missing; it says what the language is");
    assert_eq!(check(&[]).len(), 1, "English cannot be missing");
}

#[test]
fn braces_nested_without_end_do_not_reach_the_parser() {
    let deep = format!("hello = {}\n    .short = Вітання\n", "{".repeat(1_000_000));
    assert_eq!(too_deep(&deep), Some(1));
    assert!(problems(GOOD, &deep)[0].ends_with("braces are nested too deep"));
}

/// The plural categories in a header are those of CLDR.
#[test]
fn plurals_of_the_headers_are_those_of_cldr() {
    for locale in LOCALES {
        let text = locale.files.iter().map(|file| file.text).find(|text| text.contains("\n# plurals:")).unwrap();
        let header = header(text).unwrap();
        let cldr: icu_locale_core::Locale = locale.locale.parse().unwrap();
        let rules = icu_plurals::PluralRules::try_new_cardinal(cldr.into()).unwrap();
        let found = rules.categories().map(|category| format!("{category:?}").to_lowercase()).collect();
        assert_eq!(header.plurals.into_iter().collect::<std::collections::BTreeSet<_>>(), found, "{}", locale.tag);
    }
}
