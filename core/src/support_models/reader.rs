//! Reads TOML field by field, so that whoever writes a model learns which line and field is wrong, and why.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The longest file that is read: the largest shipped model has 5 KiB.
pub const MAX_BYTES: usize = 64 * 1024;
/// The longest id. Text ids are made of it, and task ids travel in documents.
const MAX_ID: usize = 48;

/// Why a file is no support model (or milestone catalogue).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {}: {field}: {reason}", line.map_or_else(|| "?".to_owned(), |l| l.to_string()))]
pub struct ModelError {
    /// The line in the file, from 1, if it is a matter of one line.
    pub line: Option<u32>,
    /// The field with its way from the top, such as `steps[3].window_days`, at most 120 characters.
    pub field: String,
    /// One stable word: `toml`, `too-large`, `unknown-field`, `missing`, `not-text`, `not-a-number`, `not-true-or-false`,
    /// `not-a-list`, `not-a-table`, `format`, `too-long`, `too-many`, `out-of-range`, `duplicate`, `one-of`, `not-here`, `not-a-role`, `not-a-step`,
    /// `not-an-event`, `not-a-word`, `repeats`, `cycle`, `needs-length`, `needs-supervisor`, `longer-than-every`,
    /// `no-such-catalogue`, `not-newer`.
    pub reason: &'static str,
}

impl ModelError {
    pub(super) fn new(field: impl Into<String>, reason: &'static str) -> Self {
        Self { line: None, field: field.into(), reason }
    }

    /// Names what the field held or lacked.
    pub(super) fn about(mut self, what: &str) -> Self {
        let what: String = what.chars().filter(|c| !c.is_control()).take(60).collect();
        self.field = format!("{} ({what})", self.field);
        self
    }
}

pub(super) type Result<T> = std::result::Result<T, ModelError>;

/// A parsed file.
pub(super) struct Document<'a> {
    text: &'a str,
    top: Spanned<DeTable<'a>>,
}

impl<'a> Document<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self> {
        if text.len() > MAX_BYTES {
            return Err(ModelError::new("file", "too-large"));
        }
        match DeTable::parse(text) {
            Ok(top) => Ok(Self { text, top }),
            Err(error) => {
                let line = error.span().map(|span| line_of(text, span.start));
                let what: String = error.message().chars().filter(|c| !c.is_control()).take(100).collect();
                Err(ModelError { line, field: format!("file ({what})"), reason: "toml" })
            }
        }
    }

    pub(super) fn top(&self) -> Section<'_> {
        Section { text: self.text, table: self.top.get_ref(), path: String::new(), start: self.top.span().start }
    }
}

/// One table of the file.
pub(super) struct Section<'a> {
    text: &'a str,
    table: &'a DeTable<'a>,
    path: String,
    start: usize,
}

impl<'a> Section<'a> {
    /// Refuses every field that is not in the list. Asked first: a misspelt field is told as such, not as a missing one.
    pub(super) fn only(&self, known: &[&str]) -> Result<()> {
        let Some(key) = self.table.keys().find(|key| !known.contains(&key.get_ref().as_ref())) else { return Ok(()) };
        let name: String = key.get_ref().chars().filter(|c| !c.is_control()).take(60).collect();
        Err(self.at(key.span().start, &name, "unknown-field"))
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// An error in one field, with the line of its value, or of its table if it is not there.
    pub(super) fn fail(&self, key: &str, reason: &'static str) -> ModelError {
        self.at(self.table.get(key).map_or(self.start, |value| value.span().start), key, reason)
    }

    /// An id: small letters, digits and hyphens, beginning with a letter.
    pub(super) fn id(&self, key: &str) -> Result<String> {
        self.optional_id(key)?.ok_or_else(|| self.fail(key, "missing"))
    }

    pub(super) fn optional_id(&self, key: &str) -> Result<Option<String>> {
        let Some(value) = self.table.get(key) else { return Ok(None) };
        let text = value.get_ref().as_str().ok_or_else(|| self.fail(key, "not-text"))?;
        if is_id(text) { Ok(Some(text.to_owned())) } else { Err(self.fail(key, "format")) }
    }

    /// A list of ids without doubles; empty if it is not there.
    pub(super) fn ids(&self, key: &str, most: usize) -> Result<Vec<String>> {
        let Some(value) = self.table.get(key) else { return Ok(Vec::new()) };
        let list = value.get_ref().as_array().ok_or_else(|| self.fail(key, "not-a-list"))?;
        if list.len() > most {
            return Err(self.fail(key, "too-many"));
        }
        let mut ids: Vec<String> = Vec::with_capacity(list.len());
        for item in list {
            let start = item.span().start;
            let text = item.get_ref().as_str().ok_or_else(|| self.at(start, key, "not-text"))?;
            if !is_id(text) {
                return Err(self.at(start, key, "format"));
            }
            if ids.iter().any(|id| id == text) {
                return Err(self.at(start, key, "duplicate"));
            }
            ids.push(text.to_owned());
        }
        Ok(ids)
    }

    /// A whole number within bounds.
    pub(super) fn number(&self, key: &str, least: i32, most: i32) -> Result<Option<i32>> {
        let Some(value) = self.table.get(key) else { return Ok(None) };
        let number = value.get_ref().as_integer().ok_or_else(|| self.fail(key, "not-a-number"))?;
        let number = i32::from_str_radix(number.as_str(), number.radix()).ok();
        number.filter(|n| (least..=most).contains(n)).map(Some).ok_or_else(|| self.fail(key, "out-of-range"))
    }

    /// A count of at least `least`.
    pub(super) fn count(&self, key: &str, least: u16, most: u16) -> Result<Option<u32>> {
        Ok(self.number(key, i32::from(least), i32::from(most))?.map(i32::unsigned_abs))
    }

    /// A flag; false if it is not there.
    pub(super) fn flag(&self, key: &str) -> Result<bool> {
        self.table
            .get(key)
            .map_or(Ok(false), |value| value.get_ref().as_bool().ok_or_else(|| self.fail(key, "not-true-or-false")))
    }

    /// The tables of `[[key]]`.
    pub(super) fn sections(&self, key: &str, most: usize) -> Result<Vec<Section<'a>>> {
        let Some(value) = self.table.get(key) else { return Ok(Vec::new()) };
        let list = value.get_ref().as_array().ok_or_else(|| self.fail(key, "not-a-list"))?;
        if list.len() > most {
            return Err(self.fail(key, "too-many"));
        }
        let section = |(i, item): (usize, &'a Spanned<DeValue<'a>>)| {
            let path = format!("{}{key}[{i}].", self.path);
            let start = item.span().start;
            let table = item.get_ref().as_table().ok_or_else(|| self.at(start, key, "not-a-table"))?;
            Ok(Section { text: self.text, table, path, start })
        };
        list.iter().enumerate().map(section).collect()
    }

    /// The tables of `[key.<name>]`, by name.
    pub(super) fn named_sections(&self, key: &str, most: usize) -> Result<Vec<(&'a str, Section<'a>)>> {
        let Some(value) = self.table.get(key) else { return Ok(Vec::new()) };
        let tables = value.get_ref().as_table().ok_or_else(|| self.fail(key, "not-a-table"))?;
        if tables.len() > most {
            return Err(self.fail(key, "too-many"));
        }
        let section = |(name, item): (&'a Spanned<toml::de::DeString<'a>>, &'a Spanned<DeValue<'a>>)| {
            let name = name.get_ref().as_ref();
            let short: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
            let start = item.span().start;
            let table = item.get_ref().as_table().ok_or_else(|| self.at(start, key, "not-a-table"))?;
            Ok((name, Section { text: self.text, table, path: format!("{}{key}.{short}.", self.path), start }))
        };
        tables.iter().map(section).collect()
    }

    /// Every field of this table as a sentence: plain text of at most `longest` bytes, without control characters.
    pub(super) fn sentences(&self, most: usize, longest: usize) -> Result<Vec<(String, String)>> {
        if self.table.len() > most {
            return Err(self.at(self.start, "", "too-many"));
        }
        let mut all = Vec::with_capacity(self.table.len());
        for (key, value) in self.table {
            let (key, start) = (key.get_ref().as_ref(), value.span().start);
            let text = value.get_ref().as_str().ok_or_else(|| self.at(start, key, "not-text"))?;
            if text.len() > longest {
                return Err(self.at(start, key, "too-long"));
            }
            // A message id is made of an id and words around it: `model-<id>-about`.
            if key.len() > 2 * MAX_ID
                || !is_word(key)
                || text.trim().is_empty()
                || text.chars().any(|c| c.is_control() && c != '\n')
            {
                return Err(self.at(start, key, "format"));
            }
            all.push((key.to_owned(), text.to_owned()));
        }
        Ok(all)
    }

    fn at(&self, start: usize, key: &str, reason: &'static str) -> ModelError {
        let key: String = key.chars().take(60).collect();
        ModelError { line: Some(line_of(self.text, start)), field: format!("{}{key}", self.path), reason }
    }
}

fn is_id(text: &str) -> bool {
    text.len() <= MAX_ID && is_word(text)
}

fn is_word(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && text.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
}

fn line_of(text: &str, start: usize) -> u32 {
    let before = text.as_bytes().get(..start).unwrap_or(text.as_bytes());
    let lines = before.iter().filter(|b| **b == b'\n').count();
    u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(1) // a file has at most MAX_BYTES lines
}
