//! What came and is not part of the log: waiting for what it needs, or quarantined with the reason. Nothing is dropped.

use super::wire::item::author_of_entry;
use super::wire::{DeviceId, Entry, Item};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use rusqlite::{Connection, OptionalExtension, params};

/// Why a foreign item stands aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It needs something that has not come yet: an entry, a change, an operation, a key, an upgrade; or, with the reason
    /// [`REMOVED`], another member's word, since its author had been taken out.
    Waiting = 1,
    /// It breaks a rule that every replica judges alike.
    Refused = 2,
    /// It did not survive probation here: "update needed". Tried again after an upgrade.
    LocalQuarantine = 3,
}

/// Why an entry beyond a cut waits.
pub(super) const REMOVED: &str = "removed";
/// Why a welcome waits: what it rests on has not come.
pub(super) const PAST: &str = "past";
/// Why something waits that only a newer version can read.
pub(super) const NEWER: &str = "newer-version";
/// Why an entry is refused in whose place another stands, or which rests on such a one.
pub(super) const FORK: &str = "fork";

/// So many sides of one device's forks are noted in a space: a phone that was put back makes as many as it wrote in between.
const MOST_FORKED: i64 = 1_000;

/// An item aside, as it is kept.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) id: [u8; 32],
    pub(super) space: SpaceId,
    pub(super) item: Vec<u8>,
}

/// Sets an item aside, or says anew why it is. `step`: of admission, 0 for what waits. `needs`: the hash or key id it waits for; with
/// [`REMOVED`] the device for which somebody has to speak.
#[allow(clippy::too_many_arguments)] // a row, column by column
pub(super) fn hold(
    rows: &Connection,
    held: &Held,
    standing: Standing,
    step: u8,
    reason: &str,
    needs: Option<&[u8]>,
    now_ms: i64,
) -> Result<()> {
    rows.prepare_cached(
        "INSERT INTO held_item (id, space, state, step, reason, needs, item, arrived, tries, author)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9)
         ON CONFLICT (id) DO UPDATE SET state = ?3, step = ?4, reason = ?5, needs = ?6, tries = tries + 1",
    )?
    .execute(params![
        &held.id[..],
        &held.space.0[..],
        standing as u8,
        step,
        reason,
        needs,
        held.item,
        now_ms,
        author_of(held).map(|device| device.0)
    ])?;
    Ok(())
}

/// Whose an entry is that stands aside.
pub(super) fn author_of(held: &Held) -> Option<DeviceId> {
    held.item.split_first().and_then(|(_, item)| author_of_entry(item))
}

pub(super) fn is_held(rows: &Connection, id: &[u8; 32]) -> Result<bool> {
    Ok(rows.prepare_cached("SELECT 1 FROM held_item WHERE id = ?1")?.exists([&id[..]])?)
}

pub(super) fn release(rows: &Connection, id: &[u8; 32]) -> Result<()> {
    rows.prepare_cached("DELETE FROM held_item WHERE id = ?1")?.execute([&id[..]])?;
    Ok(())
}

/// Whoever is out gets no key any more: what waits for one in that space is for others.
pub(super) fn forget_unopened(rows: &Connection, space: &SpaceId) -> Result<()> {
    rows.prepare_cached("DELETE FROM held_item WHERE space = ?1 AND state = 1 AND substr(item, 1, 1) = x'00'")?
        .execute([&space.0[..]])?;
    Ok(())
}

/// How many entries of a device wait in a space, and their bytes.
pub(super) fn waiting_of(rows: &Connection, space: &SpaceId, device: &DeviceId) -> Result<(i64, i64)> {
    let sums = rows
        .prepare_cached(
            "SELECT count(*), coalesce(sum(length(item)), 0) FROM held_item WHERE space = ?1 AND author = ?2 AND state = 1",
        )?
        .query_row([&space.0[..], &device.0[..]], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(sums)
}

/// How many items of a space wait for something.
pub(super) fn waiting_count(rows: &Connection, space: &SpaceId) -> Result<i64> {
    let count = rows
        .prepare_cached("SELECT count(*) FROM held_item WHERE space = ?1 AND state = 1")?
        .query_row([&space.0[..]], |row| row.get(0))?;
    Ok(count)
}

/// How many items of a space are refused, for whatever reason but a fork: noise must not keep one from being seen.
pub(super) fn refused_count(rows: &Connection, space: &SpaceId) -> Result<i64> {
    let count = rows
        .prepare_cached("SELECT count(*) FROM held_item WHERE space = ?1 AND state = 2 AND reason <> ?2")?
        .query_row(params![&space.0[..], FORK], |row| row.get(0))?;
    Ok(count)
}

/// Whether one more side of a fork by this device is noted. Each has its own measure: one who forks without end must not keep another's from
/// being seen. And all together have one, since a person may have devices without end.
pub(super) fn has_room_for_fork(rows: &Connection, space: &SpaceId, device: &DeviceId) -> Result<bool> {
    let theirs: i64 = rows
        .prepare_cached(
            "SELECT count(*) FROM held_item WHERE space = ?1 AND author = ?2 AND reason = 'fork' AND state = 2",
        )?
        .query_row([&space.0[..], &device.0[..]], |row| row.get(0))?;
    let all: i64 = rows
        .prepare_cached("SELECT count(*) FROM held_item WHERE space = ?1 AND reason = 'fork'")?
        .query_row([&space.0[..]], |row| row.get(0))?;
    Ok(theirs < MOST_FORKED && all < 8 * MOST_FORKED)
}

/// How many items wait for anything in a space, but for welcomes that wait for what they rest on, if this is not one of them: nothing may
/// keep those out.
pub(super) fn crowd(rows: &Connection, space: &SpaceId, reason: &str) -> Result<i64> {
    let count = rows
        .prepare_cached("SELECT count(*) FROM held_item WHERE space = ?1 AND state = 1 AND (reason = ?2) = (?3 = ?2)")?
        .query_row(params![&space.0[..], PAST, reason], |row| row.get(0))?;
    Ok(count)
}

/// How many envelopes of a space wait unopened.
pub(super) fn unopened_count(rows: &Connection, space: &SpaceId) -> Result<i64> {
    let count = rows
        .prepare_cached("SELECT count(*) FROM held_item WHERE space = ?1 AND state = 1 AND substr(item, 1, 1) = x'00'")?
        .query_row([&space.0[..]], |row| row.get(0))?;
    Ok(count)
}

/// What waits in a space for this reason.
pub(super) fn waiting_because(rows: &Connection, space: &SpaceId, reason: &str) -> Result<Vec<Held>> {
    let mut statement = rows.prepare_cached(
        "SELECT id, space, item FROM held_item WHERE space = ?1 AND state = 1 AND reason = ?2 ORDER BY arrived, id",
    )?;
    let found = statement.query_map(params![&space.0[..], reason], |row| {
        Ok(Held { id: row.get(0)?, space: SpaceId(row.get(1)?), item: row.get(2)? })
    })?;
    found.collect::<Result<_, _>>().map_err(Error::from)
}

/// The spaces in which something waits for this reason: few, if any, and found without a look at the others.
pub(super) fn spaces_waiting(rows: &Connection, reason: &str) -> Result<Vec<SpaceId>> {
    let mut statement =
        rows.prepare_cached("SELECT DISTINCT space FROM held_item WHERE state = 1 AND reason = ?1 ORDER BY space")?;
    let found = statement.query_map([reason], |row| row.get(0).map(SpaceId))?;
    found.collect::<Result<_, _>>().map_err(Error::from)
}

/// An entry that stands aside.
pub(super) struct Aside {
    pub(super) id: [u8; 32],
    pub(super) entry: Entry,
    /// Whether it waits for something, and is not refused or quarantined.
    pub(super) waits: bool,
    /// Whether every replica refuses it as this one does.
    pub(super) refused: bool,
    /// What it waits for, or rests on.
    pub(super) needs: Option<Vec<u8>>,
    /// Whether it came from a relay, as far as we know: others have it from there.
    pub(super) on_relay: bool,
    pub(super) reason: String,
    /// By our clock, Unix milliseconds.
    pub(super) arrived_ms: i64,
}

/// Goes through the entries of a space that stand aside.
pub(super) fn each_entry_aside(rows: &Connection, space: &SpaceId, mut work: impl FnMut(Aside)) -> Result<()> {
    let mut statement = rows.prepare_cached(
        "SELECT item, state, reason, arrived, id, needs, position > 0 FROM held_item WHERE space = ?1 AND substr(item, 1, 1) = x'01'",
    )?;
    let mut found = statement.query([&space.0[..]])?;
    while let Some(row) = found.next()? {
        let item: Vec<u8> = row.get(0)?;
        if let Ok(Item::Entry(entry)) = Item::decode(&item[1..]) {
            let state: u8 = row.get(1)?;
            let (waits, refused) = (state == Standing::Waiting as u8, state == Standing::Refused as u8);
            let (reason, arrived_ms, id, needs) = (row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
            work(Aside { id, entry, waits, refused, needs, on_relay: row.get(6)?, reason, arrived_ms });
        }
    }
    Ok(())
}

/// What waits for this hash or key.
pub(super) fn waiting_for(rows: &Connection, need: &[u8]) -> Result<Vec<Held>> {
    let mut statement = rows
        .prepare_cached("SELECT id, space, item FROM held_item WHERE needs = ?1 AND state = 1 ORDER BY arrived, id")?;
    let found = statement
        .query_map([need], |row| Ok(Held { id: row.get(0)?, space: SpaceId(row.get(1)?), item: row.get(2)? }))?;
    found.collect::<Result<_, _>>().map_err(Error::from)
}

/// What waits for something that is here, with that, where it was tried no more often than `tries`.
pub(super) fn needing_what_is_here(rows: &Connection, tries: i64) -> Result<Vec<(Vec<u8>, Held)>> {
    let mut statement = rows.prepare_cached(
        "SELECT needs, id, space, item FROM held_item h WHERE state = 1 AND needs IS NOT NULL AND tries <= ?1
         AND (EXISTS (SELECT 1 FROM entry WHERE hash = h.needs AND space = h.space)
           OR EXISTS (SELECT 1 FROM change WHERE hash = h.needs AND space = h.space)
           OR EXISTS (SELECT 1 FROM operation WHERE hash = h.needs AND space = h.space)
           OR EXISTS (SELECT 1 FROM space_key WHERE key_id = h.needs AND space = h.space)
           OR reason = ?2 AND (EXISTS (SELECT 1 FROM past WHERE hash = h.needs) OR EXISTS (SELECT 1 FROM operation WHERE hash = h.needs)))
         ORDER BY arrived, id",
    )?;
    let found = statement.query_map(params![tries, PAST], |row| {
        Ok((row.get(0)?, Held { id: row.get(1)?, space: SpaceId(row.get(2)?), item: row.get(3)? }))
    })?;
    found.collect::<Result<_, _>>().map_err(Error::from)
}

/// The names of what is aside for a reason that an upgrade may have cured.
pub(super) fn worth_another_try(rows: &Connection) -> Result<Vec<[u8; 32]>> {
    let mut statement = rows.prepare_cached(
        "SELECT id FROM held_item WHERE state = 3 OR (state = 1 AND needs IS NULL) ORDER BY arrived, id",
    )?;
    let found = statement.query_map([], |row| row.get(0))?;
    found.collect::<Result<_, _>>().map_err(Error::from)
}

/// What is aside under this name, unless it has gone its way meanwhile.
pub(super) fn held_by_id(rows: &Connection, id: &[u8; 32]) -> Result<Option<Held>> {
    let held = rows
        .prepare_cached("SELECT id, space, item FROM held_item WHERE id = ?1")?
        .query_row([&id[..]], |row| Ok(Held { id: row.get(0)?, space: SpaceId(row.get(1)?), item: row.get(2)? }))
        .optional()?;
    Ok(held)
}
