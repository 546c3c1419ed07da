//! Who this device is: one seed for all its keys, its incarnation, and the person it belongs to. Kept in the encrypted store.
//!
//! A phone that was put back to a copy of an earlier day, or copied to a second phone, does not know what it has signed since. It must not
//! sign in the same places again, so it takes a new incarnation as soon as it learns of it: by an entry that bears its own signature and
//! is not in its log, or by somebody's word (see `core/docs/decisions/0016`). Which incarnation it is stands in the store and is read in the
//! transaction that writes or signs: what is rolled back was never decided.

use super::Sync;
use super::answer::Received;
use super::wire::{DeviceId, DeviceKeys, Entry};
use crate::error::{Error, Result};
use crate::host::Random;
use crate::ids::{PersonId, hash};
use crate::replica::{incarnation, set_incarnation};
use crate::store::{meta, set_meta};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;

/// How often the mere word of one device is believed that this one has written more than it knows. An honest one says so after a restore;
/// one that lies makes us begin as many chains and no more.
const BELIEVED: i64 = 3;

/// Why a device has taken a new incarnation. The numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// An entry of its own came back that it did not know: its data was put back, or is on another phone too.
    OwnEntry = 1,
    /// Another device has seen later work of this one.
    Named = 2,
    /// Two entries of its own stand in one place.
    Fork = 3,
}

/// The identity in the store; made on the first open. The first person of a profile is made with it.
pub(super) fn load_or_found(rows: &Connection, random: &dyn Random) -> Result<(DeviceKeys, PersonId)> {
    if let (Some(seed), Some(incarnation), Some(person)) =
        (meta(rows, "seed")?, incarnation(rows)?, meta(rows, "person")?)
    {
        let seed = seed.try_into().map_err(|_| Error::Corrupt)?;
        let person = PersonId(person.try_into().map_err(|_| Error::Corrupt)?);
        return Ok((DeviceKeys::from_seed(seed, incarnation), person));
    }
    let (seed, person) = (random.bytes::<32>()?, random.bytes::<16>()?);
    set_meta(rows, "seed", &seed)?;
    set_incarnation(rows, 1)?;
    set_meta(rows, "person", &person)?;
    Ok((DeviceKeys::from_seed(seed, 1), PersonId(person)))
}

impl Sync {
    /// This device's keys under the incarnation that this transaction has: what is signed is signed with these.
    pub(crate) fn keys(&self, rows: &Connection) -> Result<DeviceKeys> {
        Ok(self.keys.under(incarnation(rows)?.ok_or(Error::Corrupt)?))
    }

    /// Whether this entry is of our present life and unknown to us. That proves, by our own signature, that we have forgotten something or
    /// are two; it waits until we have taken another name.
    pub(super) fn is_forgotten(&self, rows: &Connection, entry: &Entry) -> Result<bool> {
        Ok(entry.device == self.keys.device() && Some(entry.incarnation) == incarnation(rows)?)
    }

    /// What such an entry waits for.
    pub(super) fn need_of_renewal(&self, rows: &Connection) -> Result<[u8; 32]> {
        Ok(need(self.keys.device(), incarnation(rows)?.ok_or(Error::Corrupt)?))
    }

    /// From this transaction's commit on the device goes on as another author. What no relay and no bundle has had goes with it: signed
    /// entries are taken back and unsent changes written again, so that nothing of it stands in a place that was used before. Give the
    /// nouns that it returns to [`Sync::announce_renewed`] after the commit. Doing it once too often costs a chain and loses nothing.
    pub(crate) fn renew_incarnation(
        &self,
        rows: &Connection,
        reason: Renewal,
        by: Option<DeviceId>,
    ) -> Result<BTreeSet<&'static str>> {
        let before = incarnation(rows)?.ok_or(Error::Corrupt)?;
        let highest: Option<u32> = rows.query_row(
            "SELECT max(incarnation) FROM entry WHERE device = ?1",
            [&self.keys.device().0[..]],
            |row| row.get(0),
        )?;
        // A step at random: two phones with one seed that learn of each other at the same time do not meet again.
        let step = 1 + u32::from(u16::from_be_bytes(self.replica.random().bytes()?));
        let next = highest.unwrap_or(0).max(before).checked_add(step).ok_or_else(|| Error::bug("incarnations"))?;
        set_incarnation(rows, next)?;
        rows.execute(
            "INSERT INTO renewal (incarnation, before, reason, by, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![next, before, reason as u8, by.map(|by| by.0.to_vec()), self.replica.now_ms()],
        )?;
        self.take_back(rows)?;
        super::erasing::forget_named(rows, &self.device())?;
        self.replica.reissue(rows, self.keys.under(next).author())
    }

    /// Tells listeners what a renewal has moved.
    pub(crate) fn announce_renewed(&self, nouns: &BTreeSet<&'static str>) {
        nouns.iter().chain(&["sync"]).for_each(|noun| self.replica.announce(noun));
    }

    /// An entry of ours comes from somewhere else. So it has left, and the one before it, and neither is taken back with those that they stand on; a copy
    /// that was put back need not know that. Behind a gap nobody can say what has left: it may be another than ours.
    pub(super) fn note_left(&self, entry: &Entry) -> Result<()> {
        if entry.device != self.device() {
            return Ok(());
        }
        let left: Vec<[u8; 32]> =
            [Some(entry.hash()), entry.previous].into_iter().flatten().map(|hash| hash.0).collect();
        let lies_ready = |rows: &Connection| {
            let mut ready = rows.prepare_cached("SELECT 1 FROM outbox WHERE entry = ?1")?;
            left.iter().try_fold(false, |any, hash| Ok(any || ready.exists([&hash[..]])?))
        };
        if !self.replica.read(lies_ready)? {
            return Ok(());
        }
        self.replica.store().write(|rows| {
            let mut note = rows.prepare_cached("UPDATE outbox SET entry = NULL WHERE entry = ?1")?;
            left.iter().try_for_each(|hash| note.execute([&hash[..]]).map(|_| ()).map_err(Error::from))
        })
    }

    /// Our entries that lie in the outbox and are nowhere else become unsent changes again. Should one have left after all, over a line
    /// that broke before the answer, the relay gives it back with the next exchange, and what it says is there twice and once too often.
    /// Where something has fallen with a side of a fork they stay: what came after them may be out. So do the last words of whoever is out, who can sign
    /// them no more.
    fn take_back(&self, rows: &Connection) -> Result<()> {
        let mut statement = rows.prepare_cached(
            "SELECT e.hash FROM outbox o JOIN entry e ON e.hash = o.entry JOIN space s ON s.id = e.space
             WHERE e.own = 1 AND s.role > 0 AND NOT EXISTS (SELECT 1 FROM named_head n WHERE n.space = e.space AND n.device = e.device
                 AND n.incarnation = e.incarnation AND n.sequence >= e.sequence)
             AND NOT EXISTS (SELECT 1 FROM entry later WHERE later.space = e.space AND later.device = e.device
                 AND later.incarnation = e.incarnation AND later.sequence > e.sequence
                 AND later.hash NOT IN (SELECT entry FROM outbox WHERE entry IS NOT NULL))
             AND NOT EXISTS (SELECT 1 FROM fallen f WHERE f.space = e.space)",
        )?;
        let found = statement.query_map([], |row| row.get(0))?;
        let entries: Vec<[u8; 32]> = found.collect::<Result<_, _>>()?;
        for entry in &entries {
            rows.execute("UPDATE change SET entry = NULL WHERE entry = ?1", [&entry[..]])?;
            rows.execute("DELETE FROM entry WHERE hash = ?1", [&entry[..]])?;
            rows.execute("DELETE FROM outbox WHERE entry = ?1", [&entry[..]])?;
        }
        if !entries.is_empty() {
            // An answer that is still to come would speak of what is no more.
            *self.pending.lock() = None;
        }
        Ok(())
    }

    /// Takes a new incarnation if what is in the store says so, and then what has waited for it. It looks at nothing else, so it may be
    /// killed at any moment and is called again.
    pub(super) fn settle_incarnation(&self, received: &mut Received) -> Result<()> {
        if self.replica.read(|rows| self.reason_to_renew(rows))?.is_none() {
            return Ok(());
        }
        let nouns = self.replica.store().write(|rows| match self.reason_to_renew(rows)? {
            Some((reason, by)) => self.renew_incarnation(rows, reason, by),
            None => Ok(BTreeSet::new()),
        })?;
        self.take_what_came_back(received)?;
        self.announce_renewed(&nouns);
        Ok(())
    }

    /// Entries of our earlier lives that waited until those were over.
    pub(super) fn take_what_came_back(&self, received: &mut Received) -> Result<()> {
        let lives: Vec<u32> = self.replica.read(|rows| {
            let mut statement = rows.prepare_cached("SELECT before FROM renewal ORDER BY at DESC LIMIT 16")?;
            let found = statement.query_map([], |row| row.get(0))?;
            found.collect::<Result<_, _>>().map_err(Error::from)
        })?;
        lives.iter().try_for_each(|life| self.try_what_waits_for(&need(self.keys.device(), *life), received))
    }

    fn reason_to_renew(&self, rows: &Connection) -> Result<Option<(Renewal, Option<DeviceId>)>> {
        let present = incarnation(rows)?.ok_or(Error::Corrupt)?;
        let mut proof = rows.prepare_cached("SELECT 1 FROM held_item WHERE needs = ?1 AND state = 1")?;
        if proof.exists([&need(self.keys.device(), present)[..]])? {
            return Ok(Some((Renewal::OwnEntry, None)));
        }
        let by = rows
            .prepare_cached(
                "SELECT n.by FROM named_head n WHERE n.device = ?1 AND n.incarnation = ?2 AND n.by IS NOT NULL
                 AND n.sequence > coalesce((SELECT max(e.sequence) FROM entry e
                     WHERE e.space = n.space AND e.device = n.device AND e.incarnation = n.incarnation), 0)
                 AND (SELECT count(*) FROM renewal r WHERE r.by = n.by) < ?3 LIMIT 1",
            )?
            .query_row(params![&self.keys.device().0[..], present, BELIEVED], |row| row.get(0))
            .optional()?;
        Ok(by.map(|by| (Renewal::Named, Some(DeviceId(by)))))
    }
}

fn need(device: DeviceId, incarnation: u32) -> [u8; 32] {
    hash("rafiq 2026 waits for a new incarnation v1", &[&device.0, &incarnation.to_be_bytes()])
}
