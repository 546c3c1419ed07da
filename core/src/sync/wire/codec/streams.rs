//! The streams of a compact payload: each holds one kind of thing of all changes, so that what repeats lies side by side.
//!
//! ```text
//! payload = part, then a part for each stream that has one of its own, in their order
//! part    = number(length of the packed bytes × 2 + 1 if they are deflated) ‖ packed bytes
//! first part, unpacked = number(length × 2 + 1 if it has a part of its own) for each stream ‖ the others, one after another
//! ```
//!
//! Numbers are LEB128 in their shortest form; signed ones are folded first (0, -1, 1, -2, … become 0, 1, 2, 3, …). Random bytes and
//! words would spoil each other's Huffman codes: that is why longer streams are packed each by itself, and some not at all.

use super::super::error::{Result, WireError};
use super::{LEVEL, MAX_PAYLOAD, inflate};
use crate::sync::scanner::leb::Reader;
use miniz_oxide::deflate::compress_to_vec;

/// How many values of a change have streams of their own; a change with more of them puts all into one more place.
pub(super) const PLACES: usize = 8;

/// A stream from this length on is packed by itself: a Huffman table costs about 60 bytes.
const OWN: usize = 256;

/// What a stream holds. The order is part of the format.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stream {
    /// The entry's signed header, then its signature.
    Header,
    /// Of each change, its document's place in the header: there are as many changes as numbers here.
    Documents,
    /// Which actor wrote it.
    Actors,
    /// How far its sequence is from the one expected.
    Sequences,
    /// How far its first operation is from the one expected.
    Starts,
    /// Its time less the time of the change before it.
    Times,
    /// How many dependencies, and which.
    Dependencies,
    /// Hashes that are no change's of this entry, 32 bytes each.
    Hashes,
    /// Actors that were not named before, 16 bytes each.
    ActorIds,
    /// How many other actors, and which.
    Others,
    /// The message, its length before it.
    Messages,
    /// Which columns, their run lengths, and all columns that are no numbers, names or values.
    Structure,
    /// How far back the objects lie.
    Objects,
    /// How far back the elements of lists lie.
    Elements,
    /// How far back the replaced operations lie.
    Predecessors,
    /// Names of fields, and what stands before the first `/` of others.
    Names,
    /// Ids in names, 16 bytes each.
    NameIds,
    /// What else stands behind the first `/`, its length before it.
    NameRests,
    /// Lengths of texts and bytes: one more than the length; 0 says that the text is an id.
    Lengths(usize),
    /// Numbers, each less the one before it in the same place.
    Numbers(usize),
    /// Texts, bytes and floating-point numbers.
    Texts(usize),
    /// Texts that are ids, 16 bytes each.
    Ids(usize),
}

const FIXED: usize = 18;
const STREAMS: usize = FIXED + 4 * (PLACES + 1);

impl Stream {
    const fn index(self) -> usize {
        match self {
            Self::Header => 0,
            Self::Documents => 1,
            Self::Actors => 2,
            Self::Sequences => 3,
            Self::Starts => 4,
            Self::Times => 5,
            Self::Dependencies => 6,
            Self::Hashes => 7,
            Self::ActorIds => 8,
            Self::Others => 9,
            Self::Messages => 10,
            Self::Structure => 11,
            Self::Objects => 12,
            Self::Elements => 13,
            Self::Predecessors => 14,
            Self::Names => 15,
            Self::NameIds => 16,
            Self::NameRests => 17,
            Self::Lengths(place) => FIXED + place,
            Self::Numbers(place) => FIXED + PLACES + 1 + place,
            Self::Texts(place) => FIXED + 2 * (PLACES + 1) + place,
            Self::Ids(place) => FIXED + 3 * (PLACES + 1) + place,
        }
    }
}

/// Streams being filled.
pub(super) struct Writer {
    streams: Vec<Vec<u8>>,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self { streams: vec![Vec::new(); STREAMS] }
    }

    pub(super) fn number(&mut self, stream: Stream, value: u64) {
        put_unsigned(&mut self.streams[stream.index()], value);
    }

    pub(super) fn signed(&mut self, stream: Stream, value: i64) {
        self.number(stream, fold(value));
    }

    pub(super) fn bytes(&mut self, stream: Stream, bytes: &[u8]) {
        self.streams[stream.index()].extend_from_slice(bytes);
    }

    /// All streams, packed.
    pub(super) fn pack(&self) -> Vec<u8> {
        let mut common = Vec::new();
        for stream in &self.streams {
            put_unsigned(&mut common, (stream.len() as u64) << 1 | u64::from(stream.len() >= OWN));
        }
        self.streams.iter().filter(|stream| stream.len() < OWN).for_each(|stream| common.extend_from_slice(stream));
        let mut packed = Vec::new();
        put_part(&mut packed, &common);
        self.streams.iter().filter(|stream| stream.len() >= OWN).for_each(|stream| put_part(&mut packed, stream));
        packed
    }
}

fn put_part(packed: &mut Vec<u8>, bytes: &[u8]) {
    let deflated = compress_to_vec(bytes, LEVEL);
    let (smaller, is_deflated) = if deflated.len() < bytes.len() { (&deflated[..], 1) } else { (bytes, 0) };
    put_unsigned(packed, (smaller.len() as u64) << 1 | is_deflated);
    packed.extend_from_slice(smaller);
}

/// The streams of a payload, unpacked: together no longer than [`MAX_PAYLOAD`], whatever it claims.
pub(super) fn unpack(packed: &[u8]) -> Result<Vec<Vec<u8>>> {
    let mut packed = Reader::new(packed);
    let mut room = MAX_PAYLOAD;
    let common = part(&mut packed, &mut room)?;
    let mut common = Reader::new(&common);
    let mut table = [0; STREAMS];
    for length in &mut table {
        *length = common.count()?;
    }
    let mut streams = Vec::with_capacity(STREAMS);
    for length in table {
        let stream = if length & 1 == 1 { part(&mut packed, &mut room)? } else { common.take(length >> 1)?.to_vec() };
        if stream.len() != length >> 1 {
            return Err(WireError::Malformed);
        }
        streams.push(stream);
    }
    common.end()?;
    packed.end()?;
    Ok(streams)
}

fn part(packed: &mut Reader<'_>, room: &mut usize) -> Result<Vec<u8>> {
    let length = packed.count()?;
    let bytes = packed.take(length >> 1)?;
    let part = if length & 1 == 1 { inflate(bytes, *room)? } else { bytes.to_vec() };
    *room = room.checked_sub(part.len()).ok_or(WireError::TooLarge)?;
    Ok(part)
}

/// Streams being read. Every call that gives something takes at least a byte, or fails.
pub(super) struct Readers<'a> {
    streams: Vec<Reader<'a>>,
}

impl<'a> Readers<'a> {
    pub(super) fn new(streams: &'a [Vec<u8>]) -> Self {
        Self { streams: streams.iter().map(|stream| Reader::new(stream)).collect() }
    }

    pub(super) fn is_empty(&self, stream: Stream) -> bool {
        self.streams[stream.index()].is_empty()
    }

    pub(super) fn remaining(&self, stream: Stream) -> usize {
        self.streams[stream.index()].remaining()
    }

    pub(super) fn number(&mut self, stream: Stream) -> Result<u64> {
        Ok(self.streams[stream.index()].unsigned()?)
    }

    pub(super) fn count(&mut self, stream: Stream) -> Result<usize> {
        Ok(self.streams[stream.index()].count()?)
    }

    pub(super) fn signed(&mut self, stream: Stream) -> Result<i64> {
        self.number(stream).map(unfold)
    }

    pub(super) fn take(&mut self, stream: Stream, length: usize) -> Result<&'a [u8]> {
        Ok(self.streams[stream.index()].take(length)?)
    }

    pub(super) fn array<const N: usize>(&mut self, stream: Stream) -> Result<[u8; N]> {
        Ok(self.streams[stream.index()].array()?)
    }

    /// Nothing may be left in any stream.
    pub(super) fn end(&self) -> Result<()> {
        if self.streams.iter().all(Reader::is_empty) { Ok(()) } else { Err(WireError::Malformed) }
    }
}

/// An unsigned LEB128 number in its shortest form.
pub(super) fn put_unsigned(out: &mut Vec<u8>, mut value: u64) {
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// A signed LEB128 number in its shortest form.
pub(super) fn put_signed(out: &mut Vec<u8>, mut value: i64) {
    while !(-0x40..0x40).contains(&value) {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8 & 0x7f);
}

/// 0, -1, 1, -2, … as 0, 1, 2, 3, …
pub(super) const fn fold(value: i64) -> u64 {
    (value << 1 ^ value >> 63).cast_unsigned()
}

pub(super) const fn unfold(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}
