//! Many entries at once. Judged one after the other as any entry is, against the log and those before it; then each document is tried
//! once with all that is new in it, instead of once for each entry.
//!
//! Whatever is not plainly in order is left to the road of single entries: nothing is decided here that would be decided otherwise
//! there.

use super::super::Sync;
use super::super::admission::{Candidate, DEATHS, TRIES, chain_end, entry_at, keep_entry, max_op, place_taken};
use super::super::probation::{self, Trial};
use super::super::scanner::{self, Expected, Scan};
use super::super::wire::{Entry, EntryHash, Membership};
use crate::error::{Error, Result};
use crate::ids::DocumentId;
use crate::replica::{DocumentKey, Merge};
use rusqlite::Connection;
use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Documents that are tried at once. One of 500 services takes about 6 MB (measured), twice while it is tried.
const DOCUMENTS: usize = 4;

/// What became of entries that came together.
#[derive(Default)]
pub(super) struct Together<'a> {
    /// Whether anything was new.
    pub(super) new: bool,
    /// What others may wait for: hashes of entries that were admitted, and of their changes.
    pub(super) admitted: Vec<Vec<u8>>,
    /// Those that are to be taken one by one, in their order.
    pub(super) left: Vec<&'a Entry>,
}

struct Fit<'a> {
    entry: &'a Entry,
    candidates: Vec<Candidate<'a>>,
}

/// An actor's last change in a document: its sequence and hash.
type End = (u64, Option<[u8; 32]>);

/// The log, and what comes before in the same run.
struct Seen<'a> {
    rows: &'a Connection,
    membership: &'a Membership,
    entries: HashMap<EntryHash, ([u8; 32], u32, i64)>,
    places: HashSet<([u8; 32], u32, u64)>,
    ends: HashMap<(DocumentId, [u8; 16]), End>,
    highest: HashMap<(DocumentId, [u8; 32]), u64>,
}

impl Sync {
    /// Takes entries of one space, each after those that it builds on. `name` names them together at a process's death.
    pub(super) fn admit_together<'a>(&self, entries: &'a [Entry], name: &[u8; 32]) -> Result<Together<'a>> {
        let mut together = Together::default();
        let mut rest = entries;
        while !rest.is_empty() {
            let (count, fit) = self.replica.read(|rows| self.run(rows, rest, &mut together))?;
            rest = &rest[count..];
            if fit.is_empty() {
                continue;
            }
            together.new = true;
            if self.try_together(&fit, name)? {
                for one in &fit {
                    together.admitted.push(one.entry.hash().0.to_vec());
                    together.admitted.extend(one.candidates.iter().map(|candidate| candidate.scanned.hash.to_vec()));
                }
            } else {
                together.left.extend(fit.iter().map(|one| one.entry));
            }
        }
        Ok(together)
    }

    /// The next entries that touch no more than [`DOCUMENTS`] documents: how many, and which of them are new and in order.
    fn run<'a>(
        &self,
        rows: &Connection,
        entries: &'a [Entry],
        together: &mut Together<'a>,
    ) -> Result<(usize, Vec<Fit<'a>>)> {
        let Some(first) = entries.first() else { return Ok((0, Vec::new())) };
        let membership = self.membership(rows, &first.space)?;
        let mut seen = Seen::new(rows, &membership);
        let (mut documents, mut fit) = (HashSet::new(), Vec::new());
        for (count, entry) in entries.iter().enumerate() {
            if entry_at(rows, &entry.hash())?.is_some() {
                continue;
            }
            documents.extend(&entry.documents);
            if documents.len() > DOCUMENTS && !fit.is_empty() {
                return Ok((count, fit));
            }
            // What is our own may be what we have forgotten, and that is looked into there.
            let fits = if entry.device == self.device() { None } else { seen.take(entry)? };
            match fits {
                Some(candidates) => fit.push(Fit { entry, candidates }),
                None => {
                    together.new = true;
                    together.left.push(entry);
                }
            }
        }
        Ok((entries.len(), fit))
    }

    /// `false` if they are better taken one by one.
    fn try_together(&self, fit: &[Fit<'_>], name: &[u8; 32]) -> Result<bool> {
        let name = EntryHash(*name);
        if self.begin_probation(&name)? >= DEATHS {
            return Ok(false);
        }
        let outcome = match catch_unwind(AssertUnwindSafe(|| self.keep_together(fit, &name))) {
            Ok(Err(Error::Bug { .. })) | Err(_) => Ok(false),
            Ok(outcome) => outcome,
        };
        if !matches!(outcome, Ok(true)) {
            self.end_probation(&name)?;
        }
        outcome
    }

    fn keep_together(&self, fit: &[Fit<'_>], name: &EntryHash) -> Result<bool> {
        let mut by_document: Vec<(&DocumentKey, Vec<(&Entry, &Candidate<'_>)>)> = Vec::new();
        for one in fit {
            for candidate in &one.candidates {
                match by_document.iter_mut().find(|(key, _)| **key == candidate.key) {
                    Some((_, all)) => all.push((one.entry, candidate)),
                    None => by_document.push((&candidate.key, vec![(one.entry, candidate)])),
                }
            }
        }
        for _ in 0..TRIES {
            let mut merges = Vec::with_capacity(by_document.len());
            for (key, all) in &by_document {
                let (document, base) = self.replica.clone_document(key)?;
                let trials = all.iter().map(|(_, it)| Trial { bytes: it.bytes, touched: &it.scanned.touched });
                let Ok(tried) = probation::attempt(&document, &trials.collect::<Vec<_>>()) else { return Ok(false) };
                let id = key.id();
                let row = |(entry, it): &(&Entry, &Candidate<'_>)| it.row(entry.author().actor(&id), entry.hash());
                let changes = all.iter().map(row).collect();
                let key = (*key).clone();
                merges.push(Merge { key, base, document: tried.document, changes, touched: tried.root_keys });
            }
            let kept = self.replica.adopt(merges, |rows| {
                rows.execute("DELETE FROM probation WHERE id = ?1", [&name.0[..]])?;
                fit.iter().try_for_each(|one| keep_entry(rows, one.entry, false))
            })?;
            if kept.is_some() {
                return Ok(true);
            }
        }
        Err(Error::InUse)
    }
}

impl<'a> Seen<'a> {
    fn new(rows: &'a Connection, membership: &'a Membership) -> Self {
        let (entries, places, ends, highest) = (HashMap::new(), HashSet::new(), HashMap::new(), HashMap::new());
        Self { rows, membership, entries, places, ends, highest }
    }

    /// Steps 2 and 3 for one entry; its changes if it passes both.
    fn take<'e>(&mut self, entry: &'e Entry) -> Result<Option<Vec<Candidate<'e>>>> {
        let place = (entry.device.0, entry.incarnation, entry.sequence);
        if self.places.contains(&place) || place_taken(self.rows, entry)? || !self.follows(entry)? {
            return Ok(None);
        }
        let role = self.membership.authorised_at(&entry.auth_heads, entry.device, entry.incarnation).role();
        if !role.is_some_and(|role| role.may_write()) || self.membership.beyond_cut(entry, entry.hash()) {
            return Ok(None);
        }
        let Some(candidates) = self.scan(entry)? else { return Ok(None) };
        self.places.insert(place);
        self.entries.insert(entry.hash(), (entry.device.0, entry.incarnation, entry.sequence as i64));
        Ok(Some(candidates))
    }

    fn follows(&self, entry: &Entry) -> Result<bool> {
        let Some(previous) = entry.previous else { return Ok(true) };
        let before = match self.entries.get(&previous) {
            Some(before) => Some(*before),
            None => entry_at(self.rows, &previous)?,
        };
        Ok(before == Some((entry.device.0, entry.incarnation, entry.sequence as i64 - 1)))
    }

    fn scan<'e>(&mut self, entry: &'e Entry) -> Result<Option<Vec<Candidate<'e>>>> {
        let (mut candidates, mut ends, mut highest) = (Vec::new(), HashMap::new(), HashMap::new());
        for (name, bytes) in entry.named_changes() {
            let (kind, bucket, generation) = (name.kind, name.bucket.clone(), name.generation);
            let key = DocumentKey { space: entry.space, kind, bucket, generation };
            let id = key.id();
            let actor = entry.author().actor(&id);
            let (sequence, previous) = match ends.get(&(id, actor)).or_else(|| self.ends.get(&(id, actor))) {
                Some(end) => *end,
                None => chain_end(self.rows, &id, &actor)?,
            };
            let known = |hash: &[u8; 32]| {
                let here = highest.get(&(id, *hash)).or_else(|| self.highest.get(&(id, *hash)));
                here.copied().or_else(|| max_op(self.rows, &id, hash).ok().flatten())
            };
            let expected = Expected { actor, sequence: sequence + 1, previous, highest_operation: &known };
            let Ok(Scan::Ready(scanned)) = scanner::scan(bytes, &expected) else { return Ok(None) };
            ends.insert((id, actor), (scanned.sequence, Some(scanned.hash)));
            highest.insert((id, scanned.hash), scanned.highest_operation);
            candidates.push(Candidate { key, bytes, scanned });
        }
        self.ends.extend(ends);
        self.highest.extend(highest);
        Ok(Some(candidates))
    }
}
