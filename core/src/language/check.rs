//! Checks the sentences in `locales/` against the English ones. The build script runs this before anything compiles, so
//! that no language can be shipped with a sentence missing; `language`'s tests run it on broken input of every sort.
//!
//! Knows nothing of the rest of the crate: the build script includes this file as it is.

use fluent_syntax::ast;
use std::collections::{BTreeMap, BTreeSet};

/// The language that the others are measured by, and the end of every fallback.
pub(crate) const REFERENCE: &str = "en";
/// The file whose comments say what a language is.
pub(crate) const HEADER_FILE: &str = "language.ftl";
/// A sentence within a sentence within … : deeper than this is refused before the parser, which would recurse.
const MAX_BRACES: usize = 16;

/// One folder of `locales/`: its tag, and the name and text of each file.
pub(crate) struct Folder {
    pub(crate) tag: String,
    pub(crate) files: Vec<(String, String)>,
}

/// Something wrong, and where. Prints as `locales/ar/sync.ftl:12: …`.
#[derive(Debug)]
pub(crate) struct Problem {
    place: String,
    line: usize,
    what: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "locales/{}:{}: {}", self.place, self.line, self.what)
    }
}

/// What the comments at the top of `language.ftl` say: `# key: value`, one a line.
#[derive(Default)]
#[cfg_attr(test, allow(dead_code))] // the tests look at the plurals alone
pub(crate) struct Header {
    /// `locale`: the CLDR locale whose months, digits and calendar are used.
    pub(crate) locale: String,
    /// `direction`: `left-to-right` or `right-to-left`.
    pub(crate) right_to_left: bool,
    /// `plurals`: CLDR's plural categories of the language.
    pub(crate) plurals: Vec<String>,
    /// `stands-in-for`: tags whose readers read this language before English. Those marked `=` are this language itself.
    pub(crate) stands_in_for: Vec<(String, bool)>,
}

/// Every problem there is, in the order of folders and files; empty if all is well.
pub(crate) fn check(folders: &[Folder]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut languages = Vec::new();
    for folder in folders {
        languages.push(read(folder, &mut problems));
    }
    let Some(reference) = languages.iter().find(|language| language.tag == REFERENCE) else {
        problems.push(Problem { place: REFERENCE.into(), line: 0, what: "the reference language is missing".into() });
        return problems;
    };
    for language in &languages {
        check_references(language, &mut problems);
        check_plurals(language, reference, &mut problems);
        if language.tag != REFERENCE {
            compare(language, reference, &mut problems);
        }
    }
    problems
}

/// What the comments of a file say, as `key` → (value, line).
pub(crate) fn comments(text: &str) -> BTreeMap<&str, (&str, usize)> {
    let said = text.lines().enumerate().map_while(|(number, line)| Some((number + 1, line.strip_prefix('#')?)));
    said.filter_map(|(number, line)| line.split_once(':').map(|(key, value)| (key.trim(), (value.trim(), number))))
        .collect()
}

/// Reads a header; the error says what is wrong with it, and in which line.
pub(crate) fn header(text: &str) -> Result<Header, (usize, String)> {
    let comments = comments(text);
    let get = |key: &str| comments.get(key).copied().ok_or_else(|| (1, format!("the line `# {key}: …` is missing")));
    let (direction, line) = get("direction")?;
    let right_to_left = match direction {
        "left-to-right" => false,
        "right-to-left" => true,
        other => return Err((line, format!("direction is left-to-right or right-to-left, not {other}"))),
    };
    let words = |text: &str| text.split_whitespace().map(String::from).collect::<Vec<_>>();
    let (plurals, line) = get("plurals").map(|(text, line)| (words(text), line))?;
    if !plurals.iter().any(|word| word == "other") || !plurals.iter().all(|word| is_category(word)) {
        return Err((line, "plurals are some of zero, one, two, few, many, and always other".into()));
    }
    let stands_in_for = comments.get("stands-in-for").map_or_else(Vec::new, |(text, _)| words(text));
    let stands_in_for = stands_in_for.into_iter().map(|tag| match tag.strip_prefix('=') {
        Some(same) => (same.to_owned(), true),
        None => (tag, false),
    });
    Ok(Header { locale: get("locale")?.0.into(), right_to_left, plurals, stands_in_for: stands_in_for.collect() })
}

/// Whether a file says that a person has reviewed it. `None` if it says nothing that we know.
pub(crate) fn reviewed(text: &str) -> Option<bool> {
    match comments(text).get("review")?.0 {
        "reviewed" => Some(true),
        "machine" => Some(false),
        _ => None,
    }
}

/// The first line whose braces are nested too deep for the parser.
pub(crate) fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (number, line) in text.lines().enumerate() {
        // A line that begins a message begins at the top again, whatever was left open before it.
        if line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-') {
            depth = 0;
        }
        for c in line.chars() {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > MAX_BRACES {
                return Some(number + 1);
            }
        }
    }
    None
}

/// A message or a term, and what it is made of.
#[derive(Default)]
struct Entry {
    place: String,
    line: usize,
    has_value: bool,
    attributes: BTreeSet<String>,
    variables: BTreeSet<String>,
    /// Messages and terms (with their `-`) it refers to.
    references: BTreeSet<String>,
    functions: BTreeSet<String>,
    /// Selections by a variable: its name and the keys of the variants.
    selections: Vec<(String, Vec<String>)>,
}

struct Entries {
    tag: String,
    plurals: Vec<String>,
    messages: BTreeMap<String, Entry>,
    terms: BTreeMap<String, Entry>,
}

fn read(folder: &Folder, problems: &mut Vec<Problem>) -> Entries {
    let mut language =
        Entries { tag: folder.tag.clone(), plurals: Vec::new(), messages: BTreeMap::new(), terms: BTreeMap::new() };
    if !folder.files.iter().any(|(name, _)| name == HEADER_FILE) {
        let place = format!("{}/{HEADER_FILE}", folder.tag);
        problems.push(Problem { place, line: 1, what: "is missing; it says what the language is".into() });
    }
    for (name, text) in &folder.files {
        let place = format!("{}/{name}", folder.tag);
        let mut problem = |line, what| problems.push(Problem { place: place.clone(), line, what });
        if name == HEADER_FILE {
            match header(text) {
                Ok(header) => language.plurals = header.plurals,
                Err((line, what)) => problem(line, what),
            }
        }
        if reviewed(text).is_none() {
            problem(1, "the line `# review: machine` or `# review: reviewed` is missing".into());
        }
        if let Some(line) = too_deep(text) {
            problem(line, "braces are nested too deep".into());
            continue;
        }
        let resource = match fluent_syntax::parser::parse(text.as_str()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                for error in errors {
                    problem(line_at(text, error.pos.start), format!("broken syntax: {}", error.kind));
                }
                resource
            }
        };
        for entry in &resource.body {
            let (id, term, value, attributes) = match entry {
                ast::Entry::Message(message) => (message.id.name, false, message.value.as_ref(), &message.attributes),
                ast::Entry::Term(term) => (term.id.name, true, Some(&term.value), &term.attributes),
                _ => continue,
            };
            let line = line_of(text, id, term);
            let mut found = Entry { place: place.clone(), line, has_value: value.is_some(), ..Entry::default() };
            value.into_iter().for_each(|pattern| found.take_in(pattern));
            for attribute in attributes {
                found.take_in(&attribute.value);
                if !found.attributes.insert(attribute.id.name.into()) {
                    problem(line, format!("{id}.{} is there twice", attribute.id.name));
                }
            }
            let into = if term { &mut language.terms } else { &mut language.messages };
            if into.insert(id.into(), found).is_some() {
                problem(line, format!("{id} is there twice"));
            }
        }
    }
    language
}

impl Entry {
    fn take_in(&mut self, pattern: &ast::Pattern<&str>) {
        for element in &pattern.elements {
            if let ast::PatternElement::Placeable { expression } = element {
                self.take_in_expression(expression);
            }
        }
    }

    fn take_in_expression(&mut self, expression: &ast::Expression<&str>) {
        match expression {
            ast::Expression::Inline(inline) => self.take_in_inline(inline),
            ast::Expression::Select { selector, variants } => {
                self.take_in_inline(selector);
                if let ast::InlineExpression::VariableReference { id } = selector {
                    let keys = variants.iter().map(|variant| match variant.key {
                        ast::VariantKey::Identifier { name } => name.to_owned(),
                        ast::VariantKey::NumberLiteral { value } => value.to_owned(),
                    });
                    self.selections.push((id.name.into(), keys.collect()));
                }
                variants.iter().for_each(|variant| self.take_in(&variant.value));
            }
        }
    }

    fn take_in_inline(&mut self, inline: &ast::InlineExpression<&str>) {
        use ast::InlineExpression as Inline;
        match inline {
            Inline::StringLiteral { .. } | Inline::NumberLiteral { .. } => {}
            Inline::FunctionReference { id, .. } => {
                self.functions.insert(id.name.into());
            }
            Inline::MessageReference { id, .. } => {
                self.references.insert(id.name.into());
            }
            Inline::TermReference { id, arguments, .. } => {
                self.references.insert(format!("-{}", id.name));
                for argument in arguments.iter().flat_map(|arguments| &arguments.positional) {
                    self.take_in_inline(argument);
                }
            }
            Inline::VariableReference { id } => {
                self.variables.insert(id.name.into());
            }
            Inline::Placeable { expression } => self.take_in_expression(expression),
        }
    }

    fn problem(&self, what: String) -> Problem {
        Problem { place: self.place.clone(), line: self.line, what }
    }
}

/// Every message and term that is referred to exists, nothing refers to itself in the end, and no function is called:
/// numbers and dates are formatted before they come in.
fn check_references(language: &Entries, problems: &mut Vec<Problem>) {
    let find = |id: &str| match id.strip_prefix('-') {
        Some(term) => language.terms.get(term),
        None => language.messages.get(id),
    };
    let messages = language.messages.iter().map(|(id, entry)| (id.clone(), entry));
    for (id, entry) in messages.chain(language.terms.iter().map(|(id, entry)| (format!("-{id}"), entry))) {
        for reference in &entry.references {
            if find(reference).is_none() {
                let sort = if reference.starts_with('-') { "term" } else { "message" };
                problems.push(entry.problem(format!("{id} refers to the undefined {sort} {reference}")));
            }
        }
        for function in &entry.functions {
            problems.push(entry.problem(format!("{id} calls {function}(); there are no functions")));
        }
        let mut seen = BTreeSet::new();
        let mut next: Vec<&String> = entry.references.iter().collect();
        while let Some(reference) = next.pop() {
            if *reference == id {
                problems.push(entry.problem(format!("{id} refers to itself")));
                break;
            }
            if seen.insert(reference) {
                next.extend(find(reference).into_iter().flat_map(|entry| &entry.references));
            }
        }
    }
}

/// A selection by number has a form for each of the language's plural categories and for no other; and where English
/// has one, so has the translation.
fn check_plurals(language: &Entries, reference: &Entries, problems: &mut Vec<Problem>) {
    for (id, entry) in &language.messages {
        for (variable, keys) in entry.selections.iter().filter(|(_, keys)| is_plural(keys)) {
            for missing in language.plurals.iter().filter(|category| !keys.contains(category)) {
                problems.push(entry.problem(format!("{id} has no form for [{missing}] of ${variable}")));
            }
            for extra in keys.iter().filter(|key| is_category(key) && !language.plurals.contains(key)) {
                problems.push(entry.problem(format!("{id} has [{extra}], a form that the language does not have")));
            }
        }
        let of_reference = reference.messages.get(id).into_iter().flat_map(|entry| &entry.selections);
        for (variable, _) in of_reference.filter(|(_, keys)| is_plural(keys)) {
            if !entry.selections.iter().any(|(own, keys)| own == variable && is_plural(keys))
                && language.plurals.len() > 1
            {
                problems.push(entry.problem(format!("{id} does not choose a plural form by ${variable}")));
            }
        }
    }
}

fn is_plural(keys: &[String]) -> bool {
    keys.iter().any(|key| key != "other" && is_category(key))
}

fn is_category(word: &str) -> bool {
    matches!(word, "zero" | "one" | "two" | "few" | "many" | "other")
}

/// Same messages, same attributes, no variable that English does not give.
fn compare(language: &Entries, reference: &Entries, problems: &mut Vec<Problem>) {
    for (id, wanted) in &reference.messages {
        let Some(entry) = language.messages.get(id) else {
            problems.push(wanted.problem(format!("{id} is missing in {}", language.tag)));
            continue;
        };
        if entry.has_value != wanted.has_value {
            problems.push(
                entry.problem(format!("{id} has a text of its own in only one of {}, {REFERENCE}", language.tag)),
            );
        }
        for missing in wanted.attributes.difference(&entry.attributes) {
            problems.push(entry.problem(format!("{id}.{missing} is missing in {}", language.tag)));
        }
        for extra in entry.attributes.difference(&wanted.attributes) {
            problems.push(entry.problem(format!("{id}.{extra} is not in {REFERENCE}")));
        }
        for unknown in entry.variables.difference(&wanted.variables) {
            problems.push(entry.problem(format!("{id} uses ${unknown}, which {REFERENCE} does not have")));
        }
    }
    for (id, entry) in language.messages.iter().filter(|(id, _)| !reference.messages.contains_key(*id)) {
        problems.push(entry.problem(format!("{id} is not in {REFERENCE}")));
    }
}

fn line_at(text: &str, position: usize) -> usize {
    text.bytes().take(position).filter(|byte| *byte == b'\n').count() + 1
}

/// The parser keeps no positions: an entry begins its line with its name.
fn line_of(text: &str, id: &str, term: bool) -> usize {
    let starts = |line: &str| {
        let line = if term { line.strip_prefix('-')? } else { line };
        line.strip_prefix(id)?.trim_start().starts_with('=').then_some(())
    };
    text.lines().position(|line| starts(line).is_some()).map_or(1, |index| index + 1)
}
