//! A change taken apart into streams. What this cannot take apart another codec carries, so it reads no more than what is written.

use super::super::error::{Result, WireError};
use super::compact::column;
use super::past::{Known, Past, Places};
use super::streams::{PLACES, Stream, Writer, fold};
use crate::ids::{from_text, to_text};
use crate::sync::scanner::leb::Reader;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The changes of one entry, in their order.
pub(super) struct Changes<'a> {
    streams: &'a mut Writer,
    past: Past,
    actors: BTreeMap<[u8; 16], usize>,
    foreign: BTreeMap<[u8; 32], usize>,
    known: BTreeMap<[u8; 32], (u16, usize)>,
}

/// What references in a change are measured from.
struct Origin {
    /// The number of its first operation.
    start: u64,
    /// The last object named, at first the start.
    anchor: u64,
}

impl<'a> Changes<'a> {
    pub(super) fn new(streams: &'a mut Writer) -> Self {
        let (actors, foreign, known) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { streams, past: Past::default(), actors, foreign, known }
    }

    /// Takes one change apart.
    pub(super) fn write(&mut self, document: u16, bytes: &[u8]) -> Result<()> {
        let hashed = bytes.get(8..).ok_or(WireError::Malformed)?;
        let mut chunk = Reader::new(hashed);
        let (_, length) = (chunk.byte()?, chunk.count()?);
        if chunk.remaining() != length {
            return Err(WireError::Malformed);
        }
        self.streams.number(Stream::Documents, u64::from(document));
        let expected = self.dependencies(document, &mut chunk)?;
        let actor = actor_id(&mut chunk)?;
        let actor = self.actor(Stream::Actors, actor);
        let (sequence, start, time) = (chunk.unsigned()?, chunk.unsigned()?, chunk.signed()?);
        let difference = |value: u64, expected: u64| value.wrapping_sub(expected).cast_signed();
        self.streams.signed(Stream::Sequences, difference(sequence, self.past.next_sequence(actor)));
        self.past.set_sequence(actor, sequence);
        self.streams.signed(Stream::Starts, difference(start, expected));
        self.streams.signed(Stream::Times, time.wrapping_sub(self.past.time));
        self.past.time = time;
        let message = text(&mut chunk)?;
        self.streams.number(Stream::Messages, message.len() as u64);
        self.streams.bytes(Stream::Messages, message);
        let others = chunk.count()?;
        self.streams.number(Stream::Others, others as u64);
        for _ in 0..others {
            let other = actor_id(&mut chunk)?;
            self.actor(Stream::Others, other);
        }
        let operations = self.columns(start, &mut chunk)?;
        let highest = start.wrapping_add(operations).wrapping_sub(1);
        let changes = self.past.changes(usize::from(document))?;
        let hash = Sha256::digest(hashed).into();
        self.known.insert(hash, (document, changes.len()));
        changes.push(Known { hash, highest });
        Ok(())
    }

    /// Gives the number that the first operation should have.
    fn dependencies(&mut self, document: u16, chunk: &mut Reader<'_>) -> Result<u64> {
        let count = chunk.count()?;
        self.streams.number(Stream::Dependencies, count as u64);
        let mut highest = 0;
        for _ in 0..count {
            let hash = chunk.array()?;
            let changes = self.past.changes(usize::from(document))?;
            if let Some((_, place)) = self.known.get(&hash).filter(|(theirs, _)| *theirs == document) {
                highest = highest.max(changes[*place].highest);
                self.streams.number(Stream::Dependencies, (changes.len() - place) as u64);
                continue;
            }
            self.streams.number(Stream::Dependencies, 0);
            let next = self.foreign.len() + 1;
            let known = *self.foreign.entry(hash).or_insert(next);
            self.streams.number(Stream::Dependencies, if known == next { 0 } else { known as u64 });
            if known == next {
                self.streams.bytes(Stream::Hashes, &hash);
            }
        }
        Ok(highest.wrapping_add(1))
    }

    fn actor(&mut self, stream: Stream, actor: [u8; 16]) -> usize {
        if let Some(known) = self.actors.get(&actor) {
            self.streams.number(stream, *known as u64 + 1);
            return *known;
        }
        self.streams.number(stream, 0);
        self.streams.bytes(Stream::ActorIds, &actor);
        let place = self.past.add_actor(actor);
        self.actors.insert(actor, place);
        place
    }

    /// Gives the number of operations.
    fn columns(&mut self, start: u64, chunk: &mut Reader<'_>) -> Result<u64> {
        let mut table = Vec::new();
        for _ in 0..chunk.count()? {
            table.push((chunk.unsigned()?, chunk.count()?));
        }
        let mut columns = Vec::with_capacity(table.len());
        for (name, length) in table {
            columns.push((name, chunk.take(length)?));
        }
        chunk.end()?;
        let find = |wanted| columns.iter().find(|(name, _)| *name == wanted).map_or(&[][..], |(_, bytes)| *bytes);
        let operations = length(find(column::ACTION))?;
        let apart = values(find(column::VALUE_KIND))? <= PLACES as u64;
        self.streams.number(Stream::Structure, operations);
        self.streams.number(Stream::Structure, (columns.len() as u64) << 1 | u64::from(apart));
        let mut origin = Origin { start, anchor: start };
        let mut left = Reader::new(find(column::VALUE));
        for (name, bytes) in columns {
            self.streams.number(Stream::Structure, name);
            match name {
                column::OBJECT_COUNTER => self.objects(bytes, &mut origin)?,
                column::ELEMENT_COUNTER => self.differences(Stream::Elements, bytes, &origin)?,
                column::PREDECESSOR_COUNTER => self.differences(Stream::Predecessors, bytes, &origin)?,
                column::NAME => self.names(bytes)?,
                column::VALUE_KIND => self.values(bytes, &mut left, Places::new(apart))?,
                column::VALUE => left.end()?,
                _ => {
                    self.streams.number(Stream::Structure, bytes.len() as u64);
                    self.streams.bytes(Stream::Structure, bytes);
                }
            }
        }
        Ok(operations)
    }

    fn objects(&mut self, column: &[u8], origin: &mut Origin) -> Result<()> {
        runs(self.streams, column, |reader, streams, _| {
            let object = reader.unsigned()?;
            if let Some(own) = object.checked_sub(origin.start) {
                streams.number(Stream::Structure, own + 1);
            } else {
                streams.number(Stream::Structure, 0);
                streams.signed(Stream::Objects, origin.anchor.wrapping_sub(object).cast_signed());
                origin.anchor = object;
            }
            Ok(())
        })
    }

    fn differences(&mut self, stream: Stream, column: &[u8], origin: &Origin) -> Result<()> {
        let mut first = true;
        runs(self.streams, column, |reader, streams, _| {
            let value = reader.signed()?;
            if (-SMALL..=SMALL).contains(&value) {
                streams.number(Stream::Structure, fold(value) + 1);
            } else {
                streams.number(Stream::Structure, 0);
                let from = if first { origin.anchor.cast_signed() } else { 0 };
                streams.signed(stream, from.wrapping_sub(value));
            }
            first = false;
            Ok(())
        })
    }

    fn names(&mut self, column: &[u8]) -> Result<()> {
        runs(self.streams, column, |reader, streams, _| {
            let name = text(reader)?;
            let place = name.iter().position(|byte| *byte == b'/').map_or(name.len(), |slash| slash + 1);
            let (front, rest) = name.split_at(place);
            let ids: Option<Vec<_>> = rest.split(|byte| *byte == b'/').map(id).collect();
            let (kind, ids) = match ids {
                _ if rest.is_empty() => (0, Vec::new()),
                Some(ids) if ids.len() <= 2 => (ids.len() as u64, ids),
                _ => (3, Vec::new()),
            };
            streams.number(Stream::Structure, (front.len() as u64) << 2 | kind);
            streams.bytes(Stream::Names, front);
            ids.iter().for_each(|id| streams.bytes(Stream::NameIds, id));
            if kind == 3 {
                streams.number(Stream::NameRests, rest.len() as u64);
                streams.bytes(Stream::NameRests, rest);
            }
            Ok(())
        })
    }

    fn values(&mut self, column: &[u8], left: &mut Reader<'_>, mut places: Places) -> Result<()> {
        let past = &mut self.past;
        runs(self.streams, column, |reader, streams, times| {
            let kind = reader.unsigned()?;
            let length = usize::try_from(kind >> 4).map_err(|_| WireError::Malformed)?;
            streams.number(Stream::Structure, kind & 0xf);
            match kind & 0xf {
                0..=2 if length == 0 => {}
                3 | 4 | 8 | 9 if length > 0 => {
                    for _ in 0..times {
                        let mut value = Reader::new(left.take(length)?);
                        let number = if kind & 0xf == 3 { value.unsigned()?.cast_signed() } else { value.signed()? };
                        value.end()?;
                        let place = places.next();
                        streams.signed(Stream::Numbers(place), number.wrapping_sub(*past.number(place)));
                        *past.number(place) = number;
                    }
                }
                5 if length == 8 => {
                    for _ in 0..times {
                        streams.bytes(Stream::Texts(places.next()), left.take(8)?);
                    }
                }
                6.. if length == 0 => streams.number(Stream::Lengths(places.peek()), 1),
                kind @ 6.. => {
                    let all = (length as u64).checked_mul(times).and_then(|all| usize::try_from(all).ok());
                    let texts = left.take(all.ok_or(WireError::Malformed)?)?.chunks_exact(length);
                    let ids: Option<Vec<_>> = texts.clone().map(id).collect();
                    let ids = ids.filter(|_| kind == 6);
                    streams.number(Stream::Lengths(places.peek()), if ids.is_some() { 0 } else { length as u64 + 1 });
                    for (number, text) in texts.enumerate() {
                        match &ids {
                            Some(ids) => streams.bytes(Stream::Ids(places.next()), &ids[number]),
                            None => streams.bytes(Stream::Texts(places.next()), text),
                        }
                    }
                }
                _ => return Err(WireError::Malformed),
            }
            Ok(())
        })
    }
}

/// Differences up to this stand in the structure, larger ones in a stream of their own.
const SMALL: i64 = 16;

/// Copies the run lengths of a column; `each` copies a value, which stands for so many.
fn runs(
    streams: &mut Writer,
    column: &[u8],
    mut each: impl FnMut(&mut Reader<'_>, &mut Writer, u64) -> Result<()>,
) -> Result<()> {
    let mut reader = Reader::new(column);
    while !reader.is_empty() {
        let run = reader.signed()?;
        streams.number(Stream::Structure, fold(run).checked_add(1).ok_or(WireError::Malformed)?);
        match run {
            0 => streams.number(Stream::Structure, reader.unsigned()?),
            1.. => each(&mut reader, streams, run.unsigned_abs())?,
            _ => {
                for _ in 0..run.unsigned_abs() {
                    each(&mut reader, streams, 1)?;
                }
            }
        }
    }
    streams.number(Stream::Structure, 0);
    Ok(())
}

/// How many values a column of numbers has.
fn length(column: &[u8]) -> Result<u64> {
    counted(column, |_| true)
}

/// How many values of a change have bytes.
fn values(kinds: &[u8]) -> Result<u64> {
    counted(kinds, |kind| kind >> 4 > 0)
}

fn counted(column: &[u8], counts: impl Fn(u64) -> bool) -> Result<u64> {
    let mut reader = Reader::new(column);
    let mut sum = 0u64;
    while !reader.is_empty() {
        let run = reader.signed()?;
        let (values, times) = match run {
            0 => (0, reader.unsigned()?),
            1.. => (1, run.unsigned_abs()),
            _ => (run.unsigned_abs(), 1),
        };
        if values == 0 {
            sum = sum.saturating_add(times);
        }
        for _ in 0..values {
            if counts(reader.unsigned()?) {
                sum = sum.saturating_add(times);
            }
        }
    }
    Ok(sum)
}

fn actor_id(chunk: &mut Reader<'_>) -> Result<[u8; 16]> {
    if chunk.count()? == 16 { Ok(chunk.array()?) } else { Err(WireError::Malformed) }
}

fn text<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8]> {
    let length = reader.count()?;
    Ok(reader.take(length)?)
}

/// The 16 bytes of an id's text, if it is one.
fn id(text: &[u8]) -> Option<[u8; 16]> {
    if text.len() != 26 {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    let bytes: [u8; 16] = from_text(text)?.try_into().ok()?;
    (to_text(&bytes) == text).then_some(bytes)
}
