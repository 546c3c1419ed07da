//! Many entries at once. Judged one after the other as any entry is, against the log and those before it; then each document is tried
//! once with all that is new in it, instead of once for each entry.
//!
//! Whatever is not plainly in order is left to the road of single entries: nothing is decided here that would be decided otherwise
//! there.

use super::super::Sync;
use super::super::admission::{DEATHS, TRIES, entry_at, keep_entry};
use super::super::causal_past::{Candidate, CausalPast, Judged};
use super::super::probation::{self, Trial};
use super::super::wire::{Entry, EntryHash, Membership};
use crate::error::{Error, Result};
use crate::replica::{DocumentKey, Merge};
use rusqlite::Connection;
use std::collections::HashSet;
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
        let mut past = CausalPast::of(rows);
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
            let fits = if entry.device == self.device() { None } else { in_order(&mut past, &membership, entry)? };
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

/// Steps 2 and 3 for one entry; its changes if it passes both.
fn in_order<'e>(
    past: &mut CausalPast<'_>,
    membership: &Membership,
    entry: &'e Entry,
) -> Result<Option<Vec<Candidate<'e>>>> {
    if past.has_place_of(entry)? || past.chain(entry)?.is_some() {
        return Ok(None);
    }
    let role = membership.authorised_at(&entry.auth_heads, entry.device, entry.incarnation).role();
    if !role.is_some_and(|role| role.may_write()) || membership.beyond_cut(entry, entry.hash()) {
        return Ok(None);
    }
    match past.scan(entry, false)? {
        Judged::Fit(candidates) => Ok(Some(candidates)),
        Judged::Not(_) => Ok(None),
    }
}
