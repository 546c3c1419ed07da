//! Whoever may write in a space may also strike somebody out of its roster. Who was struck out is back in it with the next news from there.

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, Change, ROOT};
use rafiq::ids::{DocumentId, SpaceId};
use rafiq::sync::bundle::sheet::Sheets;
use rafiq::sync::wire::{DocumentName, Draft, Entry, EntryHash, Header, Item, Membership, seal, space_tag};
use rafiq_protocol::Urgency;
use rafiq_tests::phone::Phone;
use rafiq_tests::taken::{operations, secrets};
use rafiq_tests::world::{URL, World};
use rusqlite::{Connection, params};

/// The roster's kind of document.
const ROSTER: u16 = 10;

/// An entry of Mallory's that takes somebody's record out of the roster, as no app writes it.
fn strikes_out(mallory: &Phone, space: &SpaceId, person: &str) -> Vec<u8> {
    let name = DocumentName { kind: ROSTER, bucket: String::new(), generation: 0 };
    let document = DocumentId::of(space, ROSTER, "", 0);
    let read = mallory.replica().read(|rows| {
        let mut changes = rows.prepare("SELECT bytes FROM change WHERE document = ?1 ORDER BY number")?;
        let changes: Vec<Vec<u8>> =
            changes.query_map([&document.0[..]], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let sql = "SELECT header FROM entry WHERE space = ?1 AND own = 1 ORDER BY sequence DESC LIMIT 1";
        Ok((changes, rows.query_row(sql, params![&space.0[..]], |row| row.get::<_, Vec<u8>>(0))?))
    });
    let (changes, last) = read.unwrap();
    let (keys, epochs) = secrets(mallory, space);
    let mut roster = Automerge::new();
    roster.apply_changes(changes.into_iter().map(|bytes| Change::from_bytes(bytes).unwrap())).unwrap();
    roster.set_actor(ActorId::from(keys.author().actor(&document)));
    let mut transaction = roster.transaction();
    transaction.delete(ROOT, format!("person/{person}")).unwrap();
    transaction.commit();
    let change = roster.get_last_local_change().unwrap().raw_bytes().to_vec();
    let (previous, last) = (EntryHash::of(&last), minicbor::decode::<Header>(&last).unwrap());
    let draft = Draft {
        space: *space,
        sequence: last.sequence + 1,
        previous: Some(previous),
        auth_heads: Membership::replay(*space, operations(mallory, space)).heads(),
        entry_heads: vec![],
        changes: vec![(name, change)],
    };
    let item = Item::Entry(Entry::sign(&keys, draft).unwrap()).encode();
    seal(epochs.last().unwrap(), &space_tag(space), Urgency::Small, &item).unwrap()
}

fn names(phone: &Phone, space: &SpaceId) -> Vec<String> {
    let people = phone.people().list(&space.to_string()).unwrap();
    let mut names: Vec<String> = people.into_iter().map(|person| person.name).collect();
    names.sort();
    names
}

/// It goes to the relay with whatever Mallory's phone sends next.
fn put(mallory: &Phone, space: &SpaceId, envelope: &[u8]) {
    let put = |rows: &Connection| {
        let sql = "INSERT INTO outbox (relay, tag, token, urgency, envelope, later) VALUES (?1, ?2, NULL, ?3, ?4, 0)";
        Ok(rows.execute(sql, params![URL, &space_tag(space)[..], Urgency::Small as u8, envelope])?)
    };
    mallory.replica().store().write(put).unwrap();
}

fn scene() -> (World, [Phone; 3], SpaceId, Vec<u8>) {
    let world = World::default();
    let (phones, pairing) = world.pairing::<3>();
    let space = SpaceId::parse(&pairing.value).unwrap();
    world.exchange(&[&phones[0], &phones[1], &phones[2], &phones[0]]);
    assert_eq!(names(&phones[0], &space).len(), 3);
    let farid = phones[2].people().me().unwrap().unwrap().id.value;
    let envelope = strikes_out(&phones[1], &space, &farid);
    (world, phones, space, envelope)
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
    let mut card = Vec::new();
    let mut sheets = Sheets::new(&mut card);
    sheets.put(&envelope).unwrap();
    sheets.finish().unwrap();
    assert_eq!(farid.rafiq().read_bundle(&mut &card[..]).unwrap().taken, 1);
    assert_eq!(names(&farid, &space), everybody);
}
