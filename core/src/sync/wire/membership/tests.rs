#![allow(clippy::unwrap_used)] // tests may stop at the first surprise
mod erasures;
mod plain;

use super::*;
use crate::sync::wire::keys::FounderKey;
use crate::sync::wire::operation::{Add, Erase, ErasedBlob, INBOX_REPORTS, Keep, OperationBody, PublishInbox};
use crate::sync::wire::signed::Signed;
use crate::sync::wire::{Draft, Entry, EntryHash, EntryHead};
use ed25519_dalek::Signer;

fn keys(seed: u8) -> DeviceKeys {
    DeviceKeys::from_seed([seed; 32], 1)
}

fn founder() -> FounderKey {
    FounderKey::from_seed([99; 32])
}

fn founding() -> Operation {
    Operation::found(&keys(1), SpaceKind::Group, [4; 16], founder().id(), PersonId([1; 16])).unwrap()
}

fn space() -> SpaceId {
    founding().space_id()
}

fn add_with(author: &DeviceKeys, parents: Vec<OperationHash>, device: &DeviceKeys, role: Role) -> Operation {
    add_as(PersonId([device.seed()[0]; 16]), author, parents, device, role)
}

fn add_as(
    person: PersonId,
    author: &DeviceKeys,
    parents: Vec<OperationHash>,
    device: &DeviceKeys,
    role: Role,
) -> Operation {
    let action = Action::Add(Add { person, device: DeviceRecord::of(device, &space()), role });
    Operation::sign(author, space(), parents, action).unwrap()
}

fn add(author: u8, parents: &[&Operation], device: u8, role: Role) -> Operation {
    add_with(&keys(author), parents.iter().map(|parent| parent.hash()).collect(), &keys(device), role)
}

fn replay(operations: &[&Operation]) -> Membership {
    Membership::replay(space(), operations.iter().map(|operation| (*operation).clone()))
}

fn role(membership: &Membership, heads: &[&Operation], device: u8) -> Option<Role> {
    let heads: Vec<_> = heads.iter().map(|head| head.hash()).collect();
    membership.authorised_at(&heads, keys(device).device(), 1).role()
}

#[test]
fn a_space_grows() {
    let start = founding();
    let mentor = add(1, &[&start], 2, Role::Steward);
    let newcomer = add(2, &[&mentor], 3, Role::Writer);
    let membership = replay(&[&newcomer, &start, &mentor, &newcomer]);
    assert_eq!(membership.kind(), Some(SpaceKind::Group));
    assert_eq!(membership.heads(), [newcomer.hash()]);
    assert_eq!(membership.operations(), [start.clone(), mentor.clone(), newcomer.clone()]);
    assert_eq!(membership.people().values().copied().collect::<Vec<_>>(), [Role::Steward, Role::Steward, Role::Writer]);
    assert_eq!(role(&membership, &[&start], 1), Some(Role::Steward));
    assert_eq!(role(&membership, &[&start], 2), None); // not yet, there
    assert_eq!(role(&membership, &[&mentor], 2), Some(Role::Steward));
    assert_eq!(role(&membership, &[&newcomer], 3), Some(Role::Writer));
    assert_eq!(role(&membership, &[&newcomer], 4), None);
    assert_eq!(membership.relay_key(&keys(1)).unwrap(), keys(1).founding_relay_key(&[4; 16]));
    assert_eq!(membership.relay_key(&keys(2)).unwrap(), keys(2).relay_key(&space()));
    assert_eq!(membership.relay_key(&keys(4)), Err(WireError::NotForUs));
}

#[test]
fn only_stewards_add() {
    let start = founding();
    let writer = add(1, &[&start], 2, Role::Writer);
    let by_writer = add(2, &[&writer], 3, Role::Writer); // of somebody else
    let by_stranger = add(4, &[&start], 4, Role::Steward);
    let on_refused = add(1, &[&by_writer], 5, Role::Writer);
    let too_early = add(2, &[&start], 6, Role::Writer); // names a past in which it was nobody
    let membership = replay(&[&start, &writer, &by_writer, &by_stranger, &on_refused, &too_early]);
    let refused = membership.refused();
    assert_eq!(refused[&by_writer.hash()], Refusal::NotAllowed);
    assert_eq!(refused[&by_stranger.hash()], Refusal::NotAllowed);
    assert_eq!(refused[&too_early.hash()], Refusal::NotAllowed);
    assert_eq!(refused[&on_refused.hash()], Refusal::RefusedParent);
    assert_eq!(membership.members().count(), 2);
    let stranger = membership.authorised_at(&[writer.hash(), by_writer.hash()], keys(1).device(), 1);
    assert_eq!(stranger, Authority::Stranger);
    // Another space's operations, its founding too, change nothing.
    let other = Operation::found(&keys(5), SpaceKind::Group, [8; 16], founder().id(), PersonId([5; 16])).unwrap();
    let membership = replay(&[&start, &other]);
    assert_eq!(membership.refused()[&other.hash()], Refusal::OtherSpace);
    assert_eq!(membership.members().count(), 1);
}

#[test]
fn what_is_missing_waits() {
    let start = founding();
    let mentor = add(1, &[&start], 2, Role::Steward);
    let newcomer = add(2, &[&mentor], 3, Role::Writer);
    let last = add(1, &[&newcomer], 4, Role::Writer);
    let membership = replay(&[&start, &newcomer, &last]);
    assert_eq!(membership.waiting()[&newcomer.hash()], BTreeSet::from([mentor.hash()]));
    assert_eq!(membership.waiting()[&last.hash()], BTreeSet::new());
    assert_eq!(membership.heads(), [start.hash()]);
    let waiting = membership.authorised_at(&[start.hash(), last.hash()], keys(1).device(), 1);
    assert_eq!(waiting, Authority::Waiting(vec![last.hash()]));
    // Without the founding operation nobody is anybody.
    let membership = replay(&[&mentor, &newcomer]);
    assert_eq!((membership.kind(), membership.members().count(), membership.waiting().len()), (None, 0, 2));
}

fn later(critical: bool, author: u8, parents: Vec<OperationHash>) -> Operation {
    let body = OperationBody {
        version: 2,
        needs: 1,
        critical,
        space: Some(space()),
        parents,
        author: keys(author).device(),
        incarnation: 1,
        action: Action::Unknown(77),
    };
    let bytes = super::super::cbor::encode(&body);
    let signature = keys(author).signing().sign(&[b"rafiq operation v1\0", &bytes[..]].concat()).to_bytes();
    Operation::decode(&Signed::<OperationBody>::verify(bytes, signature).unwrap().encode()).unwrap()
}

#[test]
fn unknown_operations() {
    let start = founding();
    let critical = later(true, 1, vec![start.hash()]);
    let harmless = later(false, 1, vec![start.hash()]);
    let strangers = later(true, 9, vec![start.hash()]);
    let after_critical = add(1, &[&critical], 2, Role::Writer);
    let after_harmless = add(1, &[&harmless], 3, Role::Writer);
    let membership = replay(&[&start, &critical, &harmless, &strangers, &after_critical, &after_harmless]);
    assert_eq!(membership.waiting().keys().copied().collect::<BTreeSet<_>>(), {
        BTreeSet::from([critical.hash(), after_critical.hash()])
    });
    assert_eq!(membership.refused()[&strangers.hash()], Refusal::NotAllowed);
    assert_eq!(role(&membership, &[&after_harmless], 3), Some(Role::Writer));
    assert_eq!(membership.member(keys(2).device()), None);
    let at = membership.authorised_at(&[after_critical.hash()], keys(2).device(), 1);
    assert_eq!(at, Authority::Waiting(vec![after_critical.hash()]));
}

#[test]
fn roles_and_incarnations() {
    let start = founding();
    let writer = add(1, &[&start], 2, Role::Writer);
    let promoted = add(1, &[&writer], 2, Role::Steward);
    let membership = replay(&[&promoted, &writer, &start]);
    assert_eq!(role(&membership, &[&writer], 2), Some(Role::Writer));
    assert_eq!(role(&membership, &[&promoted], 2), Some(Role::Steward));
    // A restored phone goes on at once under a later incarnation; a record may end earlier ones from there on.
    let restored = DeviceKeys::from_seed([2; 32], 3);
    let renewed = add_with(&keys(1), vec![promoted.hash()], &restored, Role::Steward);
    let membership = replay(&[&promoted, &writer, &start, &renewed]);
    let at = |head: &Operation, incarnation| membership.authorised_at(&[head.hash()], restored.device(), incarnation);
    assert_eq!(at(&promoted, 3), Authority::Role(Role::Steward));
    assert_eq!(at(&promoted, 1), Authority::Role(Role::Steward));
    assert_eq!(at(&renewed, 2), Authority::Stranger);
    assert_eq!(at(&renewed, 3), Authority::Role(Role::Steward));
    assert_eq!(at(&writer, 0), Authority::Stranger);
}

#[test]
fn the_founders_key_recovers() {
    let start = founding();
    let action = Action::Add(Add {
        person: PersonId([1; 16]),
        device: DeviceRecord::of(&keys(7), &space()),
        role: Role::Steward,
    });
    let recovery = Operation::sign_as_founder(&founder(), space(), vec![start.hash()], action.clone()).unwrap();
    let forged = Operation::sign_as_founder(&FounderKey::from_seed([98; 32]), space(), vec![start.hash()], action);
    let forged = forged.unwrap();
    let membership = replay(&[&start, &recovery, &forged]);
    assert_eq!(role(&membership, &[&recovery], 7), Some(Role::Steward));
    assert_eq!(membership.refused()[&forged.hash()], Refusal::NotAllowed);
    // It is no device: it writes no entries.
    let at = membership.authorised_at(&[recovery.hash()], DeviceId(founder().id().0), 0);
    assert_eq!(at, Authority::Stranger);
}

#[test]
fn inboxes() {
    let start = founding();
    let writer = add(1, &[&start], 2, Role::Writer);
    let publish = |author: u8, parent: &Operation, seed: u8| {
        let inbox = keys(seed).inbox().address();
        let action = Action::PublishInbox(PublishInbox { inbox, purpose: INBOX_REPORTS });
        Operation::sign(&keys(author), space(), vec![parent.hash()], action).unwrap()
    };
    let first = publish(1, &writer, 1);
    let second = publish(1, &first, 5);
    let diverted = publish(2, &second, 2);
    let membership = replay(&[&diverted, &second, &first, &writer, &start]);
    assert_eq!(membership.inboxes(INBOX_REPORTS), [keys(5).inbox().address(), keys(1).inbox().address()]);
    assert_eq!(membership.inboxes(9), []);
    assert_eq!(membership.refused()[&diverted.hash()], Refusal::NotAllowed);
}

fn remove(author: u8, parents: &[&Operation], devices: &[u8], cut: Vec<EntryHead>) -> Operation {
    let mut devices: Vec<DeviceId> = devices.iter().map(|seed| keys(*seed).device()).collect();
    devices.sort_unstable();
    let parents = parents.iter().map(|parent| parent.hash()).collect();
    Operation::sign(&keys(author), space(), parents, Action::Remove(Remove { devices, cut })).unwrap()
}

/// Whether a device belongs by all that is known.
fn belongs(membership: &Membership, device: u8) -> bool {
    membership.member(keys(device).device()).is_some()
}

#[test]
fn who_is_removed_is_out_and_may_come_back() {
    let start = founding();
    let writer = add(1, &[&start], 2, Role::Writer);
    let removed = remove(1, &[&writer], &[2], vec![]);
    let back = add(1, &[&removed], 2, Role::Reader);
    let membership = replay(&[&start, &writer, &removed]);
    assert!(!belongs(&membership, 2));
    assert_eq!(role(&membership, &[&writer], 2), Some(Role::Writer)); // there it did
    assert_eq!(role(&membership, &[&removed], 2), None);
    assert_eq!(role(&replay(&[&start, &writer, &removed, &back]), &[&back], 2), Some(Role::Reader));
}

#[test]
fn everybody_may_leave_and_look_after_their_own_devices() {
    let start = founding();
    let writer = add(1, &[&start], 2, Role::Writer);
    let other = add(1, &[&writer], 3, Role::Writer);
    let leaves = remove(2, &[&other], &[2], vec![]);
    let removes_other = remove(2, &[&other], &[3], vec![]);
    let own = |role, parent: &Operation| {
        let device = DeviceRecord::of(&keys(4), &space());
        let action = Action::Add(Add { person: PersonId([2; 16]), device, role });
        Operation::sign(&keys(2), space(), vec![parent.hash()], action).unwrap()
    };
    let (vouched, too_much) = (own(Role::Writer, &other), own(Role::Steward, &other));
    let lost = remove(4, &[&vouched], &[2], vec![]);
    let membership = replay(&[&start, &writer, &other, &leaves, &removes_other, &vouched, &too_much, &lost]);
    assert_eq!(membership.refused()[&removes_other.hash()], Refusal::NotAllowed);
    assert_eq!(membership.refused()[&too_much.hash()], Refusal::NotAllowed);
    assert!(!belongs(&membership, 2) && belongs(&membership, 3));
    assert_eq!(role(&membership, &[&lost], 4), Some(Role::Writer));
    // It left while it vouched, neither knowing of the other: a device that leaves takes nobody in.
    assert!(!belongs(&membership, 4));
    assert!(belongs(&replay(&[&start, &writer, &other, &vouched, &lost]), 4));
}

#[test]
fn a_removal_beats_what_the_removed_did_meanwhile() {
    let start = founding();
    let steward = add(1, &[&start], 2, Role::Steward);
    let before = add(2, &[&steward], 3, Role::Writer);
    let removed = remove(1, &[&before], &[2], vec![]);
    let meanwhile = add(2, &[&before], 4, Role::Steward);
    let by_the_added = add(4, &[&meanwhile], 5, Role::Writer);
    let membership = replay(&[&start, &steward, &before, &removed, &meanwhile, &by_the_added]);
    assert!(belongs(&membership, 3)); // the remover knew of it
    assert!(!belongs(&membership, 4) && !belongs(&membership, 5));
    // Nor does giving it a role meanwhile keep it in.
    let promoted = add(1, &[&steward], 2, Role::Writer);
    let membership = replay(&[&start, &steward, &before, &removed, &promoted]);
    assert!(!belongs(&membership, 2));
}

#[test]
fn who_removes_each_other_are_both_out_and_the_founders_key_recovers() {
    let start = founding();
    let steward = add(1, &[&start], 2, Role::Steward);
    let one = remove(1, &[&steward], &[2], vec![]);
    let two = remove(2, &[&steward], &[1], vec![]);
    let membership = replay(&[&start, &steward, &one, &two]);
    assert_eq!(membership.members().count(), 0);
    let device = DeviceRecord::of(&keys(1), &space());
    let again = Action::Add(Add { person: PersonId([1; 16]), device, role: Role::Steward });
    let again = Operation::sign_as_founder(&founder(), space(), vec![one.hash(), two.hash()], again).unwrap();
    let membership = replay(&[&start, &steward, &one, &two, &again]);
    assert_eq!(membership.members().map(|member| member.role).collect::<Vec<_>>(), [Role::Steward]);
}

#[test]
fn a_cut_holds_what_came_after_it() {
    let start = founding();
    let writer = add(1, &[&start], 2, Role::Writer);
    let entry = |sequence, heads: &Operation| {
        let previous = (sequence > 1).then_some(EntryHash([7; 32]));
        let auth_heads = vec![heads.hash()];
        let (entry_heads, changes, space) = (vec![], vec![], space());
        Entry::sign(&keys(2), Draft { space, sequence, previous, auth_heads, entry_heads, changes }).unwrap()
    };
    let end = |sequence| {
        let hash = entry(sequence, &writer).hash();
        EntryHead { device: keys(2).device(), incarnation: 1, sequence, hash }
    };
    let removed = remove(1, &[&writer], &[2], vec![end(3)]);
    let keep = |author: u8, sequence| {
        let ends = Action::Keep(Keep { ends: vec![end(sequence)] });
        Operation::sign(&keys(author), space(), vec![removed.hash()], ends).unwrap()
    };
    let beyond = |membership: &Membership, entry: Entry| membership.beyond_cut(&entry, entry.hash());
    let membership = replay(&[&start, &writer, &removed]);
    assert!(!beyond(&membership, entry(3, &writer)));
    assert!(beyond(&membership, entry(4, &writer)));
    assert!(beyond(&membership, entry(3, &start)), "the remover had seen another in this place");
    let membership = replay(&[&start, &writer, &removed, &keep(1, 4)]);
    assert!(!beyond(&membership, entry(4, &writer)) && beyond(&membership, entry(5, &writer)));
    assert!(beyond(&membership, entry(4, &start)), "a steward keeps what they saw, not a place");
    assert_eq!(replay(&[&start, &writer, &removed, &keep(2, 9)]).refused().len(), 1);
    // Let in again: what was written meanwhile comes with them, or what they write from now on would wait for it for ever.
    let back = add(1, &[&removed], 2, Role::Writer);
    let membership = replay(&[&start, &writer, &removed, &back]);
    assert!(!beyond(&membership, entry(4, &back)) && !beyond(&membership, entry(4, &writer)));
    assert!(membership.knows_all_removals(&[back.hash()]) && !membership.knows_all_removals(&[writer.hash()]));
}
