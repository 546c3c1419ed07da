//! The entries of a part: each header written short, as far as the part itself says what it holds, and put together again to the byte.

use super::super::cbor::{self, VERSION, list};
use super::super::entry::{
    Change, DocumentName, Entry, EntryHead, Header, KIND_CHANGES, MAX_DOCUMENTS, MAX_HEADS, root,
};
use super::super::error::{Result, WireError};
use super::super::ids::{DeviceId, EntryHash, OperationHash};
use super::super::signed::Signed;
use super::PartBody;
use crate::ids::SpaceId;
use minicbor::data::Type;
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use std::collections::HashMap;

/// An entry of a part, without its changes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(super) struct Packed {
    #[n(0)]
    pub(super) head: Head,
    #[cbor(n(1), with = "minicbor::bytes")]
    pub(super) signature: [u8; 64],
    /// How many of the part's changes are this entry's, in their order.
    #[n(2)]
    pub(super) changes: u16,
}

/// A header as it was signed, or what of it the part does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Head {
    Whole(Vec<u8>),
    Short(Short),
}

/// What is left out: versions and kind, which are ours; the space; the hashes of entries that stand before in the same part; the root.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(super) struct Short {
    #[n(0)]
    pub(super) device: DeviceId,
    #[n(1)]
    pub(super) incarnation: u32,
    #[n(2)]
    pub(super) sequence: u64,
    #[n(3)]
    pub(super) previous: Option<EntryHash>,
    #[cbor(n(4), decode_with = "list::<MAX_HEADS, _, _>")]
    pub(super) auth_heads: Vec<OperationHash>,
    #[cbor(n(5), decode_with = "list::<MAX_HEADS, _, _>")]
    pub(super) entry_heads: Vec<ShortEnd>,
    /// By their places in the part.
    #[cbor(n(6), decode_with = "list::<MAX_DOCUMENTS, _, _>")]
    pub(super) documents: Vec<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(super) struct ShortEnd {
    #[n(0)]
    pub(super) device: DeviceId,
    #[n(1)]
    pub(super) incarnation: u32,
    #[n(2)]
    pub(super) sequence: u64,
    #[n(3)]
    pub(super) hash: Option<EntryHash>,
}

/// The entries of a part so far, by their places.
type Before = HashMap<(DeviceId, u32, u64), EntryHash>;

/// The entries of a space without their changes, and the documents of these.
pub(super) fn pack(space: &SpaceId, entries: &[Entry]) -> Result<(Vec<DocumentName>, Vec<Packed>)> {
    let (mut documents, mut packed, mut before) = (Vec::new(), Vec::new(), Before::new());
    for entry in entries {
        if entry.space != *space {
            return Err(WireError::Malformed);
        }
        for name in &entry.documents {
            if !documents.contains(name) {
                documents.push(name.clone());
            }
        }
        let short = shorten(entry, &documents, &before)?;
        let same = lengthen(space, &short, &documents, &before, entry.changes())?;
        let head = if cbor::encode(&same) == entry.header_bytes() {
            Head::Short(short)
        } else {
            Head::Whole(entry.header_bytes().to_vec()) // a newer version's, with more in it than we know
        };
        let changes = u16::try_from(entry.changes().len()).map_err(|_| WireError::TooLarge)?;
        packed.push(Packed { head, signature: *entry.signature(), changes });
        before.insert((entry.device, entry.incarnation, entry.sequence), entry.hash());
    }
    Ok((documents, packed))
}

fn shorten(entry: &Entry, documents: &[DocumentName], before: &Before) -> Result<Short> {
    let unsaid = |place: (DeviceId, u32, u64), hash: EntryHash| (before.get(&place) != Some(&hash)).then_some(hash);
    let previous = entry.previous.and_then(|hash| unsaid((entry.device, entry.incarnation, entry.sequence - 1), hash));
    let entry_heads = entry.entry_heads.iter().map(|head| ShortEnd {
        device: head.device,
        incarnation: head.incarnation,
        sequence: head.sequence,
        hash: unsaid((head.device, head.incarnation, head.sequence), head.hash),
    });
    let places = entry.documents.iter().map(|name| place_of(documents, name));
    Ok(Short {
        device: entry.device,
        incarnation: entry.incarnation,
        sequence: entry.sequence,
        previous,
        auth_heads: entry.auth_heads.clone(),
        entry_heads: entry_heads.collect(),
        documents: places.collect::<Result<_>>()?,
    })
}

fn lengthen(
    space: &SpaceId,
    short: &Short,
    documents: &[DocumentName],
    before: &Before,
    changes: &[Change],
) -> Result<Header> {
    let said = |device, incarnation, sequence, hash: Option<EntryHash>| {
        hash.or_else(|| before.get(&(device, incarnation, sequence)).copied()).ok_or(WireError::Malformed)
    };
    let previous = match short.sequence {
        0 => return Err(WireError::Malformed),
        1 => short.previous,
        _ => Some(said(short.device, short.incarnation, short.sequence - 1, short.previous)?),
    };
    let mut entry_heads = Vec::with_capacity(short.entry_heads.len());
    for end in &short.entry_heads {
        let ShortEnd { device, incarnation, sequence, hash } = *end;
        entry_heads.push(EntryHead { device, incarnation, sequence, hash: said(device, incarnation, sequence, hash)? });
    }
    let name = |place: &u16| documents.get(usize::from(*place)).cloned().ok_or(WireError::Malformed);
    let mut header = Header {
        version: VERSION,
        needs: 1,
        kind: KIND_CHANGES,
        space: *space,
        device: short.device,
        incarnation: short.incarnation,
        sequence: short.sequence,
        previous,
        auth_heads: short.auth_heads.clone(),
        entry_heads,
        documents: short.documents.iter().map(name).collect::<Result<_>>()?,
        root: [0; 32],
    };
    if changes.iter().any(|change| usize::from(change.document) >= header.documents.len()) {
        return Err(WireError::Malformed);
    }
    header.root = root(&header, changes);
    Ok(header)
}

/// The entries again, each with its own changes. All of them are verified.
pub(super) fn unpack(body: &PartBody, changes: Vec<Change>) -> Result<Vec<Entry>> {
    let (mut entries, mut before) = (Vec::with_capacity(body.packed.len()), Before::new());
    let mut changes = changes.into_iter();
    for packed in &body.packed {
        let mut own: Vec<Change> = changes.by_ref().take(usize::from(packed.changes)).collect();
        if own.len() != usize::from(packed.changes) {
            return Err(WireError::Malformed);
        }
        let names: Vec<u16> = match &packed.head {
            Head::Short(short) => short.documents.clone(),
            Head::Whole(header) => {
                let header = Signed::<Header>::verify(header.clone(), packed.signature)?;
                header.documents.iter().map(|name| place_of(&body.documents, name)).collect::<Result<_>>()?
            }
        };
        let places: HashMap<u16, u16> = names.iter().copied().zip(0..).collect();
        for change in &mut own {
            change.document = *places.get(&change.document).ok_or(WireError::Malformed)?;
        }
        let header = match &packed.head {
            Head::Whole(header) => header.clone(),
            Head::Short(short) => cbor::encode(&lengthen(&body.space, short, &body.documents, &before, &own)?),
        };
        let entry = Entry::assemble(header, packed.signature, own)?;
        if entry.space != body.space {
            return Err(WireError::Malformed);
        }
        before.insert((entry.device, entry.incarnation, entry.sequence), entry.hash());
        entries.push(entry);
    }
    if changes.next().is_none() { Ok(entries) } else { Err(WireError::Malformed) }
}

fn place_of(documents: &[DocumentName], name: &DocumentName) -> Result<u16> {
    let place = documents.iter().position(|known| known == name).ok_or(WireError::Malformed)?;
    u16::try_from(place).map_err(|_| WireError::TooLarge)
}

impl<C> Encode<C> for Head {
    fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), encode::Error<W::Error>> {
        match self {
            Self::Whole(header) => e.bytes(header)?.ok(),
            Self::Short(short) => short.encode(e, ctx),
        }
    }
}

impl<'b, C> Decode<'b, C> for Head {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, decode::Error> {
        if d.datatype()? == Type::Bytes {
            Ok(Self::Whole(d.bytes()?.to_vec()))
        } else {
            d.decode_with(ctx).map(Self::Short)
        }
    }
}
