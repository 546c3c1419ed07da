//! What a write reads and changes inside its transaction; what it may do is decided in `deciding`.

use crate::store::deciding::{Effects, Facts, Place, Questions, rights_in};
use crate::store::{Due, Holdings, SWEEP};
use rafiq_protocol::{RelayKey, Tag, key_short_name};
use rusqlite::{Connection, OptionalExtension, Result};
use std::collections::{BTreeSet, HashMap};

/// Rows of `space` by tag, for what is written next.
pub(super) type Numbers = HashMap<Tag, i64>;

/// Everything that the group asks about, but levels: those are in memory.
pub(super) fn facts(connection: &Connection, questions: &Questions) -> Result<(Facts, Numbers)> {
    let (mut facts, mut numbers) = (Facts::default(), Numbers::new());
    let mut places = connection.prepare_cached(
        "SELECT number, kind, list_key, list_number, post_token, last_position, bytes, covered FROM space WHERE tag = ?1",
    )?;
    for tag in &questions.tags {
        let place = places.query_row([tag], |row| {
            let place = Place {
                inbox: row.get::<_, i64>(1)? == 2,
                list_key: row.get(2)?,
                list_number: row.get(3)?,
                post_token: row.get(4)?,
                last_position: row.get::<_, i64>(5)?.cast_unsigned(),
                bytes: row.get::<_, i64>(6)?.cast_unsigned(),
                covered: row.get::<_, i64>(7)?.cast_unsigned(),
            };
            Ok((row.get(0)?, place))
        });
        if let Some((number, place)) = place.optional()? {
            numbers.insert(*tag, number);
            facts.places.insert(*tag, place);
        }
    }
    let mut rights =
        connection.prepare_cached("SELECT rights FROM allowed WHERE space = ?1 AND name = ?2 AND key = ?3")?;
    for (tag, key) in &questions.keys {
        let Some(number) = numbers.get(tag) else { continue };
        if let Some(found) = rights.query_row((number, key_short_name(key), key), |row| row.get(0)).optional()? {
            facts.rights.insert((*tag, *key), found);
        }
    }
    let mut have = connection.prepare_cached("SELECT 1 FROM envelope WHERE space = ?1 AND id = ?2")?;
    for (tag, id) in &questions.envelopes {
        if let Some(number) = numbers.get(tag)
            && have.exists((number, id))?
        {
            facts.have.insert((*tag, *id));
        }
    }
    for ((tag, name), count) in &questions.newest {
        let found = match numbers.get(tag) {
            Some(number) => newest(connection, *number, *name, *count)?,
            None => Vec::new(),
        };
        facts.newest.insert((*tag, *name), found);
    }
    Ok((facts, numbers))
}

/// The newest envelopes that `writer` put there, the newest first.
pub(super) fn newest(connection: &Connection, space: i64, writer: [u8; 8], count: usize) -> Result<Vec<[u8; 32]>> {
    let mut newest = connection.prepare_cached(
        "SELECT id FROM envelope WHERE space = ?1 AND writer IS NOT NULL AND writer = ?2 ORDER BY position DESC LIMIT ?3",
    )?;
    newest.query_map((space, writer, count as i64), |row| row.get(0))?.collect()
}

/// Writes what was decided, but for the levels.
pub(super) fn carry_out(connection: &Connection, effects: &Effects<'_>, mut numbers: Numbers) -> Result<()> {
    let mut open = connection.prepare_cached(
        "INSERT INTO space (tag, kind, list_key, list_number, post_token, last_position, bytes, day, covered)
         VALUES (?1, ?2, ?3, 0, ?4, 0, 0, ?5, 0)",
    )?;
    for (tag, opened) in &effects.opened {
        let Some(place) = effects.places.get(tag) else { continue };
        let kind = if place.inbox { 2 } else { 1 };
        let number = open.insert((tag, kind, place.list_key, place.post_token, opened.day))?;
        numbers.insert(*tag, number);
        allow(connection, number, &opened.key, 3)?;
    }
    let number = |tag: &Tag| numbers.get(tag).copied().ok_or(rusqlite::Error::QueryReturnedNoRows);
    for (tag, list) in &effects.lists {
        connection.prepare_cached("DELETE FROM allowed WHERE space = ?1")?.execute([number(tag)?])?;
        for (key, rights) in rights_in(list) {
            allow(connection, number(tag)?, &key, rights)?;
        }
    }
    let mut insert = connection.prepare_cached(
        "INSERT INTO envelope (space, position, urgency, writer, id, size, day, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for stored in &effects.envelopes {
        let (envelope, space) = (stored.envelope, number(&stored.tag)?);
        let (position, size) = (stored.position.cast_signed(), envelope.bytes.len() as i64);
        let row = (space, position, envelope.urgency as u8, stored.writer, envelope.id, size, stored.day);
        insert.execute((row.0, row.1, row.2, row.3, row.4, row.5, row.6, &envelope.bytes))?;
    }
    let mut update = connection.prepare_cached(
        "UPDATE space SET last_position = ?2, bytes = ?3, list_key = ?4, list_number = ?5, covered = ?6 WHERE number = ?1",
    )?;
    for (tag, place) in &effects.places {
        let (last, bytes) = (place.last_position.cast_signed(), place.bytes.cast_signed());
        let covered = place.covered.cast_signed();
        update.execute((number(tag)?, last, bytes, place.list_key, place.list_number, covered))?;
    }
    // `secure_delete` overwrites what was there; the next checkpoint takes it out of the log.
    let mut drop = connection.prepare_cached(
        "UPDATE envelope SET bytes = x'', size = 0 WHERE space = ?1 AND id = ?2 AND urgency = 2 AND size > 0",
    )?;
    let mut size = connection.prepare_cached("SELECT size FROM envelope WHERE space = ?1 AND id = ?2")?;
    let mut freed = connection.prepare_cached("UPDATE space SET bytes = bytes - ?2 WHERE number = ?1")?;
    for (tag, id) in &effects.drops {
        let held: Option<i64> = size.query_row((number(tag)?, id), |row| row.get(0)).optional()?;
        if drop.execute((number(tag)?, id))? > 0 {
            freed.execute((number(tag)?, held.unwrap_or(0)))?;
        }
    }
    Ok(())
}

fn allow(connection: &Connection, space: i64, key: &RelayKey, rights: u8) -> Result<()> {
    let mut insert =
        connection.prepare_cached("INSERT INTO allowed (space, name, key, rights) VALUES (?1, ?2, ?3, ?4)")?;
    insert.execute((space, key_short_name(key), key, rights)).map(|_| ())
}

/// Deletes some of what is covered and due; see [`crate::store::Store::sweep`].
pub(super) fn sweep(connection: &mut Connection, due: Due) -> Result<u64> {
    // Looked for before the lock is taken: mostly nothing is due, and no writer waits for that answer. Nobody else deletes.
    let mut found: BTreeSet<i64> = connection
        .prepare_cached(
            "SELECT envelope.number FROM space JOIN envelope ON envelope.space = space.number
             WHERE space.covered > 0 AND envelope.urgency IN (0, 1, 2) AND envelope.position <= space.covered
               AND envelope.day <= ?1 LIMIT ?2",
        )?
        .query_map((due.day, SWEEP), |row| row.get(0))?
        .collect::<Result<_>>()?;
    let mut crowded = connection.prepare_cached(
        "SELECT number, covered, bytes - ?1 FROM space WHERE kind = 2 AND covered > 0 AND bytes > ?1",
    )?;
    let mut oldest = connection.prepare_cached(
        "SELECT number, size FROM envelope WHERE space = ?1 AND urgency IN (0, 1, 2) AND position <= ?2 ORDER BY position LIMIT ?3",
    )?;
    let mut inboxes = crowded.query([due.crowded.cast_signed()])?;
    while let Some(inbox) = inboxes.next()? {
        let (space, covered, mut too_much): (i64, i64, i64) = (inbox.get(0)?, inbox.get(1)?, inbox.get(2)?);
        let mut envelopes = oldest.query((space, covered, SWEEP.saturating_sub(found.len() as u32)))?;
        while let Some(envelope) = envelopes.next()?.filter(|_| too_much > 0) {
            found.insert(envelope.get(0)?);
            too_much -= envelope.get::<_, i64>(1)?;
        }
    }
    drop(inboxes);
    drop((crowded, oldest));
    if found.is_empty() {
        return Ok(0);
    }
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let mut delete = transaction.prepare_cached("DELETE FROM envelope WHERE number = ?1 RETURNING space, size")?;
    let mut freed = transaction.prepare_cached("UPDATE space SET bytes = bytes - ?2 WHERE number = ?1")?;
    for number in &found {
        let (space, size): (i64, i64) = delete.query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))?;
        freed.execute((space, size))?;
    }
    drop((delete, freed));
    transaction.commit()?;
    Ok(found.len() as u64)
}

pub(super) fn holdings(connection: &Connection) -> Result<Holdings> {
    connection.query_row("SELECT count(*), coalesce(sum(bytes), 0) FROM space", [], |row| {
        let (spaces, bytes): (i64, i64) = (row.get(0)?, row.get(1)?);
        Ok(Holdings { spaces: spaces.cast_unsigned(), bytes: bytes.cast_unsigned() })
    })
}
