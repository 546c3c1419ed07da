//! When to read a place from its start again. Cursors are hints: what a relay has kept back, or what was damaged on its way, shows
//! as an entry or operation that waits for one before it, as a head that somebody or a removal names, as a key made by what we have not heard,
//! as words that a record names, or as an envelope that does not open.

use super::Sync;
use super::epochs::unknown_operations;
use super::exchange::Part;
use super::incoming::From;
use super::naming::UNNAMED;
use super::safeguards::Safeguard;
use super::waiting::REMOVED;
use super::wire::{Action, EntryHead, Membership};
use crate::error::Result;
use crate::ids::{SpaceId, hash, to_text};
use crate::store::{meta, set_meta};
use rusqlite::{Connection, params};

/// A relay that really lacks what is missing is not read from its start at every exchange: that would cost prepaid data.
const READ_AGAIN_MS: i64 = 60 * 60 * 1000;
/// If the same was missing last time and did not come, once a day: a member can name what is nowhere, and a lost phone's last words may be
/// on no relay.
const IN_VAIN_MS: i64 = 24 * READ_AGAIN_MS;
/// If only a removal names it, the wait doubles each time that it did not come, up to a month: the removal's author may be out and answers to
/// nobody.
const MOST_DOUBLED: u8 = 5;
/// If it is always something else that is missing, the hour doubles each time up to a day: a member can name something new each hour that
/// is nowhere.
const MOST_TURNS: u8 = 5;

/// When a place was last read from its start, and what was missing then.
struct Last {
    at: i64,
    missing: [u8; 32],
    /// How often the same had been missing before.
    vain: u8,
    /// How often it was something else in a row, and never nothing.
    turns: u8,
}

impl Sync {
    /// Whether something is missing here that may lie before our cursor; at most once an hour for one place, and once a day for the
    /// same or on a line that costs. With the next exchange everything is read again; what we hold is known and changes nothing.
    pub(super) fn shall_read_again(&self, rows: &Connection, relay: &str, part: &Part) -> Result<bool> {
        let (name, now) = (format!("read again {} {relay}", to_text(&part.tag)), self.replica.now_ms());
        let last = meta(rows, &name)?.and_then(|bytes| Last::decode(&bytes));
        // A clock that was set back must not keep us from it either.
        let within = |ms: i64| last.as_ref().is_some_and(|last| (last.at..last.at.saturating_add(ms)).contains(&now));
        if within(if part.spared.is_some() { IN_VAIN_MS } else { READ_AGAIN_MS }) {
            return Ok(false);
        }
        let (missing, by_removals) = self.missing(rows, part)?;
        let same = last.as_ref().filter(|last| Some(last.missing) == missing);
        let doubled = |last: &Last| if by_removals { last.vain.min(MOST_DOUBLED) } else { 0 };
        let turns = last.as_ref().map_or(0, |last| last.turns);
        let in_vain = match same {
            Some(same) => within(IN_VAIN_MS << doubled(same)),
            None => within((READ_AGAIN_MS << turns.min(MOST_TURNS)).min(IN_VAIN_MS)),
        };
        let since = last.as_ref().map(|last| last.at).filter(|at| *at <= now).unwrap_or(i64::MIN);
        let doubtful = missing.is_some() && !in_vain || damaged_between(rows, part, since, now)?;
        let doubtful = doubtful && self.safeguards.holds(Safeguard::ReadingAgain);
        if doubtful {
            let vain = same.map_or(0, |last| last.vain.saturating_add(1));
            let is_other =
                missing.is_some() && same.is_none() && last.as_ref().is_some_and(|last| last.missing != [0; 32]);
            let turns = turns.saturating_add(u8::from(is_other));
            set_meta(rows, &name, &Last { at: now, missing: missing.unwrap_or_default(), vain, turns }.encode())?;
        } else if let (None, Some(last)) = (missing, last.filter(|last| last.turns > 0)) {
            // All has come: reading again was worth it, and may be again.
            set_meta(rows, &name, &Last { turns: 0, ..last }.encode())?;
        }
        Ok(doubtful)
    }

    /// A name for all that items and operations wait for and that heads, removals, keys and records speak of; `None` if nothing is missing. And
    /// whether removals alone name it.
    fn missing(&self, rows: &Connection, part: &Part) -> Result<(Option<[u8; 32]>, bool)> {
        let mut statement = rows.prepare_cached(
            "SELECT needs, 0, 0 FROM held_item WHERE space = ?1 AND state = 1 AND needs IS NOT NULL AND substr(item, 1, 1) = x'01'
                 AND reason NOT IN (?2, ?3)
             UNION
             SELECT n.device, n.incarnation, n.sequence FROM named_head n WHERE n.space = ?1 AND n.sequence > coalesce(
                 (SELECT max(e.sequence) FROM entry e
                  WHERE e.space = n.space AND e.device = n.device AND e.incarnation = n.incarnation), 0)
             ORDER BY 1, 2, 3",
        )?;
        let mut found = statement.query(params![&part.from.space().0[..], UNNAMED, REMOVED])?;
        let mut all = Vec::new();
        while let Some(row) = found.next()? {
            all.extend(row.get::<_, Vec<u8>>(0)?);
            all.extend(row.get::<_, i64>(1)?.to_be_bytes());
            all.extend(row.get::<_, i64>(2)?.to_be_bytes());
        }
        let membership = match part.from {
            From::Space(space) => Some(self.membership(rows, &space)?),
            _ => None,
        };
        // Operations that build on one which is not here do not count yet.
        if let Some(membership) = &membership {
            all.extend(membership.waiting().keys().flat_map(|hash| hash.0));
            all.extend(unknown_operations(rows, membership)?.iter().flat_map(|hash| hash.0));
        }
        // On a line that costs their author may be keeping them back for a better one, and so may the relay for us.
        if part.spared.is_none() {
            all.extend(self.replica.lacking_words(rows, &part.from.space())?.concat());
        }
        let others = all.len();
        for end in membership.iter().flat_map(|membership| cut_ends(membership)) {
            if last_sequence(rows, &part.from.space(), end)? < end.sequence {
                all.extend(end.hash.0);
            }
        }
        Ok(((!all.is_empty()).then(|| hash("rafiq 2026 what is missing v1", &[&all])), others == 0))
    }
}

/// How far whoever took somebody out had seen their chains, or somebody who left their own. Those write no more, so nothing later names it.
fn cut_ends(membership: &Membership) -> impl Iterator<Item = &EntryHead> {
    membership.operations().iter().flat_map(|operation| match &operation.action {
        Action::Remove(remove) => &remove.cut[..],
        _ => &[],
    })
}

fn last_sequence(rows: &Connection, space: &SpaceId, end: &EntryHead) -> Result<u64> {
    let last: Option<i64> = rows
        .prepare_cached("SELECT max(sequence) FROM entry WHERE space = ?1 AND device = ?2 AND incarnation = ?3")?
        .query_row(params![&space.0[..], &end.device.0[..], end.incarnation], |row| row.get(0))?;
    Ok(last.map_or(0, i64::cast_unsigned))
}

/// Whether an envelope came in that time that does not open: a sound one may lie where it came from. One that came while the clock was
/// ahead was doubted then.
fn damaged_between(rows: &Connection, part: &Part, since: i64, now: i64) -> Result<bool> {
    let mut statement = rows.prepare_cached(
        "SELECT 1 FROM held_item WHERE space = ?1 AND substr(item, 1, 1) = x'00' AND arrived > ?2 AND arrived <= ?3 LIMIT 1",
    )?;
    Ok(statement.exists(params![&part.from.space().0[..], since, now])?)
}

impl Last {
    fn encode(&self) -> Vec<u8> {
        [&self.at.to_be_bytes()[..], &self.missing, &[self.vain, self.turns]].concat()
    }

    /// What earlier versions wrote ends before the counts.
    fn decode(bytes: &[u8]) -> Option<Self> {
        let (at, rest) = bytes.split_first_chunk()?;
        let (missing, rest) = rest.split_first_chunk()?;
        let count = |at: usize| rest.get(at).copied().unwrap_or(0);
        Some(Self { at: i64::from_be_bytes(*at), missing: *missing, vain: count(0), turns: count(1) })
    }
}
