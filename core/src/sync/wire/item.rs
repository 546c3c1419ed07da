//! What an envelope holds: one of eleven things, numbered.

use super::alert::{Alert, AlertReceived, MAX_ALERT};
use super::cbor::{self, VERSION};
use super::codec::MAX_PAYLOAD;
use super::entry::Entry;
use super::epoch::Epoch;
use super::error::{Result, WireError};
use super::ids::DeviceId;
use super::note::{JoinRequest, Report};
use super::operation::Operation;
use super::pack::Part;
use super::welcome::{Past, Welcome};
use crate::replica::{Blob, MAX_WORDS};
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use rafiq_protocol::Urgency;

/// What an envelope holds. Every signature in it is valid; whether the signer may do it is for the engine to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// Changes of a space. Sealed under its epoch.
    Entry(Entry),
    /// A membership operation of a space. Sealed under its epoch.
    Operation(Operation),
    /// Sealed to a responder's inbox.
    Alert(Alert),
    /// Sealed to the inviter's inbox.
    JoinRequest(JoinRequest),
    /// Sealed to the newcomer's inbox.
    Welcome(Welcome),
    /// Sealed to a directory's inbox.
    Report(Report),
    /// Sealed to the inbox that the alert named.
    AlertReceived(AlertReceived),
    /// A space's next key, for those who belong. Sealed under an earlier key, and once more under itself for those who come later.
    Epoch(Epoch),
    /// A part of a pack: what came before, for those who come late. Sealed under the newest key.
    Part(Part),
    /// Private words with their key. Sealed under the newest key.
    Blob(Blob),
    /// What a welcome rests on and does not hold. Sealed to the newcomer's inbox.
    Past(Past),
}

impl Item {
    /// The bytes to seal: `[number, …]`. A received item gives the bytes that were received.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// What an opened envelope held.
    ///
    /// # Errors
    /// `Newer` for a number to come (it waits), else as the thing itself: `TooLarge`, `Malformed`, `BadSignature`, `BadRoot`.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let item: Self = cbor::decode(bytes, MAX_PAYLOAD)?;
        if matches!(item, Self::Alert(_)) && bytes.len() > MAX_ALERT {
            return Err(WireError::TooLarge);
        }
        Ok(item)
    }

    /// How soon it should travel.
    #[must_use]
    pub const fn urgency(&self) -> Urgency {
        match self {
            Self::Alert(_) | Self::AlertReceived(_) => Urgency::Alert,
            // The one urgency of which a relay drops what it is asked to.
            Self::Blob(_) => Urgency::Large,
            _ => Urgency::Small,
        }
    }
}

/// An entry as an item, without taking it.
pub(crate) fn encode_entry(entry: &Entry) -> Vec<u8> {
    [&[0x82, ENTRY][..], &entry.encode()].concat()
}

/// The number of an entry.
pub(crate) const ENTRY: u8 = 1;
/// The number of a pack's part.
pub(crate) const PART: u8 = 9;
/// The number of a blob.
const BLOB: u8 = 10;
/// The most bytes of a blob as it travels.
const MAX_BLOB: usize = MAX_WORDS + 256;

/// Whether an item says that it is an entry, without looking into it.
pub(crate) fn is_entry(item: &[u8]) -> bool {
    item.starts_with(&[0x82, ENTRY])
}

/// Who has signed the entry in an item, without a look at the rest: of what was taken apart and found good before.
pub(crate) fn author_of_entry(item: &[u8]) -> Option<DeviceId> {
    let mut outer = Decoder::new(item.strip_prefix(&[0x82, ENTRY])?);
    outer.array().ok()?;
    let mut header = Decoder::new(outer.bytes().ok()?);
    header.array().ok()?;
    // Version, needs and kind, then the space.
    (0..4).try_for_each(|_| header.skip()).ok()?;
    header.bytes().ok()?.try_into().map(DeviceId).ok()
}

/// The blob in an item, without looking into others.
pub(crate) fn blob_in(item: &[u8]) -> Option<Blob> {
    if !item.starts_with(&[0x82, BLOB]) {
        return None;
    }
    match Item::decode(item) {
        Ok(Item::Blob(blob)) => Some(blob),
        _ => None,
    }
}

impl<C> Encode<C> for Item {
    fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.array(2)?;
        match self {
            Self::Entry(entry) => e.u8(ENTRY)?.encode_with(entry, ctx)?.ok(),
            Self::Operation(operation) => e.u8(2)?.encode_with(operation, ctx)?.ok(),
            Self::Alert(alert) => e.u8(3)?.encode_with(alert, ctx)?.ok(),
            Self::JoinRequest(request) => e.u8(4)?.encode_with(request, ctx)?.ok(),
            Self::Welcome(welcome) => e.u8(5)?.encode_with(welcome, ctx)?.ok(),
            Self::Report(report) => e.u8(6)?.bytes(&cbor::encode(report))?.ok(),
            Self::AlertReceived(received) => e.u8(7)?.encode_with(received, ctx)?.ok(),
            Self::Epoch(epoch) => e.u8(8)?.encode_with(epoch, ctx)?.ok(),
            Self::Part(part) => e.u8(PART)?.encode_with(part, ctx)?.ok(),
            Self::Blob(blob) => e.u8(BLOB)?.bytes(&cbor::encode(blob))?.ok(),
            Self::Past(past) => e.u8(11)?.encode_with(past, ctx)?.ok(),
        }
    }
}

impl<'b, C> Decode<'b, C> for Item {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, decode::Error> {
        let count = d.array()?.unwrap_or(0);
        let number = if count == 0 { 0 } else { d.u32()? };
        Ok(match (number, count) {
            (0, _) => return Err(cbor::refused(WireError::Malformed)),
            (12.., _) => return Err(cbor::refused(WireError::Newer { needs: VERSION + 1 })),
            (1, 2) => Self::Entry(d.decode_with(ctx)?),
            (2, 2) => Self::Operation(d.decode_with(ctx)?),
            (3, 2) => Self::Alert(d.decode_with(ctx)?),
            (4, 2) => Self::JoinRequest(d.decode_with(ctx)?),
            (5, 2) => Self::Welcome(d.decode_with(ctx)?),
            (6, 2) => {
                let report: Report = cbor::decode_versioned(d.bytes()?, 2048).map_err(cbor::refused)?;
                report.check().map_err(cbor::refused)?;
                Self::Report(report)
            }
            (7, 2) => Self::AlertReceived(d.decode_with(ctx)?),
            (8, 2) => Self::Epoch(d.decode_with(ctx)?),
            (9, 2) => Self::Part(d.decode_with(ctx)?),
            (10, 2) => {
                let blob: Blob = cbor::decode_versioned(d.bytes()?, MAX_BLOB).map_err(cbor::refused)?;
                if !blob.fits() {
                    return Err(cbor::refused(WireError::Malformed));
                }
                Self::Blob(blob)
            }
            (11, 2) => Self::Past(d.decode_with(ctx)?),
            _ => return Err(cbor::refused(WireError::Malformed)),
        })
    }
}

#[cfg(test)]
mod tests;
