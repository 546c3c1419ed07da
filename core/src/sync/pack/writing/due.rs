//! When a pack is worth its bytes, and what it can cover.

use super::draft::{begin, read_draft};
use crate::error::Result;
use crate::ids::SpaceId;
use crate::replica::{STEWARD, SpaceRow};
use crate::sync::Sync;
use crate::sync::naming::UNNAMED;
use crate::sync::pack::{newest, relay_of};
use crate::sync::wire::{Covers, Role, space_tag};
use rusqlite::{Connection, OptionalExtension, params};

/// So many entries since the last pack make another one due. A small entry is an envelope of at least 643 bytes to a newcomer and
/// about a quarter of that in a pack: for fewer the gain is less than a photograph.
const EVERY: i64 = 256;
/// And at least this part of all entries: a pack tells everything again, and over a space's life no entry should travel in packs more
/// than about as often as this.
const SHARE: i64 = 3;
/// Stewards take turns: each waits for so many entries more than the one before, and the first who finds a pack due spares the others
/// theirs. From the eighth on all wait equally long.
const PATIENCE: i64 = EVERY / 4;
const TURNS: usize = 8;
/// Of so many last entries at least half must be small, or packing gains nothing: an import fills its envelopes by itself.
const LOOKED_AT: i64 = 64;
const SMALL: i64 = 8 * 1024;
impl Sync {
    /// Writes a pack of a space with the next exchanges, whether or not one is due. `false` if there is nothing that it could cover:
    /// the relay has not answered yet, not all of ours is there, or what is aside came first.
    ///
    /// Errors: `NotFound`; `NotAllowed` unless a steward.
    pub fn write_pack(&self, space: &SpaceId) -> Result<bool> {
        let row = self.replica.read(|rows| crate::replica::steward_of(rows, space))?;
        self.replica.store().write(|rows| match coverable(rows, &row)? {
            Some(covers) => begin(rows, space, &covers).map(|()| true),
            None => Ok(false),
        })
    }

    /// Begins a pack that is due. Before anything new goes into the outbox: what lies there may be on the relay already, behind an answer
    /// that never came.
    pub(in crate::sync) fn begin_pack(&self, space: &SpaceRow) -> Result<()> {
        if space.role == STEWARD
            && let Some(covers) = self.replica.read(|rows| self.due(rows, space))?
        {
            self.replica.store().write(|rows| begin(rows, &space.id, &covers))?;
        }
        Ok(())
    }

    /// What a pack would cover, if one is due.
    fn due(&self, rows: &Connection, space: &SpaceRow) -> Result<Option<Covers>> {
        if read_draft(rows, &space.id)?.is_some() {
            return Ok(None);
        }
        let last = newest(rows, &space.id)?;
        let count = |after: i64| -> Result<i64> {
            let mut statement = rows.prepare_cached("SELECT count(*) FROM entry WHERE space = ?1 AND number > ?2")?;
            Ok(statement.query_row(params![&space.id.0[..], after], |row| row.get(0))?)
        };
        let new = count(last.as_ref().map_or(0, |pack| pack.entry))?;
        if new < EVERY || new < EVERY + PATIENCE * self.turn(rows, space)? || new < count(0)? / SHARE {
            return Ok(None);
        }
        if !mostly_small(rows, &space.id)? {
            return Ok(None);
        }
        let before = last.map_or(0, |pack| pack.covers.position);
        Ok(coverable(rows, space)?.filter(|covers| covers.position > before))
    }

    /// How many of the stewards' devices come before ours: the same order on all of them.
    fn turn(&self, rows: &Connection, space: &SpaceRow) -> Result<i64> {
        let membership = self.membership(rows, &space.id)?;
        let stewards = membership.members().filter(|member| member.role == Role::Steward);
        let before = stewards.filter(|member| member.device.device < self.device()).count();
        Ok(before.min(TURNS - 1) as i64)
    }
}

/// Up to where everything that lies on the relay is here and part of the log, or refused here as everywhere. Words that nothing names yet say
/// nothing of that: what would name them stands aside itself.
fn coverable(rows: &Connection, space: &SpaceRow) -> Result<Option<Covers>> {
    let Some((instance, restores)) = relay_of(rows, &space.id)? else { return Ok(None) };
    let mut leaving = rows
        .prepare_cached("SELECT 1 FROM outbox WHERE relay = ?1 AND tag = ?2 AND token IS NULL AND later = 0 LIMIT 1")?;
    if leaving.exists(params![space.relay, &space_tag(&space.id)[..]])? {
        return Ok(None);
    }
    let read: Option<i64> = rows
        .prepare_cached("SELECT min(alert, small, large) FROM relay_cursor WHERE relay = ?1 AND tag = ?2")?
        .query_row(params![space.relay, &space_tag(&space.id)[..]], |row| row.get(0))
        .optional()?;
    let aside: Option<i64> = rows
        .prepare_cached(
            "SELECT min(position) FROM held_item WHERE space = ?1 AND state <> 2 AND position > 0 AND reason <> ?2",
        )?
        .query_row(params![&space.id.0[..], UNNAMED], |row| row.get(0))?;
    let position = read.unwrap_or(0).min(aside.map_or(i64::MAX, |first| first - 1));
    Ok((position > 0).then_some(Covers { instance, restores, position: position.unsigned_abs() }))
}

fn mostly_small(rows: &Connection, space: &SpaceId) -> Result<bool> {
    let mut statement = rows.prepare_cached(
        "SELECT coalesce(sum(bytes <= ?2), 0) * 2 >= count(*) FROM (
             SELECT (SELECT coalesce(sum(length(c.bytes)), 0) FROM change c WHERE c.entry = e.hash) AS bytes
             FROM entry e WHERE e.space = ?1 ORDER BY e.number DESC LIMIT ?3)",
    )?;
    Ok(statement.query_row(params![&space.0[..], SMALL, LOOKED_AT], |row| row.get(0))?)
}
