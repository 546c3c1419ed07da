//! Whoever may write in a space may also strike somebody out of its roster. Who was struck out is back in it with the next news from there.

use automerge::transaction::{Transactable, Transaction};
use automerge::{ActorId, Automerge, Change, ObjType, ROOT};
use rafiq::ids::{DocumentId, SpaceId};
use rafiq::mentoring::NewPairing;
use rafiq::people::NewMe;
use rafiq::sync::wire::{DocumentName, Draft, Entry, Item, Membership, seal, space_tag};
use rafiq_protocol::Urgency;
use rafiq_tests::card::card;
use rafiq_tests::phone::Phone;
use rafiq_tests::taken::{last_own, operations, put, secrets};
use rafiq_tests::world::World;
use rusqlite::{Connection, params};

/// The roster's kind of document.
const ROSTER: u16 = 10;

/// An entry that changes the roster as no app does.
fn by_hand(author: &Phone, space: &SpaceId, generation: u32, edit: impl FnOnce(&mut Transaction<'_>)) -> Vec<u8> {
    let name = DocumentName { kind: ROSTER, bucket: String::new(), generation };
    let document = DocumentId::of(space, ROSTER, "", generation);
    let read = author.replica().read(|rows| {
        let mut changes = rows.prepare("SELECT bytes FROM change WHERE document = ?1 ORDER BY number")?;
        let changes = changes.query_map([&document.0[..]], |row| row.get(0))?;
        Ok(changes.collect::<Result<Vec<Vec<u8>>, _>>()?)
    });
    let (keys, epochs) = secrets(author, space);
    let mut roster = Automerge::new();
    roster.apply_changes(read.unwrap().into_iter().map(|bytes| Change::from_bytes(bytes).unwrap())).unwrap();
    roster.set_actor(ActorId::from(keys.author().actor(&document)));
    let mut transaction = roster.transaction();
    edit(&mut transaction);
    transaction.commit();
    let change = roster.get_last_local_change().unwrap().raw_bytes().to_vec();
    let (previous, last) = last_own(author, space).unwrap();
    let draft = Draft {
        space: *space,
        sequence: last.sequence + 1,
        previous: Some(previous),
        auth_heads: Membership::replay(*space, operations(author, space)).heads(),
        entry_heads: vec![],
        changes: vec![(name, change)],
    };
    let item = Item::Entry(Entry::sign(&keys, draft).unwrap()).encode();
    seal(epochs.last().unwrap(), &space_tag(space), Urgency::Small, &item).unwrap()
}

/// Takes somebody's record out of the roster.
fn strikes_out(author: &Phone, space: &SpaceId, person: &str) -> Vec<u8> {
    by_hand(author, space, 0, |roster| roster.delete(ROOT, format!("person/{person}")).unwrap())
}

fn names(phone: &Phone, space: &SpaceId) -> Vec<String> {
    let people = phone.people().list(&space.to_string()).unwrap();
    let mut names: Vec<String> = people.into_iter().map(|person| person.name).collect();
    names.sort();
    names
}

/// Some days after the three have met; and what strikes the last of them out.
fn scene() -> (World, [Phone; 3], SpaceId, Vec<u8>) {
    let world = World::default();
    let (phones, pairing) = world.pairing::<3>();
    let space = SpaceId::parse(&pairing.value).unwrap();
    world.pass(2, &[&phones[0], &phones[1], &phones[2]]);
    world.exchange(&[&phones[0], &phones[1], &phones[2], &phones[0]]);
    assert_eq!(names(&phones[0], &space).len(), 3);
    let envelope = strikes_out(&phones[1], &space, &farid(&phones));
    (world, phones, space, envelope)
}

fn farid(phones: &[Phone; 3]) -> String {
    phones[2].people().me().unwrap().unwrap().id.value
}

#[test]
fn who_was_struck_out_is_back_with_the_next_exchange() {
    let (world, [mentor, mallory, farid], space, envelope) = scene();
    let everybody = names(&mentor, &space);
    put(&mallory, &space, &envelope);
    world.exchange(&[&mallory, &mentor]);
    assert_eq!(names(&mentor, &space).len(), 2, "it is Mallory's to write");
    world.exchange(&[&farid]);
    assert_eq!(names(&farid, &space), everybody);
    world.exchange(&[&farid, &mentor]);
    assert_eq!(names(&mentor, &space), everybody);
}

#[test]
fn who_was_struck_out_is_back_with_the_next_card() {
    let (_world, [_mentor, _mallory, farid], space, envelope) = scene();
    let everybody = names(&farid, &space);
    assert_eq!(farid.rafiq().read_bundle(&mut &card([envelope])[..]).unwrap().taken, 1);
    assert_eq!(names(&farid, &space), everybody);
}

#[test]
fn who_is_struck_out_again_and_again_is_back_once_a_day() {
    let (world, phones, space, first) = scene();
    let everybody = names(&phones[2], &space);
    let read = |phone: &Phone, envelope| phone.rafiq().read_bundle(&mut &card([envelope])[..]).unwrap().taken;
    assert_eq!((read(&phones[0], &first), read(&phones[2], &first)), (1, 1));
    world.exchange(&[&phones[2], &phones[0]]);
    let sent = own_entries(&phones[2], &space);
    // Somebody who has read that he is back does the same.
    let again = strikes_out(&phones[0], &space, &farid(&phones));
    assert_eq!(read(&phones[2], &again), 1);
    world.exchange(&[&phones[2]]);
    assert_eq!((names(&phones[2], &space).len(), own_entries(&phones[2], &space)), (2, sent));
    world.pass(1, &[&phones[2]]);
    world.exchange(&[&phones[2], &phones[2]]);
    assert_eq!((names(&phones[2], &space), own_entries(&phones[2], &space)), (everybody, sent + 1));
}

#[test]
fn who_is_taken_out_and_let_in_again_on_one_day_is_there_at_once() {
    let (world, phones, space, _) = scene();
    let [mentor, _, farid] = &phones;
    let everybody = names(mentor, &space);
    let strike = strikes_out(mentor, &space, &self::farid(&phones));
    assert_eq!(farid.rafiq().read_bundle(&mut &card([strike])[..]).unwrap().taken, 1);
    world.exchange(&[farid]);
    let person = farid.people().me().unwrap().unwrap().id;
    mentor.sharing().remove(&space.to_string(), &person).unwrap();
    world.exchange(&[mentor, farid]);
    world.join(mentor, farid, &space.to_string());
    world.exchange(&[farid, mentor, farid, mentor]);
    assert_eq!(names(mentor, &space), everybody);
}

#[test]
fn whose_name_was_emptied_has_it_again() {
    let (_world, phones, space, _) = scene();
    let (everybody, me) = (names(&phones[2], &space), farid(&phones));
    let empty = by_hand(&phones[1], &space, 0, |roster| {
        let record = roster.put_object(ROOT, format!("person/{me}"), ObjType::Map).unwrap();
        roster.put(&record, "name", "").unwrap();
    });
    assert_eq!(phones[2].rafiq().read_bundle(&mut &card([empty])[..]).unwrap().taken, 1);
    assert_eq!(names(&phones[2], &space), everybody);
}

#[test]
fn a_second_roster_beside_the_first_says_nothing() {
    let (_world, phones, space, _) = scene();
    let (everybody, me) = (names(&phones[2], &space), farid(&phones));
    let second = by_hand(&phones[1], &space, 1, |roster| {
        let record = roster.put_object(ROOT, format!("person/{me}"), ObjType::Map).unwrap();
        roster.put(&record, "name", "Nobody").unwrap();
        roster.put(&record, "language", "en").unwrap();
    });
    let strike = strikes_out(&phones[0], &space, &me);
    for envelope in [second, strike] {
        assert_eq!(phones[2].rafiq().read_bundle(&mut &card([envelope])[..]).unwrap().taken, 1);
    }
    assert_eq!(names(&phones[2], &space), everybody);
    let new = NewMe { name: "Farid Sh.".into(), language: "prs".into(), calendar: None };
    phones[2].people().set_me(new).unwrap();
    assert!(names(&phones[2], &space).contains(&"Farid Sh.".to_owned()));
}

#[test]
fn a_roster_that_cannot_be_read_keeps_no_other_space_from_its_exchange() {
    let (world, phones, space, _) = scene();
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Other".into() };
    let other = phones[0].mentoring().begin(new).unwrap().id;
    world.join(&phones[0], &phones[2], &other.value);
    let me = farid(&phones);
    let spoil = |rows: &Connection| {
        rows.execute("UPDATE change SET bytes = x'00' WHERE space = ?1", [&space.0[..]])?;
        Ok(rows.execute("DELETE FROM person WHERE space = ?1 AND id = ?2", params![&space.0[..], me])?)
    };
    phones[2].replica().store().write(spoil).unwrap();
    phones[2].replica().forget_documents();
    world.pass(2, &[&phones[0], &phones[2]]);
    phones[0].mentoring().add_goal(&other, "elsewhere").unwrap();
    world.exchange(&[&phones[0], &phones[2]]);
    assert_eq!(phones[2].goals(&other), ["elsewhere"]);
}

fn own_entries(phone: &Phone, space: &SpaceId) -> i64 {
    let count = |rows: &Connection| {
        let sql = "SELECT count(*) FROM entry WHERE space = ?1 AND own = 1";
        Ok(rows.query_row(sql, [&space.0[..]], |row| row.get(0))?)
    };
    phone.replica().read(count).unwrap()
}
