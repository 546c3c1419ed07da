//! The compact codec: what the changes of an entry, or of a pack's part, have in common is said once.
//!
//! A thousand changes of one record each repeat dependencies that the reader can compute, actors, shapes and names of fields; what
//! they do not share, ids and words, is lost between them. So each change is taken apart into [streams](super::streams), numbers are
//! written as what they differ from what the changes before lead one to [expect](super::past), checksums and the hashes of earlier
//! changes are left out, and ids in base32 are packed into their 16 bytes.
//!
//! Reading puts the same bytes together again. It is no parser of changes: it copies run lengths without ever repeating anything, so
//! that its time and memory are bounded by the bytes of its streams and by [`MAX_PAYLOAD`](super::MAX_PAYLOAD), whatever they claim.
//! What comes out is judged by the entry's signed root and by the scanner, like changes that came another way. Writing reads its own
//! result and gives `None` unless it is the same: then another codec carries the entry.

use super::super::error::{Result, WireError};
use super::MAX_PAYLOAD;
use super::past::Past;
use super::reading;
use super::streams::{Readers, Stream, Writer, unpack};
use super::writing;
use crate::sync::wire::item::{ENTRY, PART};
use minicbor::{Decoder, Encoder};

const SIGNATURE: usize = 64;

/// Columns of a change, by automerge's numbers: `id << 4 | type`. All others are copied as they are.
pub(super) mod column {
    pub(in super::super) const OBJECT_COUNTER: u64 = 0x02;
    pub(in super::super) const ELEMENT_COUNTER: u64 = 0x13;
    pub(in super::super) const NAME: u64 = 0x15;
    pub(in super::super) const ACTION: u64 = 0x42;
    pub(in super::super) const VALUE_KIND: u64 = 0x56;
    pub(in super::super) const VALUE: u64 = 0x57;
    pub(in super::super) const PREDECESSOR_COUNTER: u64 = 0x73;
}

/// The items that have changes beside a signed header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Entry = ENTRY as isize,
    Part = PART as isize,
}

/// An entry's or part's item in compact form; `None` for any other item, and for changes that would not come out the same.
pub(super) fn write(item: &[u8]) -> Option<(Kind, Vec<u8>)> {
    let (kind, header, signature, changes) = split(item)?;
    let packed = pack(header, signature, &changes)?;
    (read(&packed, kind).ok()? == item).then_some((kind, packed))
}

fn pack(header: &[u8], signature: &[u8], changes: &[(u16, &[u8])]) -> Option<Vec<u8>> {
    let mut streams = Writer::new();
    streams.bytes(Stream::Header, header);
    streams.bytes(Stream::Header, signature);
    let mut change = writing::Changes::new(&mut streams);
    for (document, bytes) in changes {
        change.write(*document, bytes).ok()?;
    }
    Some(streams.pack())
}

/// How long these changes are in compact form, without a look at whether they would come out the same: an estimate for a search, at a
/// fraction of the work of [`changes_len`]. `None` if they cannot be written so.
pub(crate) fn compact_len(changes: &[(u16, &[u8])]) -> Option<usize> {
    pack(&[], &[0; SIGNATURE], changes).map(|packed| packed.len())
}

/// The item back.
pub(super) fn read(packed: &[u8], kind: Kind) -> Result<Vec<u8>> {
    let unpacked = unpack(packed)?;
    let mut streams = Readers::new(&unpacked);
    let length = streams.remaining(Stream::Header).checked_sub(SIGNATURE).ok_or(WireError::Malformed)?;
    let header = streams.take(Stream::Header, length)?;
    let signature = streams.take(Stream::Header, SIGNATURE)?;
    let mut room = MAX_PAYLOAD.saturating_sub(length);
    let (mut past, mut changes) = (Past::default(), Vec::new());
    while !streams.is_empty(Stream::Documents) {
        let (document, bytes) = reading::change(&mut streams, &mut past, room)?;
        room = room.saturating_sub(bytes.len());
        changes.push((document, bytes));
    }
    streams.end()?;
    let item = join(kind, header, signature, &changes)?;
    if item.len() > MAX_PAYLOAD { Err(WireError::TooLarge) } else { Ok(item) }
}

/// How long an entry of these changes is, encoded, without its header.
pub(crate) fn changes_len<'a>(changes: impl Iterator<Item = (u16, &'a [u8])>) -> Result<usize> {
    let changes: Vec<_> = changes.collect();
    let item = join(Kind::Entry, &[], &[0; SIGNATURE], &changes)?;
    super::encode(&item).map(|(_, encoded)| encoded.len())
}

type Parts<'a> = (Kind, &'a [u8], &'a [u8], Vec<(u16, &'a [u8])>);

/// Header, signature and changes of an item.
fn split(item: &[u8]) -> Option<Parts<'_>> {
    let mut decoder = Decoder::new(item);
    let (outer, kind, inner) = (decoder.array().ok()?, decoder.u8().ok()?, decoder.array().ok()?);
    let kind = match kind {
        ENTRY => Kind::Entry,
        PART => Kind::Part,
        _ => return None,
    };
    if outer != Some(2) || inner != Some(3) {
        return None;
    }
    let (header, signature) = (decoder.bytes().ok()?, decoder.bytes().ok()?);
    let mut changes = Vec::new();
    for _ in 0..decoder.array().ok()?? {
        if decoder.array().ok()? != Some(2) {
            return None;
        }
        changes.push((decoder.u16().ok()?, decoder.bytes().ok()?));
    }
    (decoder.position() == item.len() && signature.len() == SIGNATURE).then_some((kind, header, signature, changes))
}

/// The item.
pub(super) fn join<B: AsRef<[u8]>>(
    kind: Kind,
    header: &[u8],
    signature: &[u8],
    changes: &[(u16, B)],
) -> Result<Vec<u8>> {
    let mut item = Encoder::new(Vec::new());
    let mut write = || {
        item.array(2)?.u8(kind as u8)?.array(3)?.bytes(header)?.bytes(signature)?.array(changes.len() as u64)?;
        for (document, bytes) in changes {
            item.array(2)?.u16(*document)?.bytes(bytes.as_ref())?;
        }
        Ok::<_, minicbor::encode::Error<_>>(())
    };
    // Writing into a Vec cannot fail.
    write().map_err(|_: minicbor::encode::Error<std::convert::Infallible>| WireError::Malformed)?;
    Ok(item.into_writer())
}
