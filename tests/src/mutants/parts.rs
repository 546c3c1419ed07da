//! A change taken apart and put together again, with whatever lies in between and a checksum that is right.

use sha2::{Digest, Sha256};

/// The chunk type of automerge for an uncompressed change, the only one that is admitted.
pub const CHANGE: u8 = 1;
/// A deflated change.
pub const COMPRESSED: u8 = 2;

/// Every part of a change that can be wrong by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    pub dependencies: Vec<[u8; 32]>,
    pub actor: Vec<u8>,
    pub sequence: u64,
    pub start: u64,
    pub time: i64,
    pub message: Vec<u8>,
    pub others: Vec<Vec<u8>>,
    /// Specification and bytes, in order.
    pub columns: Vec<(u64, Vec<u8>)>,
    pub extra: Vec<u8>,
}

impl Parts {
    /// Take an honest change apart.
    pub fn of(bytes: &[u8]) -> Self {
        let mut at = 9;
        unsigned(bytes, &mut at);
        let dependencies = unsigned(bytes, &mut at);
        let dependencies = (0..dependencies).map(|_| take(bytes, &mut at, 32).try_into().unwrap()).collect();
        let actor = prefixed(bytes, &mut at);
        let (sequence, start, time) = (unsigned(bytes, &mut at), unsigned(bytes, &mut at), signed(bytes, &mut at));
        let message = prefixed(bytes, &mut at);
        let others = unsigned(bytes, &mut at);
        let others = (0..others).map(|_| prefixed(bytes, &mut at)).collect();
        let columns = unsigned(bytes, &mut at);
        let table: Vec<_> = (0..columns).map(|_| (unsigned(bytes, &mut at), unsigned(bytes, &mut at))).collect();
        let columns = table.into_iter().map(|(kind, length)| (kind, take(bytes, &mut at, length as usize))).collect();
        Self { dependencies, actor, sequence, start, time, message, others, columns, extra: bytes[at..].to_vec() }
    }

    /// The body of the chunk.
    pub fn body(&self) -> Vec<u8> {
        let mut out = vec![];
        put_unsigned(&mut out, self.dependencies.len() as u64);
        self.dependencies.iter().for_each(|dependency| out.extend(dependency));
        put_prefixed(&mut out, &self.actor);
        put_unsigned(&mut out, self.sequence);
        put_unsigned(&mut out, self.start);
        put_signed(&mut out, self.time);
        put_prefixed(&mut out, &self.message);
        put_unsigned(&mut out, self.others.len() as u64);
        self.others.iter().for_each(|other| put_prefixed(&mut out, other));
        put_unsigned(&mut out, self.columns.len() as u64);
        for (kind, column) in &self.columns {
            put_unsigned(&mut out, *kind);
            put_unsigned(&mut out, column.len() as u64);
        }
        self.columns.iter().for_each(|(_, column)| out.extend(column));
        out.extend(&self.extra);
        out
    }

    /// The chunk, its length and checksum made to fit.
    pub fn chunk(&self) -> Vec<u8> {
        chunk(CHANGE, &self.body())
    }

    /// The column of that specification, if there is one.
    pub fn column(&mut self, specification: u64) -> Option<&mut Vec<u8>> {
        self.columns.iter_mut().find(|(kind, _)| *kind == specification).map(|(_, column)| column)
    }

    /// Claim `more` operations like the last one, in every column alike. The values of the last operation are repeated
    /// up to a thousand times; beyond that the claim is hollow, as the hazard is.
    pub fn stretch(&mut self, more: u64) {
        let last_length = self.columns.iter().find(|(kind, _)| *kind == 0x56).map_or(0, |(_, kinds)| last(kinds) >> 4);
        for (kind, column) in &mut self.columns {
            match kind {
                0x34 => stretch_booleans(column, more),
                0x57 => {
                    let tail = column[column.len().saturating_sub(last_length as usize)..].to_vec();
                    (0..more.min(1000)).for_each(|_| column.extend(&tail));
                }
                0x71 | 0x73 => {}
                _ => stretch_runs(column, more, *kind == 0x15),
            }
        }
    }
}

/// A chunk of this type around a body, with the right checksum.
pub fn chunk(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut hashed = vec![kind];
    put_unsigned(&mut hashed, body.len() as u64);
    hashed.extend(body);
    let hash = Sha256::digest(&hashed);
    [&[0x85, 0x6f, 0x4a, 0x83], &hash[..4], hashed.as_slice()].concat()
}

/// The body of a chunk.
pub fn body(bytes: &[u8]) -> Vec<u8> {
    let mut at = 9;
    unsigned(bytes, &mut at);
    bytes[at..].to_vec()
}

/// One stretch of a run-length column.
#[derive(Debug, Clone, PartialEq)]
pub enum Run {
    Nulls(u64),
    Repeated(u64, Vec<u8>),
    Literal(Vec<Vec<u8>>),
}

/// The runs of a column; `text` when its values have a length before them.
pub fn runs(column: &[u8], text: bool) -> Vec<Run> {
    let (mut at, mut runs) = (0, vec![]);
    let value = |at: &mut usize| {
        let start = *at;
        let number = unsigned(column, at);
        if text {
            *at += number as usize;
        }
        column[start..*at].to_vec()
    };
    while at < column.len() {
        runs.push(match signed(column, &mut at) {
            0 => Run::Nulls(unsigned(column, &mut at)),
            count if count > 0 => Run::Repeated(count as u64, value(&mut at)),
            count => Run::Literal((0..-count).map(|_| value(&mut at)).collect()),
        });
    }
    runs
}

/// A column of these runs.
pub fn from_runs(runs: &[Run]) -> Vec<u8> {
    let mut out = vec![];
    for run in runs {
        match run {
            Run::Nulls(count) => {
                put_signed(&mut out, 0);
                put_unsigned(&mut out, *count);
            }
            Run::Repeated(count, value) => {
                put_signed(&mut out, *count as i64);
                out.extend(value);
            }
            Run::Literal(values) => {
                put_signed(&mut out, -(values.len() as i64));
                values.iter().for_each(|value| out.extend(value));
            }
        }
    }
    out
}

fn stretch_runs(column: &mut Vec<u8>, more: u64, text: bool) {
    let mut all = runs(column, text);
    match all.pop() {
        Some(Run::Nulls(count)) => all.push(Run::Nulls(count.saturating_add(more))),
        Some(Run::Repeated(count, value)) => all.push(Run::Repeated(count.saturating_add(more), value)),
        Some(Run::Literal(mut values)) => {
            if let Some(value) = values.pop() {
                if !values.is_empty() {
                    all.push(Run::Literal(values));
                }
                all.push(Run::Repeated(more.saturating_add(1), value));
            }
        }
        None => {}
    }
    *column = from_runs(&all);
}

fn stretch_booleans(column: &mut Vec<u8>, more: u64) {
    let (mut at, mut counts) = (0, vec![]);
    while at < column.len() {
        counts.push(unsigned(column, &mut at));
    }
    if let Some(last) = counts.last_mut() {
        *last = last.saturating_add(more);
    }
    column.clear();
    counts.into_iter().for_each(|count| put_unsigned(column, count));
}

fn last(kinds: &[u8]) -> u64 {
    match runs(kinds, false).pop() {
        Some(Run::Repeated(_, value)) => unsigned(&value, &mut 0),
        Some(Run::Literal(values)) => values.last().map_or(0, |value| unsigned(value, &mut 0)),
        _ => 0,
    }
}

fn take(bytes: &[u8], at: &mut usize, count: usize) -> Vec<u8> {
    *at += count;
    bytes[*at - count..*at].to_vec()
}

fn prefixed(bytes: &[u8], at: &mut usize) -> Vec<u8> {
    let length = unsigned(bytes, at);
    take(bytes, at, length as usize)
}

/// An unsigned LEB128 number; what is cut short ends there.
pub fn unsigned(bytes: &[u8], at: &mut usize) -> u64 {
    let (mut value, mut shift) = (0u64, 0);
    while let Some(byte) = bytes.get(*at) {
        *at += 1;
        value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
        shift += 7;
        if byte & 0x80 == 0 {
            break;
        }
    }
    value
}

fn signed(bytes: &[u8], at: &mut usize) -> i64 {
    let start = *at;
    let value = unsigned(bytes, at) as i64;
    let bits = 7 * (*at - start) as u32;
    if bits < 64 && bits > 0 && value >> (bits - 1) & 1 == 1 { value | -1 << bits } else { value }
}

fn put_unsigned(out: &mut Vec<u8>, mut value: u64) {
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn put_signed(out: &mut Vec<u8>, mut value: i64) {
    while !(-64..64).contains(&value) {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8 & 0x7f);
}

fn put_prefixed(out: &mut Vec<u8>, bytes: &[u8]) {
    put_unsigned(out, bytes.len() as u64);
    out.extend(bytes);
}
