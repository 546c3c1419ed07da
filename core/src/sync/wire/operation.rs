//! Membership operations: who founds a space, lets whom in, and takes whom out. Signed, naming their parents, judged by
//! [`super::membership::Membership`].

mod action;

pub use action::{
    Action, Add, DeviceRecord, Erase, ErasedBlob, Found, INBOX_ALERTS, INBOX_REPORTS, Keep, MAX_ENDS, MAX_ERASED,
    MAX_REMOVED, PublishInbox, Remove, Role,
};

use super::cbor::{VERSION, list};
use super::error::{Result, WireError};
use super::ids::{DeviceId, FounderId, OperationHash, space_id};
use super::keys::{DeviceKeys, FounderKey};
use super::signed::{Body, Signed, check_ascending};
use crate::ids::{PersonId, SpaceId};
use crate::replica::SpaceKind;
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

/// The most parents an operation names.
pub const MAX_PARENTS: usize = 64;
/// The signed part of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct OperationBody {
    /// The version of the format that wrote it.
    #[n(0)]
    pub version: u8,
    /// The least version that can read it.
    #[n(1)]
    pub needs: u8,
    /// Whether one who does not know the action must wait for an upgrade.
    #[n(2)]
    pub critical: bool,
    /// The space; none for the founding operation, whose hash is the space's id.
    #[n(3)]
    pub space: Option<SpaceId>,
    /// The operations that its author knew last, ascending; none for the founding operation alone.
    #[cbor(n(4), decode_with = "list::<MAX_PARENTS, _, _>")]
    pub parents: Vec<OperationHash>,
    /// Who signed it: a device, or the founder's key.
    #[n(5)]
    pub author: DeviceId,
    /// Under which life; 0 for the founder's key.
    #[n(6)]
    pub incarnation: u32,
    /// What it does.
    #[n(7)]
    pub action: Action,
}

/// A membership operation with a valid signature. It derefs to its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    signed: Signed<OperationBody>,
    hash: OperationHash,
}

impl Operation {
    /// Founds a space with our device as its first steward. `nonce` is random; [`Operation::space_id`] is the new space.
    ///
    /// # Errors
    /// None that a caller can cause.
    pub fn found(
        keys: &DeviceKeys,
        kind: SpaceKind,
        nonce: [u8; 16],
        founder: FounderId,
        person: PersonId,
    ) -> Result<Self> {
        let device = DeviceRecord::with(keys, keys.founding_relay_key(&nonce).verifying_key().to_bytes());
        let body = OperationBody {
            version: VERSION,
            needs: 1,
            critical: true,
            space: None,
            parents: Vec::new(),
            author: keys.device(),
            incarnation: keys.incarnation(),
            action: Action::Found(Found { kind, nonce, founder, device, person }),
        };
        Signed::sign(body, keys.signing()).map(Self::with)
    }

    /// Signs any later operation of ours. `parents` are [`super::membership::Membership::heads`].
    ///
    /// # Errors
    /// `Malformed` without parents or for a second founding; `TooLarge` above [`MAX_PARENTS`].
    pub fn sign(keys: &DeviceKeys, space: SpaceId, parents: Vec<OperationHash>, action: Action) -> Result<Self> {
        let body = Self::body(space, parents, keys.device(), keys.incarnation(), action);
        Signed::sign(body, keys.signing()).map(Self::with)
    }

    /// The same with the founder's key: recovery when no steward is left.
    ///
    /// # Errors
    /// As [`Operation::sign`].
    pub fn sign_as_founder(
        founder: &FounderKey,
        space: SpaceId,
        parents: Vec<OperationHash>,
        action: Action,
    ) -> Result<Self> {
        let body = Self::body(space, parents, DeviceId(founder.id().0), 0, action);
        Signed::sign(body, founder.signing()).map(Self::with)
    }

    /// From `[body, signature]`.
    ///
    /// # Errors
    /// `TooLarge`, `Malformed`, `Newer` (it waits, and so does all that names it), `BadSignature`.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        Signed::decode(bytes).map(Self::with)
    }

    /// What was verified before and has lain in our own store since.
    ///
    /// # Errors
    /// `TooLarge`, `Malformed`, `Newer`.
    pub(crate) fn known(bytes: &[u8]) -> Result<Self> {
        Signed::decode_known(bytes).map(Self::with)
    }

    /// As `[body, signature]`: the same bytes as were decoded.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        self.signed.encode()
    }

    /// What its children and entries name it by.
    #[must_use]
    pub const fn hash(&self) -> OperationHash {
        self.hash
    }

    /// The space that it belongs to, or founds.
    #[must_use]
    pub fn space_id(&self) -> SpaceId {
        self.space.unwrap_or_else(|| space_id(self.signed.bytes()))
    }

    fn with(signed: Signed<OperationBody>) -> Self {
        Self { hash: OperationHash::of(signed.bytes()), signed }
    }

    fn body(
        space: SpaceId,
        mut parents: Vec<OperationHash>,
        author: DeviceId,
        incarnation: u32,
        action: Action,
    ) -> OperationBody {
        parents.sort_unstable();
        parents.dedup();
        let critical = !matches!(action, Action::PublishInbox(_) | Action::Join);
        OperationBody { version: VERSION, needs: 1, critical, space: Some(space), parents, author, incarnation, action }
    }
}

impl std::ops::Deref for Operation {
    type Target = OperationBody;

    fn deref(&self) -> &OperationBody {
        &self.signed
    }
}

impl Body for OperationBody {
    const PURPOSE: &'static str = "operation";
    const LIMIT: usize = 8 * 1024;

    fn signer(&self) -> DeviceId {
        self.author
    }

    fn check(&self) -> Result<()> {
        if self.parents.len() > MAX_PARENTS {
            return Err(WireError::TooLarge);
        }
        check_ascending(&self.parents, |parent| *parent)?;
        self.action.check()?;
        let fits = match &self.action {
            Action::Found(found) => {
                self.space.is_none()
                    && self.parents.is_empty()
                    && self.author == found.device.device
                    && self.incarnation == found.device.incarnation
            }
            // Our own version knows its actions.
            Action::Unknown(_) if self.version <= VERSION => false,
            _ => self.space.is_some() && !self.parents.is_empty(),
        };
        if fits { Ok(()) } else { Err(WireError::Malformed) }
    }
}

impl<C> Encode<C> for Operation {
    fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.encode_with(&self.signed, ctx)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Operation {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, decode::Error> {
        d.decode_with(ctx).map(Self::with)
    }
}

#[cfg(test)]
mod tests;
