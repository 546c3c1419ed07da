//! Honest work of somebody who did not know yet that they had been taken out: seen by all, signed in by a steward ([`Keep`]).
//!
//! What it says cannot be read before it is kept, since it belongs to no document yet: whoever keeps it goes by who wrote it, and by what
//! they have told.

use super::Sync;
use super::answer::Received;
use super::by_hand::note;
use super::incoming::{From, Source};
use super::waiting::{Aside, REMOVED, each_entry_aside};
use super::wire::operation::MAX_ENDS;
use super::wire::{Action, EntryHash, EntryHead, Keep, Role};
use crate::error::{Error, Result};
use crate::ids::{PersonId, SpaceId};
use rusqlite::Connection;
use std::collections::BTreeMap;

/// What is held of somebody who had been taken out, as far as one can go through it without a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeldWork {
    pub(crate) entries: i64,
    /// When the first of it came, Unix milliseconds by our clock.
    pub(crate) since_ms: i64,
    /// The last entry of each chain, ascending.
    ends: Vec<EntryHead>,
    /// All of them.
    hashes: Vec<EntryHash>,
}

/// An entry beyond a cut.
struct Waiter {
    hash: EntryHash,
    /// It waits for nothing but somebody's word: all that it rests on is here.
    is_next: bool,
    arrived_ms: i64,
}

impl Sync {
    /// Whose work waits in a space because they had been taken out.
    pub(crate) fn held_work(&self, rows: &Connection, space: &SpaceId) -> Result<BTreeMap<PersonId, HeldWork>> {
        let membership = self.membership(rows, space)?;
        let mut chains: BTreeMap<_, BTreeMap<u64, Waiter>> = BTreeMap::new();
        each_entry_aside(rows, space, |Aside { entry, waits, reason, arrived_ms, .. }| {
            let role = membership.authorised_at(&entry.auth_heads, entry.device, entry.incarnation).role();
            if waits && role.is_some_and(Role::may_write) && membership.beyond_cut(&entry, entry.hash()) {
                let waiter = Waiter { hash: entry.hash(), is_next: reason == REMOVED, arrived_ms };
                chains.entry((entry.device, entry.incarnation)).or_default().insert(entry.sequence, waiter);
            }
        })?;
        let mut work: BTreeMap<PersonId, HeldWork> = BTreeMap::new();
        for ((device, incarnation), chain) in chains {
            // What waits for an entry that nobody has brought is not signed in unseen.
            let Some((first, waiter)) = chain.iter().find(|(_, waiter)| waiter.is_next) else { continue };
            let Some(person) = membership.person_of(device) else { continue };
            let nothing = HeldWork { entries: 0, since_ms: waiter.arrived_ms, ends: Vec::new(), hashes: Vec::new() };
            let held = work.entry(person).or_insert(nothing);
            let mut end = EntryHead { device, incarnation, sequence: *first, hash: waiter.hash };
            for ((sequence, waiter), next) in chain.range(first..).zip(*first..) {
                if *sequence != next {
                    break;
                }
                held.entries += 1;
                held.hashes.push(waiter.hash);
                held.since_ms = held.since_ms.min(waiter.arrived_ms);
                end = EntryHead { sequence: next, hash: waiter.hash, ..end };
            }
            held.ends.push(end);
        }
        Ok(work)
    }

    /// Signs in what is held of somebody, takes it as if it came, and brings it to the relay: a card or a relay that keeps things back may have
    /// brought it here alone, and nobody else would ever miss it. `NotFound` if nothing is.
    pub(crate) fn keep_work(&self, space: &SpaceId, person: &PersonId) -> Result<()> {
        self.replica.store().write(|rows| {
            let held = self.held_work(rows, space)?.remove(person).ok_or(Error::NotFound)?;
            self.join_heads(rows, space)?;
            for ends in held.ends.chunks(MAX_ENDS) {
                let heads = self.membership(rows, space)?.heads();
                let keep = Action::Keep(Keep { ends: ends.to_vec() });
                self.sign_and_keep(rows, space, heads, keep)?;
            }
            let now = self.replica.now_ms();
            held.hashes.iter().try_for_each(|hash| note(rows, space, hash, now))
        })?;
        self.take_what_counts(space)
    }

    /// Takes what was held in a space and counts by now. At a start too: the process may have ended behind a keeping.
    pub(super) fn take_what_counts(&self, space: &SpaceId) -> Result<()> {
        let from = From::Space(*space);
        self.take_all(self.let_in(&from)?.into(), Source::BY_HAND, &mut Received::default())
    }
}
