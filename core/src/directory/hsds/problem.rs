//! What can be wrong with a row, said so that the person who keeps the data can find it and put it right.

use std::cell::RefCell;
use std::collections::HashSet;

/// At most this many problems of one import are listed; the others are counted. A feed with more is broken as a whole.
pub const MAX_PROBLEMS: usize = 50_000;

/// Characters of a bad value that are repeated in the report.
const MAX_VALUE: usize = 60;

/// One thing wrong in one place of a source. The other rows are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// The file, relative to the path that was asked for, with `/`.
    pub file: String,
    /// Counted from 1. In a JSON list the element's place; in a file of one object 1; in CSV the row as a spreadsheet
    /// numbers it, so the header is row 1. 0 means the file as a whole.
    pub row: u64,
    /// The field in HSDS's words; inside nested JSON a path such as `schedules[0].opens_at`. Empty: the row as a whole.
    pub field: String,
    /// What is wrong, and with it what was done.
    pub problem: Problem,
    /// The beginning of the value found, or what helps to find it. Empty when there is none.
    pub value: String,
}

/// What is wrong. The words of [`Problem::code`] are stable; `hsds-problem-<code>` is the Fluent message of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Problem {
    /// HSDS requires this field and it is not there, or empty. A service or phone is not taken without it; the services of
    /// an organization are.
    Missing,
    /// A list where a text should be, a text where a number should be. The field is not taken; if HSDS requires it, as above.
    WrongType,
    /// Not one of the values that HSDS lists. The field is not taken, and a service without a known `status` neither.
    NotInList,
    /// Not a calendar date `YYYY-MM-DD` (ISO 8601) or, for `last_modified`, not a time after RFC 3339.
    NotADate,
    /// Not a time of day `HH:MM` or `HH:MM:SS`.
    NotATime,
    /// A number outside what it can mean: a latitude of 100, an age of 900.
    OutOfRange,
    /// Not an email address.
    NotAnEmail,
    /// Not an `http` or `https` address.
    NotAWebAddress,
    /// No digits that could be dialled.
    NotAPhone,
    /// Not a language tag after BCP 47.
    NotALanguage,
    /// Not part of an RFC 5545 recurrence rule.
    NotARecurrence,
    /// Bytes that are not UTF-8. What could be read is kept, with U+FFFD in the place of the rest.
    NotUtf8,
    /// NUL or other control characters. They were left out.
    ControlCharacters,
    /// Longer than we keep. The text was cut.
    TooLong,
    /// More entries than we keep. The first ones were taken.
    TooMany,
    /// Nested deeper than any HSDS object. The row is not taken.
    TooDeep,
    /// The row or the file is larger than any real one. It is not taken.
    TooLarge,
    /// The row is not JSON; when the brackets no longer match, the rows after it are lost too.
    NotJson,
    /// The file ends in the middle of this row.
    CutShort,
    /// Another row has the same id and says something else. The first one was kept, and completed from this one.
    Duplicate,
    /// The row that this field names is not in this package. A row that belongs to no other is not taken; a service is.
    UnknownReference,
    /// The file cannot be opened or read.
    Unreadable,
    /// Nothing in this file is a service or an organization.
    NoServices,
}

impl Problem {
    /// A stable word for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::WrongType => "wrong-type",
            Self::NotInList => "not-in-list",
            Self::NotADate => "not-a-date",
            Self::NotATime => "not-a-time",
            Self::OutOfRange => "out-of-range",
            Self::NotAnEmail => "not-an-email",
            Self::NotAWebAddress => "not-a-web-address",
            Self::NotAPhone => "not-a-phone",
            Self::NotALanguage => "not-a-language",
            Self::NotARecurrence => "not-a-recurrence",
            Self::NotUtf8 => "not-utf8",
            Self::ControlCharacters => "control-characters",
            Self::TooLong => "too-long",
            Self::TooMany => "too-many",
            Self::TooDeep => "too-deep",
            Self::TooLarge => "too-large",
            Self::NotJson => "not-json",
            Self::CutShort => "cut-short",
            Self::Duplicate => "duplicate",
            Self::UnknownReference => "unknown-reference",
            Self::Unreadable => "unreadable",
            Self::NoServices => "no-services",
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// Collects problems while a source is read. One place is reported once, though many services may share a location.
#[derive(Default)]
pub(super) struct Report {
    problems: RefCell<Problems>,
}

#[derive(Default)]
struct Problems {
    listed: Vec<RowProblem>,
    seen: HashSet<[u8; 16]>,
    unlisted: u64,
}

impl Report {
    pub(super) fn add(&self, file: &str, row: u64, field: &str, problem: Problem, value: &str) {
        let mut hasher = blake3::Hasher::new();
        hasher.update(file.as_bytes()).update(&row.to_be_bytes()).update(field.as_bytes());
        hasher.update(problem.code().as_bytes());
        let mut key = [0; 16];
        key.copy_from_slice(&hasher.finalize().as_bytes()[..16]);

        let mut problems = self.problems.borrow_mut();
        if problems.listed.len() >= MAX_PROBLEMS {
            problems.unlisted += 1;
        } else if problems.seen.insert(key) {
            let value = value.chars().filter(|c| !c.is_control()).take(MAX_VALUE).collect();
            problems.listed.push(RowProblem { file: file.into(), row, field: field.into(), problem, value });
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.problems.borrow().listed.is_empty()
    }

    pub(super) fn finish(self) -> (Vec<RowProblem>, u64) {
        let problems = self.problems.into_inner();
        (problems.listed, problems.unlisted)
    }
}
