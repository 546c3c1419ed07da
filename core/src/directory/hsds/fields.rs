//! Reading one field at a time, distrusting each: what cannot be taken is reported with its place and left out.

use std::rc::Rc;

use serde_json::{Map, Value};

use super::problem::{Problem, Report};

/// A row that cannot be taken; why is already in the report.
#[derive(Debug)]
pub(super) struct Refused;

/// The key under which the table reader says where a nested object was written.
pub(super) const ORIGIN: &str = "\0origin";

/// A place in a source.
#[derive(Clone)]
pub(super) struct Place<'a> {
    pub(super) report: &'a Report,
    pub(super) file: Rc<str>,
    pub(super) row: u64,
    pub(super) path: String,
    /// Whether nested objects come from rows of other tables, which [`ORIGIN`] names.
    pub(super) tables: bool,
}

impl<'a> Place<'a> {
    pub(super) fn row(report: &'a Report, file: &Rc<str>, row: u64, tables: bool) -> Self {
        Self { report, file: Rc::clone(file), row, path: String::new(), tables }
    }

    fn path_of(&self, field: &str) -> String {
        if self.path.is_empty() || field.is_empty() {
            format!("{}{field}", self.path)
        } else {
            format!("{}.{field}", self.path)
        }
    }

    pub(super) fn problem(&self, field: &str, problem: Problem, value: &str) {
        self.report.add(&self.file, self.row, &self.path_of(field), problem, value);
    }

    fn enter<'m>(&self, field: &str, index: Option<usize>, map: &'m Map<String, Value>) -> Object<'a, 'm> {
        let mut place = self.clone();
        place.path = match index {
            Some(index) => format!("{}[{index}]", self.path_of(field)),
            None => self.path_of(field),
        };
        if self.tables
            && let Some(Value::Array(origin)) = map.get(ORIGIN)
            && let [Value::String(file), Value::Number(row)] = origin.as_slice()
        {
            place.file = Rc::from(file.as_str());
            place.row = row.as_u64().unwrap_or(0);
            place.path.clear();
        }
        Object { place, map }
    }
}

/// A JSON object together with its place.
#[derive(Clone)]
pub(super) struct Object<'a, 'm> {
    pub(super) place: Place<'a>,
    pub(super) map: &'m Map<String, Value>,
}

/// The longest text of each sort, in bytes of UTF-8. Ours: HSDS names none. A whole service must fit into one change.
pub(super) mod limits {
    /// An id: HSDS asks for a UUID (36), real feeds write other things.
    pub(in crate::directory) const ID: usize = 128;
    /// A name, a heading, an address line, a web address.
    pub(in crate::directory) const LINE: usize = 500;
    /// A description.
    pub(in crate::directory) const PROSE: usize = 6_000;
    /// Entries of one nested list.
    pub(in crate::directory) const LIST: usize = 24;
}

impl<'a, 'm> Object<'a, 'm> {
    fn get(&self, field: &str) -> Option<&'m Value> {
        match self.map.get(field)? {
            Value::Null => None,
            Value::String(text) if text.trim().is_empty() => None,
            value => Some(value),
        }
    }

    pub(super) fn problem(&self, field: &str, problem: Problem, value: &str) {
        self.place.problem(field, problem, value);
    }

    fn wrong_type(&self, field: &str, value: &Value) {
        let found = match value {
            Value::Array(_) => "[…]".to_owned(),
            Value::Object(_) => "{…}".to_owned(),
            scalar => scalar.to_string(),
        };
        self.problem(field, Problem::WrongType, &found);
    }

    /// A text without surrounding space or control characters, cut to `max` bytes.
    pub(super) fn text(&self, field: &str, max: usize) -> Option<String> {
        match self.get(field)? {
            Value::String(text) => self.clean(field, text, max),
            other => {
                self.wrong_type(field, other);
                None
            }
        }
    }

    /// A text that many feeds write as a number: an id, a postal code, an extension.
    pub(super) fn code(&self, field: &str, max: usize) -> Option<String> {
        match self.get(field)? {
            Value::Number(number) => Some(number.to_string()),
            _ => self.text(field, max),
        }
    }

    pub(super) fn clean(&self, field: &str, text: &str, max: usize) -> Option<String> {
        if text.contains('\u{fffd}') {
            self.problem(field, Problem::NotUtf8, text);
        }
        let mut clean = String::with_capacity(text.len().min(max));
        let mut controls = false;
        // A carriage return is how a line ends elsewhere, not an error.
        for character in text.trim().chars().filter(|c| *c != '\r') {
            if character.is_control() && !matches!(character, '\n' | '\t') {
                controls = true;
                continue;
            }
            if clean.len() + character.len_utf8() > max {
                self.problem(field, Problem::TooLong, text);
                break;
            }
            clean.push(character);
        }
        if controls {
            self.problem(field, Problem::ControlCharacters, text);
        }
        clean.truncate(clean.trim_end().len());
        (!clean.is_empty()).then_some(clean)
    }

    /// A text that HSDS requires.
    pub(super) fn required(&self, field: &str, max: usize) -> Result<String, Refused> {
        match self.get(field) {
            None => {
                self.problem(field, Problem::Missing, "");
                Err(Refused)
            }
            Some(Value::String(text)) if text.contains('\u{fffd}') => {
                self.problem(field, Problem::NotUtf8, text);
                Err(Refused)
            }
            // The report has what was wrong with it.
            Some(_) => self.text(field, max).ok_or(Refused),
        }
    }

    /// The id that HSDS requires: any printable text without spaces, since real feeds do not keep to UUIDs.
    pub(super) fn id(&self) -> Result<String, Refused> {
        let Some(id) = self.code("id", limits::ID + 1) else {
            if self.get("id").is_none() {
                self.problem("id", Problem::Missing, "");
            }
            return Err(Refused);
        };
        if id.len() > limits::ID {
            self.problem("id", Problem::TooLong, &id);
            return Err(Refused);
        }
        if id.chars().any(|c| c.is_whitespace() || c == '\u{fffd}') {
            self.problem("id", Problem::WrongType, &id);
            return Err(Refused);
        }
        Ok(id)
    }

    pub(super) fn one_of(&self, field: &str, values: &[&'static str]) -> Option<&'static str> {
        let text = self.text(field, limits::LINE)?;
        let found = values.iter().find(|value| value.eq_ignore_ascii_case(&text)).copied();
        if found.is_none() {
            self.problem(field, Problem::NotInList, &text);
        }
        found
    }

    /// A number, also one written as text, as CSV must.
    pub(super) fn number(&self, field: &str, min: f64, max: f64) -> Option<f64> {
        let value = self.get(field)?;
        let number = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let Some(number) = number.filter(|n: &f64| n.is_finite()) else {
            self.wrong_type(field, value);
            return None;
        };
        if number < min || number > max {
            self.problem(field, Problem::OutOfRange, &number.to_string());
            return None;
        }
        Some(number)
    }

    /// A calendar date, given back as `YYYY-MM-DD`; a time after it is ignored.
    pub(super) fn date(&self, field: &str) -> Option<String> {
        let text = self.text(field, limits::LINE)?;
        let (date, rest) = text.split_at_checked(10).unwrap_or((text.as_str(), ""));
        let known = chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d").ok();
        match known {
            Some(date) if rest.is_empty() || rest.starts_with(['T', ' ']) => Some(date.format("%Y-%m-%d").to_string()),
            _ => {
                self.problem(field, Problem::NotADate, &text);
                None
            }
        }
    }

    /// A moment after RFC 3339, or without zone or time of day, as feeds write it. Kept as written.
    pub(super) fn moment(&self, field: &str) -> Option<String> {
        use chrono::{DateTime, NaiveDate, NaiveDateTime};
        let text = self.text(field, limits::LINE)?;
        let known = DateTime::parse_from_rfc3339(&text).is_ok()
            || NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f").is_ok()
            || NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S%.f").is_ok()
            || NaiveDate::parse_from_str(&text, "%Y-%m-%d").is_ok();
        if !known {
            self.problem(field, Problem::NotADate, &text);
        }
        known.then_some(text)
    }

    /// A time of day, given back as `HH:MM`; seconds and zone, which no opening hour needs, are dropped.
    pub(super) fn time(&self, field: &str) -> Option<String> {
        let text = self.text(field, limits::LINE)?;
        let bare = text.split(['Z', '+', '-']).next().unwrap_or("").trim();
        // 24:00 is the end of a day in ISO 8601 and in many feeds.
        let parsed = chrono::NaiveTime::parse_from_str(bare, "%H:%M:%S")
            .or_else(|_| chrono::NaiveTime::parse_from_str(bare, "%H:%M:%S%.f"))
            .or_else(|_| chrono::NaiveTime::parse_from_str(bare, "%H:%M"));
        match parsed {
            Ok(time) => Some(time.format("%H:%M").to_string()),
            Err(_) if bare.starts_with("24:00") => Some("24:00".to_owned()),
            Err(_) => {
                self.problem(field, Problem::NotATime, &text);
                None
            }
        }
    }

    pub(super) fn email(&self, field: &str) -> Option<String> {
        let text = self.text(field, limits::LINE)?;
        let valid = text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && !host.is_empty() && !host.contains('@') && !text.contains([' ', '\n', '\t', '<', '>'])
        });
        if !valid {
            self.problem(field, Problem::NotAnEmail, &text);
        }
        valid.then_some(text)
    }

    /// A web address that a person may safely be sent to: `http`, `https`, or a bare host name.
    pub(super) fn web(&self, field: &str) -> Option<String> {
        let text = self.text(field, limits::LINE)?;
        let rest = match text.split_once("://") {
            Some((scheme, rest)) if matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") => Some(rest),
            Some(_) => None,
            // `javascript:…` and its kind have no `//`; a host may have a port.
            None => {
                text.split('/').next().filter(|host| host.contains('.') && !host.contains([':', '@'])).or_else(|| {
                    let (host, port) = text.split('/').next()?.split_once(':')?;
                    (host.contains('.') && port.bytes().all(|b| b.is_ascii_digit())).then_some(host)
                })
            }
        };
        let valid = rest.is_some_and(|rest| !rest.is_empty()) && !text.contains(char::is_whitespace);
        if !valid {
            self.problem(field, Problem::NotAWebAddress, &text);
        }
        valid.then_some(text)
    }

    /// A comma-separated part of a recurrence rule (RFC 5545, 3.3.10), upper-cased, every item checked.
    pub(super) fn recurrence(&self, field: &str, item: fn(&str) -> bool) -> Option<String> {
        let text = self.code(field, limits::LINE)?.to_ascii_uppercase().replace(' ', "");
        let valid = text.split(',').all(item);
        if !valid {
            self.problem(field, Problem::NotARecurrence, &text);
        }
        valid.then_some(text)
    }

    /// The objects of a nested list; the first [`limits::LIST`] of them.
    pub(super) fn list(&self, field: &str) -> Vec<Object<'a, 'm>> {
        let items = match self.get(field) {
            None => return Vec::new(),
            Some(Value::Array(items)) => items,
            Some(other) => {
                self.wrong_type(field, other);
                return Vec::new();
            }
        };
        if items.len() > limits::LIST {
            self.problem(field, Problem::TooMany, &items.len().to_string());
        }
        let mut objects = Vec::new();
        for (index, item) in items.iter().take(limits::LIST).enumerate() {
            match item {
                Value::Object(map) => objects.push(self.place.enter(field, Some(index), map)),
                Value::Null => {}
                other => self.wrong_type(&format!("{field}[{index}]"), other),
            }
        }
        objects
    }

    /// All objects of a list without a limit; what is no object comes back as its text.
    pub(super) fn all(&self, field: &str) -> Vec<Result<Object<'a, 'm>, String>> {
        let Some(Value::Array(items)) = self.get(field) else {
            return self.get(field).map(|other| Err(other.to_string())).into_iter().collect();
        };
        let object = |(index, item): (usize, &'m Value)| match item {
            Value::Object(map) => Ok(self.place.enter(field, Some(index), map)),
            other => Err(other.to_string()),
        };
        items.iter().enumerate().map(object).collect()
    }

    pub(super) fn object(&self, field: &str) -> Option<Object<'a, 'm>> {
        match self.get(field)? {
            Value::Object(map) => Some(self.place.enter(field, None, map)),
            other => {
                self.wrong_type(field, other);
                None
            }
        }
    }

    /// Our `translations` member: each language with its object of texts.
    pub(super) fn translations(&self) -> Vec<(String, Object<'a, 'm>)> {
        let Some(all) = self.object("translations") else { return Vec::new() };
        let mut languages = Vec::new();
        for (written, value) in all.map.iter().filter(|(key, _)| key.as_str() != ORIGIN) {
            match (language_tag(written), value) {
                (None, _) => all.problem("", Problem::NotALanguage, written),
                (Some(_), _) if languages.len() == limits::LIST => {
                    all.problem("", Problem::TooMany, written);
                    break;
                }
                (Some(tag), Value::Object(map)) => languages.push((tag, all.place.enter(written, None, map))),
                (Some(_), other) => all.wrong_type(written, other),
            }
        }
        languages
    }
}

/// A language tag in BCP 47's canonical case, or nothing.
pub(super) fn language_tag(text: &str) -> Option<String> {
    let language: unic_langid::LanguageIdentifier = text.trim().parse().ok()?;
    (!language.language.is_empty()).then(|| language.to_string())
}
