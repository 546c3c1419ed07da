//! Counts in sentences: which plural form, and which digits.
//!
//! Fluent chooses the form by `intl_pluralrules`, whose rules for ranges of remainders are wrong: in Arabic it takes
//! 103–110 and 111–199 for `other` (it has `few` and `many` right up to 99, where most tests end). ICU4X follows CLDR, so
//! where the two differ Fluent is given a smaller number of the right form, and the true one to write.

use fluent_bundle::FluentValue;
use fluent_bundle::types::{FluentNumber, FluentNumberOptions};
use icu_decimal::DecimalFormatter;
use icu_locale_core::Locale as CldrLocale;
use icu_plurals::{PluralCategory, PluralRules};
use intl_memoizer::Memoizable;
use intl_memoizer::concurrent::IntlLangMemoizer;
use intl_pluralrules::{PluralRuleType, PluralRules as FluentRules};
use unic_langid::LanguageIdentifier;

/// Fluent holds numbers as `f64`; larger ones would be written wrong.
const LARGEST_EXACT: u64 = 1 << 53;
/// Every form that whole numbers take in any language is taken by one of these.
const SMALL: std::ops::RangeInclusive<u32> = 0..=200;

/// A count as a value for Fluent.
pub(super) fn count(locale: &CldrLocale, number: i64) -> FluentValue<'static> {
    if number.unsigned_abs() < LARGEST_EXACT
        && right_form(locale, number).is_none_or(|form| chosen(locale, number) == form)
    {
        return FluentValue::from(number);
    }
    let form = right_form(locale, number).unwrap_or("other");
    let stand_in = SMALL.map(i64::from).find(|small| chosen(locale, *small) == form).unwrap_or_default();
    // The only free text among a number's options that Fluent hands on to the formatter; sentences name no currencies.
    let options = FluentNumberOptions { currency: Some(digits(locale, number)), ..Default::default() };
    #[allow(clippy::cast_precision_loss)] // at most 200
    FluentValue::Number(FluentNumber::new(stand_in as f64, options))
}

fn right_form(locale: &CldrLocale, number: i64) -> Option<&'static str> {
    let rules = PluralRules::try_new_cardinal(locale.into()).ok()?;
    Some(match rules.category_for(number) {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    })
}

/// The form that Fluent would choose.
fn chosen(locale: &CldrLocale, number: i64) -> &'static str {
    use intl_pluralrules::PluralCategory as Form;
    let language = locale.id.language.to_string().parse::<LanguageIdentifier>().unwrap_or_default();
    let rules = FluentRules::create(language, PluralRuleType::CARDINAL).ok();
    match rules.and_then(|rules| rules.select(number).ok()) {
        Some(Form::ZERO) => "zero",
        Some(Form::ONE) => "one",
        Some(Form::TWO) => "two",
        Some(Form::FEW) => "few",
        Some(Form::MANY) => "many",
        Some(Form::OTHER) | None => "other",
    }
}

/// A whole number in the digits and with the separators of a locale.
pub(super) fn digits(locale: &CldrLocale, number: i64) -> String {
    match DecimalFormatter::try_new(locale.into(), Default::default()) {
        Ok(formatter) => formatter.format(&number.into()).to_string(),
        Err(_) => number.to_string(), // CLDR's root has digits for every locale, so this is not reached
    }
}

type Formatter = fn(&FluentValue<'_>, &IntlLangMemoizer) -> Option<String>;

/// How a bundle writes counts. Fluent takes a plain function, so the digits asked for (`-u-nu-latn`) choose among two.
pub(super) fn formatter(locale: &CldrLocale) -> Formatter {
    let key = icu_locale_core::extensions::unicode::key!("nu");
    let latin = locale.extensions.unicode.keywords.get(&key).is_some_and(|value| value.to_string() == "latn");
    if latin { in_latin_digits } else { in_own_digits }
}

/// The locale of a bundle, kept by Fluent's memoizer: the only way for a formatter to know it.
struct BundleLocale(CldrLocale);

impl Memoizable for BundleLocale {
    type Args = ();
    type Error = ();
    fn construct(language: LanguageIdentifier, (): ()) -> Result<Self, ()> {
        language.to_string().parse().map(Self).map_err(|_| ())
    }
}

fn in_own_digits(value: &FluentValue<'_>, memoizer: &IntlLangMemoizer) -> Option<String> {
    write(value, |number| memoizer.with_try_get::<BundleLocale, _, _>((), |locale| digits(&locale.0, number)).ok())
}

fn in_latin_digits(value: &FluentValue<'_>, memoizer: &IntlLangMemoizer) -> Option<String> {
    let latin =
        |locale: &BundleLocale| format!("{}-u-nu-latn", locale.0.id).parse().unwrap_or_else(|_| locale.0.clone());
    write(value, |number| memoizer.with_try_get::<BundleLocale, _, _>((), |locale| digits(&latin(locale), number)).ok())
}

fn write(value: &FluentValue<'_>, digits: impl FnOnce(i64) -> Option<String>) -> Option<String> {
    match value {
        FluentValue::Number(number) if number.options.currency.is_some() => number.options.currency.clone(),
        #[allow(clippy::cast_possible_truncation)] // `count` and the build's check let whole numbers in only
        FluentValue::Number(number) if number.value.fract() == 0.0 => digits(number.value as i64),
        _ => None,
    }
}
