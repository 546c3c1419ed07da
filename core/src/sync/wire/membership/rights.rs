//! Who may sign what, judged by what its author knew: the same on every device.

use super::super::ids::{DeviceId, OperationHash};
use super::super::operation::{Action, Erase, Operation, Role};
use super::{Member, Membership, Places};
use crate::ids::PersonId;

impl Membership {
    /// Whether this signs with the founder's key, which is no device's.
    pub fn is_founder(&self, author: DeviceId) -> bool {
        self.founding().is_some_and(|found| found.founder.0 == author.0)
    }

    /// Whether the author may do this by what it knew; and if so, the operation that its role comes from.
    pub(super) fn allowed(&self, operation: &Operation, past: &Places) -> Option<Option<usize>> {
        if matches!(operation.action, Action::Found(_)) || self.is_founder(operation.author) {
            return Some(None);
        }
        let (ground, author) = self.within(past, operation.author)?;
        if operation.incarnation < author.device.incarnation {
            return None;
        }
        let own = |device: DeviceId| self.within(past, device).is_some_and(|(_, other)| other.person == author.person);
        let may = match &operation.action {
            Action::Found(_) | Action::Join | Action::Unknown(_) => true,
            Action::PublishInbox(_) | Action::Keep(_) => author.role == Role::Steward,
            // A person lets in devices of their own; who could claim another's would get what is sealed to it.
            Action::Add(add) => {
                let fits = add.person == author.person && add.role <= author.role;
                author.role == Role::Steward || fits && self.never_of_another(past, add.device.device, author.person)
            }
            Action::Remove(remove) => author.role == Role::Steward || remove.devices.iter().all(|device| own(*device)),
            Action::Erase(erase) => {
                erase.blobs.iter().all(|blob| self.erases(past, operation.author, author, blob.author))
            }
        };
        may.then_some(Some(ground))
    }

    /// Whether a device of this member's may erase what `author` wrote. A lost phone's words are still its person's, and nobody comes by
    /// somebody's words by claiming their phone.
    fn erases(&self, known: &Places, device: DeviceId, member: &Member, author: DeviceId) -> bool {
        member.role == Role::Steward || self.are_own(known, device, member, author)
    }

    /// Whether what `author` wrote is this member's own, on this device or another.
    fn are_own(&self, known: &Places, device: DeviceId, member: &Member, author: DeviceId) -> bool {
        let mut admitted = self.admitted(known, author);
        author == device || admitted.next().is_some() && self.never_of_another(known, author, member.person)
    }

    /// Whether a device is new, or belonged to nobody but this person.
    fn never_of_another(&self, known: &Places, device: DeviceId, person: PersonId) -> bool {
        self.admitted(known, device).all(|member| member.person == person)
    }

    /// As what a device was ever let in, whether or not it was taken out since.
    fn admitted(&self, known: &Places, device: DeviceId) -> impl Iterator<Item = &Member> {
        let admitted = self.admissions.get(&device).into_iter().flatten();
        admitted.filter(|(place, _)| known.contains(*place)).map(|(_, member)| member)
    }

    /// Whether this device may erase what that one has written, by all that is known.
    #[must_use]
    pub fn may_erase(&self, device: DeviceId, author: DeviceId) -> bool {
        let all = self.all();
        self.within(&all, device).is_some_and(|(_, member)| self.erases(&all, device, member, author))
    }

    /// Whether an erasure counts only once an entry of another device names it: it takes away what others wrote, and its author is no steward any
    /// more by all that is known. Nothing rests on an erasure, so nothing else shows whether it was made before that or is only dated so.
    #[must_use]
    pub fn needs_witness(&self, erasure: &Operation) -> bool {
        let (Action::Erase(erase), Some(place)) = (&erasure.action, self.place.get(&erasure.hash())) else {
            return false;
        };
        if self.grounds[*place].is_none() {
            return false; // the founder's key, which nobody takes out
        }
        let (past, device) = (&self.past[*place], erasure.author);
        let own = self
            .within(past, device)
            .is_some_and(|(_, then)| erase.blobs.iter().all(|blob| self.are_own(past, device, then, blob.author)));
        !own && self.member(device).is_none_or(|now| now.role != Role::Steward)
    }

    /// The erasures that were their authors' to make by what they knew, which is the same on every device.
    pub fn erasures(&self) -> impl Iterator<Item = (&Operation, &Erase)> {
        self.operations().iter().filter_map(|operation| match &operation.action {
            Action::Erase(erase) => Some((operation, erase)),
            _ => None,
        })
    }

    /// How many operations a device has signed that no removal of it by another knew. An honest one signs few before it hears that it is out.
    #[must_use]
    pub fn signed_beyond_removal(&self, device: DeviceId) -> usize {
        let removals = self.removals.get(&device).map_or(&[][..], Vec::as_slice);
        let by_others: Vec<_> = removals.iter().filter(|place| self.operations()[**place].author != device).collect();
        let own = self.operations().iter().enumerate().filter(|(_, operation)| operation.author == device);
        own.filter(|(place, _)| !by_others.iter().any(|removal| self.past[**removal].contains(*place))).count()
    }

    /// The operations, but erasures, that whoever knew these heads may not know, each after those that it builds on. Heads that are not known
    /// here say nothing.
    #[must_use]
    pub fn operations_beyond(&self, heads: &[OperationHash]) -> Vec<&Operation> {
        let known =
            heads.iter().filter_map(|head| self.known_at(&[*head])).fold(Places::default(), |mut all, (known, _)| {
                all.join(&known);
                all
            });
        let beyond = self.accepted.iter().enumerate().filter(|(place, _)| !known.contains(*place));
        beyond.filter(|(_, operation)| !matches!(operation.action, Action::Erase(_))).map(|(_, one)| one).collect()
    }
}
