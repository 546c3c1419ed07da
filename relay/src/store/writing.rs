//! What a write does inside its transaction.

use super::{NewEnvelope, PostWork, SectionWork, Work, WorkOutcome};
use crate::config::Limits;
use rafiq_protocol::{EnvelopeId, KeyList, Open, RelayKey, SpaceKind, Status, Tag, Urgency, key_short_name};
use rusqlite::{Connection, OptionalExtension, Result};

/// Carries out one exchange's writes. An error means that the transaction must be rolled back.
pub(super) fn apply(transaction: &Connection, limits: &Limits, work: &Work) -> Result<WorkOutcome> {
    let desk = Desk { transaction, limits, day: work.day };
    let mut outcome = WorkOutcome::default();
    for section in &work.sections {
        outcome.sections.push(desk.section(section)?);
    }
    for post in &work.posts {
        outcome.posts.push(desk.post(post)?);
    }
    Ok(outcome)
}

/// The newest envelope of `writer` that contradicts `last`: stored after it and not among `offered`.
pub(super) fn is_behind(
    connection: &Connection,
    space: i64,
    writer: [u8; 8],
    last: [u8; 8],
    offered: &[NewEnvelope],
) -> Result<bool> {
    let mut newest_first = connection.prepare_cached(
        "SELECT id FROM envelope WHERE space = ?1 AND writer IS NOT NULL AND writer = ?2 ORDER BY position DESC",
    )?;
    let mut rows = newest_first.query((space, writer))?;
    while let Some(row) = rows.next()? {
        let id: EnvelopeId = row.get(0)?;
        if id[..8] == last {
            return Ok(false);
        }
        if !offered.iter().any(|envelope| envelope.id == id) {
            return Ok(true);
        }
    }
    Ok(false)
}

struct Desk<'a> {
    transaction: &'a Connection,
    limits: &'a Limits,
    day: u32,
}

/// A row of `space`, as far as writing needs it.
struct Place {
    number: i64,
    list_key: [u8; 32],
    list_number: u32,
    last_position: i64,
    bytes: i64,
}

impl Desk<'_> {
    fn section(&self, work: &SectionWork) -> Result<(Status, u32)> {
        let place = match (self.place(&work.tag)?, &work.open) {
            (Some(place), Some(open)) if place.list_key != open.list_key => return Ok((Status::Forbidden, 0)),
            (Some(place), _) => place,
            (None, Some(open)) => self.open(&work.tag, &work.key, open)?,
            (None, None) => return Ok((Status::Forbidden, 0)),
        };
        // Looked up again: a list that took the key's rights away may have come between the signature check and here.
        let rights = self.rights(place.number, &work.key)?;
        if rights & 2 == 0 && (rights == 0 || !work.put.is_empty()) {
            return Ok((Status::Forbidden, 0));
        }
        let list = work.keys.as_ref().filter(|list| list.number > place.list_number);
        if list.is_some_and(|list| rafiq_protocol::verify_key_list(list, &work.tag, &place.list_key).is_err()) {
            return Ok((Status::Invalid, 0));
        }
        let writer = key_short_name(&work.key);
        if let Some(last) = work.last
            && is_behind(self.transaction, place.number, writer, last, &work.put)?
        {
            return Ok((Status::Behind, 0));
        }
        let (number, stored) = (place.number, self.put(place, Some(writer), &work.put)?);
        if let Some(list) = list {
            self.replace_keys(number, list)?;
        }
        let status = if stored as usize == work.put.len() { Status::Ok } else { Status::Full };
        Ok((status, stored))
    }

    fn post(&self, work: &PostWork) -> Result<Status> {
        let known = self.transaction.prepare_cached("SELECT post_token FROM space WHERE tag = ?1 AND kind = 2")?;
        let token: Option<Option<[u8; 32]>> = { known }.query_row([work.tag], |row| row.get(0)).optional()?;
        let place = self.place(&work.tag)?;
        match (token.flatten(), place) {
            (Some(token), Some(place)) if token == work.token => {
                let stored = self.put(place, None, std::slice::from_ref(&work.envelope))?;
                Ok(if stored == 1 { Status::Ok } else { Status::Full })
            }
            _ => Ok(Status::Forbidden),
        }
    }

    fn place(&self, tag: &Tag) -> Result<Option<Place>> {
        let mut query = self
            .transaction
            .prepare_cached("SELECT number, list_key, list_number, last_position, bytes FROM space WHERE tag = ?1")?;
        let place = query.query_row([tag], |row| {
            Ok(Place {
                number: row.get(0)?,
                list_key: row.get(1)?,
                list_number: row.get(2)?,
                last_position: row.get(3)?,
                bytes: row.get(4)?,
            })
        });
        place.optional()
    }

    fn open(&self, tag: &Tag, key: &RelayKey, open: &Open) -> Result<Place> {
        let kind = match open.kind {
            SpaceKind::Space => 1,
            SpaceKind::Inbox => 2,
        };
        let token = open.post_token.as_ref().filter(|_| open.kind == SpaceKind::Inbox).map(super::token_hash);
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO space (tag, kind, list_key, list_number, post_token, last_position, bytes, day)
             VALUES (?1, ?2, ?3, 0, ?4, 0, 0, ?5)",
        )?;
        let number = insert.insert((tag, kind, open.list_key, token, self.day))?;
        self.allow(number, key, 3)?;
        Ok(Place { number, list_key: open.list_key, list_number: 0, last_position: 0, bytes: 0 })
    }

    fn rights(&self, space: i64, key: &RelayKey) -> Result<i64> {
        let mut query = self
            .transaction
            .prepare_cached("SELECT rights FROM allowed WHERE space = ?1 AND name = ?2 AND key = ?3")?;
        Ok(query.query_row((space, key_short_name(key), key), |row| row.get(0)).optional()?.unwrap_or(0))
    }

    fn allow(&self, space: i64, key: &RelayKey, rights: i64) -> Result<()> {
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO allowed (space, name, key, rights) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET rights = rights | excluded.rights",
        )?;
        insert.execute((space, key_short_name(key), key, rights)).map(|_| ())
    }

    fn replace_keys(&self, space: i64, list: &KeyList) -> Result<()> {
        self.transaction.prepare_cached("DELETE FROM allowed WHERE space = ?1")?.execute([space])?;
        for listed in &list.keys {
            let rights = i64::from(listed.rights.may_read()) + 2 * i64::from(listed.rights.may_write());
            self.allow(space, &listed.key, rights)?;
        }
        let mut update = self.transaction.prepare_cached("UPDATE space SET list_number = ?2 WHERE number = ?1")?;
        update.execute((space, list.number)).map(|_| ())
    }

    /// Stores what fits, from the first on; returns how many are stored or were already there.
    fn put(&self, mut place: Place, writer: Option<[u8; 8]>, envelopes: &[NewEnvelope]) -> Result<u32> {
        let (before, mut stored) = (place.last_position, 0);
        let mut have = self.transaction.prepare_cached("SELECT 1 FROM envelope WHERE space = ?1 AND id = ?2")?;
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO envelope (space, position, urgency, writer, id, size, day, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        for envelope in envelopes {
            if !have.exists((place.number, envelope.id))? {
                let reserve = if envelope.urgency == Urgency::Alert { self.limits.alert_reserve } else { 0 };
                let size = envelope.bytes.len() as i64;
                if (place.bytes + size).cast_unsigned() > self.limits.space + reserve {
                    break;
                }
                place.last_position += 1;
                place.bytes += size;
                let urgency = envelope.urgency as u8;
                let (position, bytes) = (place.last_position, &envelope.bytes);
                insert.execute((place.number, position, urgency, writer, envelope.id, size, self.day, bytes))?;
            }
            stored += 1;
        }
        if place.last_position > before {
            let mut update =
                self.transaction.prepare_cached("UPDATE space SET last_position = ?2, bytes = ?3 WHERE number = ?1")?;
            update.execute((place.number, place.last_position, place.bytes))?;
        }
        Ok(stored)
    }
}
