//! What a device holds that the relay may not have: it came by hand, or the relay was put back to an earlier day. Each brings
//! there what is their own, also what they had forgotten until a card gave it back. Whoever is out of the space cannot any more, and a phone
//! that is lost or broken never will: so those who have it do it for them, at once or after some days. Without that, what others have built
//! on it would wait for ever with everybody else.

use super::Sync;
use super::admission::entry_at;
use super::offering::OFFERED_AHEAD;
use super::outbox::in_outbox;
use super::outgoing::{stored_entry, urgency_of};
use super::waiting::each_entry_aside;
use super::wire::{Authority, DeviceId, Entry, EntryHash, Membership};
use crate::error::{Error, Result};
use crate::ids::{Author, SpaceId, hash};
use crate::replica::{SpaceRow, words};
use rafiq_protocol::Urgency;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// So long an author who belongs has time to bring it themselves, in milliseconds: three days, since somebody's later work may rest on it.
const AUTHORS_TURN_MS: i64 = 3 * 24 * 3_600_000;
/// Then one after the other of those who have it, spread over so many days: who reads it at the relay by then need not bring it.
const OTHERS_TURNS: i64 = 4;

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

/// An entry that the space's relay may not have.
struct Noted {
    entry: EntryHash,
    /// It was our turn when the relay had been read to its end, and it was not there.
    is_missing: bool,
    /// Whose it is if it is part of the log; else it stands aside.
    author: Option<DeviceId>,
}

impl Sync {
    /// Seals what its author cannot bring to the relay, or has not in time, as far as there is room. After the operations and keys, before
    /// what is our own: that may rest on it. `spare`: the line costs, and what is large and of those who belong waits for a better one.
    pub(super) fn seal_for_others(&self, rows: &Connection, space: &SpaceRow, spare: bool) -> Result<()> {
        let noted = noted(rows, &space.id)?;
        if noted.is_empty() {
            return Ok(());
        }
        let membership = self.membership(rows, &space.id)?;
        let is_somebody_out = membership.removed().any(|device| self.is_out(&membership, device));
        let waits = spare && urgency_of(space.kind) == Urgency::Large;
        let mut aside = BTreeMap::new();
        if is_somebody_out {
            // What is refused here is refused everywhere.
            each_entry_aside(rows, &space.id, |one| {
                if one.waits {
                    aside.insert(one.entry.hash(), one.entry);
                }
            })?;
        }
        for Noted { entry: hash, is_missing, author } in noted {
            let waiting = aside.remove(&hash);
            let is_our_turn = author.is_some() && is_missing && !waits;
            let Some(author) = author.or(waiting.as_ref().map(|entry| entry.device)) else { continue };
            if !is_our_turn && !self.is_out(&membership, author) {
                continue;
            }
            if waiting.as_ref().is_some_and(|entry| knows_more(&membership, entry)) {
                continue;
            }
            if in_outbox(rows, space)? >= OFFERED_AHEAD {
                return Ok(());
            }
            if is_our_turn {
                words::unsend_named_by(rows, &space.id, &hash.0)?;
            }
            let entry = waiting.map_or_else(|| stored_entry(rows, &hash), Ok)?;
            self.seal_for_another(rows, space, entry, None)?;
            forget(rows, &hash)?;
        }
        Ok(())
    }

    fn is_out(&self, membership: &Membership, device: DeviceId) -> bool {
        device != self.device() && membership.member(device).is_none()
    }

    /// The relay has just been read to its end. What is noted still is not there, and for some of it the turn is ours now: whether there is any.
    pub(super) fn find_missing(&self, rows: &Connection, space: &SpaceId) -> Result<bool> {
        let now = self.replica.now_ms();
        let mut statement = rows.prepare_cached(
            "SELECT b.hash, b.since, e.device, e.incarnation FROM by_hand b JOIN entry e ON e.hash = b.hash
             WHERE b.space = ?1 AND b.missing = 0",
        )?;
        let found = statement.query_map([&space.0[..]], |row| {
            let author = Author { device: row.get(2)?, incarnation: row.get(3)? };
            Ok((row.get::<_, [u8; 32]>(0)?, row.get(1)?, author))
        })?;
        let noted: Vec<([u8; 32], i64, Author)> = found.collect::<Result<_, _>>()?;
        let mut any = false;
        for (entry, since, author) in noted {
            if since > now {
                // The clock was ahead then: its author's days begin now.
                rows.prepare_cached("UPDATE by_hand SET since = ?2 WHERE hash = ?1")?
                    .execute(params![&entry[..], now])?;
            } else if now - since >= self.patience(author) {
                rows.prepare_cached("UPDATE by_hand SET missing = 1 WHERE hash = ?1")?.execute([&entry[..]])?;
                any = true;
            }
        }
        Ok(any)
    }

    /// How long this device leaves an author's entries to them and to the others who have them, in milliseconds: all of a chain as long, so that
    /// none comes before those that it stands on. Its own it leaves to nobody.
    fn patience(&self, author: Author) -> i64 {
        if author.device == self.device().0 {
            return 0;
        }
        let parts: [&[u8]; 3] = [&self.device().0, &author.device, &author.incarnation.to_be_bytes()];
        let share = i64::from(hash("rafiq 2026 whose turn v1", &parts)[0]);
        AUTHORS_TURN_MS + OTHERS_TURNS * 24 * 3_600_000 * share / 256
    }

    /// Nobody needs this entry.
    pub(super) fn forget_way(&self, entry: &Entry) -> Result<()> {
        let hash = entry.hash();
        if self.replica.read(|rows| is_noted(rows, &hash))? {
            self.replica.store().write(|rows| forget(rows, &hash))?;
        }
        Ok(())
    }

    /// Notes by which way entries come, before they are taken: the process may end in between.
    pub(super) fn note_way<'a>(&self, entries: impl IntoIterator<Item = &'a Entry>, way: Way) -> Result<()> {
        let (mut come, mut there) = (Vec::new(), Vec::new());
        self.replica.read(|rows| {
            for entry in entries {
                let (hash, is_noted) = (entry.hash(), is_noted(rows, &entry.hash())?);
                match way {
                    Way::Hand if !is_noted && entry_at(rows, &hash)?.is_none() => come.push((entry.space, hash)),
                    Way::Relay if is_noted => there.push(hash),
                    Way::Hand | Way::Relay | Way::Before => {}
                }
            }
            Ok(())
        })?;
        if come.is_empty() && there.is_empty() {
            return Ok(());
        }
        let now = self.replica.now_ms();
        self.replica.store().write(|rows| {
            come.iter().try_for_each(|(space, hash)| note(rows, space, hash, now))?;
            there.iter().try_for_each(|hash| forget(rows, hash))
        })
    }
}

/// Whether an entry's author knew of operations that are not here, perhaps that somebody is out: under our key those would read it.
fn knows_more(membership: &Membership, entry: &Entry) -> bool {
    let authority = membership.authorised_at(&entry.auth_heads, entry.device, entry.incarnation);
    matches!(authority, Authority::Waiting(_))
}

/// An entry is to be brought to the space's relay by whoever has it, once its author is out or has had time to do it.
pub(super) fn note(rows: &Connection, space: &SpaceId, entry: &EntryHash, now_ms: i64) -> Result<()> {
    rows.prepare_cached("INSERT INTO by_hand (hash, space, since) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
        .execute(params![&entry.0[..], &space.0[..], now_ms])?;
    Ok(())
}

fn forget(rows: &Connection, entry: &EntryHash) -> Result<()> {
    rows.prepare_cached("DELETE FROM by_hand WHERE hash = ?1")?.execute([&entry.0[..]])?;
    Ok(())
}

/// Whether an entry is noted here: few are, but after a relay was put back.
fn is_noted(rows: &Connection, entry: &EntryHash) -> Result<bool> {
    Ok(rows.prepare_cached("SELECT 1 FROM by_hand WHERE hash = ?1")?.exists([&entry.0[..]])?)
}

/// The relay of a space may have lost what others had brought there. What it has is read again from its start, and forgotten here then.
pub(super) fn doubt_all(rows: &Connection, space: &SpaceId, now_ms: i64) -> Result<()> {
    rows.execute(
        "INSERT INTO by_hand (hash, space, since) SELECT hash, space, ?2 FROM entry WHERE space = ?1 AND own = 0
         ON CONFLICT DO NOTHING",
        params![&space.0[..], now_ms],
    )?;
    let mut aside = Vec::new();
    each_entry_aside(rows, space, |one| {
        if one.waits {
            aside.push(one.entry.hash());
        }
    })?;
    aside.iter().try_for_each(|hash| note(rows, space, hash, now_ms))
}

/// In the order in which they were taken in, those aside last: what builds on another stands behind it.
fn noted(rows: &Connection, space: &SpaceId) -> Result<Vec<Noted>> {
    let mut statement = rows.prepare_cached(
        "SELECT b.hash, b.missing, e.device FROM by_hand b LEFT JOIN entry e ON e.hash = b.hash WHERE b.space = ?1
         ORDER BY e.number IS NULL, e.number, b.hash",
    )?;
    let found = statement.query_map([&space.0[..]], |row| {
        let author = row.get::<_, Option<[u8; 32]>>(2)?.map(DeviceId);
        Ok(Noted { entry: EntryHash(row.get(0)?), is_missing: row.get(1)?, author })
    })?;
    found.collect::<Result<_, _>>().map_err(Error::from)
}
