//! Who belongs to a space: the signed graph of its operations, replayed.
//!
//! Each operation is judged by what its author knew: by the accepted operations among its ancestors. So the verdict on it is
//! the same on every device and never changes, in whatever order operations arrive. Where two accepted operations concern one
//! device, the later one counts: later by causality, and by hash where neither knew the other. No clock has a say.
//!
//! Only stewards add. What a device writes is judged at the auth heads that its entry names, by [`Membership::authorised_at`].
//! A removal will be one more [`Effect`], looked up in the same two places.

use super::error::WireError;
use super::ids::{DeviceId, OperationHash};
use super::keys::{DeviceKeys, InboxAddress};
use super::operation::{Action, DeviceRecord, Found, Operation, Role};
use crate::ids::{PersonId, SpaceId};
use crate::replica::SpaceKind;
use ed25519_dalek::SigningKey;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// A device that belongs to a space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Whose device it is.
    pub person: PersonId,
    /// The device with its inbox and relay key.
    pub device: DeviceRecord,
    /// What it may do.
    pub role: Role,
    /// The operation that says so.
    pub operation: OperationHash,
}

/// Whether a device may act at given heads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authority {
    /// It belonged to the space there, in this role.
    Role(Role),
    /// It did not. What it signs there is refused.
    Stranger,
    /// These operations, or what they rest on, are not known yet. What it signs there waits.
    Waiting(Vec<OperationHash>),
}

impl Authority {
    /// The role, if it is known and there is one.
    #[must_use]
    pub const fn role(&self) -> Option<Role> {
        match self {
            Self::Role(role) => Some(*role),
            Self::Stranger | Self::Waiting(_) => None,
        }
    }
}

/// Why an operation is not part of the membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It belongs to another space.
    OtherSpace,
    /// Its author was not allowed to do it by what it names as its past.
    NotAllowed,
    /// It builds on a refused one, which no honest device does.
    RefusedParent,
}

/// The membership of one space as far as its operations are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    space: SpaceId,
    accepted: Vec<Operation>,
    place: BTreeMap<OperationHash, usize>,
    past: Vec<Places>,
    effects: BTreeMap<DeviceId, Vec<(usize, Effect)>>,
    heads: BTreeSet<OperationHash>,
    waiting: BTreeMap<OperationHash, BTreeSet<OperationHash>>,
    refused: BTreeMap<OperationHash, Refusal>,
}

/// What an accepted operation does to a device.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Effect {
    Admitted(Member),
}

impl Membership {
    /// Judges a space's operations, given in any order and however often.
    #[must_use]
    pub fn replay(space: SpaceId, operations: impl IntoIterator<Item = Operation>) -> Self {
        let mut membership = Self {
            space,
            accepted: Vec::new(),
            place: BTreeMap::new(),
            past: Vec::new(),
            effects: BTreeMap::new(),
            heads: BTreeSet::new(),
            waiting: BTreeMap::new(),
            refused: BTreeMap::new(),
        };
        let mut pending: BTreeMap<OperationHash, Operation> = BTreeMap::new();
        for operation in operations {
            pending.insert(operation.hash(), operation);
        }
        let mut children: BTreeMap<OperationHash, Vec<OperationHash>> = BTreeMap::new();
        let mut unmet: BTreeMap<OperationHash, usize> = BTreeMap::new();
        let mut ready = BinaryHeap::new();
        for (hash, operation) in &pending {
            for parent in &operation.parents {
                children.entry(*parent).or_default().push(*hash);
            }
            unmet.insert(*hash, operation.parents.len());
            if operation.parents.is_empty() {
                ready.push(Reverse(*hash));
            }
        }
        // Causality first, then hash: the order of any two operations is the same whatever else is known.
        while let Some(Reverse(hash)) = ready.pop() {
            let Some(operation) = pending.remove(&hash) else { continue };
            if !membership.judge(&operation) {
                pending.insert(hash, operation);
                continue;
            }
            for child in children.get(&hash).into_iter().flatten() {
                if let Some(left) = unmet.get_mut(child) {
                    *left -= 1;
                    if *left == 0 {
                        ready.push(Reverse(*child));
                    }
                }
            }
        }
        for (hash, operation) in &pending {
            let known = |parent: &&OperationHash| !membership.is_judged(parent) && !pending.contains_key(*parent);
            membership.waiting.insert(*hash, operation.parents.iter().filter(known).copied().collect());
        }
        membership
    }

    /// `false` if it must wait for an upgrade. Its parents are judged.
    fn judge(&mut self, operation: &Operation) -> bool {
        let hash = operation.hash();
        if operation.space_id() != self.space {
            self.refused.insert(hash, Refusal::OtherSpace);
            return true;
        }
        let mut past = Places::default();
        for parent in &operation.parents {
            let Some(place) = self.place.get(parent) else {
                self.refused.insert(hash, Refusal::RefusedParent);
                return true;
            };
            past.join(&self.past[*place]);
            past.insert(*place);
        }
        let place = self.accepted.len();
        let (needed, effect) = match &operation.action {
            // Its hash is the space's id, so there is no other, and it lets its own device in.
            Action::Found(Found { device, person, .. }) => (None, Some((device, *person, Role::Steward))),
            Action::Add(add) => (Some(Role::Steward), Some((&add.device, add.person, add.role))),
            Action::PublishInbox(_) => (Some(Role::Steward), None),
            Action::Unknown(_) => (Some(Role::Reader), None),
        };
        if needed.is_some_and(|needed| self.role_of_author(operation, &past) < Some(needed)) {
            self.refused.insert(hash, Refusal::NotAllowed);
            return true;
        }
        if matches!(operation.action, Action::Unknown(_)) && operation.critical {
            return false;
        }
        if let Some((device, person, role)) = effect {
            let member = Member { person, device: device.clone(), role, operation: hash };
            self.effects.entry(device.device).or_default().push((place, Effect::Admitted(member)));
        }
        for parent in &operation.parents {
            self.heads.remove(parent);
        }
        self.heads.insert(hash);
        self.place.insert(hash, place);
        self.past.push(past);
        self.accepted.push(operation.clone());
        true
    }

    fn role_of_author(&self, operation: &Operation, past: &Places) -> Option<Role> {
        let founder = self.founding().map(|found| found.founder.0);
        if founder == Some(operation.author.0) {
            return Some(Role::Steward);
        }
        self.role_within(past, operation.author, operation.incarnation)
    }

    fn role_within(&self, past: &Places, device: DeviceId, incarnation: u32) -> Option<Role> {
        let effects = self.effects.get(&device)?;
        let (_, Effect::Admitted(member)) = effects.iter().rev().find(|(place, _)| past.contains(*place))?;
        // A device renews its incarnation itself, at once, after a restore; an older one than its record is over.
        (incarnation >= member.device.incarnation).then_some(member.role)
    }

    fn is_judged(&self, operation: &OperationHash) -> bool {
        self.place.contains_key(operation) || self.refused.contains_key(operation)
    }

    fn founding(&self) -> Option<&Found> {
        match self.accepted.first().map(|operation| &operation.action) {
            Some(Action::Found(found)) => Some(found),
            _ => None,
        }
    }

    /// The space.
    #[must_use]
    pub const fn space(&self) -> SpaceId {
        self.space
    }

    /// What the space is for; `None` until its founding operation is here.
    #[must_use]
    pub fn kind(&self) -> Option<SpaceKind> {
        self.founding().map(|found| found.kind)
    }

    /// The operations that nothing known builds on: the parents of the next operation and the auth heads of the next entry.
    #[must_use]
    pub fn heads(&self) -> Vec<OperationHash> {
        self.heads.iter().copied().collect()
    }

    /// What a device may do, judged at heads that it names: an entry's auth heads, an operation's parents.
    #[must_use]
    pub fn authorised_at(&self, heads: &[OperationHash], device: DeviceId, incarnation: u32) -> Authority {
        let mut past = Places::default();
        let mut missing = Vec::new();
        for head in heads {
            match self.place.get(head) {
                Some(place) => {
                    past.join(&self.past[*place]);
                    past.insert(*place);
                }
                None if self.refused.contains_key(head) => return Authority::Stranger,
                None => missing.push(*head),
            }
        }
        if !missing.is_empty() {
            return Authority::Waiting(missing);
        }
        self.role_within(&past, device, incarnation).map_or(Authority::Stranger, Authority::Role)
    }

    /// The devices that belong to the space, by all that is known.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.effects.keys().filter_map(|device| self.member(*device))
    }

    /// One of them.
    #[must_use]
    pub fn member(&self, device: DeviceId) -> Option<&Member> {
        let (_, Effect::Admitted(member)) = self.effects.get(&device)?.last()?;
        Some(member)
    }

    /// The people whose devices belong, each with the highest role of their devices.
    #[must_use]
    pub fn people(&self) -> BTreeMap<PersonId, Role> {
        let mut people = BTreeMap::new();
        for member in self.members() {
            let role = people.entry(member.person).or_insert(member.role);
            *role = member.role.max(*role);
        }
        people
    }

    /// The inboxes of this purpose that stewards published, the latest first.
    #[must_use]
    pub fn inboxes(&self, purpose: u8) -> Vec<InboxAddress> {
        let published = self.accepted.iter().rev().filter_map(|operation| match &operation.action {
            Action::PublishInbox(publish) if publish.purpose == purpose => Some(publish.inbox),
            _ => None,
        });
        let mut inboxes = Vec::new();
        for inbox in published {
            if !inboxes.contains(&inbox) {
                inboxes.push(inbox);
            }
        }
        inboxes
    }

    /// The accepted operations, every one after those that it builds on: what a welcome carries.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        &self.accepted
    }

    /// The operations that cannot be judged yet, with the parents that are missing (none: they wait for an upgrade, or for
    /// another that waits).
    #[must_use]
    pub const fn waiting(&self) -> &BTreeMap<OperationHash, BTreeSet<OperationHash>> {
        &self.waiting
    }

    /// The operations that are refused for good, here as everywhere.
    #[must_use]
    pub const fn refused(&self) -> &BTreeMap<OperationHash, Refusal> {
        &self.refused
    }

    /// Our relay key in this space, as our member record names it.
    ///
    /// # Errors
    /// `NotForUs` if these keys are no member's.
    pub fn relay_key(&self, keys: &DeviceKeys) -> Result<SigningKey, WireError> {
        let member = self.member(keys.device()).ok_or(WireError::NotForUs)?;
        let founding = self.founding().map(|found| keys.founding_relay_key(&found.nonce));
        [Some(keys.relay_key(&self.space)), founding]
            .into_iter()
            .flatten()
            .find(|key| key.verifying_key().to_bytes() == member.device.relay_key)
            .ok_or(WireError::NotForUs)
    }
}

/// A set of places in the order of accepted operations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Places(Vec<u64>);

impl Places {
    fn insert(&mut self, place: usize) {
        if self.0.len() <= place / 64 {
            self.0.resize(place / 64 + 1, 0);
        }
        self.0[place / 64] |= 1 << (place % 64);
    }

    fn contains(&self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    fn join(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, theirs) in self.0.iter_mut().zip(&other.0) {
            *word |= theirs;
        }
    }
}

#[cfg(test)]
mod tests;
