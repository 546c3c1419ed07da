//! What somebody who means harm could send ahead of a welcome, or instead of it.

use super::scene::*;
use ed25519_dalek::{Signer, SigningKey};
use rafiq::groups::NewGroup;
use rafiq::ids::{PersonId, SpaceId};
use rafiq::sync::wire::welcome::{MAX_PAST_OPERATIONS, Past};
use rafiq::sync::wire::{
    Action, Add, DeviceKeys, DeviceRecord, EpochKey, Item, Membership, Operation, Role, Welcome, seal_to_inbox,
};
use rafiq_protocol::Urgency;
use rafiq_tests::phone::Phone;
use rafiq_tests::taken::{operations, secrets};

/// These items to the newcomer's inbox, in envelopes.
fn sealed(scene: &Scene, items: impl IntoIterator<Item = Item>) -> Vec<Vec<u8>> {
    sealed_bytes(&scene.newcomer, items.into_iter().map(|item| item.encode()))
}

fn sealed_bytes(to: &Phone, items: impl IntoIterator<Item = Vec<u8>>) -> Vec<Vec<u8>> {
    let inbox = keys(to).inbox().address();
    let seal = |(number, item): (usize, Vec<u8>)| {
        let mut entropy = [0; 32];
        entropy[..8].copy_from_slice(&(number as u64).to_be_bytes());
        seal_to_inbox(&inbox, Urgency::Small, &item, &entropy).unwrap()
    };
    items.into_iter().enumerate().map(seal).collect()
}

fn keys(phone: &Phone) -> DeviceKeys {
    secrets(phone, &SpaceId([0; 32])).0
}

/// Operations that a device signs for a space in which nobody has let it do so.
fn of_nobody(scene: &Scene, count: usize) -> Vec<Operation> {
    let stranger = DeviceKeys::from_seed([77; 32], 1);
    let start = operations(&scene.steward, &scene.space)[0].hash();
    let add = |number: usize| {
        let mut person = [0; 16];
        person[..8].copy_from_slice(&(number as u64).to_be_bytes());
        let device = DeviceRecord::of(&stranger, &scene.space);
        let action = Action::Add(Add { person: PersonId(person), device, role: Role::Steward });
        Operation::sign(&stranger, scene.space, vec![start], action).unwrap()
    };
    (0..count).map(add).collect()
}

fn note(by: &DeviceKeys, scene: &Scene, operations: Vec<Operation>) -> Item {
    Item::Past(Past::new(by, scene.newcomer.sync().device(), scene.space, operations).unwrap())
}

/// How many bytes of what stands aside are kept.
fn bytes_aside(scene: &Scene) -> usize {
    count(&scene.newcomer, "SELECT coalesce(sum(length(item)), 0) FROM held_item")
}

#[test]
fn a_stranger_who_knows_the_inbox_fills_no_phone_and_stops_nobody() {
    let scene = group_of(300);
    scene.admitted();
    let ready = scene.ready();
    let stranger = DeviceKeys::from_seed([77; 32], 1);
    // Their own, and what the steward has told somebody else.
    let theirs = of_nobody(&scene, 1_000);
    let mut notes: Vec<Item> = theirs.chunks(100).map(|some| note(&stranger, &scene, some.to_vec())).collect();
    let steward = keys(&scene.steward);
    notes.push(Item::Past(Past::new(&steward, stranger.device(), scene.space, theirs[..100].to_vec()).unwrap()));
    hand(&scene.newcomer, &sealed(&scene, notes));
    assert_eq!(scene.kept_ahead(), 0);
    assert!(bytes_aside(&scene) < 100, "only their names");
    hand(&scene.newcomer, &ready);
    assert!(scene.is_in());
}

#[test]
fn nothing_is_kept_of_a_space_that_nobody_asked_to_be_let_into() {
    let scene = group_of(300);
    let steward = keys(&scene.steward);
    let real: Vec<Operation> = operations(&scene.steward, &scene.space)[..100].to_vec();
    hand(&scene.newcomer, &sealed(&scene, [note(&steward, &scene, real.clone())]));
    assert_eq!(scene.kept_ahead(), 0);
    // Of another space of the same steward, that was not asked for, neither.
    scene.admitted();
    let new = NewGroup { name: "Mondays".into(), language: "uk".into(), capacity: 12, place: String::new() };
    let other = SpaceId::parse(&scene.steward.groups().found(new).unwrap().id.value).unwrap();
    let of_other = operations(&scene.steward, &other);
    let past = Past::new(&steward, scene.newcomer.sync().device(), other, of_other).unwrap();
    hand(&scene.newcomer, &sealed(&scene, [Item::Past(past)]));
    assert_eq!(scene.kept_ahead(), 0);
    hand(&scene.newcomer, &sealed(&scene, [note(&steward, &scene, real)]));
    assert_eq!(scene.kept_ahead(), 100);
}

#[test]
fn an_inviter_who_means_harm_is_kept_so_much_of_and_no_more() {
    let scene = group_of(2);
    scene.admitted();
    let steward = keys(&scene.steward);
    let many = of_nobody(&scene, MAX_PAST_OPERATIONS + 500);
    let notes = many.chunks(150).map(|some| note(&steward, &scene, some.to_vec()));
    hand(&scene.newcomer, &sealed(&scene, notes));
    let kept = scene.kept_ahead();
    assert!((MAX_PAST_OPERATIONS - 150..=MAX_PAST_OPERATIONS).contains(&kept), "{kept}");
    assert!(bytes_aside(&scene) < 100, "only their names");

    let scene = group_of(2);
    scene.admitted();
    let notes = of_nobody(&scene, 300).into_iter().map(|one| note(&steward, &scene, vec![one]));
    hand(&scene.newcomer, &sealed(&scene, notes));
    assert_eq!(scene.kept_ahead(), 128, "one in each");
}

#[test]
fn welcomes_that_rest_on_nothing_wait_a_few_at_a_time() {
    let scene = group_of(300);
    scene.admitted();
    let ready = scene.ready();
    let (steward, device) = (keys(&scene.steward), scene.newcomer.sync().device());
    let replayed = || Membership::replay(scene.space, operations(&scene.steward, &scene.space));
    let membership = replayed();
    // The first two rest on what never comes.
    came_and_went(&scene.steward, &scene.space, 300);
    let later = replayed();
    let welcome = |number: u8| {
        let (key, rests_on) = (EpochKey::new(9, [number; 32]), if number < 2 { &later } else { &membership });
        Item::Welcome(Welcome::with_past(&steward, device, rests_on, &key, ("", None)).unwrap().1)
    };
    hand(&scene.newcomer, &sealed(&scene, (0..20).map(welcome)));
    assert_eq!(scene.newcomer.sync().status().unwrap().waiting, 4);
    // One that waits goes on waiting, and of a stranger none does.
    hand(&scene.newcomer, &sealed(&scene, [welcome(0)]));
    let stranger = DeviceKeys::from_seed([77; 32], 1);
    let theirs = Welcome::with_past(&stranger, device, &membership, &EpochKey::new(9, [1; 32]), ("", None)).unwrap().1;
    hand(&scene.newcomer, &sealed(&scene, [Item::Welcome(theirs)]));
    assert_eq!(scene.newcomer.sync().status().unwrap().waiting, 4);
    hand(&scene.newcomer, &ready[..ready.len() - 1]);
    assert!(scene.is_in());
    assert_eq!(scene.newcomer.sync().status().unwrap().waiting, 0, "they go with the one that counts");
}

#[test]
fn operations_that_do_not_belong_leave_nothing() {
    let scene = group_of(300);
    scene.admitted();
    let ready = scene.ready();
    let steward = keys(&scene.steward);
    // Well signed, and by nobody who might.
    let theirs = of_nobody(&scene, 5);
    let mut hostile = sealed(&scene, [note(&steward, &scene, theirs.clone())]);
    // The last operation's signature spoiled, or one of another space; the note signed anew each time.
    let Item::Past(honest) = note(&steward, &scene, operations(&scene.steward, &scene.space)[..20].to_vec()) else {
        unreachable!("made as that")
    };
    let mut bad = honest.bytes().to_vec();
    *bad.last_mut().unwrap() ^= 1;
    let elsewhere = Membership::replay(SpaceId([3; 32]), []).space();
    let place = honest.bytes().windows(32).position(|bytes| *bytes == scene.space.0).unwrap();
    let mut other = honest.bytes().to_vec();
    other[place..place + 32].copy_from_slice(&elsewhere.0);
    hostile.extend(sealed_bytes(&scene.newcomer, [signed(&steward, &bad), signed(&steward, &other)]));
    hand(&scene.newcomer, &hostile);
    assert_eq!(scene.kept_ahead(), theirs.len());
    let reasons = scene.newcomer.sync().held_items(9).unwrap().into_iter().map(|item| item.reason);
    let mut reasons: Vec<String> = reasons.collect();
    reasons.sort();
    assert_eq!(reasons, ["bad-signature", "malformed"]);

    hand(&scene.newcomer, &ready);
    assert!(scene.is_in());
    assert_eq!(known(&scene.newcomer, &scene.space), known(&scene.steward, &scene.space));
    assert_eq!(scene.kept_ahead(), 0);
}

/// A note of these bytes, whatever they are.
fn signed(by: &DeviceKeys, body: &[u8]) -> Vec<u8> {
    let key = SigningKey::from_bytes(&blake3::derive_key("rafiq 2026 device signing key v1", by.seed()));
    let signature = key.sign(&[b"rafiq past v1\0", body].concat()).to_bytes();
    let mut e = minicbor::Encoder::new(Vec::new());
    e.array(2).unwrap().u8(11).unwrap().array(2).unwrap();
    e.bytes(body).unwrap().bytes(&signature).unwrap();
    e.into_writer()
}
