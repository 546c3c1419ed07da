//! Names on the wire: devices, entries, operations, changes, inboxes; and the tags by which a relay knows places.

use crate::ids::{Author, PersonId, SpaceId, hash};
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use rafiq_protocol::Tag;
use std::fmt;

/// A device: its Ed25519 public key. Members of a space see it; a relay does not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct DeviceId(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

/// The founder's key of a space: Ed25519, no device's key, kept in the recovery kit. It may always let devices in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct FounderId(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

/// The hash of an entry's header: what the next entry of the device, and everyone's entry heads, name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct EntryHash(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

/// The hash of a membership operation's body.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct OperationHash(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

/// The hash of all bytes of one change, as it stands in an entry's root. (Automerge's own hash of it is another.)
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct ChangeHash(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

/// Names one alert or report: random, so that a repeated one is recognised.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct NoteId(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 16]);

impl DeviceId {
    /// This device under one of its incarnations, as documents know it.
    #[must_use]
    pub const fn author(self, incarnation: u32) -> Author {
        Author { device: self.0, incarnation }
    }
}

impl EntryHash {
    /// Of the header's bytes, exactly as they were signed.
    #[must_use]
    pub fn of(header: &[u8]) -> Self {
        Self(hash("rafiq 2026 entry v1", &[header]))
    }
}

impl OperationHash {
    /// Of the body's bytes, exactly as they were signed.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        Self(hash("rafiq 2026 operation v1", &[body]))
    }
}

impl ChangeHash {
    /// Of the change's raw bytes.
    #[must_use]
    pub fn of(change: &[u8]) -> Self {
        Self(hash("rafiq 2026 change v1", &[change]))
    }
}

/// The id of the space that a founding operation founds.
#[must_use]
pub fn space_id(founding_body: &[u8]) -> SpaceId {
    SpaceId(hash("rafiq 2026 space v1", &[founding_body]))
}

/// The tag by which relays and couriers know a space. It does not lead back to the id.
#[must_use]
pub fn space_tag(space: &SpaceId) -> Tag {
    first(hash("rafiq 2026 space tag v1", &[&space.0]))
}

/// The tag by which relays and couriers know an inbox. It does not lead back to the key.
#[must_use]
pub fn inbox_tag(inbox_key: &[u8; 32]) -> Tag {
    first(hash("rafiq 2026 inbox tag v1", &[inbox_key]))
}

/// The first bytes of a hash.
pub(crate) fn first<const N: usize>(hash: [u8; 32]) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(&hash[..N]);
    bytes
}

impl<C> Encode<C> for SpaceId {
    fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for SpaceId {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, decode::Error> {
        minicbor::bytes::decode(d, ctx).map(Self)
    }
}

impl<C> Encode<C> for PersonId {
    fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for PersonId {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, decode::Error> {
        minicbor::bytes::decode(d, ctx).map(Self)
    }
}

impl fmt::Debug for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        short(f, "device", &self.0)
    }
}

impl fmt::Debug for FounderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        short(f, "founder", &self.0)
    }
}

impl fmt::Debug for EntryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        short(f, "entry", &self.0)
    }
}

impl fmt::Debug for OperationHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        short(f, "operation", &self.0)
    }
}

impl fmt::Debug for ChangeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        short(f, "change", &self.0)
    }
}

impl fmt::Debug for NoteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        short(f, "note", &self.0)
    }
}

fn short(f: &mut fmt::Formatter<'_>, what: &str, bytes: &[u8]) -> fmt::Result {
    write!(f, "{what} {}", &crate::ids::to_text(bytes)[..8])
}
