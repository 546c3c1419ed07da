//! What a device holds of others that the relay may not have: it came by hand, or the relay was put back to an earlier day. Each brings
//! there what is their own; whoever is out of the space cannot any more, so those who have it do it for them. Without that, what others
//! have built on it would wait for ever with everybody else.

use super::Sync;
use super::admission::entry_at;
use super::offering::OFFERED_AHEAD;
use super::outgoing::{stored_entry, urgency_of};
use super::pack::in_outbox;
use super::waiting::each_entry_aside;
use super::wire::{DeviceId, Entry, EntryHash, Item, Membership};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use crate::replica::SpaceRow;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// By which way something has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// From the space's relay: it lies there.
    Relay,
    /// From anywhere else.
    Hand,
    /// It has come before, and stood aside.
    Before,
}

impl Way {
    pub(super) fn from_relay(relay: &str) -> Self {
        if relay.is_empty() { Self::Hand } else { Self::Relay }
    }
}

impl Sync {
    /// Seals what only its former author could have brought to the relay, as far as there is room. After the operations and keys, before what is
    /// our own: that may rest on it.
    pub(super) fn seal_for_former(&self, rows: &Connection, space: &SpaceRow) -> Result<()> {
        let membership = self.membership(rows, &space.id)?;
        if !membership.removed().any(|device| self.is_out(&membership, device)) {
            return Ok(());
        }
        let hashes = brought_by_hand(rows, &space.id)?;
        if hashes.is_empty() {
            return Ok(());
        }
        let mut aside = BTreeMap::new();
        // What is refused here is refused everywhere.
        each_entry_aside(rows, &space.id, |one| {
            if one.waits {
                aside.insert(one.entry.hash(), one.entry);
            }
        })?;
        for hash in hashes {
            if in_outbox(rows, space)? >= OFFERED_AHEAD {
                return Ok(());
            }
            let entry = match aside.remove(&hash) {
                Some(entry) => entry,
                None if entry_at(rows, &hash)?.is_some() => stored_entry(rows, &hash)?,
                None => continue,
            };
            if self.is_out(&membership, entry.device) {
                self.seal_to_space(rows, space, &Item::Entry(entry), urgency_of(space.kind))?;
                forget(rows, &hash)?;
            }
        }
        Ok(())
    }

    fn is_out(&self, membership: &Membership, device: DeviceId) -> bool {
        device != self.device() && membership.member(device).is_none()
    }

    /// Notes by which way an entry comes, before it is taken: the process may end in between.
    pub(super) fn note_way(&self, entry: &Entry, way: Way) -> Result<()> {
        let (hash, store) = (entry.hash(), self.replica.store());
        let (noted, known) =
            self.replica.read(|rows| Ok((is_noted(rows, &hash)?, entry_at(rows, &hash)?.is_some())))?;
        match way {
            Way::Hand if !noted && !known && entry.device != self.device() => {
                store.write(|rows| note(rows, &entry.space, &hash))
            }
            Way::Relay if noted => store.write(|rows| forget(rows, &hash)),
            Way::Hand | Way::Relay | Way::Before => Ok(()),
        }
    }
}

/// An entry is to be brought to the space's relay once its author is out, by whoever has it.
pub(super) fn note(rows: &Connection, space: &SpaceId, entry: &EntryHash) -> Result<()> {
    rows.prepare_cached("INSERT INTO by_hand (hash, space) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![&entry.0[..], &space.0[..]])?;
    Ok(())
}

fn forget(rows: &Connection, entry: &EntryHash) -> Result<()> {
    rows.prepare_cached("DELETE FROM by_hand WHERE hash = ?1")?.execute([&entry.0[..]])?;
    Ok(())
}

/// Whether an entry is noted here: most devices never hold any.
fn is_noted(rows: &Connection, entry: &EntryHash) -> Result<bool> {
    Ok(rows.prepare_cached("SELECT 1 FROM by_hand WHERE hash = ?1")?.exists([&entry.0[..]])?)
}

/// The relay of a space may have lost what others had brought there. What it has is read again from its start, and forgotten here then.
pub(super) fn doubt_all(rows: &Connection, space: &SpaceId) -> Result<()> {
    rows.execute(
        "INSERT INTO by_hand (hash, space) SELECT hash, space FROM entry WHERE space = ?1 AND own = 0 ON CONFLICT DO NOTHING",
        [&space.0[..]],
    )?;
    let mut aside = Vec::new();
    each_entry_aside(rows, space, |one| aside.push(one.entry.hash()))?;
    aside.iter().try_for_each(|hash| note(rows, space, hash))
}

/// In the order in which they were taken in, those aside last: what builds on another stands behind it.
fn brought_by_hand(rows: &Connection, space: &SpaceId) -> Result<Vec<EntryHash>> {
    let mut statement = rows.prepare_cached(
        "SELECT b.hash FROM by_hand b LEFT JOIN entry e ON e.hash = b.hash WHERE b.space = ?1
         ORDER BY e.number IS NULL, e.number, b.hash",
    )?;
    let found = statement.query_map([&space.0[..]], |row| row.get(0).map(EntryHash))?;
    found.collect::<Result<_, _>>().map_err(Error::from)
}
