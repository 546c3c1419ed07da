//! Entries that their author has packed better than our codec can: each came in an envelope, and put together anew it fits none. Where such a one
//! came by hand it is kept as it came, beside the log, and leaves so: to the relay for those who lack it, on a card, behind a pack. One that
//! the relay has is kept so once a pack is to tell it again; it is asked for once more then, since nobody is to pack each large entry anew on
//! the mere suspicion. Without that a member could write what nobody else can pass on, and the space would have no more packs.
//!
//! Not helped is whoever has it only from a part of a pack, in which a steward has hidden it: their own pack of that space ends there.

use super::Sync;
use super::by_hand::Way;
use super::offering::read_anew;
use super::outgoing::stored_entry;
use super::wire::WireError;
use super::wire::item::is_entry;
use super::wire::{Encoded, Entry, EntryHash, EpochKey, Item, seal_again, seal_encoded, space_tag};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use rafiq_protocol::Urgency;
use rusqlite::{Connection, OptionalExtension, params};

/// An entry with fewer bytes of changes is not looked at beside another of its author's that fits no envelope of ours.
const SMALL: i64 = 32 * 1024;
/// So many large entries of an author are looked at for more that are unfit, when one is.
const LOOKED_AT: i64 = 16;

/// How an item came, where that may be the only way in which it fits an envelope.
pub(super) fn worth_a_look(item: &[u8], encoded: Encoded) -> Option<Encoded> {
    (is_entry(item) && Encoded::may_be_the_only_one(item)).then_some(encoded)
}

/// Keeps how an entry came that is part of the log by now, or waits: in the transaction that says so.
pub(super) fn keep(rows: &Connection, item: &[u8], encoded: &Encoded, way: Way) -> Result<()> {
    let Ok(Item::Entry(entry)) = Item::decode(item) else { return Ok(()) };
    let packed = encoded.to_bytes();
    let wanted = rows
        .prepare_cached("UPDATE as_packed SET packed = ?2 WHERE entry = ?1 AND packed IS NULL")?
        .execute(params![&entry.hash().0[..], packed])?;
    if wanted > 0 || way == Way::Relay || !Encoded::is_the_only_one(item) {
        return Ok(());
    }
    rows.prepare_cached("INSERT INTO as_packed (entry, packed) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![&entry.hash().0[..], packed])?;
    Ok(())
}

/// The entries by the author of this one, in its space, that fit no envelope of ours: this one and those among the next [`LOOKED_AT`] large ones
/// that came after it. Packing one to see takes a third of a second.
fn unfit_like(rows: &Connection, entry: &EntryHash) -> Result<Vec<EntryHash>> {
    let mut statement = rows.prepare_cached(
        "SELECT e.hash FROM entry one JOIN entry e ON e.space = one.space AND e.device = one.device WHERE one.hash = ?1
         AND e.number > one.number AND (SELECT sum(length(c.bytes)) FROM change c WHERE c.entry = e.hash) > ?2
         ORDER BY e.number LIMIT ?3",
    )?;
    let large = statement.query_map(params![&entry.0[..], SMALL, LOOKED_AT], |row| row.get(0).map(EntryHash))?;
    let mut unfit = vec![*entry];
    for hash in large.collect::<Result<Vec<_>, _>>()? {
        if Encoded::is_the_only_one(&Item::Entry(stored_entry(rows, &hash)?).encode()) {
            unfit.push(hash);
        }
    }
    Ok(unfit)
}

/// Whether it is known to fit no envelope of ours, and how it came is not.
pub(super) fn is_wanted(rows: &Connection, entry: &EntryHash) -> Result<bool> {
    let mut wanted = rows.prepare_cached("SELECT 1 FROM as_packed WHERE entry = ?1 AND packed IS NULL")?;
    Ok(wanted.exists([&entry.0[..]])?)
}

impl Sync {
    /// An entry that fits no envelope of ours is asked for as it came, with all others by its author of which that is true: once, by reading their space
    /// from its start.
    pub(super) fn want(&self, space: &SpaceId, entry: &EntryHash) -> Result<()> {
        if self.replica.read(|rows| is_wanted(rows, entry))? {
            return Ok(());
        }
        let unfit = self.replica.read(|rows| unfit_like(rows, entry))?;
        self.replica.store().write(|rows| {
            let mut want =
                rows.prepare_cached("INSERT INTO as_packed (entry, packed) VALUES (?1, NULL) ON CONFLICT DO NOTHING")?;
            for entry in &unfit {
                want.execute([&entry.0[..]])?;
            }
            read_anew(rows, space)
        })
    }

    /// An entry is refused: nobody is to have it from us.
    pub(super) fn forget_packed(&self, entry: &Entry) -> Result<()> {
        let hash = entry.hash();
        if self.replica.read(|rows| packed(rows, &hash))?.is_none() {
            return Ok(());
        }
        self.replica.store().write(|rows| {
            rows.prepare_cached("DELETE FROM as_packed WHERE entry = ?1")?.execute([&hash.0[..]])?;
            Ok(())
        })
    }
}

/// An item that somebody else has signed, sealed: in our codec, or as it came; with a salt, into an envelope that is new to the relay. `None` if
/// it fits in neither: then it cannot be passed on from here, and it keeps nothing else from leaving.
pub(super) fn sealed_if_it_fits(
    rows: &Connection,
    key: &EpochKey,
    space: &SpaceId,
    urgency: Urgency,
    item: &Item,
    salt: Option<&[u8; 32]>,
) -> Result<Option<Vec<u8>>> {
    let (tag, bytes) = (space_tag(space), item.encode());
    let kept = match item {
        Item::Entry(entry) if Encoded::may_be_the_only_one(&bytes) => packed(rows, &entry.hash())?,
        _ => None,
    };
    // Only what is whole goes on.
    let kept = kept.filter(|encoded| encoded.item().is_ok_and(|item| item == bytes));
    let sealed = match kept {
        Some(encoded) => seal_encoded(key, &tag, urgency, &encoded, salt),
        None => seal_again(key, &tag, urgency, &bytes, salt),
    };
    match sealed {
        Ok(envelope) => Ok(Some(envelope)),
        Err(WireError::TooLarge) => Ok(None),
        Err(error) => Err(Error::bug(format!("seal {}", error.reason()))),
    }
}

fn packed(rows: &Connection, entry: &EntryHash) -> Result<Option<Encoded>> {
    let found: Option<Option<Vec<u8>>> = rows
        .prepare_cached("SELECT packed FROM as_packed WHERE entry = ?1")?
        .query_row([&entry.0[..]], |row| row.get(0))
        .optional()?;
    Ok(found.flatten().and_then(|bytes| Encoded::from_bytes(&bytes)))
}
