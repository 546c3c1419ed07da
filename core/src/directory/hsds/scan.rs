//! Cuts a JSON source into its rows without holding more than one of them, and without trusting any.
//!
//! serde_json stops at the first fault, and one bad row would cost all the rows behind it. This scanner only follows
//! strings and brackets, so that a row with a bad escape, broken UTF-8 or a thousand levels is found, named and passed.

use std::io::Read;

/// Bytes of one row; a national directory's largest organization with its services has been seen at 1–2 MB.
pub(super) const MAX_ROW: usize = 8 << 20;
/// Bytes of one source. It is streamed, so this bounds time, not memory.
pub(super) const MAX_SOURCE: u64 = 256 << 20;
/// Levels whose brackets are matched by kind; deeper ones are only counted, and serde_json refuses them.
const MATCHED: usize = 256;

/// What the scanner found next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// The bytes of one element are in the buffer. `list` names the list of a top-level object (`contents`,
    /// `services.csv`) or is empty; `index` counts from 1 in its list.
    Element { list: String, index: u64 },
    /// Larger than [`MAX_ROW`]; passed over.
    TooLarge { list: String, index: u64 },
    /// From here on nothing can be told apart; `end` says that the source stopped in the middle.
    Broken { list: String, index: u64, end: bool },
    /// More than [`MAX_SOURCE`].
    SourceTooLarge,
    /// The host could not read on.
    Unreadable,
}

/// Lists of a top-level object that are rows of their own: a page of an API, or the tables of a tabular package.
fn holds_rows(key: &str) -> bool {
    key == "contents" || key.ends_with(".csv")
}

pub(super) struct Scanner<R> {
    source: R,
    buffer: Box<[u8]>,
    filled: usize,
    at: usize,
    taken: u64,
    state: State,
    /// The members of a top-level object that are not lists of rows; together they are one element.
    rest: Vec<u8>,
    rest_is_large: bool,
    lists: u64,
    index: u64,
}

enum State {
    Start,
    Array { list: String, index: u64, in_object: bool, first: bool },
    Object { first: bool },
    Done,
}

enum Stop {
    Broken,
    End,
    Large,
    Unreadable,
}

impl<R: Read> Scanner<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            source,
            buffer: vec![0; 64 << 10].into_boxed_slice(),
            filled: 0,
            at: 0,
            taken: 0,
            state: State::Start,
            rest: Vec::new(),
            rest_is_large: false,
            lists: 0,
            index: 0,
        }
    }

    /// Bytes read up to now.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    /// The next row, its bytes in `row`; `None` at the end.
    pub(super) fn next(&mut self, row: &mut Vec<u8>) -> Option<Row> {
        loop {
            row.clear();
            let state = std::mem::replace(&mut self.state, State::Done);
            let (list, index) = match &state {
                State::Array { list, index, .. } => (list.clone(), index + 1),
                _ => (String::new(), self.index + 1),
            };
            match self.step(state, row) {
                Ok(Some(found)) => return Some(found),
                Ok(None) if matches!(self.state, State::Done) => return None,
                Ok(None) => {}
                Err(stop) => {
                    self.state = State::Done;
                    return Some(match stop {
                        Stop::Large => Row::SourceTooLarge,
                        Stop::Unreadable => Row::Unreadable,
                        Stop::Broken => Row::Broken { list, index, end: false },
                        Stop::End => Row::Broken { list, index, end: true },
                    });
                }
            }
        }
    }

    fn step(&mut self, state: State, row: &mut Vec<u8>) -> Result<Option<Row>, Stop> {
        match state {
            State::Done => Ok(None),
            State::Start => self.start(row),
            State::Array { list, index, in_object, first } => {
                let next = self.solid()?.ok_or(Stop::End)?;
                if next == b']' {
                    self.bump();
                    self.state = if in_object { State::Object { first: false } } else { State::Start };
                    return Ok(None);
                }
                if !first {
                    self.expect(b',')?;
                    self.solid()?.ok_or(Stop::End)?;
                }
                let index = index + 1;
                let whole = self.value(row, MAX_ROW)?;
                self.state = State::Array { list: list.clone(), index, in_object, first: false };
                Ok(Some(if whole { Row::Element { list, index } } else { Row::TooLarge { list, index } }))
            }
            State::Object { first } => self.member(first, row),
        }
    }

    fn start(&mut self, row: &mut Vec<u8>) -> Result<Option<Row>, Stop> {
        if self.taken == 0 && self.peek()? == Some(0xef) {
            for expected in [0xef, 0xbb, 0xbf] {
                self.expect(expected)?;
            }
        }
        match self.solid()? {
            None => self.state = State::Done,
            Some(b'[') => {
                self.bump();
                self.state = State::Array { list: String::new(), index: 0, in_object: false, first: true };
            }
            Some(b'{') => {
                self.bump();
                self.rest.clear();
                self.rest.push(b'{');
                self.rest_is_large = false;
                self.lists = 0;
                self.state = State::Object { first: true };
            }
            // One value a line is how large feeds are also written; anything else than objects is no row of ours.
            Some(_) => {
                let whole = self.value(row, MAX_ROW)?;
                self.index += 1;
                self.state = State::Start;
                let (list, index) = (String::new(), self.index);
                return Ok(Some(if whole { Row::Element { list, index } } else { Row::TooLarge { list, index } }));
            }
        }
        Ok(None)
    }

    fn member(&mut self, first: bool, row: &mut Vec<u8>) -> Result<Option<Row>, Stop> {
        let next = self.solid()?.ok_or(Stop::End)?;
        if next == b'}' {
            self.bump();
            self.state = State::Start;
            if self.lists > 0 {
                return Ok(None); // What stands beside the rows is about the page, not a row.
            }
            self.index += 1;
            let (list, index) = (String::new(), self.index);
            if self.rest_is_large {
                return Ok(Some(Row::TooLarge { list, index }));
            }
            self.rest.push(b'}');
            std::mem::swap(row, &mut self.rest);
            return Ok(Some(Row::Element { list, index }));
        }
        if !first {
            self.expect(b',')?;
        }
        if self.solid()?.ok_or(Stop::End)? != b'"' {
            return Err(Stop::Broken);
        }
        let mut key = Vec::new();
        self.string(&mut key, MAX_ROW)?;
        self.solid()?;
        self.expect(b':')?;
        let value = self.solid()?.ok_or(Stop::End)?;
        let name = serde_json::from_slice::<String>(&key).unwrap_or_default();
        if value == b'[' && holds_rows(&name) {
            self.bump();
            self.lists += 1;
            self.state = State::Array { list: name, index: 0, in_object: true, first: true };
            return Ok(None);
        }
        let mut bytes = std::mem::take(row);
        let room = MAX_ROW.saturating_sub(self.rest.len() + key.len());
        let whole = self.value(&mut bytes, room)?;
        self.rest_is_large |= !whole;
        if !self.rest_is_large {
            if self.rest.len() > 1 {
                self.rest.push(b',');
            }
            self.rest.extend_from_slice(&key);
            self.rest.push(b':');
            self.rest.extend_from_slice(&bytes);
        }
        bytes.clear();
        *row = bytes;
        self.state = State::Object { first: false };
        Ok(None)
    }

    /// Takes one value; `false` when it is larger than `limit`, and then it is passed over.
    fn value(&mut self, out: &mut Vec<u8>, limit: usize) -> Result<bool, Stop> {
        match self.peek()?.ok_or(Stop::End)? {
            b'"' => self.string(out, limit),
            b'{' | b'[' => self.nested(out, limit),
            b',' | b':' | b']' | b'}' => Err(Stop::Broken),
            _ => {
                let mut whole = true;
                while let Some(byte) = self.peek()? {
                    if matches!(byte, b',' | b']' | b'}' | b':' | b' ' | b'\n' | b'\r' | b'\t') {
                        break;
                    }
                    whole &= keep(out, byte, limit);
                    self.bump();
                }
                Ok(whole)
            }
        }
    }

    fn nested(&mut self, out: &mut Vec<u8>, limit: usize) -> Result<bool, Stop> {
        let (mut kinds, mut depth, mut whole) = ([0u8; MATCHED], 0usize, true);
        loop {
            let byte = self.peek()?.ok_or(Stop::End)?;
            match byte {
                b'"' => {
                    whole &= self.string(out, if whole { limit } else { 0 })?;
                    continue;
                }
                b'{' | b'[' => {
                    if let Some(kind) = kinds.get_mut(depth) {
                        *kind = byte;
                    }
                    depth += 1;
                }
                b'}' | b']' => {
                    depth -= 1;
                    let opened = kinds.get(depth).copied().unwrap_or(byte - 2);
                    if opened != byte - 2 {
                        return Err(Stop::Broken);
                    }
                }
                _ => {}
            }
            whole &= keep(out, byte, if whole { limit } else { 0 });
            self.bump();
            if depth == 0 {
                return Ok(whole);
            }
        }
    }

    fn string(&mut self, out: &mut Vec<u8>, limit: usize) -> Result<bool, Stop> {
        let (mut whole, mut escaped, mut opened) = (true, false, false);
        loop {
            let byte = self.peek()?.ok_or(Stop::End)?;
            self.bump();
            whole &= keep(out, byte, if whole { limit } else { 0 });
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' if opened => return Ok(whole),
                b'"' => opened = true,
                _ => {}
            }
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Stop> {
        match self.peek()? {
            Some(found) if found == byte => {
                self.bump();
                Ok(())
            }
            Some(_) => Err(Stop::Broken),
            None => Err(Stop::End),
        }
    }

    /// The next byte that is not white space.
    fn solid(&mut self) -> Result<Option<u8>, Stop> {
        while let Some(byte) = self.peek()? {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Ok(Some(byte));
            }
            self.bump();
        }
        Ok(None)
    }

    fn bump(&mut self) {
        self.at += 1;
        self.taken += 1;
    }

    fn peek(&mut self) -> Result<Option<u8>, Stop> {
        while self.at == self.filled {
            if self.taken >= MAX_SOURCE {
                return Err(Stop::Large);
            }
            match self.source.read(&mut self.buffer) {
                Ok(0) => return Ok(None),
                Ok(read) => (self.filled, self.at) = (read.min(self.buffer.len()), 0),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return Err(Stop::Unreadable),
            }
        }
        Ok(Some(self.buffer[self.at]))
    }
}

/// Keeps the byte if there is room; on the first that does not fit, what was kept is let go.
fn keep(out: &mut Vec<u8>, byte: u8, limit: usize) -> bool {
    if out.len() >= limit {
        *out = Vec::new();
        return false;
    }
    out.push(byte);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8]) -> Vec<(String, String)> {
        let mut scanner = Scanner::new(text);
        let (mut buffer, mut rows) = (Vec::new(), Vec::new());
        while let Some(row) = scanner.next(&mut buffer) {
            let name = match row {
                Row::Element { list, index } => format!("{list}#{index}"),
                other => format!("{other:?}"),
            };
            rows.push((name, String::from_utf8_lossy(&buffer).into_owned()));
        }
        rows
    }

    fn names(text: &[u8]) -> Vec<String> {
        rows(text).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn every_shape_of_a_source() {
        assert_eq!(names(b""), Vec::<String>::new());
        assert_eq!(
            rows(b"\xef\xbb\xbf {\"id\" : 1 , \"a\":[{\"b\":\"]}\"}]} "),
            [("#1".to_owned(), "{\"id\":1,\"a\":[{\"b\":\"]}\"}]}".to_owned())]
        );
        assert_eq!(names(b"[1, {\"a\":[]},\"x\\\"]\", null]"), ["#1", "#2", "#3", "#4"]);
        assert_eq!(names(b"{\"page\":1,\"contents\":[{},{}],\"last\":true}"), ["contents#1", "contents#2"]);
        assert_eq!(names(b"{\"a.csv\":[{}],\"b.csv\":[{},{}]}"), ["a.csv#1", "b.csv#1", "b.csv#2"]);
        assert_eq!(names(b"{\"a\":1}\n{\"a\":2}\n"), ["#1", "#2"], "one object a line");
    }

    #[test]
    fn broken_places_are_named() {
        let broken = |list: &str, index, end| format!("{:?}", Row::Broken { list: list.into(), index, end });
        assert_eq!(names(b"[{},{\"a\":"), ["#1".to_owned(), broken("", 2, true)]);
        assert_eq!(names(b"[{},{\"a\":[1}}]"), ["#1".to_owned(), broken("", 2, false)]);
        assert_eq!(names(b"[{} {}]"), ["#1".to_owned(), broken("", 2, false)]);
        assert_eq!(
            names(b"{\"contents\":[{},{},"),
            ["contents#1".to_owned(), "contents#2".to_owned(), broken("contents", 3, true)]
        );
        assert_eq!(names(b"../../datapackage.json"), ["#1"], "one word; serde_json will refuse it");
    }

    #[test]
    fn deep_and_large_rows_are_passed() {
        let mut deep = b"[{},".to_vec();
        deep.extend(vec![b'['; 100_000]);
        deep.extend(vec![b']'; 100_000]);
        deep.extend(b",{}]");
        assert_eq!(names(&deep), ["#1", "#2", "#3"]);

        let mut large = b"[\"".to_vec();
        large.extend(vec![b'a'; MAX_ROW + 1]);
        large.extend(b"\",{}]");
        assert_eq!(names(&large), ["TooLarge { list: \"\", index: 1 }", "#2"]);
    }
}
