//! Packs: a space told from its beginning, in order and in few bytes, for whoever comes late.
//!
//! A pack is a row of *parts*, each an item of its own. Parts carry operations, epochs and entries as their authors signed them; an
//! entry's header is written short, as far as the part itself says what it holds, and put together again to the byte. So a part needs
//! no trust: whoever wrote it can leave something out, and can put in nothing that was not signed. The steward's signature says who
//! answers for what the pack *covers*, which is where newcomers begin to read and what a relay may let go.

mod packed;

use super::cbor::{self, VERSION, list};
use super::codec::MAX_PAYLOAD;
use super::entry::{Change, DocumentName, Entry, EntryHead, MAX_BUCKET, MAX_CHANGES, MAX_DOCUMENTS, MAX_HEADS};
use super::epoch::Epoch;
use super::error::{Result, WireError};
use super::ids::{DeviceId, OperationHash};
use super::keys::DeviceKeys;
use super::operation::Operation;
use super::signed::{Body, Signed, check_ascending, check_text};
use crate::ids::SpaceId;
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use packed::{Packed, pack, unpack};
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
