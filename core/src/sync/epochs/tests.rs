#![allow(clippy::unwrap_used)] // tests may stop at the first surprise
use super::*;
use crate::ids::PersonId;
use crate::sync::wire::{Action, Add, DeviceKeys, DeviceRecord, FounderKey, Operation, Remove};

fn keys(seed: u8) -> DeviceKeys {
    DeviceKeys::from_seed([seed; 32], 1)
}

/// A space of three in which the first has taken out the third; the membership, and its heads before that.
fn space() -> (Membership, Vec<OperationHash>) {
    let (operations, before) = operations();
    (Membership::replay(operations[0].space_id(), operations), before)
}

fn operations() -> (Vec<Operation>, Vec<OperationHash>) {
    let founder = FounderKey::from_seed([9; 32]).id();
    let found = Operation::found(&keys(1), SpaceKind::Circle, [1; 16], founder, PersonId([1; 16])).unwrap();
    let id = found.space_id();
    let mut operations = vec![found];
    let mut sign = |action| {
        let parents = vec![operations.last().unwrap().hash()];
        operations.push(Operation::sign(&keys(1), id, parents, action).unwrap());
    };
    for seed in [2, 3] {
        let (person, device) = (PersonId([seed; 16]), DeviceRecord::of(&keys(seed), &id));
        sign(Action::Add(Add { person, device, role: Role::Writer }));
    }
    sign(Action::Remove(Remove { devices: vec![keys(3).device()], cut: vec![] }));
    let before = vec![operations[2].hash()];
    (operations, before)
}

fn rows() -> Connection {
    let rows = Connection::open_in_memory().unwrap();
    rows.execute_batch(include_str!("../../store/migrations/001_init.sql")).unwrap();
    rows.execute_batch(include_str!("../../store/migrations/005_epochs.sql")).unwrap();
    rows.execute_batch(include_str!("../../store/migrations/012_epoch_author.sql")).unwrap();
    rows
}

fn sign(rows: &Connection, author: u8, membership: &Membership, key: &EpochKey, heads: &[OperationHash]) {
    let members: Vec<_> = membership.members().collect();
    let parts = Epoch::mint(&keys(author), membership.space(), heads, &members, (key, &[]), &[7; 32]).unwrap();
    for part in &parts {
        keep_item(rows, part, SENT).unwrap();
    }
}

#[test]
fn a_key_that_somebody_removed_holds_is_sealed_under_no_more() {
    let (membership, before) = space();
    let rows = rows();
    let first = HeldKey { key: EpochKey::new(1, [1; 32]), heads: before.clone() };
    assert!(!is_for_members(&rows, &membership, &first).unwrap());
    let second = HeldKey { key: EpochKey::new(2, [2; 32]), heads: vec![] };
    assert!(!is_for_members(&rows, &membership, &second).unwrap(), "nobody has said whom it is for");
    sign(&rows, 2, &membership, &second.key, &before);
    assert!(!is_for_members(&rows, &membership, &second).unwrap(), "made before the removal");
    sign(&rows, 3, &membership, &second.key, &membership.heads());
    assert!(!is_for_members(&rows, &membership, &second).unwrap(), "made by whom it keeps out");
    sign(&rows, 2, &membership, &second.key, &membership.heads());
    assert!(is_for_members(&rows, &membership, &second).unwrap());
}

#[test]
fn what_others_sign_of_a_key_changes_nothing_that_we_know_of_it() {
    let (membership, before) = space();
    let rows = rows();
    let ours = HeldKey { key: EpochKey::new(2, [2; 32]), heads: membership.heads() };
    sign(&rows, 3, &membership, &ours.key, &before);
    assert!(is_for_members(&rows, &membership, &ours).unwrap());
    // The first key under a later number is not the first key.
    let first = HeldKey { key: EpochKey::new(1, [1; 32]), heads: before };
    sign(&rows, 2, &membership, &EpochKey::new(7, [1; 32]), &membership.heads());
    assert!(!is_for_members(&rows, &membership, &first).unwrap());
}

/// Whoever has not heard of the removal yet makes no key that opens, to whoever is out, the one that was made because of it.
#[test]
fn a_key_made_because_of_something_unknown_is_joined_to_none() {
    let (operations, before) = operations();
    let space = operations[0].space_id();
    let rows = rows();
    let key = EpochKey::new(2, [2; 32]);
    let (knows, all) = (Membership::replay(space, operations[..3].to_vec()), Membership::replay(space, operations));
    keep_epoch(&rows, &space, &EpochKey::new(1, [1; 32]), &before).unwrap();
    sign(&rows, 2, &all, &key, &all.heads());
    keep_epoch(&rows, &space, &key, &[]).unwrap();
    let numbers = |membership: &Membership| -> Vec<u32> {
        ends(&rows, membership).unwrap().iter().map(EpochKey::number).collect()
    };
    assert_eq!(numbers(&knows), [1]);
    assert_eq!(numbers(&all), [2, 1], "once it has heard of it");
}
