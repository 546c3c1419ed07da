//! What somebody who means harm could send to the inboxes of those who belong, and of those who have left.

use super::scene::*;
use rafiq::ids::SpaceId;
use rafiq::sync::wire::{
    Action, Draft, Entry, EntryHash, EntryHead, Item, Membership, Operation, OperationHash, Remove, seal,
    seal_to_inbox, space_tag,
};
use rafiq_protocol::Urgency;
use rafiq_tests::card::card;
use rafiq_tests::phone::Phone;
use rafiq_tests::taken::{operations, secrets};

/// These items on a card, each sealed to the inbox of one member.
fn card_to(circle: &Circle, to: &Phone, items: impl IntoIterator<Item = Item>) -> Vec<u8> {
    let space = space_of(circle);
    let membership = Membership::replay(space, operations(&circle.mentor, &space));
    let admitted = membership.operations().iter().find_map(|operation| match &operation.action {
        Action::Add(add) if add.device.device == to.sync().device() => Some(add.device.inbox),
        Action::Found(found) if found.device.device == to.sync().device() => Some(found.device.inbox),
        _ => None,
    });
    let inbox = admitted.unwrap();
    card(
        items
            .into_iter()
            .enumerate()
            .map(|(number, item)| seal_to_inbox(&inbox, Urgency::Small, &item.encode(), &[number as u8; 32]).unwrap()),
    )
}

fn space_of(circle: &Circle) -> SpaceId {
    SpaceId::parse(&circle.pairing.value).unwrap()
}

/// What the other has written as they remember to belong: entries in a chain that nobody has the beginning of.
fn without_beginning(circle: &Circle) -> impl Iterator<Item = Item> {
    let space = space_of(circle);
    let (keys, _) = secrets(&circle.other, &space);
    let auth_heads = Membership::replay(space, operations(&circle.other, &space)).heads();
    (1..=100_u8).map(move |number| {
        let previous = Some(EntryHash([number; 32]));
        let (auth_heads, entry_heads) = (auth_heads.clone(), vec![]);
        let draft = Draft { space, sequence: 50, previous, auth_heads, entry_heads, changes: vec![] };
        Item::Entry(Entry::sign(&keys, draft).unwrap())
    })
}

/// The other takes their own device out again and again, by what they knew when they came.
fn removals(circle: &Circle, how_many: u64) -> Vec<Operation> {
    let space = space_of(circle);
    let (keys, _) = secrets(&circle.other, &space);
    let device = circle.other.sync().device();
    let admitted = Membership::replay(space, operations(&circle.other, &space)).member(device).unwrap().operation;
    let removal = |sequence| {
        let cut = vec![EntryHead { device, incarnation: 1, sequence, hash: EntryHash([7; 32]) }];
        let remove = Action::Remove(Remove { devices: vec![device], cut });
        Operation::sign(&keys, space, vec![admitted], remove).unwrap()
    };
    (1..=how_many).map(|number| removal(1_000 + number)).collect()
}

fn known(circle: &Circle, phone: &Phone) -> Vec<OperationHash> {
    operations(phone, &space_of(circle)).iter().map(Operation::hash).collect()
}

#[test]
fn whoever_was_removed_fills_no_phone_by_its_inbox() {
    let circle = circle();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
    circle.exchange(&[mentor, newcomer, mentor]);
    let card = card_to(&circle, mentor, without_beginning(&circle));
    mentor.rafiq().read_bundle(&mut &card[..]).unwrap();
    assert_eq!(mentor.sync().status().unwrap().waiting, 16);
    newcomer.mentoring().add_goal(pairing, "we go on").unwrap();
    circle.exchange(&[newcomer, mentor]);
    assert_eq!(circle.goals(mentor), ["we go on"]);
}

#[test]
fn whoever_has_left_reads_nothing_that_a_member_sends_them() {
    let circle = circle();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    newcomer.sharing().leave(&pairing.value).unwrap();
    other.mentoring().add_goal(pairing, "not for Amina").unwrap();
    circle.exchange(&[other, other]);
    let space = space_of(&circle);
    let sent = other.replica().read(|rows| {
        let last = "SELECT header, signature FROM entry WHERE space = ?1 AND own = 1 ORDER BY number DESC LIMIT 1";
        Ok(rows.query_row(last, [&space.0[..]], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, [u8; 64]>(1)?)))?)
    });
    let (header, signature) = sent.unwrap();
    let changes = other.replica().read(|rows| {
        let sql = "SELECT bytes FROM change WHERE entry = (SELECT hash FROM entry WHERE space = ?1 AND own = 1 ORDER BY number DESC LIMIT 1) ORDER BY number";
        let mut statement = rows.prepare(sql)?;
        let found = statement.query_map([&space.0[..]], |row| row.get::<_, Vec<u8>>(0))?;
        Ok(found.map(|bytes| rafiq::sync::wire::Change { document: 0, bytes: bytes.unwrap() }).collect::<Vec<_>>())
    });
    let entry = Entry::assemble(header, signature, changes.unwrap()).unwrap();
    let card = card_to(&circle, newcomer, [Item::Entry(entry)]);
    let report = newcomer.rafiq().read_bundle(&mut &card[..]).unwrap();
    assert_eq!((report.taken, report.aside), (0, 0));
    assert_eq!(circle.goals(newcomer), [""; 0]);
    circle.exchange(&[mentor]);
    assert_eq!(circle.goals(mentor), ["not for Amina"]);
}

#[test]
fn an_inbox_hears_so_much_of_somebody_who_is_out_and_no_more() {
    let circle = circle();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    let theirs = removals(&circle, 100);
    mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
    circle.exchange(&[mentor, newcomer]);
    let before = known(&circle, newcomer).len();
    let card = card_to(&circle, newcomer, theirs.into_iter().map(Item::Operation));
    newcomer.rafiq().read_bundle(&mut &card[..]).unwrap();
    assert_eq!(known(&circle, newcomer).len(), before + 32);
}

#[test]
fn a_member_who_signs_more_heads_than_an_operation_may_name_stops_nobody() {
    let circle = circle();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    let space = space_of(&circle);
    let (_, epochs) = secrets(other, &space);
    let items = removals(&circle, 150).into_iter().map(|removal| Item::Operation(removal).encode());
    let card = card(items.map(|item| seal(&epochs[0], &space_tag(&space), Urgency::Small, &item).unwrap()));
    for phone in [mentor, newcomer] {
        assert_eq!(phone.rafiq().read_bundle(&mut &card[..]).unwrap().taken, 150);
    }
    mentor.mentoring().add_goal(pairing, "we go on").unwrap();
    circle.exchange(&[mentor, newcomer]);
    newcomer.mentoring().add_goal(pairing, "so do we").unwrap();
    let late = Phone::new(4, "Shirin", "prs");
    join(mentor, &late, &circle.url, pairing);
    circle.exchange(&[newcomer, mentor, &late, newcomer]);
    late.mentoring().add_goal(pairing, "and I").unwrap();
    circle.exchange(&[&late, mentor, newcomer]);
    for phone in [mentor, newcomer, &late] {
        assert_eq!(circle.goals(phone), ["and I", "so do we", "we go on"]);
        assert!(phone.sync().status().unwrap().waiting_for.is_empty());
    }
    // And one of them can still be taken out.
    mentor.sharing().remove(&pairing.value, &circle.person(newcomer)).unwrap();
    circle.exchange(&[mentor, newcomer]);
    assert!(newcomer.mentoring().add_goal(pairing, "not any more").is_err());
}
