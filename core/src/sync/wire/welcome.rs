//! Letting somebody in: the welcome, and what goes before it where a space has seen more than a welcome holds.
//!
//! A newcomer judges for themselves whether their inviter may let them in: by all operations of the space, from its founding on. The newest are in
//! the welcome, as many as it holds; those before it come ahead, in notes of the same author to the same inbox.

use super::cbor::{VERSION, list};
use super::error::{Result, WireError};
use super::ids::{DeviceId, OperationHash};
use super::invite::{Invite, check_relay_url};
use super::keys::{DeviceKeys, EpochKey};
use super::membership::Membership;
use super::operation::{Action, Operation, Role};
use super::pack::Covers;
use super::signed::{Body, Signed};
use crate::ids::SpaceId;
use minicbor::{Decode, Encode};
use std::collections::{BTreeMap, BTreeSet};

/// The most operations in a welcome, or in one of the notes before it.
pub const MAX_WELCOME_OPERATIONS: usize = 256;
/// The most operations that go before a welcome. A space that has seen more lets nobody in.
pub const MAX_PAST_OPERATIONS: usize = 4096;
/// The most bytes of them.
pub const MAX_PAST_BYTES: usize = 4 * 1024 * 1024;
/// What surrounds the operations in a body.
const ROOM_FOR_THE_REST: usize = 512;

/// The signed part of a welcome. The newcomer's device sees it, nobody else.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct WelcomeBody {
    /// The version of the format that wrote it.
    #[n(0)]
    pub version: u8,
    /// The least version that can read it.
    #[n(1)]
    pub needs: u8,
    /// The space.
    #[n(2)]
    pub space: SpaceId,
    /// Who signed: the inviter's device.
    #[n(3)]
    pub author: DeviceId,
    /// For whom it is.
    #[n(4)]
    pub to: DeviceId,
    /// The membership operations, every one after those that it builds on: all of them, or the newest where [`Past`] has the others.
    #[cbor(n(5), decode_with = "list::<MAX_WELCOME_OPERATIONS, _, _>")]
    pub operations: Vec<Operation>,
    /// The epoch's number.
    #[n(6)]
    epoch: u32,
    /// The epoch's key.
    #[cbor(n(7), with = "minicbor::bytes")]
    epoch_key: [u8; 32],
    /// Where the space's relay is; empty if there is none.
    #[n(8)]
    pub relay: String,
    /// Where there a pack begins that holds all that came before. Without one, everything is read.
    #[n(9)]
    pub start: Option<Covers>,
}

/// "You are in", with a valid signature.
pub type Welcome = Signed<WelcomeBody>;

/// What a welcome comes to by the operations that are here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judged {
    /// It lets this device in.
    In(Box<Membership>),
    /// It builds on this operation, which has not come; on one that waits for an upgrade if none is named.
    Lacks(Option<OperationHash>),
}

impl Welcome {
    /// Tells a newcomer's device, which `membership` already holds, all that it needs, in one piece.
    ///
    /// # Errors
    /// `NotForUs` if the device does not belong to the space; `TooLarge` above [`MAX_WELCOME_OPERATIONS`] or 60 KiB.
    pub fn new(
        keys: &DeviceKeys,
        to: DeviceId,
        membership: &Membership,
        epoch: &EpochKey,
        (relay, start): (&str, Option<Covers>),
    ) -> Result<Self> {
        Self::of(keys, to, (membership, told(membership)), epoch, (relay, start))
    }

    /// The same in as many pieces as it takes: the notes that go ahead, in their order, and the welcome behind them.
    ///
    /// # Errors
    /// `NotForUs` if the device does not belong to the space; `TooLarge` if more than [`MAX_PAST_OPERATIONS`] or [`MAX_PAST_BYTES`] would go ahead.
    pub fn with_past(
        keys: &DeviceKeys,
        to: DeviceId,
        membership: &Membership,
        epoch: &EpochKey,
        (relay, start): (&str, Option<Covers>),
    ) -> Result<(Vec<Past>, Self)> {
        let mut before = told(membership);
        let newest = before.split_off(before.len() - how_many_fit(before.iter().rev()));
        if before.len() > MAX_PAST_OPERATIONS || bytes_of(&before) > MAX_PAST_BYTES {
            return Err(WireError::TooLarge);
        }
        let welcome = Self::of(keys, to, (membership, newest), epoch, (relay, start))?;
        let mut past = Vec::new();
        while !before.is_empty() {
            let later = before.split_off(how_many_fit(before.iter()));
            past.push(Past::new(keys, to, membership.space(), before)?);
            before = later;
        }
        Ok((past, welcome))
    }

    fn of(
        keys: &DeviceKeys,
        to: DeviceId,
        (membership, operations): (&Membership, Vec<Operation>),
        epoch: &EpochKey,
        (relay, start): (&str, Option<Covers>),
    ) -> Result<Self> {
        membership.member(to).ok_or(WireError::NotForUs)?;
        let body = WelcomeBody {
            version: VERSION,
            needs: 1,
            space: membership.space(),
            author: keys.device(),
            to,
            operations,
            epoch: epoch.number(),
            epoch_key: *epoch.secret(),
            relay: relay.to_owned(),
            start,
        };
        Self::sign(body, keys.signing())
    }

    /// Judges a welcome that came to our inbox: it must answer this invite, come from its inviter, a steward, and let this device in, by what the
    /// space was to its author. `known`: what came ahead of it, and what we hold of the space from before.
    ///
    /// # Errors
    /// `NotForUs`.
    pub fn accept(
        &self,
        invite: &Invite,
        me: &DeviceKeys,
        known: impl IntoIterator<Item = Operation>,
    ) -> Result<Judged> {
        if self.space != invite.space || self.author != invite.inviter || self.to != me.device() {
            return Err(WireError::NotForUs);
        }
        let all: Vec<Operation> = known.into_iter().chain(self.operations.iter().cloned()).collect();
        let membership = Membership::replay(self.space, all.iter().cloned());
        let heads = self.heads(&membership);
        // A welcome names no incarnation: in whichever of their lives they signed it, they were who they are.
        let role = |device| membership.authorised_at(&heads, device, u32::MAX).role();
        let by_steward = role(self.author) == Some(Role::Steward);
        if by_steward && role(self.to).is_some() && membership.relay_key(me).is_ok() {
            return Ok(Judged::In(Box::new(membership)));
        }
        self.lacks(&membership, &all).map(Judged::Lacks).ok_or(WireError::NotForUs)
    }

    /// What its author knew as the last: the operations in it that count and that no other in it builds on. What came another way its author may
    /// not have known, so the key in it was not made for that.
    #[must_use]
    pub fn heads(&self, membership: &Membership) -> Vec<OperationHash> {
        let counted = || self.operations.iter().filter(|operation| membership.counts(&operation.hash()));
        let mut heads: BTreeSet<OperationHash> = counted().map(Operation::hash).collect();
        for parent in counted().flat_map(|operation| &operation.parents) {
            heads.remove(parent);
        }
        heads.into_iter().collect()
    }

    /// Something on which an operation in it builds and that has not come; `None` if all of them are judged.
    fn lacks(&self, membership: &Membership, all: &[Operation]) -> Option<Option<OperationHash>> {
        let parents: BTreeMap<OperationHash, &[OperationHash]> =
            all.iter().map(|operation| (operation.hash(), &operation.parents[..])).collect();
        let waiting = membership.waiting();
        let mut queue: Vec<OperationHash> = self.operations.iter().map(Operation::hash).collect();
        queue.retain(|hash| waiting.contains_key(hash));
        queue.first()?;
        let mut seen = BTreeSet::new();
        while let Some(hash) = queue.pop() {
            let Some(missing) = waiting.get(&hash).filter(|_| seen.insert(hash)) else { continue };
            if let Some(missing) = missing.first() {
                return Some(Some(*missing));
            }
            queue.extend(parents.get(&hash).into_iter().copied().flatten());
        }
        Some(None)
    }

    /// The space's present key.
    #[must_use]
    pub fn epoch_key(&self) -> EpochKey {
        EpochKey::new(self.epoch, self.epoch_key)
    }
}

impl Body for WelcomeBody {
    const PURPOSE: &'static str = "welcome";
    const LIMIT: usize = 60 * 1024;

    fn signer(&self) -> DeviceId {
        self.author
    }

    fn check(&self) -> Result<()> {
        if self.operations.len() > MAX_WELCOME_OPERATIONS {
            return Err(WireError::TooLarge);
        }
        if self.start.is_some_and(|start| i64::try_from(start.position).is_err()) {
            return Err(WireError::Malformed);
        }
        check_relay_url(&self.relay)
    }
}

impl std::fmt::Debug for WelcomeBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "welcome of {:?} into {:?}", self.to, self.space)
    }
}

/// The signed part of a note that goes before a welcome. The newcomer's device sees it, nobody else.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct PastBody {
    /// The version of the format that wrote it.
    #[n(0)]
    pub version: u8,
    /// The least version that can read it.
    #[n(1)]
    pub needs: u8,
    /// The space.
    #[n(2)]
    pub space: SpaceId,
    /// Who signed: the inviter's device, as the welcome. Nobody else has a say in what a newcomer keeps before they are in.
    #[n(3)]
    pub author: DeviceId,
    /// For whom it is.
    #[n(4)]
    pub to: DeviceId,
    /// Membership operations of the space, at least one.
    #[cbor(n(5), decode_with = "list::<MAX_WELCOME_OPERATIONS, _, _>")]
    pub operations: Vec<Operation>,
}

/// "This was before", with a valid signature, as every operation in it.
pub type Past = Signed<PastBody>;

impl Past {
    /// Tells a newcomer's device of these operations of a space.
    ///
    /// # Errors
    /// `Malformed` for none, or one of another space; `TooLarge` above [`MAX_WELCOME_OPERATIONS`] or 60 KiB.
    pub fn new(keys: &DeviceKeys, to: DeviceId, space: SpaceId, operations: Vec<Operation>) -> Result<Self> {
        let body = PastBody { version: VERSION, needs: 1, space, author: keys.device(), to, operations };
        Self::sign(body, keys.signing())
    }
}

impl Body for PastBody {
    const PURPOSE: &'static str = "past";
    const LIMIT: usize = WelcomeBody::LIMIT;

    fn signer(&self) -> DeviceId {
        self.author
    }

    fn check(&self) -> Result<()> {
        if self.operations.len() > MAX_WELCOME_OPERATIONS {
            return Err(WireError::TooLarge);
        }
        let of_space = |operation: &Operation| operation.space_id() == self.space;
        if !self.operations.is_empty() && self.operations.iter().all(of_space) {
            Ok(())
        } else {
            Err(WireError::Malformed)
        }
    }
}

/// What a newcomer is told of a membership: nothing rests on erasures, and those who have them tell them in the space.
fn told(membership: &Membership) -> Vec<Operation> {
    let operations = membership.operations().iter();
    operations.filter(|operation| !matches!(operation.action, Action::Erase(_))).cloned().collect()
}

/// How many of these, from the first on, one body holds.
fn how_many_fit<'a>(operations: impl Iterator<Item = &'a Operation>) -> usize {
    let mut room = WelcomeBody::LIMIT - ROOM_FOR_THE_REST;
    let fits = |operation: &&Operation| {
        let rest = room.checked_sub(length(operation));
        room = rest.unwrap_or_default();
        rest.is_some()
    };
    operations.take(MAX_WELCOME_OPERATIONS).take_while(fits).count()
}

fn bytes_of(operations: &[Operation]) -> usize {
    operations.iter().map(length).sum()
}

fn length(operation: &Operation) -> usize {
    operation.encode().len()
}

#[cfg(test)]
mod tests;
