//! What an exchange reads: who is allowed, and the envelopes that wait, the most urgent of all spaces first.

use super::writing::newest;
use crate::store::deciding::short;
use crate::store::{Answer, Ask, ENVELOPE_OVERHEAD, Known, LookUp};
use rafiq_protocol::limits::{MAX_COUNTED, MAX_ENVELOPES};
use rafiq_protocol::{KeyName, RelayKey, StoredEnvelope, Urgency, Within, key_short_name};
use rusqlite::{Connection, OptionalExtension, Result, params};

/// Keys and tokens; see [`crate::store::Store::look_up`].
pub(super) fn look_up(connection: &Connection, query: &LookUp) -> Result<Known> {
    let mut known = Known::default();
    let mut keys = connection.prepare_cached(
        "SELECT allowed.key FROM allowed JOIN space ON space.number = allowed.space
         WHERE space.tag = ?1 AND allowed.name = ?2",
    )?;
    for (tag, name) in &query.sections {
        let short = match name {
            KeyName::Short(short) => *short,
            KeyName::Whole(key) => key_short_name(key),
        };
        let mut found: Vec<RelayKey> = keys.query_map((tag, short), |row| row.get(0))?.collect::<Result<_>>()?;
        found.retain(|key| name.names(key));
        known.sections.push(found);
    }
    let mut tokens = connection.prepare_cached("SELECT post_token FROM space WHERE tag = ?1 AND kind = 2")?;
    for (tag, token) in &query.posts {
        let kept: Option<Option<[u8; 32]>> = tokens.query_row([tag], |row| row.get(0)).optional()?;
        // Hashes of secrets are compared, so the time it takes tells nothing about the secret.
        known.posts.push(kept.flatten().as_ref() == Some(token));
    }
    Ok(known)
}

/// Envelopes for all asks out of one snapshot; see [`crate::store::Store::read`].
pub(super) fn fill(connection: &Connection, asks: &[Ask], mut room: usize) -> Result<Vec<Answer>> {
    let mut answers = Vec::with_capacity(asks.len());
    let mut desks = Vec::with_capacity(asks.len());
    for ask in asks {
        let desk = Desk::open(connection, ask)?;
        let behind = desk.as_ref().and_then(|desk| desk.behind);
        answers.push(Answer { cursor: ask.cursor, behind, ..Answer::default() });
        desks.push(desk);
    }
    for urgency in Urgency::ALL {
        for (desk, answer) in desks.iter().zip(&mut answers) {
            if let Some(desk) = desk {
                desk.take(connection, urgency, answer, &mut room)?;
            }
        }
    }
    Ok(answers)
}

struct Desk {
    space: i64,
    last_position: u64,
    /// Whose envelopes are left out: the reader's own.
    skip: Option<[u8; 8]>,
    behind: Option<[u8; 8]>,
    within: Option<Within>,
}

impl Desk {
    /// `None` when the key may not read there.
    fn open(connection: &Connection, ask: &Ask) -> Result<Option<Self>> {
        let name = key_short_name(&ask.key);
        let mut query = connection.prepare_cached(
            "SELECT space.number, space.last_position FROM space JOIN allowed ON allowed.space = space.number
             WHERE space.tag = ?1 AND allowed.name = ?2 AND allowed.key = ?3 AND allowed.rights & 1",
        )?;
        let found = query.query_row((ask.tag, name, ask.key), |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((space, last_position)): Option<(i64, i64)> = found else { return Ok(None) };
        let behind = match ask.last {
            Some(last) if !ask.own => newest(connection, space, name, 1)?.first().map(short).filter(|id| *id != last),
            _ => None,
        };
        let skip = (behind.is_none() && !ask.own).then_some(name);
        // Who may be a copy reads what is needed to find that out.
        let within = ask.within.filter(|_| skip.is_some());
        Ok(Some(Self { space, last_position: last_position.cast_unsigned(), skip, behind, within }))
    }

    /// Takes what waits of one urgency while there is room.
    fn take(&self, connection: &Connection, urgency: Urgency, answer: &mut Answer, room: &mut usize) -> Result<()> {
        let cursor = answer.cursor.of_mut(urgency);
        if *cursor >= self.last_position {
            *cursor = self.last_position; // lower than asked when this relay lost its tail: the reader sees it
            return Ok(());
        }
        if let Some(most) = self.within.and_then(|within| within.of(urgency)) {
            let left = self.left(connection, urgency, *cursor)?;
            if left > most {
                *answer.left.of_mut(urgency) = left;
                return Ok(());
            }
        }
        let mut query = connection.prepare_cached(
            "SELECT position, size, bytes FROM envelope
             WHERE space = ?1 AND urgency = ?2 AND position > ?3 AND size > 0 AND (?4 IS NULL OR writer IS NOT ?4)
             ORDER BY position",
        )?;
        // Lower than a position that SQLite gave, so it is one of its signed integers.
        let mut rows = query.query((self.space, urgency as u8, cursor.cast_signed(), self.skip))?;
        while let Some(row) = rows.next()? {
            let size = row.get::<_, u32>(1)? as usize + ENVELOPE_OVERHEAD;
            if size > *room || answer.envelopes.len() >= MAX_ENVELOPES {
                answer.more = true;
                *answer.left.of_mut(urgency) = self.left(connection, urgency, *cursor)?;
                return Ok(());
            }
            *room -= size;
            let position = row.get::<_, i64>(0)?.cast_unsigned();
            answer.envelopes.push(StoredEnvelope { position, bytes: row.get(2)? });
            *cursor = position;
        }
        *cursor = self.last_position;
        Ok(())
    }

    /// Bytes of one urgency that wait beyond a position.
    fn left(&self, connection: &Connection, urgency: Urgency, after: u64) -> Result<u32> {
        let mut query = connection.prepare_cached(
            "SELECT coalesce(sum(size), 0) FROM (SELECT size FROM envelope
             WHERE space = ?1 AND urgency = ?2 AND position > ?3 AND size > 0 AND (?4 IS NULL OR writer IS NOT ?4)
             ORDER BY position LIMIT ?5)",
        )?;
        let found = params![self.space, urgency as u8, after.cast_signed(), self.skip, MAX_COUNTED];
        let sum: i64 = query.query_row(found, |row| row.get(0))?;
        Ok(u32::try_from(sum).unwrap_or(u32::MAX))
    }
}
