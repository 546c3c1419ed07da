//! Admission: what stands between a foreign entry and our documents.
//!
//! | step | what | where |
//! |---|---|---|
//! | 1 | size, commitment, cipher | [`super::wire::envelope`], before this room |
//! | 2 | signature and root (a decoded [`Entry`] has them), chain, authority | [`Sync::judge`], [`super::causal_past`] |
//! | 3 | each change, by our own scanner, before automerge sees it | [`super::causal_past`], [`super::scanner`] |
//! | 4 | probation on a clone | [`super::probation`] |
//! | 5 | commit, then adopt the clone | `Replica::adopt` |
//!
//! Steps 1–3 are functions of the bytes and their causal past, so every replica refuses alike. What is missing makes an entry
//! wait, never fail.

use super::Sync;
use super::causal_past::{Candidate, CausalPast, Judged};
use super::probation::{self, Trial};
use super::safeguards::Safeguard;
use super::waiting::FORK;
use super::wire::{Authority, DeviceId, Entry, EntryHash, EntryHead, Header};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use crate::replica::{DocumentKey, Merge};
use crate::store::{meta, set_meta};
use rusqlite::{Connection, OptionalExtension, params};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Deaths of the process while one entry was being tried, before it is left alone.
pub(super) const DEATHS: i64 = 3;
/// How long what died is left alone.
const FORGIVE_MS: i64 = 24 * 60 * 60 * 1000;
const FORGIVEN: &str = "deaths forgiven";
/// A local write may come between a clone and its adoption; each time the trial starts again on the newer document.
pub(super) const TRIES: usize = 8;

/// What became of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// It is part of the log now.
    Admitted,
    /// It was already.
    Known,
    /// It needs this hash (an entry, change or operation) or, with none, an upgrade.
    Waiting(Option<[u8; 32]>),
    /// It lies beyond the cut of a removal, and no other member's entry names it yet.
    Held,
    /// It is as good as the one that stands in its place: which of them stays is settled by what others have seen.
    Forked,
    /// Refused at step 2 or 3, here as everywhere.
    Refused {
        /// Which step.
        step: u8,
        /// A stable word.
        reason: &'static str,
    },
    /// It did not survive step 4 on this replica.
    Quarantined(&'static str),
}

impl Sync {
    /// Takes a foreign entry through steps 2–5.
    pub(crate) fn admit(&self, entry: &Entry) -> Result<Admission> {
        let candidates = match self.replica.read(|rows| self.judge(rows, entry))? {
            Judged::Fit(candidates) => candidates,
            Judged::Not(admission) => return Ok(admission),
        };
        if candidates.is_empty() {
            return self.keep(entry, Vec::new()).map(|_| Admission::Admitted);
        }
        if self.begin_probation(&entry.hash())? >= DEATHS {
            return Ok(Admission::Quarantined("process-died"));
        }
        // A fault of ours that this entry brings to light must not stop what comes after it, alerts among it.
        let outcome = match catch_unwind(AssertUnwindSafe(|| self.try_and_keep(entry, &candidates))) {
            Ok(Err(Error::Bug { .. })) => Ok(Admission::Quarantined("bug")),
            Ok(outcome) => outcome,
            Err(_) => Ok(Admission::Quarantined("panicked")),
        };
        // Ended by itself, well or ill: whatever it was, the process lives. What was admitted has ended it in its own transaction:
        // each commit more is a moment more in which an innocent end of the process is laid to the entry's charge.
        if !matches!(outcome, Ok(Admission::Admitted)) {
            self.end_probation(&entry.hash())?;
        }
        outcome
    }

    fn try_and_keep(&self, entry: &Entry, candidates: &[Candidate<'_>]) -> Result<Admission> {
        let mut documents: Vec<&DocumentKey> = Vec::new();
        for candidate in candidates {
            if !documents.contains(&&candidate.key) {
                documents.push(&candidate.key);
            }
        }
        for _ in 0..TRIES {
            let mut merges = Vec::with_capacity(documents.len());
            for key in &documents {
                let (document, base) = self.replica.clone_document(key)?;
                let own: Vec<&Candidate<'_>> = candidates.iter().filter(|candidate| candidate.key == **key).collect();
                let trials: Vec<Trial<'_>> = own
                    .iter()
                    .map(|candidate| Trial { bytes: candidate.bytes, touched: &candidate.scanned.touched })
                    .collect();
                let tried = match probation::apply(&document, &trials) {
                    Ok(tried) => tried,
                    Err(suspect) => return Ok(Admission::Quarantined(suspect.trouble.name())),
                };
                let actor = entry.author().actor(&key.id());
                let changes = own.iter().map(|candidate| candidate.row(actor, entry.hash())).collect();
                let key = (*key).clone();
                merges.push(Merge { key, base, document: tried.document, changes, touched: tried.root_keys });
            }
            if self.keep(entry, merges)? {
                return Ok(Admission::Admitted);
            }
        }
        Err(Error::InUse)
    }

    /// Steps 2 and 3.
    fn judge<'a>(&self, rows: &Connection, entry: &'a Entry) -> Result<Judged<'a>> {
        if self.safeguards.holds(Safeguard::Deduplication) && entry_at(rows, &entry.hash())?.is_some() {
            return Ok(Judged::Not(Admission::Known));
        }
        if self.is_forgotten(rows, entry)? {
            return Ok(Judged::Not(Admission::Waiting(Some(self.need_of_renewal(rows)?))));
        }
        let mut past = CausalPast::of(rows);
        let rival = past.has_place_of(entry)?;
        if rival && !self.safeguards.holds(Safeguard::ForkHealing) {
            return Ok(Judged::Not(Admission::Refused { step: 2, reason: FORK }));
        }
        if let Some(admission) = past.chain(entry)? {
            return Ok(Judged::Not(admission));
        }
        let membership = self.membership(rows, &entry.space)?;
        let admission = match membership.authorised_at(&entry.auth_heads, entry.device, entry.incarnation) {
            Authority::Role(role) if role.may_write() => {
                self.lies_beyond(rows, &membership, entry)?.then_some(Admission::Held)
            }
            Authority::Waiting(missing) => Some(Admission::Waiting(missing.first().map(|hash| hash.0))),
            Authority::Role(_) => Some(Admission::Refused { step: 2, reason: "reader" }),
            _ => Some(Admission::Refused { step: 2, reason: "stranger" }),
        };
        match admission {
            Some(admission) => Ok(Judged::Not(admission)),
            None => Ok(match past.scan(entry, rival)? {
                Judged::Fit(_) if rival => Judged::Not(Admission::Forked),
                judged => judged,
            }),
        }
    }

    /// Step 5. `false` if a document has moved on since its clone was taken.
    fn keep(&self, entry: &Entry, merges: Vec<Merge>) -> Result<bool> {
        let kept = self.replica.adopt(merges, |rows| {
            rows.execute("DELETE FROM probation WHERE id = ?1", [&entry.hash().0[..]])?;
            keep_entry(rows, entry, entry.device == self.device())
        })?;
        Ok(kept.is_some())
    }

    pub(super) fn begin_probation(&self, entry: &EntryHash) -> Result<i64> {
        self.replica.store().write(|rows| {
            let deaths: Option<i64> = rows
                .query_row("SELECT deaths FROM probation WHERE id = ?1", [&entry.0[..]], |row| row.get(0))
                .optional()?;
            if deaths.unwrap_or(0) < DEATHS {
                rows.execute(
                    "INSERT INTO probation (id, deaths, active) VALUES (?1, 0, 1) ON CONFLICT (id) DO UPDATE SET active = 1",
                    [&entry.0[..]],
                )?;
            }
            Ok(deaths.unwrap_or(0))
        })
    }

    pub(super) fn end_probation(&self, entry: &EntryHash) -> Result<()> {
        self.replica.store().write(|rows| {
            rows.execute("DELETE FROM probation WHERE id = ?1", [&entry.0[..]])?;
            Ok(())
        })
    }

    /// At a start: what was being tried when the process ended took it down, unless `suspend` had cleared the row.
    pub(super) fn count_deaths(rows: &Connection) -> Result<()> {
        rows.execute("UPDATE probation SET deaths = deaths + 1, active = 0 WHERE active = 1", [])?;
        Ok(())
    }

    /// A person who swipes the app away at the wrong moment three times must not lose what a friend wrote: what was left alone
    /// for its deaths is tried once more at a start, at most once a day. The next death leaves it alone again.
    pub(super) fn forgive_deaths(rows: &Connection, now_ms: i64) -> Result<bool> {
        let died: bool =
            rows.query_row("SELECT EXISTS (SELECT 1 FROM probation WHERE deaths >= ?1)", [DEATHS], |row| row.get(0))?;
        let last = meta(rows, FORGIVEN)?.and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes);
        let today = last.is_some_and(|last| (last..last.saturating_add(FORGIVE_MS)).contains(&now_ms));
        if !died || today {
            return Ok(false);
        }
        set_meta(rows, FORGIVEN, &now_ms.to_be_bytes())?;
        rows.execute("UPDATE probation SET deaths = ?1 - 1 WHERE deaths >= ?1", [DEATHS])?;
        Ok(true)
    }

    /// Phones end background apps all the time: that is no death.
    pub(super) fn pause_probation(&self) -> Result<()> {
        self.replica.store().write(|rows| {
            rows.execute("UPDATE probation SET active = 0", [])?;
            Ok(())
        })
    }
}

pub(super) fn entry_at(rows: &Connection, hash: &EntryHash) -> Result<Option<([u8; 32], u32, i64)>> {
    let found = rows
        .prepare_cached("SELECT device, incarnation, sequence FROM entry WHERE hash = ?1")?
        .query_row([&hash.0[..]], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    Ok(found)
}

/// Writes an entry's header into the log and remembers what its heads name.
pub(super) fn keep_entry(rows: &Connection, entry: &Entry, own: bool) -> Result<()> {
    rows.prepare_cached(
        "INSERT INTO entry (hash, space, device, incarnation, sequence, header, signature, own)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        &entry.hash().0[..],
        &entry.space.0[..],
        &entry.device.0[..],
        entry.incarnation,
        entry.sequence as i64,
        entry.header_bytes(),
        &entry.signature()[..],
        own,
    ])?;
    keep_places(rows, entry)?;
    super::erasing::note_seen(rows, entry)?;
    keep_named(rows, entry)
}

/// Remembers what an entry's heads name: that it exists.
pub(super) fn keep_named(rows: &Connection, entry: &Header) -> Result<()> {
    entry.entry_heads.iter().try_for_each(|head| name_head(rows, &entry.space, head, &entry.device))
}

/// This device has seen a chain up to there. What fell with a side of a fork is here, aside: nobody waits for it.
pub(super) fn name_head(rows: &Connection, space: &SpaceId, head: &EntryHead, by: &DeviceId) -> Result<()> {
    if rows.prepare_cached("SELECT 1 FROM fallen WHERE entry = ?1")?.exists([&head.hash.0[..]])? {
        return Ok(());
    }
    rows.prepare_cached(
        "INSERT INTO named_head (space, device, incarnation, sequence, by) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (space, device, incarnation) DO UPDATE SET sequence = ?4, by = ?5 WHERE sequence < ?4",
    )?
    .execute(params![&space.0[..], &head.device.0[..], head.incarnation, head.sequence as i64, &by.0[..]])?;
    Ok(())
}

/// The log keeps a foreign entry's changes document by document, those of a pack in an order of the pack's. Where the entry has several
/// documents, its own order is kept beside: its root is over that.
fn keep_places(rows: &Connection, entry: &Entry) -> Result<()> {
    if entry.documents.len() < 2 {
        return Ok(());
    }
    for (place, change) in entry.changes().iter().enumerate() {
        rows.prepare_cached("UPDATE change SET place = ?2 WHERE hash = ?1")?
            .execute(params![&change.automerge_hash()[..], place as i64])?;
    }
    Ok(())
}
