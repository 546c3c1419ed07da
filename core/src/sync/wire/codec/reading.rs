//! A change put together from streams.
//!
//! Every step of every loop takes a byte from a stream or fails, and every byte that comes out goes through [`Output`], which is
//! bounded. Run lengths are copied; nothing is repeated because of them that the streams do not hold.

use super::super::error::{Result, WireError};
use super::compact::column;
use super::past::{Known, Past, Places};
use super::streams::{Readers, Stream, put_signed, put_unsigned, unfold};
use crate::ids::to_text;
use sha2::{Digest, Sha256};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE: u8 = 1;

/// The next change and its document's place, the change no longer than `room`.
pub(super) fn change(streams: &mut Readers<'_>, past: &mut Past, room: usize) -> Result<(u16, Vec<u8>)> {
    let document = u16::try_from(streams.number(Stream::Documents)?).map_err(|_| WireError::Malformed)?;
    let mut body = Output { bytes: Vec::new(), room };
    let expected = dependencies(streams, past, usize::from(document), &mut body)?;
    let actor = actor(streams, past, Stream::Actors, &mut body)?;
    let sequence = past.next_sequence(actor).wrapping_add_signed(streams.signed(Stream::Sequences)?);
    past.set_sequence(actor, sequence);
    let start = expected.wrapping_add_signed(streams.signed(Stream::Starts)?);
    past.time = past.time.wrapping_add(streams.signed(Stream::Times)?);
    body.unsigned(sequence)?;
    body.unsigned(start)?;
    body.signed(past.time)?;
    body.text(streams, Stream::Messages)?;
    let others = streams.number(Stream::Others)?;
    body.unsigned(others)?;
    for _ in 0..others {
        self::actor(streams, past, Stream::Others, &mut body)?;
    }
    let operations = columns(streams, past, start, &mut body)?;
    let chunk = chunk(&body.bytes);
    let hash: [u8; 32] = Sha256::digest(&chunk[8..]).into();
    let mut change = chunk;
    change[4..8].copy_from_slice(&hash[..4]);
    let highest = start.wrapping_add(operations).wrapping_sub(1);
    past.changes(usize::from(document))?.push(Known { hash, highest });
    Ok((document, change))
}

/// The chunk with room for its checksum.
fn chunk(body: &[u8]) -> Vec<u8> {
    let mut chunk = Vec::with_capacity(body.len() + 16);
    chunk.extend_from_slice(&MAGIC);
    chunk.extend_from_slice(&[0; 4]);
    chunk.push(CHANGE);
    put_unsigned(&mut chunk, body.len() as u64);
    chunk.extend_from_slice(body);
    chunk
}

/// Gives the number that the first operation should have.
fn dependencies(streams: &mut Readers<'_>, past: &mut Past, document: usize, body: &mut Output) -> Result<u64> {
    let count = streams.number(Stream::Dependencies)?;
    let (mut hashes, mut highest) = (Vec::new(), 0);
    for _ in 0..count {
        let back = streams.count(Stream::Dependencies)?;
        let hash = if back == 0 {
            foreign(streams, past)?
        } else {
            let changes = past.changes(document)?;
            let place = changes.len().checked_sub(back).ok_or(WireError::Malformed)?;
            highest = changes[place].highest.max(highest);
            changes[place].hash
        };
        if hashes.len() * hash.len() >= body.room {
            return Err(WireError::TooLarge);
        }
        hashes.push(hash);
    }
    body.unsigned(count)?;
    hashes.iter().try_for_each(|hash| body.put(hash))?;
    Ok(highest.wrapping_add(1))
}

fn foreign(streams: &mut Readers<'_>, past: &mut Past) -> Result<[u8; 32]> {
    let number = streams.count(Stream::Dependencies)?;
    if number == 0 {
        past.foreign.push(streams.array(Stream::Hashes)?);
        return past.foreign.last().copied().ok_or(WireError::Malformed);
    }
    past.foreign.get(number - 1).copied().ok_or(WireError::Malformed)
}

fn actor(streams: &mut Readers<'_>, past: &mut Past, stream: Stream, body: &mut Output) -> Result<usize> {
    let number = streams.count(stream)?;
    let place = if number == 0 { past.add_actor(streams.array(Stream::ActorIds)?) } else { number - 1 };
    let id = past.actors.get(place).ok_or(WireError::Malformed)?;
    body.unsigned(id.len() as u64)?;
    body.put(id)?;
    Ok(place)
}

/// Gives the number of operations.
fn columns(streams: &mut Readers<'_>, past: &mut Past, start: u64, body: &mut Output) -> Result<u64> {
    let operations = streams.number(Stream::Structure)?;
    let count = streams.number(Stream::Structure)?;
    let mut places = Places::new(count & 1 == 1);
    let mut anchor = start;
    let mut values = Output { bytes: Vec::new(), room: body.room };
    let mut contents = Output { bytes: Vec::new(), room: body.room };
    body.unsigned(count >> 1)?;
    for _ in 0..count >> 1 {
        let name = streams.number(Stream::Structure)?;
        let before = contents.bytes.len();
        match name {
            column::OBJECT_COUNTER => objects(streams, &mut contents, start, &mut anchor)?,
            column::ELEMENT_COUNTER => differences(streams, &mut contents, Stream::Elements, anchor)?,
            column::PREDECESSOR_COUNTER => differences(streams, &mut contents, Stream::Predecessors, anchor)?,
            column::NAME => names(streams, &mut contents)?,
            column::VALUE_KIND => kinds(streams, past, &mut contents, &mut values, &mut places)?,
            column::VALUE => {
                contents.put(&values.bytes)?;
                values.bytes.clear();
            }
            _ => {
                let length = streams.count(Stream::Structure)?;
                contents.put(streams.take(Stream::Structure, length)?)?;
            }
        }
        body.unsigned(name)?;
        body.unsigned((contents.bytes.len() - before) as u64)?;
    }
    body.put(&contents.bytes)?;
    Ok(operations)
}

fn objects(streams: &mut Readers<'_>, out: &mut Output, start: u64, anchor: &mut u64) -> Result<()> {
    runs(streams, out, |streams, out, _| {
        let own = streams.number(Stream::Structure)?;
        if own > 0 {
            return out.unsigned(start.wrapping_add(own - 1));
        }
        *anchor = anchor.wrapping_sub(streams.signed(Stream::Objects)?.cast_unsigned());
        out.unsigned(*anchor)
    })
}

fn differences(streams: &mut Readers<'_>, out: &mut Output, stream: Stream, anchor: u64) -> Result<()> {
    let mut from = anchor.cast_signed();
    runs(streams, out, |streams, out, _| {
        let small = streams.number(Stream::Structure)?;
        let value = if small > 0 { unfold(small - 1) } else { from.wrapping_sub(streams.signed(stream)?) };
        from = 0;
        out.signed(value)
    })
}

fn names(streams: &mut Readers<'_>, out: &mut Output) -> Result<()> {
    runs(streams, out, |streams, out, _| {
        let number = streams.count(Stream::Structure)?;
        let mut name = streams.take(Stream::Names, number >> 2)?.to_vec();
        match number & 3 {
            0 => {}
            3 => {
                let length = streams.count(Stream::NameRests)?;
                name.extend_from_slice(streams.take(Stream::NameRests, length)?);
            }
            ids => {
                for place in 0..ids {
                    if place > 0 {
                        name.push(b'/');
                    }
                    name.extend_from_slice(to_text(&streams.array::<16>(Stream::NameIds)?).as_bytes());
                }
            }
        }
        out.unsigned(name.len() as u64)?;
        out.put(&name)
    })
}

/// Kinds of values with their lengths into `out`, the values themselves into `values`.
fn kinds(
    streams: &mut Readers<'_>,
    past: &mut Past,
    out: &mut Output,
    values: &mut Output,
    places: &mut Places,
) -> Result<()> {
    runs(streams, out, |streams, out, times| {
        let kind = streams.number(Stream::Structure)?;
        let put = |out: &mut Output, length: usize| out.unsigned((length as u64) << 4 | kind);
        match kind {
            0..=2 => put(out, 0),
            3 | 4 | 8 | 9 => {
                for time in 0..times {
                    let place = places.next();
                    let number = past.number(place).wrapping_add(streams.signed(Stream::Numbers(place))?);
                    *past.number(place) = number;
                    let before = values.bytes.len();
                    if kind == 3 {
                        values.unsigned(number.cast_unsigned())?
                    } else {
                        values.signed(number)?
                    }
                    if time == 0 {
                        put(out, values.bytes.len() - before)?;
                    }
                }
                Ok(())
            }
            5 => {
                for _ in 0..times {
                    values.put(streams.take(Stream::Texts(places.next()), 8)?)?;
                }
                put(out, 8)
            }
            6..=15 => {
                let length = streams.count(Stream::Lengths(places.peek()))?;
                // A run of nothing takes no values, however long it says it is.
                for _ in 0..if length == 1 { 0 } else { times } {
                    match length {
                        0 => {
                            let id: [u8; 16] = streams.array(Stream::Ids(places.next()))?;
                            values.put(to_text(&id).as_bytes())?;
                        }
                        _ => values.put(streams.take(Stream::Texts(places.next()), length - 1)?)?,
                    }
                }
                put(out, if length == 0 { 26 } else { length - 1 })
            }
            _ => Err(WireError::Malformed),
        }
    })
}

/// Copies run lengths until their end; `each` copies a value, which stands for so many.
fn runs<'a>(
    streams: &mut Readers<'a>,
    out: &mut Output,
    mut each: impl FnMut(&mut Readers<'a>, &mut Output, u64) -> Result<()>,
) -> Result<()> {
    loop {
        let Some(folded) = streams.number(Stream::Structure)?.checked_sub(1) else { return Ok(()) };
        let run = unfold(folded);
        out.signed(run)?;
        match run {
            0 => out.unsigned(streams.number(Stream::Structure)?)?,
            1.. => each(streams, out, run.unsigned_abs())?,
            _ => {
                for _ in 0..run.unsigned_abs() {
                    each(streams, out, 1)?;
                }
            }
        }
    }
}

/// Bytes that come out, no more than there is room for.
struct Output {
    bytes: Vec<u8>,
    room: usize,
}

impl Output {
    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        if bytes.len() > self.room - self.bytes.len() {
            return Err(WireError::TooLarge);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn unsigned(&mut self, value: u64) -> Result<()> {
        let mut bytes = Vec::with_capacity(10);
        put_unsigned(&mut bytes, value);
        self.put(&bytes)
    }

    fn signed(&mut self, value: i64) -> Result<()> {
        let mut bytes = Vec::with_capacity(10);
        put_signed(&mut bytes, value);
        self.put(&bytes)
    }

    fn text(&mut self, streams: &mut Readers<'_>, stream: Stream) -> Result<()> {
        let length = streams.count(stream)?;
        self.unsigned(length as u64)?;
        self.put(streams.take(stream, length)?)
    }
}
