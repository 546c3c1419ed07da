//! Where sentences come from: the embedded table of languages, and the order in which they are asked.

use super::plurals;
use fluent_bundle::FluentResource;
use fluent_bundle::concurrent::FluentBundle;
use fluent_syntax::ast;
use icu_locale_core::Locale as CldrLocale;
use std::collections::HashSet;
use unic_langid::LanguageIdentifier;

/// A shipped language, as the build script found it in `locales/`.
pub(super) struct Locale {
    pub(super) tag: &'static str,
    /// The CLDR locale of its months, digits and calendar. CLDR has no `prs`; its Dari is `fa-AF`.
    pub(super) locale: &'static str,
    pub(super) right_to_left: bool,
    /// Tags whose readers read this before English; `true`: it is their own language under another tag.
    pub(super) stands_in_for: &'static [(&'static str, bool)],
    pub(super) files: &'static [File],
}

pub(super) struct File {
    pub(super) reviewed: bool,
    pub(super) text: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/locales.rs"));

impl Locale {
    pub(super) fn reviewed(&self) -> bool {
        self.files.iter().all(|file| file.reviewed)
    }

    fn is_for(&self, tag: &str) -> Option<bool> {
        if self.tag.eq_ignore_ascii_case(tag) {
            return Some(true);
        }
        self.stands_in_for.iter().find(|(other, _)| other.eq_ignore_ascii_case(tag)).map(|(_, same)| *same)
    }
}

/// The shipped languages to ask for a tag, best first, each with whether it is the language asked for. English is the last.
///
/// The tag itself and its parents by BCP 47 (`uk-Cyrl-UA`, `uk-UA`, `uk`), each by name or by what a language stands in
/// for, as its `language.ftl` says. Never a guess by similarity: a neighbour's language may be the last one wanted.
pub(super) fn chain(tag: &LanguageIdentifier) -> Vec<(&'static Locale, bool)> {
    let mut chain: Vec<(&'static Locale, bool)> = Vec::new();
    let mut add = |locale: &'static Locale, same: bool| {
        if !chain.iter().any(|(other, _)| other.tag == locale.tag) {
            chain.push((locale, same));
        }
    };
    for tag in with_parents(tag) {
        let mut found: Vec<_> = LOCALES.iter().filter_map(|locale| Some((locale, locale.is_for(&tag)?))).collect();
        found.sort_by_key(|(_, same)| !same);
        found.into_iter().for_each(|(locale, same)| add(locale, same));
    }
    if let Some(last) = LOCALES.iter().find(|locale| locale.tag == REFERENCE) {
        add(last, false);
    }
    chain
}

fn with_parents(tag: &LanguageIdentifier) -> Vec<String> {
    let language = tag.language.to_string();
    let script = tag.script.map(|script| format!("{language}-{script}"));
    let region = tag.region.map(|region| format!("{language}-{region}"));
    let mut tags = vec![tag.to_string()];
    tags.extend(region);
    tags.extend(script);
    tags.push(language);
    tags.dedup();
    tags
}

/// The sentences of one language, parsed.
pub(super) struct Texts {
    pub(super) tag: String,
    /// Whether this is the language that was asked for.
    pub(super) own: bool,
    locale: CldrLocale,
    bundle: FluentBundle<FluentResource>,
    /// Messages of files that no person has reviewed yet.
    machine: HashSet<String>,
}

impl Texts {
    /// Parses files of (whether reviewed, text). What cannot be parsed is left out: shipped files were checked when the
    /// crate was built.
    pub(super) fn new(
        tag: &str,
        own: bool,
        locale: &CldrLocale,
        files: impl IntoIterator<Item = (bool, String)>,
    ) -> Self {
        let language = locale.id.to_string().parse::<LanguageIdentifier>().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        bundle.set_use_isolating(true);
        bundle.set_formatter(Some(plurals::formatter(locale)));
        let mut machine = HashSet::new();
        for (reviewed, text) in files {
            let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, _)| resource);
            if !reviewed {
                machine.extend(resource.entries().filter_map(|entry| match entry {
                    ast::Entry::Message(message) => Some(message.id.name.to_owned()),
                    _ => None,
                }));
            }
            bundle.add_resource_overriding(resource);
        }
        Self { tag: tag.into(), own, locale: locale.clone(), bundle, machine }
    }

    /// Formats a message, or one attribute of it. `None` if this language does not have it; `Some(None)` if a value is
    /// missing in `args`.
    pub(super) fn format(&self, id: &str, attribute: Option<&str>, args: &super::Args) -> Option<Option<String>> {
        let message = self.bundle.get_message(id)?;
        let pattern = match attribute {
            Some(attribute) => message.get_attribute(attribute)?.value(),
            None => message.value()?,
        };
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&args.to_fluent(&self.locale)), &mut errors).into_owned();
        Some(errors.is_empty().then_some(text))
    }

    pub(super) fn is_machine(&self, id: &str) -> bool {
        self.machine.contains(id)
    }
}
