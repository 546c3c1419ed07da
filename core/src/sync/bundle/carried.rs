//! What is kept for others: envelopes that no key of ours opens, within a quota that the person set. And what is of a space that one has asked
//! to be let into: the card may not come again, and the welcome may stand behind the rest on it, or on the next one.

use super::Carried;
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use crate::store::{meta, set_meta};
use crate::sync::Sync;
use crate::sync::wire::space_tag;
use rafiq_protocol::{EnvelopeHeader, Tag, Urgency, envelope_id};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;

const QUOTA: &str = "carry quota";
/// No alert is longer: an item of 1,024 bytes, padded and sealed to an inbox, makes 1,218. What is longer and says that it is an
/// alert waits behind all others, so that nobody pushes out with it what people have asked.
const LONGEST_ALERT: usize = 2 * 1024;

/// So many bytes are kept of what one has asked to be let into, if less is carried for others.
const AWAITED: i64 = 16 << 20;
/// And so long behind an invite's end, in seconds: 90 days. Whoever gave it may be asked late, and say yes later.
const AWAITED_S: i64 = 90 * 24 * 3_600;

/// For whom an envelope is kept that nobody can open here. The numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    /// For others, within the person's quota.
    Others = 0,
    /// It is of a space that one has asked to be let into.
    Oneself = 1,
}

/// Where such an envelope went.
pub(super) enum Kept {
    New,
    /// For oneself, once one is let in.
    Awaited,
    Known,
    Left,
}

impl Sync {
    /// Carry for others: from now on envelopes for others that are read from bundles are kept, up to so many bytes, and go out again
    /// in later bundles. Above it the oldest large ones are dropped first, alerts last. 0 carries nothing and drops what is carried.
    ///
    /// Errors: `Invalid{field: "quota"}` below 0.
    pub fn carry(&self, quota_bytes: i64) -> Result<()> {
        if quota_bytes < 0 {
            return Err(Error::invalid("quota", "range"));
        }
        self.replica().store().write(|rows| {
            set_meta(rows, QUOTA, &quota_bytes.to_be_bytes())?;
            make_room(rows, For::Others, quota_bytes)
        })
    }

    /// How *carry for others* stands.
    pub fn carried(&self) -> Result<Carried> {
        self.replica().read(|rows| {
            let (bytes, envelopes) =
                rows.query_row("SELECT bytes, envelopes FROM carried_size", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(Carried { quota_bytes: quota(rows)?, bytes, envelopes })
        })
    }
}

/// The tags of the spaces that one has asked to be let into. What was kept for one that nobody waits for any more is for others.
pub(super) fn awaited(rows: &Connection, now_ms: i64) -> Result<BTreeSet<Tag>> {
    let mut statement =
        rows.prepare_cached("SELECT DISTINCT space FROM invite WHERE own = 0 AND used = 0 AND expires > ?1")?;
    let since = now_ms.div_euclid(1000).saturating_sub(AWAITED_S);
    let found = statement.query_map([since], |row| row.get(0).map(SpaceId))?;
    let tags: BTreeSet<Tag> = found.map(|space| Ok(space_tag(&space?))).collect::<Result<_>>()?;
    let kept: Vec<Tag> = rows
        .prepare_cached("SELECT DISTINCT tag FROM carried WHERE awaited = 1")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for tag in kept.iter().filter(|tag| !tags.contains(*tag)) {
        rows.prepare_cached("UPDATE carried SET awaited = 0 WHERE tag = ?1")?.execute([&tag[..]])?;
        make_room(rows, For::Others, quota(rows)?)?;
    }
    Ok(tags)
}

/// Keeps an envelope, if there is room for it.
pub(super) fn keep(rows: &Connection, envelope: &[u8], header: &EnvelopeHeader, whom: For) -> Result<Kept> {
    let id = envelope_id(envelope);
    let room = if whom == For::Oneself { AWAITED } else { quota(rows)? };
    let alert = header.urgency == Urgency::Alert;
    let urgency = if alert && envelope.len() > LONGEST_ALERT { Urgency::Large } else { header.urgency };
    if room == 0 {
        return Ok(Kept::Left);
    }
    let new = rows
        .prepare_cached(
            "INSERT INTO carried (id, tag, urgency, envelope, awaited) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        )?
        .execute(params![&id[..], &header.tag[..], urgency as u8, envelope, whom as u8])?;
    if new == 0 {
        return Ok(Kept::Known);
    }
    make_room(rows, whom, room)?;
    // It may have been the one that had to go.
    let stayed = rows.prepare_cached("SELECT 1 FROM carried WHERE id = ?1")?.exists([&id[..]])?;
    Ok(match (stayed, whom) {
        (true, For::Oneself) => Kept::Awaited,
        (true, For::Others) => Kept::New,
        (false, _) => Kept::Left,
    })
}

/// The next envelope that is carried, after this number, of this urgency.
pub(super) fn next(rows: &Connection, urgency: Urgency, after: i64) -> Result<Option<(i64, Vec<u8>)>> {
    let mut statement = rows.prepare_cached(
        "SELECT number, envelope FROM carried WHERE urgency = ?1 AND number > ?2 AND awaited = 0 ORDER BY number LIMIT 1",
    )?;
    let found = statement.query_row(params![urgency as u8, after], |row| Ok((row.get(0)?, row.get(1)?)));
    found.optional().map_err(Error::from)
}

/// What is carried under one tag, which is ours now: it leaves the table when it has been taken.
pub(super) fn under(rows: &Connection, tag: &Tag) -> Result<Option<(i64, Vec<u8>)>> {
    let mut statement =
        rows.prepare_cached("SELECT number, envelope FROM carried WHERE tag = ?1 ORDER BY urgency, number LIMIT 1")?;
    let found = statement.query_row([&tag[..]], |row| Ok((row.get(0)?, row.get(1)?)));
    found.optional().map_err(Error::from)
}

pub(super) fn remove(rows: &Connection, number: i64) -> Result<()> {
    rows.prepare_cached("DELETE FROM carried WHERE number = ?1")?.execute([number])?;
    Ok(())
}

fn quota(rows: &Connection) -> Result<i64> {
    let Some(bytes) = meta(rows, QUOTA)? else { return Ok(0) };
    bytes.try_into().map(i64::from_be_bytes).map_err(|_| Error::Corrupt)
}

/// Drops the oldest large ones first, then small ones, alerts last, until no more bytes are kept for these.
fn make_room(rows: &Connection, whom: For, most: i64) -> Result<()> {
    let kept: i64 = rows
        .prepare_cached("SELECT CASE ?1 WHEN 1 THEN awaited ELSE bytes END FROM carried_size")?
        .query_row([whom as u8], |row| row.get(0))?;
    let mut over = kept.saturating_sub(most);
    while over > 0 {
        let mut oldest = rows.prepare_cached(
            "SELECT number, length(envelope) FROM carried WHERE awaited = ?1 ORDER BY urgency DESC, number LIMIT 1",
        )?;
        let (number, length): (i64, i64) = oldest.query_row([whom as u8], |row| Ok((row.get(0)?, row.get(1)?)))?;
        remove(rows, number)?;
        over -= length;
    }
    Ok(())
}
