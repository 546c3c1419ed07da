//! What a foreign entry is judged against in steps 2 and 3 of [admission](super::admission): the log, and what comes before it in the same
//! run. An entry that comes alone has the log alone before it; of many that come together each has also those before it that were in order.

use super::admission::{Admission, entry_at};
use super::scanner::{self, Expected, Scan, Scanned};
use super::wire::{Entry, EntryHash};
use crate::error::Result;
use crate::ids::DocumentId;
use crate::replica::{ChangeRow, DocumentKey};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{HashMap, HashSet};

/// A change that has passed the scanner.
pub(super) struct Candidate<'a> {
    pub(super) key: DocumentKey,
    pub(super) bytes: &'a [u8],
    pub(super) scanned: Scanned,
}

impl Candidate<'_> {
    pub(super) fn row(&self, actor: [u8; 16], entry: EntryHash) -> ChangeRow {
        ChangeRow {
            hash: self.scanned.hash,
            actor,
            sequence: self.scanned.sequence,
            max_op: self.scanned.highest_operation,
            bytes: self.bytes.to_vec(),
            entry: Some(entry.0),
        }
    }
}

/// What judging an entry led to.
pub(super) enum Judged<'a> {
    /// Its changes may be tried.
    Fit(Vec<Candidate<'a>>),
    Not(Admission),
}

/// An actor's last change in a document: its sequence and hash.
type End = (u64, Option<[u8; 32]>);

/// The log, and what comes before in the same run.
pub(super) struct CausalPast<'a> {
    rows: &'a Connection,
    entries: HashMap<EntryHash, ([u8; 32], u32, i64)>,
    places: HashSet<([u8; 32], u32, u64)>,
    ends: HashMap<(DocumentId, [u8; 16]), End>,
    highest: HashMap<(DocumentId, [u8; 32]), u64>,
}

impl<'a> CausalPast<'a> {
    /// The log alone.
    pub(super) fn of(rows: &'a Connection) -> Self {
        let (entries, places, ends, highest) = (HashMap::new(), HashSet::new(), HashMap::new(), HashMap::new());
        Self { rows, entries, places, ends, highest }
    }

    /// Whether another entry, or this one, stands at its place in the chain.
    pub(super) fn has_place_of(&self, entry: &Entry) -> Result<bool> {
        if self.places.contains(&(entry.device.0, entry.incarnation, entry.sequence)) {
            return Ok(true);
        }
        let mut statement = self.rows.prepare_cached(
            "SELECT 1 FROM entry WHERE space = ?1 AND device = ?2 AND incarnation = ?3 AND sequence = ?4",
        )?;
        let place = params![&entry.space.0[..], &entry.device.0[..], entry.incarnation, entry.sequence as i64];
        Ok(statement.exists(place)?)
    }

    /// Of step 2, whether the entry continues its chain; `None` if it does.
    pub(super) fn chain(&self, entry: &Entry) -> Result<Option<Admission>> {
        let Some(previous) = entry.previous else { return Ok(None) };
        let before = match self.entries.get(&previous) {
            Some(before) => Some(*before),
            None => entry_at(self.rows, &previous)?,
        };
        Ok(match before {
            None => Some(Admission::Waiting(Some(previous.0))),
            Some((device, incarnation, sequence))
                if device == entry.device.0
                    && incarnation == entry.incarnation
                    && sequence + 1 == entry.sequence as i64 =>
            {
                None
            }
            Some(_) => Some(Admission::Refused { step: 2, reason: "chain" }),
        })
    }

    /// Step 3: every change in its order, against what comes before it, also in the entry. One that passes comes before those that are judged
    /// after it. A rival is judged as if it stood in its place.
    pub(super) fn scan<'e>(&mut self, entry: &'e Entry, rival: bool) -> Result<Judged<'e>> {
        let (mut candidates, mut ends, mut highest) = (Vec::new(), HashMap::new(), HashMap::new());
        for (name, bytes) in entry.named_changes() {
            let (kind, bucket, generation) = (name.kind, name.bucket.clone(), name.generation);
            let key = DocumentKey { space: entry.space, kind, bucket, generation };
            let id = key.id();
            let actor = entry.author().actor(&id);
            let (sequence, previous) = match ends.get(&(id, actor)).or_else(|| self.ends.get(&(id, actor))) {
                Some(end) => *end,
                None if rival => chain_end_before(self.rows, &id, &actor, entry.sequence)?,
                None => chain_end(self.rows, &id, &actor)?,
            };
            let known = |hash: &[u8; 32]| {
                let here = highest.get(&(id, *hash)).or_else(|| self.highest.get(&(id, *hash)));
                here.copied().or_else(|| max_op(self.rows, &id, hash).ok().flatten())
            };
            let expected = Expected { actor, sequence: sequence + 1, previous, highest_operation: &known };
            let scanned = match scanner::scan(bytes, &expected) {
                Ok(Scan::Ready(scanned)) => scanned,
                Ok(Scan::Waiting { missing }) => {
                    return Ok(Judged::Not(Admission::Waiting(missing.first().copied())));
                }
                Err(refused) => return Ok(Judged::Not(Admission::Refused { step: 3, reason: refused.name() })),
            };
            ends.insert((id, actor), (scanned.sequence, Some(scanned.hash)));
            highest.insert((id, scanned.hash), scanned.highest_operation);
            candidates.push(Candidate { key, bytes, scanned });
        }
        self.ends.extend(ends);
        self.highest.extend(highest);
        self.places.insert((entry.device.0, entry.incarnation, entry.sequence));
        self.entries.insert(entry.hash(), (entry.device.0, entry.incarnation, entry.sequence as i64));
        Ok(Judged::Fit(candidates))
    }
}

/// The last change of an actor in a document.
fn chain_end(rows: &Connection, document: &DocumentId, actor: &[u8; 16]) -> Result<End> {
    let found: Option<(i64, [u8; 32])> = rows
        .prepare_cached(
            "SELECT sequence, hash FROM change WHERE document = ?1 AND actor = ?2 ORDER BY sequence DESC LIMIT 1",
        )?
        .query_row(params![&document.0[..], &actor[..]], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.map_or((0, None), |(sequence, hash)| (sequence.unsigned_abs(), Some(hash))))
}

/// As [`chain_end`], of what came before this place in the author's chain of entries.
fn chain_end_before(rows: &Connection, document: &DocumentId, actor: &[u8; 16], place: u64) -> Result<End> {
    let found: Option<(i64, [u8; 32])> = rows
        .prepare_cached(
            "SELECT c.sequence, c.hash FROM change c JOIN entry e ON e.hash = c.entry
             WHERE c.document = ?1 AND c.actor = ?2 AND e.sequence < ?3 ORDER BY c.sequence DESC LIMIT 1",
        )?
        .query_row(params![&document.0[..], &actor[..], place as i64], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.map_or((0, None), |(sequence, hash)| (sequence.unsigned_abs(), Some(hash))))
}

fn max_op(rows: &Connection, document: &DocumentId, hash: &[u8; 32]) -> Result<Option<u64>> {
    let found: Option<i64> = rows
        .prepare_cached("SELECT max_op FROM change WHERE hash = ?1 AND document = ?2")?
        .query_row(params![&hash[..], &document.0[..]], |row| row.get(0))
        .optional()?;
    Ok(found.map(i64::unsigned_abs))
}
