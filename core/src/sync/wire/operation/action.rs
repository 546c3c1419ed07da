//! What operations do: each action with what it says.

use super::super::cbor::{self, list};
use super::super::entry::EntryHead;
use super::super::error::{Result, WireError};
use super::super::ids::{DeviceId, FounderId};
use super::super::keys::{DeviceKeys, InboxAddress};
use super::super::signed::check_ascending;
use crate::ids::{PersonId, SpaceId};
use crate::replica::SpaceKind;
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use rafiq_protocol::RelayKey;

/// The most devices that one removal names: all of one person's, and more than anybody has.
pub const MAX_REMOVED: usize = 32;
/// The most chain ends of a cut, or of work that is kept.
pub const MAX_ENDS: usize = 64;

/// What a device may do in a space. A steward may do all that a writer may, a writer all that a reader may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Role {
    /// Reads.
    #[n(1)]
    Reader,
    /// Reads and writes.
    #[n(2)]
    Writer,
    /// Also invites, removes and writes packs.
    #[n(3)]
    Steward,
}

impl Role {
    /// Whether entries of this role are admitted.
    #[must_use]
    pub const fn may_write(self) -> bool {
        matches!(self, Self::Writer | Self::Steward)
    }

    /// As `Error::NotAllowed` names it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Writer => "writer",
            Self::Steward => "steward",
        }
    }
}

/// A device as the other members of a space know it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct DeviceRecord {
    /// Its name and signing key.
    #[n(0)]
    pub device: DeviceId,
    /// Its life when the record was made; it writes under this one or a later one.
    #[n(1)]
    pub incarnation: u32,
    /// Where sealed notes to it go.
    #[n(2)]
    pub inbox: InboxAddress,
    /// By which the relay knows it in this space.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub relay_key: RelayKey,
}

impl DeviceRecord {
    /// Our own, for a space that we join.
    #[must_use]
    pub fn of(keys: &DeviceKeys, space: &SpaceId) -> Self {
        Self::with(keys, keys.relay_key(space).verifying_key().to_bytes())
    }

    pub(super) fn with(keys: &DeviceKeys, relay_key: RelayKey) -> Self {
        Self { device: keys.device(), incarnation: keys.incarnation(), inbox: keys.inbox().address(), relay_key }
    }
}

/// The first operation of a space.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Found {
    /// What the space is for.
    #[n(0)]
    pub kind: SpaceKind,
    /// Random, so that no two spaces have one id.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub nonce: [u8; 16],
    /// The key that may let devices in when no steward is left.
    #[n(2)]
    pub founder: FounderId,
    /// The first device, a steward.
    #[n(3)]
    pub device: DeviceRecord,
    /// Whose it is.
    #[n(4)]
    pub person: PersonId,
}

/// Lets a device in, gives it another role, or renews its record. A steward may do it for anybody; anybody for a device of their own, up to
/// their own role: that is how the devices of one person vouch for each other.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Add {
    /// Whose device it is.
    #[n(0)]
    pub person: PersonId,
    /// The device.
    #[n(1)]
    pub device: DeviceRecord,
    /// What it may do from here on.
    #[n(2)]
    pub role: Role,
}

/// An inbox that takes alerts for a responder or group of responders.
pub const INBOX_ALERTS: u8 = 1;
/// An inbox that takes corrections to a directory.
pub const INBOX_REPORTS: u8 = 2;

/// A steward publishes an inbox of the space.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct PublishInbox {
    /// Where.
    #[n(0)]
    pub inbox: InboxAddress,
    /// [`INBOX_ALERTS`], [`INBOX_REPORTS`], or what later versions add.
    #[n(1)]
    pub purpose: u8,
}

/// Takes devices out: a person who is to belong no longer or wishes to leave, or a phone that was lost. A steward may do it to anybody, anybody to
/// devices of their own.
///
/// The cut says how far the author has seen the work of these devices. What they wrote up to there stays; what lies beyond is held until
/// another device's work builds on it or a steward keeps it ([`Keep`]).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Remove {
    /// Which, ascending.
    #[cbor(n(0), decode_with = "list::<MAX_REMOVED, _, _>")]
    pub devices: Vec<DeviceId>,
    /// The last entry that the author has seen of each of their chains; ascending by device and incarnation.
    #[cbor(n(1), decode_with = "list::<MAX_ENDS, _, _>")]
    pub cut: Vec<EntryHead>,
}

/// A steward signs in what lies beyond a cut: honest work of somebody who did not know yet that they had been taken out.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Keep {
    /// How far the chains are kept; ascending by device and incarnation.
    #[cbor(n(0), decode_with = "list::<MAX_ENDS, _, _>")]
    pub ends: Vec<EntryHead>,
}

/// The most blobs that one erasure names; more take several.
pub const MAX_ERASED: usize = 64;

/// Erases blobs: private words that their author, or a steward, wants gone from every device. It is never taken back: what is gone is gone,
/// whatever becomes of whoever signed it.
///
/// Nothing builds on an erasure: it is no parent, and a welcome does not carry it. Entries name it among their auth heads, by which their
/// device says that it has carried it out.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Erase {
    /// Which, ascending.
    #[cbor(n(0), decode_with = "list::<MAX_ERASED, _, _>")]
    pub blobs: Vec<ErasedBlob>,
}

/// A blob as an erasure names it: without the blob it shows whose it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(array)]
pub struct ErasedBlob {
    /// The device that wrote it.
    #[n(0)]
    pub author: DeviceId,
    /// [`crate::replica::Blob::digest`].
    #[cbor(n(1), with = "minicbor::bytes")]
    pub digest: [u8; 32],
}

/// What an operation does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Founds the space.
    Found(Found),
    /// Lets a device in.
    Add(Add),
    /// Publishes an inbox.
    PublishInbox(PublishInbox),
    /// Takes devices out.
    Remove(Remove),
    /// Signs in what lies beyond a cut.
    Keep(Keep),
    /// Erases blobs.
    Erase(Erase),
    /// Does nothing. Where operations that knew nothing of each other are more than one may name as its past, these join them first.
    Join,
    /// Of a later version. A critical one waits for an upgrade, another is kept and ignored.
    Unknown(u32),
}

impl Action {
    /// What the operation does, in a word.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Found(_) => "found",
            Self::Add(_) => "add",
            Self::PublishInbox(_) => "publish",
            Self::Remove(_) => "remove",
            Self::Keep(_) => "keep",
            Self::Erase(_) => "erase",
            Self::Join => "join",
            Self::Unknown(_) => "unknown",
        }
    }

    /// The rules of the format beyond its shape.
    pub(super) fn check(&self) -> Result<()> {
        match self {
            Self::Remove(remove) => {
                check_ascending(&remove.devices, |device| *device)?;
                check_ends(&remove.cut)?;
                let named = |end: &EntryHead| remove.devices.binary_search(&end.device).is_ok();
                if remove.devices.is_empty() || !remove.cut.iter().all(named) {
                    return Err(WireError::Malformed);
                }
            }
            Self::Keep(keep) => check_ends(&keep.ends)?,
            Self::Erase(erase) if erase.blobs.is_empty() => return Err(WireError::Malformed),
            Self::Erase(erase) => check_ascending(&erase.blobs, |blob| *blob)?,
            Self::Found(_) | Self::Add(_) | Self::PublishInbox(_) | Self::Join | Self::Unknown(_) => {}
        }
        Ok(())
    }
}

fn check_ends(ends: &[EntryHead]) -> Result<()> {
    check_ascending(ends, |end| (end.device, end.incarnation))?;
    let fits = |end: &EntryHead| end.sequence > 0 && i64::try_from(end.sequence).is_ok();
    if ends.iter().all(fits) { Ok(()) } else { Err(WireError::Malformed) }
}

impl<C> Encode<C> for Action {
    fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.array(2)?;
        match self {
            Self::Found(found) => e.u8(1)?.encode_with(found, ctx)?.ok(),
            Self::Add(add) => e.u8(2)?.encode_with(add, ctx)?.ok(),
            Self::PublishInbox(publish) => e.u8(3)?.encode_with(publish, ctx)?.ok(),
            Self::Remove(remove) => e.u8(4)?.encode_with(remove, ctx)?.ok(),
            Self::Keep(keep) => e.u8(5)?.encode_with(keep, ctx)?.ok(),
            Self::Erase(erase) => e.u8(6)?.encode_with(erase, ctx)?.ok(),
            Self::Join => e.u8(7)?.null()?.ok(),
            // Never written: a later version's bytes are kept as they came.
            Self::Unknown(number) => e.u32(*number)?.null()?.ok(),
        }
    }
}

impl<'b, C> Decode<'b, C> for Action {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, decode::Error> {
        if d.array()? != Some(2) {
            return Err(cbor::refused(WireError::Malformed));
        }
        Ok(match d.u32()? {
            1 => Self::Found(d.decode_with(ctx)?),
            2 => Self::Add(d.decode_with(ctx)?),
            3 => Self::PublishInbox(d.decode_with(ctx)?),
            4 => Self::Remove(d.decode_with(ctx)?),
            5 => Self::Keep(d.decode_with(ctx)?),
            6 => Self::Erase(d.decode_with(ctx)?),
            7 => {
                d.null()?;
                Self::Join
            }
            number => {
                d.skip()?;
                Self::Unknown(number)
            }
        })
    }
}
