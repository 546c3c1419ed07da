#![allow(clippy::unwrap_used)] // tests may stop at the first surprise
use super::*;
use crate::ids::PersonId;
use crate::replica::SpaceKind;
use crate::sync::wire::keys::FounderKey;
use crate::sync::wire::note::tests::{founding, invite, keys, space};
use crate::sync::wire::operation::{Add, DeviceRecord};

fn add(after: &Operation, seed: u8, role: Role) -> Operation {
    let device = DeviceRecord::of(&keys(seed), &space());
    let action = Action::Add(Add { person: PersonId([seed; 16]), device, role });
    Operation::sign(&keys(1), space(), vec![after.hash()], action).unwrap()
}

/// A space in which these were let in as writers.
fn membership(more: &[u8]) -> Membership {
    let mut operations = vec![founding()];
    for seed in more {
        operations.push(add(operations.last().unwrap(), *seed, Role::Writer));
    }
    Membership::replay(space(), operations)
}

/// A space that has seen so many operations, the last of which lets the second device in.
fn long(count: usize) -> Membership {
    let mut operations = vec![founding()];
    for number in 2..count {
        let role = if number % 2 == 0 { Role::Reader } else { Role::Writer };
        operations.push(add(operations.last().unwrap(), 3, role));
    }
    operations.push(add(operations.last().unwrap(), 2, Role::Writer));
    Membership::replay(space(), operations)
}

fn epoch() -> EpochKey {
    EpochKey::new(1, [8; 32])
}

fn pieces(members: &Membership) -> (Vec<Past>, Welcome) {
    Welcome::with_past(&keys(1), keys(2).device(), members, &epoch(), ("https://relay.example/", None)).unwrap()
}

fn into(judged: Result<Judged>) -> Membership {
    match judged {
        Ok(Judged::In(membership)) => *membership,
        other => panic!("{other:?}"),
    }
}

#[test]
fn welcoming() {
    let members = membership(&[2, 3]);
    let welcome =
        Welcome::new(&keys(1), keys(2).device(), &members, &epoch(), ("https://relay.example/", None)).unwrap();
    let welcome = Welcome::decode(&welcome.encode()).unwrap();
    assert_eq!(into(welcome.accept(&invite(1), &keys(2), [])), members);
    assert_eq!(welcome.epoch_key(), epoch());
    assert!(!format!("{welcome:?}").contains("8, 8"), "the key is not shown");
    // For someone else, from someone else, for another space.
    assert_eq!(welcome.accept(&invite(1), &keys(3), []), Err(WireError::NotForUs));
    assert_eq!(welcome.accept(&invite(3), &keys(2), []), Err(WireError::NotForUs));
    let mut elsewhere = invite(1);
    elsewhere.space = SpaceId([1; 32]);
    assert_eq!(welcome.accept(&elsewhere, &keys(2), []), Err(WireError::NotForUs));
    // A writer cannot welcome, nobody can welcome whom the membership does not hold.
    let by_writer = Welcome::new(&keys(3), keys(2).device(), &members, &epoch(), ("", None)).unwrap();
    assert_eq!(by_writer.accept(&invite(3), &keys(2), []), Err(WireError::NotForUs));
    assert_eq!(Welcome::new(&keys(1), keys(4).device(), &members, &epoch(), ("", None)), Err(WireError::NotForUs));
    let mut without = (*welcome).clone();
    without.operations.truncate(1);
    let without = Signed::sign(without, keys(1).signing()).unwrap();
    assert_eq!(without.accept(&invite(1), &keys(2), []), Err(WireError::NotForUs));
    assert_eq!(
        Welcome::new(&keys(1), keys(2).device(), &members, &epoch(), ("file:///etc/passwd", None)),
        Err(WireError::Malformed)
    );
}

#[test]
fn a_space_that_has_seen_much_is_told_in_pieces() {
    assert_eq!(pieces(&long(150)).0, []);
    let members = long(600);
    assert_eq!(
        Welcome::new(&keys(1), keys(2).device(), &members, &epoch(), ("", None)),
        Err(WireError::TooLarge),
        "in one piece"
    );
    let (past, welcome) = pieces(&members);
    let past: Vec<Past> = past.iter().map(|note| Past::decode(&note.encode()).unwrap()).collect();
    let all: Vec<_> = past.iter().flat_map(|note| &note.operations).chain(&welcome.operations).cloned().collect();
    assert_eq!(all, members.operations());
    assert!(past.len() >= 2 && past.iter().all(|note| note.bytes().len() <= PastBody::LIMIT));
    // By all of them it lets us in; where one is missing it waits for what that one holds.
    let known = |without: usize| {
        let others = past.iter().enumerate().filter(move |(number, _)| *number != without);
        others.flat_map(|(_, note)| note.operations.clone())
    };
    assert_eq!(into(welcome.accept(&invite(1), &keys(2), known(usize::MAX))), members);
    for (number, note) in past.iter().enumerate() {
        let Ok(Judged::Lacks(Some(lacking))) = welcome.accept(&invite(1), &keys(2), known(number)) else {
            panic!("note {number}");
        };
        assert_eq!(lacking, note.operations.last().unwrap().hash());
    }
    assert_eq!(welcome.accept(&invite(3), &keys(2), known(0)), Err(WireError::NotForUs));
}

#[test]
fn of_more_than_anybody_keeps_nothing_is_told() {
    let most = MAX_PAST_OPERATIONS + pieces(&long(600)).1.operations.len();
    let told = |members: &Membership| {
        Welcome::with_past(&keys(1), keys(2).device(), members, &epoch(), ("", None)).map(|(past, _)| past.len())
    };
    assert!(told(&long(most)).unwrap() <= 32);
    assert_eq!(told(&long(most + 1)), Err(WireError::TooLarge));
}

#[test]
fn what_is_known_besides_is_nothing_that_the_author_knew() {
    let mut operations = long(300).operations().to_vec();
    let (past, welcome) = pieces(&Membership::replay(space(), operations.clone()));
    let known: Vec<_> = past.iter().flat_map(|note| note.operations.clone()).collect();
    let heads = vec![welcome.operations.last().unwrap().hash()];
    let member = into(welcome.accept(&invite(1), &keys(2), known.clone()));
    assert_eq!(welcome.heads(&member), heads);
    // Somebody was let in by another way meanwhile: the welcome's key was not made for that.
    let beside = add(&operations[10], 4, Role::Writer);
    operations.push(beside.clone());
    let member = into(welcome.accept(&invite(1), &keys(2), known.into_iter().chain([beside])));
    assert_eq!((welcome.heads(&member), member.heads().len()), (heads, 2));
}

#[test]
fn a_note_is_of_one_space_and_not_empty() {
    let sign = |operations: Vec<Operation>| Past::new(&keys(1), keys(2).device(), space(), operations);
    assert!(sign(vec![founding()]).is_ok());
    assert_eq!(sign(vec![]), Err(WireError::Malformed));
    assert_eq!(sign(vec![founding(); MAX_WELCOME_OPERATIONS + 1]), Err(WireError::TooLarge));
    let founder = FounderKey::from_seed([9; 32]).id();
    let other = Operation::found(&keys(1), SpaceKind::Group, [5; 16], founder, PersonId([1; 16])).unwrap();
    assert_eq!(sign(vec![founding(), other]), Err(WireError::Malformed));
}

#[test]
fn every_flip_and_cut_is_refused() {
    let members = membership(&[2]);
    let welcome = Welcome::new(&keys(1), keys(2).device(), &members, &epoch(), ("", None)).unwrap().encode();
    for place in 0..welcome.len() {
        let mut bad = welcome.clone();
        bad[place] ^= 1;
        assert!(Welcome::decode(&bad).is_err(), "byte {place}");
        assert!(Welcome::decode(&welcome[..place]).is_err(), "cut at {place}");
    }
    let past = Past::new(&keys(1), keys(2).device(), space(), members.operations().to_vec()).unwrap().encode();
    for place in 0..past.len() {
        let mut bad = past.clone();
        bad[place] ^= 1;
        assert!(Past::decode(&bad).is_err(), "byte {place}");
        assert!(Past::decode(&past[..place]).is_err(), "cut at {place}");
    }
}
