//! What somebody who means harm could send to the inboxes of those who belong, and of those who have left.

use super::scene::*;
use rafiq::ids::SpaceId;
use rafiq::sync::wire::{
    Action, DeviceKeys, Draft, Entry, EntryHash, EntryHead, Item, Membership, Operation, OperationHash, Remove, seal,
    seal_to_inbox, space_tag,
};
use rafiq_protocol::Urgency;
use rafiq_tests::card::card;
use rafiq_tests::phone::Phone;
use rafiq_tests::taken::{operations, secrets};

/// These items on a card, each sealed to the inbox of one member.
fn card_to(circle: &Circle, to: &Phone, items: impl IntoIterator<Item = Item>) -> Vec<u8> {
    card_of(circle, to, items.into_iter().map(|item| item.encode()))
}

fn card_of(circle: &Circle, to: &Phone, items: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
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
            .map(|(number, item)| seal_to_inbox(&inbox, Urgency::Small, &item, &entropy(number)).unwrap()),
    )
}

fn entropy(number: usize) -> [u8; 32] {
    let mut entropy = [7; 32];
    entropy[..8].copy_from_slice(&number.to_be_bytes());
    entropy
}

fn space_of(circle: &Circle) -> SpaceId {
    SpaceId::parse(&circle.pairing.value).unwrap()
}

/// What somebody has written as they remember to belong: entries in a chain that nobody has the beginning of.
fn without_beginning(circle: &Circle, author: &Phone, how_many: u64) -> impl Iterator<Item = Item> + use<> {
    let space = space_of(circle);
    let (keys, _) = secrets(author, &space);
    let auth_heads = Membership::replay(space, operations(author, &space)).heads();
    (1..=how_many).map(move |number| {
        let mut previous = [0; 32];
        previous[..8].copy_from_slice(&number.to_be_bytes());
        let (auth_heads, entry_heads) = (auth_heads.clone(), vec![]);
        let previous = Some(EntryHash(previous));
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
    let card = card_to(&circle, mentor, without_beginning(&circle, other, 1_000));
    mentor.rafiq().read_bundle(&mut &card[..]).unwrap();
    let held =
        |sql: &str| mentor.replica().read(|rows| Ok(rows.query_row(sql, [], |row| row.get::<_, i64>(0))?)).unwrap();
    let bytes = held("SELECT sum(length(item)) FROM held_item WHERE state = 1");
    let most = 128 * 1024; // of many small ones; of large ones 16
    assert!((most..most + 1_024).contains(&bytes), "{bytes} bytes");
    let theirs = mentor.sync().status().unwrap().waiting;
    // Another's have room beside them.
    let card = card_to(&circle, mentor, without_beginning(&circle, newcomer, 1));
    mentor.rafiq().read_bundle(&mut &card[..]).unwrap();
    assert_eq!(mentor.sync().status().unwrap().waiting, theirs + 1);
    newcomer.mentoring().add_goal(pairing, "we go on").unwrap();
    circle.exchange(&[newcomer, mentor]);
    assert_eq!(circle.goals(mentor), ["we go on"]);
}

/// Under names that nobody knows, by what nobody knows: all of these share one measure.
#[test]
fn nobody_fills_a_phone_by_its_inbox_under_many_names() {
    let circle = circle();
    let Circle { mentor, newcomer, pairing, .. } = &circle;
    let space = space_of(&circle);
    let items = (1..=100_u8).map(|number| {
        let keys = DeviceKeys::from_seed([number; 32], 1);
        let auth_heads = vec![OperationHash([number; 32])];
        let draft = Draft { space, sequence: 1, previous: None, auth_heads, entry_heads: vec![], changes: vec![] };
        Item::Entry(Entry::sign(&keys, draft).unwrap())
    });
    let card = card_to(&circle, mentor, items);
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

/// What only a newer version reads is kept for it, as it came: a few bytes may unpack to a quarter of a megabyte.
#[test]
fn what_nobody_can_read_yet_fills_no_phone_by_its_inbox() {
    let mut circle = circle();
    let to_come = (0..1_100_u16).map(|number| {
        let mut item = vec![0x82, 0x18, 99, 0x5a, 0, 4, 0, 0]; // number 99, and so many bytes
        item.resize(item.len() + 256 * 1024, 0);
        item[8..10].copy_from_slice(&number.to_be_bytes());
        item
    });
    let card = card_of(&circle, &circle.mentor, to_come);
    circle.mentor.rafiq().read_bundle(&mut &card[..]).unwrap();
    let kept = |phone: &Phone| {
        phone.replica().read(|rows| {
            let sql = "SELECT count(*), sum(length(item)) FROM held_item WHERE reason = 'newer-version'";
            Ok(rows.query_row(sql, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?)
        })
    };
    let (count, bytes) = kept(&circle.mentor).unwrap();
    assert!(count == 1_000 && bytes < 2_000 * count, "{count} items in {bytes} bytes");
    // The next version tries each of them once, when it begins, and this one is still not it.
    let before = |rows: &rusqlite::Connection| {
        Ok(rows.execute("UPDATE meta SET value = CAST('0.0.1' AS BLOB) WHERE key = 'version'", [])?)
    };
    assert_eq!(circle.mentor.replica().store().write(before).unwrap(), 1);
    circle.mentor.stop();
    circle.mentor.start();
    assert_eq!(kept(&circle.mentor).unwrap(), (count, bytes));
    // And whoever is let in meanwhile comes in.
    let late = Phone::new(4, "Yusuf", "ar");
    join(&circle.mentor, &late, &circle.url, &circle.pairing);
    assert_eq!(late.sharing().spaces().unwrap().len(), 1);
}

/// The founder's key is no device's, and whoever has seen an invite knows where a removal could be sent.
#[test]
fn a_strangers_removal_is_kept_by_nobody() {
    let circle = circle();
    let Circle { mentor, newcomer, .. } = &circle;
    let (space, before) = (space_of(&circle), known(&circle, mentor));
    let device = newcomer.sync().device();
    let heads = Membership::replay(space, operations(mentor, &space)).heads();
    let removals = (1..=20).map(|seed| {
        let remove = Action::Remove(Remove { devices: vec![device], cut: vec![] });
        let stranger = DeviceKeys::from_seed([seed; 32], 1);
        Item::Operation(Operation::sign(&stranger, space, heads.clone(), remove).unwrap())
    });
    let card = card_to(&circle, mentor, removals);
    mentor.rafiq().read_bundle(&mut &card[..]).unwrap();
    assert_eq!(known(&circle, mentor), before);
}
