//! How far a pack is written, as the store has it, so that a phone that is turned off goes on where it was.

use crate::error::Result;
use crate::ids::SpaceId;
use crate::replica::SpaceRow;
use crate::sync::pack::{forget, keep, relay_of};
use crate::sync::wire::{Covers, space_tag};
use rusqlite::{Connection, OptionalExtension, params};

/// How far a pack is written.
#[derive(Clone, PartialEq)]
pub(super) struct Draft {
    pub(super) covers: Covers,
    pub(super) parts: u32,
    pub(super) epoch: i64,
    pub(super) operation: i64,
    pub(super) entry: i64,
    pub(super) blob: i64,
    pub(super) written: bool,
}

pub(super) fn begin(rows: &Connection, space: &SpaceId, covers: &Covers) -> Result<()> {
    let draft = Draft { covers: *covers, parts: 0, epoch: 0, operation: 0, entry: 0, blob: 0, written: false };
    save(rows, space, &draft)
}

pub(super) fn save(rows: &Connection, space: &SpaceId, draft: &Draft) -> Result<()> {
    rows.prepare_cached(
        "INSERT OR REPLACE INTO pack_draft (space, instance, restores, position, parts, epoch, operation, entry, written, blob)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        &space.0[..],
        &draft.covers.instance[..],
        draft.covers.restores,
        draft.covers.position as i64,
        draft.parts,
        draft.epoch,
        draft.operation,
        draft.entry,
        draft.written,
        draft.blob,
    ])?;
    Ok(())
}

pub(super) fn read_draft(rows: &Connection, space: &SpaceId) -> Result<Option<Draft>> {
    let found = rows
        .prepare_cached(
            "SELECT instance, restores, position, parts, epoch, operation, entry, written, blob FROM pack_draft WHERE space = ?1",
        )?
        .query_row([&space.0[..]], |row| {
            let position = row.get::<_, i64>(2)?.unsigned_abs();
            Ok(Draft {
                covers: Covers { instance: row.get(0)?, restores: row.get(1)?, position },
                parts: row.get(3)?,
                epoch: row.get(4)?,
                operation: row.get(5)?,
                entry: row.get(6)?,
                written: row.get(7)?,
                blob: row.get(8)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// When the relay has acknowledged the last part, the pack lies there whole.
pub(super) fn finish(rows: &Connection, space: &SpaceRow) -> Result<()> {
    let Some(draft) = read_draft(rows, &space.id)?.filter(|draft| draft.written) else { return Ok(()) };
    let mut statement = rows
        .prepare_cached("SELECT 1 FROM outbox WHERE relay = ?1 AND tag = ?2 AND token IS NULL AND later > 0 LIMIT 1")?;
    if statement.exists(params![space.relay, &space_tag(&space.id)[..]])? {
        return Ok(());
    }
    if relay_of(rows, &space.id)? != Some((draft.covers.instance, draft.covers.restores)) {
        return forget(rows, &space.id);
    }
    rows.execute("DELETE FROM pack_draft WHERE space = ?1", [&space.id.0[..]])?;
    keep(rows, &space.id, &draft.covers, draft.entry, true)
}
