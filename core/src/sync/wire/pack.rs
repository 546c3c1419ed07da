//! Packs: a space told from its beginning, in order and in few bytes, for whoever comes late.
//!
//! A pack is a row of *parts*, each an item of its own. Parts carry operations, epochs and entries as their authors signed them; an
//! entry's header is written short, as far as the part itself says what it holds, and put together again to the byte. So a part needs
//! no trust: whoever wrote it can leave something out, and can put in nothing that was not signed. The steward's signature says who
//! answers for what the pack *covers*, which is where newcomers begin to read and what a relay may let go.

use super::cbor::{self, VERSION, list};
use super::codec::MAX_PAYLOAD;
use super::entry::{
    Change, DocumentName, Entry, EntryHead, Header, KIND_CHANGES, MAX_BUCKET, MAX_CHANGES, MAX_DOCUMENTS, MAX_HEADS,
    root,
};
use super::epoch::Epoch;
use super::error::{Result, WireError};
use super::ids::{DeviceId, EntryHash, OperationHash};
use super::keys::DeviceKeys;
use super::operation::Operation;
use super::signed::{Body, Signed, check_ascending, check_text};
use crate::ids::SpaceId;
use minicbor::data::Type;
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use std::collections::HashMap;

/// The most entries of a part: each costs its reader the check of a signature, 50 µs (measured).
pub const MAX_PART_ENTRIES: usize = 1024;
/// The most operations of a part.
pub const MAX_PART_OPERATIONS: usize = 512;
/// The most epochs of a part. One alone may take 60 KiB.
pub const MAX_PART_EPOCHS: usize = 16;
/// The most chain ends that a pack's last part names; those that moved last.
pub const MAX_PACK_ENDS: usize = 256;

/// Up to where on a relay a pack replaces what lies there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Covers {
    /// Which relay.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub instance: [u8; 16],
    /// How often it had been restored: afterwards its positions are others.
    #[n(1)]
    pub restores: u32,
    /// The position; what lies there is covered too.
    #[n(2)]
    pub position: u64,
}

/// The signed part of a pack's part.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct PartBody {
    /// The version of the format that wrote it.
    #[n(0)]
    pub version: u8,
    /// The least version that can read it.
    #[n(1)]
    pub needs: u8,
    /// The space.
    #[n(2)]
    pub space: SpaceId,
    /// Who wrote the pack: a steward's device.
    #[n(3)]
    pub device: DeviceId,
    /// Under which of its lives.
    #[n(4)]
    pub incarnation: u32,
    /// The membership operations by which it is a steward's, ascending.
    #[cbor(n(5), decode_with = "list::<MAX_HEADS, _, _>")]
    pub auth_heads: Vec<OperationHash>,
    /// What the whole pack covers: the same in all its parts, another in every pack of a device.
    #[n(6)]
    pub covers: Covers,
    /// Which part, from 1.
    #[n(7)]
    pub number: u32,
    /// Membership operations, each after those that it builds on.
    #[cbor(n(8), decode_with = "list::<MAX_PART_OPERATIONS, _, _>")]
    pub operations: Vec<Operation>,
    /// Epochs.
    #[cbor(n(9), decode_with = "list::<MAX_PART_EPOCHS, _, _>")]
    pub epochs: Vec<Epoch>,
    /// The documents that the changes belong to.
    #[cbor(n(10), decode_with = "list::<MAX_DOCUMENTS, _, _>")]
    pub documents: Vec<DocumentName>,
    #[cbor(n(11), decode_with = "list::<MAX_PART_ENTRIES, _, _>")]
    packed: Vec<Packed>,
    /// Whether the pack ends with this part.
    #[n(12)]
    pub last: bool,
    /// In the last part, the ends of the chains that the pack holds, ascending by device and incarnation: what is missing shows.
    #[cbor(n(13), decode_with = "list::<MAX_PACK_ENDS, _, _>")]
    pub ends: Vec<EntryHead>,
}

/// An entry of a part, without its changes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct Packed {
    #[n(0)]
    head: Head,
    #[cbor(n(1), with = "minicbor::bytes")]
    signature: [u8; 64],
    /// How many of the part's changes are this entry's, in their order.
    #[n(2)]
    changes: u16,
}

/// A header as it was signed, or what of it the part does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Head {
    Whole(Vec<u8>),
    Short(Short),
}

/// What is left out: versions and kind, which are ours; the space; the hashes of entries that stand before in the same part; the root.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct Short {
    #[n(0)]
    device: DeviceId,
    #[n(1)]
    incarnation: u32,
    #[n(2)]
    sequence: u64,
    #[n(3)]
    previous: Option<EntryHash>,
    #[cbor(n(4), decode_with = "list::<MAX_HEADS, _, _>")]
    auth_heads: Vec<OperationHash>,
    #[cbor(n(5), decode_with = "list::<MAX_HEADS, _, _>")]
    entry_heads: Vec<ShortEnd>,
    /// By their places in the part.
    #[cbor(n(6), decode_with = "list::<MAX_DOCUMENTS, _, _>")]
    documents: Vec<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct ShortEnd {
    #[n(0)]
    device: DeviceId,
    #[n(1)]
    incarnation: u32,
    #[n(2)]
    sequence: u64,
    #[n(3)]
    hash: Option<EntryHash>,
}

/// The entries of a part so far, by their places.
type Before = HashMap<(DeviceId, u32, u64), EntryHash>;

/// What goes into a new part.
#[derive(Debug, Clone)]
pub struct PartDraft {
    /// The space.
    pub space: SpaceId,
    /// Sorted here.
    pub auth_heads: Vec<OperationHash>,
    /// What the pack covers.
    pub covers: Covers,
    /// Which part, from 1.
    pub number: u32,
    /// Operations, parents first.
    pub operations: Vec<Operation>,
    /// Epochs.
    pub epochs: Vec<Epoch>,
    /// Entries, each after those that it builds on.
    pub entries: Vec<Entry>,
    /// For the last part, the ends of the chains. Sorted here.
    pub ends: Option<Vec<EntryHead>>,
}

/// A part of a pack with a valid signature, and with everything in it that its authors signed. It derefs to the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    signed: Signed<PartBody>,
    entries: Vec<Entry>,
}

impl Part {
    /// Signs a part of ours.
    ///
    /// # Errors
    /// `TooLarge` for more than fits a part; `Malformed` if the draft breaks a rule of the format.
    pub fn sign(keys: &DeviceKeys, draft: PartDraft) -> Result<Self> {
        let PartDraft { space, mut auth_heads, covers, number, operations, epochs, entries, ends } = draft;
        auth_heads.sort_unstable();
        auth_heads.dedup();
        let last = ends.is_some();
        let mut ends = ends.unwrap_or_default();
        ends.sort_unstable_by_key(|end| (end.device, end.incarnation));
        let (documents, packed) = pack(&space, &entries)?;
        let body = PartBody {
            version: VERSION,
            needs: 1,
            space,
            device: keys.device(),
            incarnation: keys.incarnation(),
            auth_heads,
            covers,
            number,
            operations,
            epochs,
            documents,
            packed,
            last,
            ends,
        };
        Ok(Self { signed: Signed::sign(body, keys.signing())?, entries })
    }

    /// From `[body, signature, changes]`.
    ///
    /// # Errors
    /// `TooLarge`, `Malformed`, `Newer` (it waits), `BadSignature` if any signature in it is bad.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        cbor::decode(bytes, MAX_PAYLOAD)
    }

    /// As `[body, signature, changes]`: the same bytes as were decoded.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// The entries, each after those that it builds on.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

impl std::ops::Deref for Part {
    type Target = PartBody;

    fn deref(&self) -> &PartBody {
        &self.signed
    }
}

impl Body for PartBody {
    const PURPOSE: &'static str = "pack";
    /// Headers and signatures of a thousand entries. An envelope holds a quarter of it, deflated.
    const LIMIT: usize = 256 * 1024;

    fn signer(&self) -> DeviceId {
        self.device
    }

    fn check(&self) -> Result<()> {
        let counts = [
            (self.auth_heads.len(), MAX_HEADS),
            (self.operations.len(), MAX_PART_OPERATIONS),
            (self.epochs.len(), MAX_PART_EPOCHS),
            (self.documents.len(), MAX_DOCUMENTS),
            (self.packed.len(), MAX_PART_ENTRIES),
            (self.ends.len(), MAX_PACK_ENDS),
        ];
        if counts.iter().any(|(count, most)| count > most) {
            return Err(WireError::TooLarge);
        }
        let position = i64::try_from(self.covers.position).is_ok();
        if !position || self.number == 0 || self.auth_heads.is_empty() || !self.last && !self.ends.is_empty() {
            return Err(WireError::Malformed);
        }
        let elsewhere = self.operations.iter().any(|operation| operation.space_id() != self.space)
            || self.epochs.iter().any(|epoch| epoch.space != self.space);
        if elsewhere || self.ends.iter().any(|end| end.sequence == 0 || i64::try_from(end.sequence).is_err()) {
            return Err(WireError::Malformed);
        }
        check_ascending(&self.auth_heads, |hash| *hash)?;
        check_ascending(&self.ends, |end| (end.device, end.incarnation))?;
        let mut names: Vec<&DocumentName> = self.documents.iter().collect();
        names.sort_unstable();
        check_ascending(&names, |name| *name)?;
        self.documents.iter().try_for_each(|name| check_text(&name.bucket, MAX_BUCKET))
    }
}

/// The entries of a space without their changes, and the documents of these.
fn pack(space: &SpaceId, entries: &[Entry]) -> Result<(Vec<DocumentName>, Vec<Packed>)> {
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
fn unpack(body: &PartBody, changes: Vec<Change>) -> Result<Vec<Entry>> {
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

/// Beside the signed body stand the changes of all entries, each with its document's place in the part: the shape of an entry, so that
/// the compact codec takes both.
impl<C> Encode<C> for Part {
    fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        let count = self.entries.iter().map(|entry| entry.changes().len() as u64).sum();
        e.array(3)?.bytes(self.signed.bytes())?.bytes(self.signed.signature())?.array(count)?;
        let places: HashMap<&DocumentName, u16> = self.documents.iter().zip(0..).collect();
        for entry in &self.entries {
            for (name, bytes) in entry.named_changes() {
                let place = places.get(name).ok_or_else(|| encode::Error::message("a document of no name"))?;
                e.array(2)?.u16(*place)?.bytes(bytes)?;
            }
        }
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for Part {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, decode::Error> {
        let start = d.position();
        if d.array()? != Some(3) {
            return Err(cbor::refused(WireError::Malformed));
        }
        let body = d.bytes()?;
        let signature = minicbor::bytes::decode(d, ctx)?;
        let signed = Signed::<PartBody>::verify(body.to_vec(), signature).map_err(cbor::refused)?;
        let changes = list::<MAX_CHANGES, C, Change>(d, ctx)?;
        let part = Self { entries: unpack(&signed, changes).map_err(cbor::refused)?, signed };
        // As of an entry: nobody has signed how the changes are laid out.
        if d.input().get(start..d.position()) != Some(&*part.encode()) {
            return Err(cbor::refused(WireError::Malformed));
        }
        Ok(part)
    }
}

#[cfg(test)]
mod tests;
