//! Who belongs to a space: the signed graph of its operations, replayed.
//!
//! Each operation is judged by what its author knew: by the state that the accepted operations among its ancestors make. So the
//! verdict on it is the same on every device and never changes, in whatever order operations arrive. No clock has a say.
//!
//! The state that a set of operations makes, the whole or somebody's past:
//!
//! 1. A removal counts wherever it is known, also one whose author was removed meanwhile: who removes each other, are both out.
//! 2. Whatever else a device did while somebody removed it, neither knowing of the other, does not stand; nor what rests on that. (What
//!    the remover knew of stands.)
//! 3. A device belongs if something that stands lets it in, in full knowledge of every removal of it. Where several do, the latest
//!    counts: latest by causality, and by hash where neither knew the other.
//!
//! Stewards let in and take out; everybody may do both to devices of their own; the founder's key, which is no device's, may always.
//! What a device writes is judged at the auth heads that its entry names, by [`Membership::authorised_at`], and, if it has been removed
//! since, by [`Membership::beyond_cut`].

mod removals;
mod rights;

use super::error::WireError;
use super::ids::{DeviceId, OperationHash};
use super::keys::{DeviceKeys, InboxAddress};
use super::operation::{Action, DeviceRecord, Found, Operation, Remove, Role};
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
    /// For each accepted operation the one that its author's role came from; none for the founder's key.
    grounds: Vec<Option<usize>>,
    admissions: BTreeMap<DeviceId, Vec<(usize, Member)>>,
    removals: BTreeMap<DeviceId, Vec<usize>>,
    heads: BTreeSet<OperationHash>,
    waiting: BTreeMap<OperationHash, BTreeSet<OperationHash>>,
    refused: BTreeMap<OperationHash, Refusal>,
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
            grounds: Vec::new(),
            admissions: BTreeMap::new(),
            removals: BTreeMap::new(),
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

    /// Judges an erasure that came after the others. Nothing rests on one, so what was judged stays as it was; only the place in
    /// [`Membership::operations`] may be another than a whole replay would give it. `false` if that is needed.
    pub(crate) fn add_erasure(&mut self, operation: &Operation) -> bool {
        let hash = operation.hash();
        let is_judged = |parent: &OperationHash| self.is_judged(parent);
        let is_plain = matches!(operation.action, Action::Erase(_)) && operation.parents.iter().all(is_judged);
        if !is_plain || self.is_judged(&hash) || self.waiting.values().any(|missing| missing.contains(&hash)) {
            return false;
        }
        self.judge(operation)
    }

    /// Whether an operation counts.
    #[must_use]
    pub fn counts(&self, operation: &OperationHash) -> bool {
        self.place.contains_key(operation)
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
            // Welcomes come without erasures, so nothing may rest on one.
            if matches!(self.accepted[*place].action, Action::Erase(_)) {
                self.refused.insert(hash, Refusal::RefusedParent);
                return true;
            }
            past.join(&self.past[*place]);
            past.insert(*place);
        }
        let place = self.accepted.len();
        let Some(grounds) = self.allowed(operation, &past) else {
            self.refused.insert(hash, Refusal::NotAllowed);
            return true;
        };
        match &operation.action {
            Action::Unknown(_) if operation.critical => return false,
            // Its hash is the space's id, so there is no other, and it lets its own device in.
            Action::Found(Found { device, person, .. }) => self.admits(place, hash, device, *person, Role::Steward),
            Action::Add(add) => self.admits(place, hash, &add.device, add.person, add.role),
            Action::Remove(Remove { devices, .. }) => {
                for device in devices {
                    self.removals.entry(*device).or_default().push(place);
                }
            }
            Action::PublishInbox(_) | Action::Keep(_) | Action::Erase(_) | Action::Join | Action::Unknown(_) => {}
        }
        if !matches!(operation.action, Action::Erase(_)) {
            for parent in &operation.parents {
                self.heads.remove(parent);
            }
            self.heads.insert(hash);
        }
        self.place.insert(hash, place);
        self.past.push(past);
        self.grounds.push(grounds);
        self.accepted.push(operation.clone());
        true
    }

    fn admits(&mut self, place: usize, operation: OperationHash, device: &DeviceRecord, person: PersonId, role: Role) {
        let member = Member { person, device: device.clone(), role, operation };
        self.admissions.entry(device.device).or_default().push((place, member));
    }

    /// The record by which a device belongs to the state that these operations make, and its place.
    fn within(&self, known: &Places, device: DeviceId) -> Option<(usize, &Member)> {
        let removals = self.removals.get(&device).map_or(&[][..], Vec::as_slice);
        let admitted = |(place, _): &&(usize, Member)| {
            known.contains(*place)
                && removals.iter().all(|removal| !known.contains(*removal) || self.past[*place].contains(*removal))
                && self.stands(known, *place)
        };
        self.admissions.get(&device)?.iter().rev().find(admitted).map(|(place, member)| (*place, member))
    }

    /// Whether no known removal, made by somebody who did not know of it, takes away what this operation rests on.
    fn stands(&self, known: &Places, mut place: usize) -> bool {
        loop {
            let removals = self.removals.get(&self.accepted[place].author).map_or(&[][..], Vec::as_slice);
            let apart = |removal: &usize| {
                known.contains(*removal)
                    && *removal != place
                    && !self.past[place].contains(*removal)
                    && !self.past[*removal].contains(place)
            };
            if removals.iter().any(apart) {
                return false;
            }
            match self.grounds[place] {
                Some(ground) => place = ground,
                None => return true,
            }
        }
    }

    fn all(&self) -> Places {
        let mut all = Places::default();
        (0..self.accepted.len()).for_each(|place| all.insert(place));
        all
    }

    /// The operations at these heads and before them; the heads that are not known, or `None` if one is refused.
    fn known_at(&self, heads: &[OperationHash]) -> Option<(Places, Vec<OperationHash>)> {
        let (mut known, mut missing) = (Places::default(), Vec::new());
        for head in heads {
            match self.place.get(head) {
                Some(place) => {
                    known.join(&self.past[*place]);
                    known.insert(*place);
                }
                None if self.refused.contains_key(head) => return None,
                None => missing.push(*head),
            }
        }
        Some((known, missing))
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
        match self.known_at(heads) {
            None => Authority::Stranger,
            Some((_, missing)) if !missing.is_empty() => Authority::Waiting(missing),
            // A device renews its incarnation itself, at once, after a restore; an older one than its record is over.
            Some((known, _)) => match self.within(&known, device) {
                Some((_, member)) if incarnation >= member.device.incarnation => Authority::Role(member.role),
                _ => Authority::Stranger,
            },
        }
    }

    /// The devices that belong to the space, by all that is known.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        let all = self.all();
        self.admissions.keys().filter_map(move |device| self.within(&all, *device).map(|(_, member)| member))
    }

    /// One of them.
    #[must_use]
    pub fn member(&self, device: DeviceId) -> Option<&Member> {
        self.within(&self.all(), device).map(|(_, member)| member)
    }

    /// Whose device it is or was, if it was ever let in: by the latest that let it in.
    #[must_use]
    pub fn person_of(&self, device: DeviceId) -> Option<PersonId> {
        self.admissions.get(&device)?.last().map(|(_, member)| member.person)
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
        let all = self.all();
        let published =
            self.accepted.iter().enumerate().rev().filter_map(|(place, operation)| match &operation.action {
                Action::PublishInbox(publish) if publish.purpose == purpose => {
                    // Whoever has left hears no more.
                    let belongs = self.grounds[place].is_none() || self.within(&all, operation.author).is_some();
                    (belongs && self.stands(&all, place)).then_some(publish.inbox)
                }
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

    /// The accepted operations, every one after those that it builds on. A welcome carries them without the erasures.
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

    /// Our relay key in this space, as our latest member record names it; whoever leaves still has to say so.
    ///
    /// # Errors
    /// `NotForUs` if these keys never were a member's.
    pub fn relay_key(&self, keys: &DeviceKeys) -> Result<SigningKey, WireError> {
        let records = self.admissions.get(&keys.device()).ok_or(WireError::NotForUs)?;
        let (_, member) = records.last().ok_or(WireError::NotForUs)?;
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
