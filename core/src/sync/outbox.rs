//! The outbox: everything is sealed into it, and lies there until the relay has acknowledged it.

use super::wire::{EpochKey, Item, seal, space_tag};
use crate::error::{Error, Result};
use crate::replica::SpaceRow;
use rafiq_protocol::{Tag, Urgency};
use rusqlite::{Connection, params};

/// An item sealed for a space. The same under the same key is the same envelope, whoever seals it.
pub(super) fn sealed(key: &EpochKey, space: &SpaceRow, urgency: Urgency, item: &Item) -> Result<Vec<u8>> {
    seal(key, &space_tag(&space.id), urgency, &item.encode())
        .map_err(|error| Error::bug(format!("seal {}", error.reason())))
}

/// Seals an item for a space and puts it into the outbox; the number of its row.
pub(super) fn put_sealed(
    rows: &Connection,
    space: &SpaceRow,
    key: &EpochKey,
    item: &Item,
    urgency: Urgency,
) -> Result<i64> {
    put_for_space(rows, space, urgency, &sealed(key, space, urgency, item)?)
}

/// Puts an envelope of a space into the outbox; the number of its row.
pub(super) fn put_for_space(rows: &Connection, space: &SpaceRow, urgency: Urgency, envelope: &[u8]) -> Result<i64> {
    put(rows, &space.relay, &space_tag(&space.id), None, urgency, envelope)
}

/// The same for any place on a relay; `token`: that of an inbox, which lets in whoever knows it.
pub(super) fn put(
    rows: &Connection,
    relay: &str,
    tag: &Tag,
    token: Option<&[u8; 16]>,
    urgency: Urgency,
    envelope: &[u8],
) -> Result<i64> {
    rows.prepare_cached(
        "INSERT INTO outbox (relay, tag, token, urgency, envelope, later) VALUES (?1, ?2, ?3, ?4, ?5, 0)",
    )?
    .execute(params![relay, &tag[..], token.map(|token| &token[..]), urgency as u8, envelope])?;
    Ok(rows.last_insert_rowid())
}

/// How many bytes of a space lie in the outbox.
pub(super) fn in_outbox(rows: &Connection, space: &SpaceRow) -> Result<i64> {
    let mut statement = rows.prepare_cached(
        "SELECT coalesce(sum(length(envelope)), 0) FROM outbox WHERE relay = ?1 AND tag = ?2 AND token IS NULL",
    )?;
    Ok(statement.query_row(params![space.relay, &space_tag(&space.id)[..]], |row| row.get(0))?)
}

/// Takes what lies ready of a space out again: all of it is to be sealed anew.
pub(super) fn empty_of(rows: &Connection, space: &SpaceRow) -> Result<()> {
    rows.execute(
        "DELETE FROM outbox WHERE relay = ?1 AND tag = ?2 AND token IS NULL",
        params![space.relay, &space_tag(&space.id)[..]],
    )?;
    Ok(())
}
