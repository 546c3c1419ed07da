//! What somebody who means harm could take from their own phone, to write by hand what no app writes.

use crate::phone::Phone;
use crate::world::URL;
use rafiq::ids::SpaceId;
use rafiq::sync::wire::{
    Covers, DeviceKeys, EntryHash, EntryHead, EpochKey, Header, Item, Membership, Operation, Part, PartDraft, seal,
    space_tag,
};
use rafiq_protocol::Urgency;
use rusqlite::{Connection, OptionalExtension, params};

/// The device's keys, in its first life, and the keys of a space that it holds, by their numbers.
///
/// # Panics
/// When the store cannot be read.
pub fn secrets(phone: &Phone, space: &SpaceId) -> (DeviceKeys, Vec<EpochKey>) {
    let read = phone.replica().read(|rows| {
        let seed = rafiq::store::meta(rows, "seed")?.and_then(|seed| seed.try_into().ok()).unwrap();
        let sql = "SELECT number, secret FROM space_key WHERE space = ?1 AND purpose = 1 ORDER BY number";
        let mut statement = rows.prepare(sql)?;
        let found = statement.query_map([&space.0[..]], |row| Ok(EpochKey::new(row.get(0)?, row.get(1)?)))?;
        Ok((DeviceKeys::from_seed(seed, 1), found.map(|key| key.unwrap()).collect()))
    });
    read.unwrap()
}

/// The operations of a space, as they came.
///
/// # Panics
/// When the store cannot be read.
pub fn operations(phone: &Phone, space: &SpaceId) -> Vec<Operation> {
    let read = phone.replica().read(|rows| {
        let mut statement = rows.prepare("SELECT bytes FROM operation WHERE space = ?1 ORDER BY number")?;
        let found = statement.query_map([&space.0[..]], |row| row.get::<_, Vec<u8>>(0))?;
        Ok(found.map(|bytes| Operation::decode(&bytes.unwrap()).unwrap()).collect())
    });
    read.unwrap()
}

/// The last entry that this phone has signed in a space.
///
/// # Panics
/// When the store cannot be read.
pub fn last_own(phone: &Phone, space: &SpaceId) -> Option<(EntryHash, Header)> {
    let read = phone.replica().read(|rows| {
        let sql = "SELECT header FROM entry WHERE space = ?1 AND own = 1 ORDER BY sequence DESC LIMIT 1";
        Ok(rows.query_row(sql, [&space.0[..]], |row| row.get::<_, Vec<u8>>(0)).optional()?)
    });
    read.unwrap().map(|header| (EntryHash::of(&header), minicbor::decode(&header).unwrap()))
}

/// An envelope goes to a space's relay with whatever this phone sends next.
///
/// # Panics
/// When the store cannot be written.
pub fn put(phone: &Phone, space: &SpaceId, envelope: &[u8]) {
    let put = |rows: &Connection| {
        let sql = "INSERT INTO outbox (relay, tag, token, urgency, envelope, later) VALUES (?1, ?2, NULL, ?3, ?4, 0)";
        Ok(rows.execute(sql, params![URL, &space_tag(space)[..], Urgency::Small as u8, envelope])?)
    };
    phone.replica().store().write(put).unwrap();
}

/// A steward's phone is to put the last part of a pack: one that says it covers everything up to a position, and that these are the ends of
/// chains.
///
/// # Panics
/// When the store cannot be read or written.
pub fn put_last_part(steward: &Phone, space: &SpaceId, position: u64, ends: Vec<EntryHead>) {
    let (keys, mut held) = secrets(steward, space);
    let auth_heads = Membership::replay(*space, operations(steward, space)).heads();
    let relay = |rows: &Connection| {
        let relay = "SELECT instance, restores FROM relay WHERE url = ?1";
        Ok(rows.query_row(relay, [URL], |row| Ok((row.get(0)?, row.get(1)?)))?)
    };
    let (instance, restores) = steward.replica().read(relay).unwrap();
    let covers = Covers { instance, restores, position };
    let (operations, epochs, entries, ends) = (vec![], vec![], vec![], Some(ends));
    let draft = PartDraft { space: *space, auth_heads, covers, number: 1, operations, epochs, entries, ends };
    let part = Item::Part(Part::sign(&keys, draft).unwrap()).encode();
    let envelope = seal(&held.pop().unwrap(), &space_tag(space), Urgency::Small, &part).unwrap();
    put(steward, space, &envelope);
}
