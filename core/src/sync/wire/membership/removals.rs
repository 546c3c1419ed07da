//! What removals do: whose work lies beyond their cut, whom they keep out, who knew of them.

use super::super::entry::{EntryHead, Header};
use super::super::ids::{DeviceId, EntryHash, OperationHash};
use super::super::operation::{Action, Operation};
use super::{Membership, Places};

impl Membership {
    /// Whether an entry lies beyond the cut of a removal that its author did not know of, and no steward has kept it. Then it counts only
    /// if another device's work builds on it. `hash` is the entry's name: a place in a chain may have been signed twice.
    #[must_use]
    pub fn beyond_cut(&self, entry: &Header, hash: EntryHash) -> bool {
        let Some(removals) = self.removals.get(&entry.device) else { return false };
        let Some((known, _)) = self.known_at(&entry.auth_heads) else { return false };
        let reaches = |ends: &[EntryHead]| {
            let mut ends = ends.iter().filter(|end| end.device == entry.device && end.incarnation == entry.incarnation);
            // Where the end names another entry in this place, this one was not seen.
            ends.any(|end| end.sequence > entry.sequence || end.sequence == entry.sequence && end.hash == hash)
        };
        let all = self.all();
        let cuts_off = |removal: &usize| match &self.accepted[*removal].action {
            Action::Remove(remove) => {
                !known.contains(*removal) && !reaches(&remove.cut) && !self.let_in_again(&all, entry.device, *removal)
            }
            _ => false,
        };
        let kept = |(place, operation): (usize, &Operation)| match &operation.action {
            Action::Keep(keep) => reaches(&keep.ends) && self.stands(&all, place),
            _ => false,
        };
        removals.iter().any(cuts_off) && !self.accepted.iter().enumerate().any(kept)
    }

    /// Whoever let a device in again, knowing of a removal of it, took it with what it had written meanwhile: its chain goes on from there.
    fn let_in_again(&self, all: &Places, device: DeviceId, removal: usize) -> bool {
        let mut admissions = self.admissions.get(&device).into_iter().flatten();
        admissions.any(|(place, _)| self.past[*place].contains(removal) && self.stands(all, *place))
    }

    /// The removals because of which a device is out: those of which nobody knew who let it in.
    #[must_use]
    pub fn put_out(&self, device: DeviceId) -> Vec<OperationHash> {
        let all = self.all();
        let removals = self.removals.get(&device).into_iter().flatten();
        let in_force = removals.filter(|removal| !self.let_in_again(&all, device, **removal));
        in_force.map(|removal| self.accepted[*removal].hash()).collect()
    }

    /// The devices that somebody removed, whether or not they were let in again.
    pub fn removed(&self) -> impl Iterator<Item = DeviceId> {
        self.removals.keys().copied()
    }

    /// Whether whoever knew these heads knew of every removal: what was made for the members there is for members alone.
    #[must_use]
    pub fn knows_all_removals(&self, heads: &[OperationHash]) -> bool {
        let Some((known, _)) = self.known_at(heads) else { return false };
        self.removals.values().flatten().all(|removal| known.contains(*removal))
    }
}
