//! Forks: two signed entries of one device in one place. A phone that was put back to a copy of an earlier day makes them without knowing,
//! a member who means harm on purpose. An actor cannot have both, so every replica keeps the same one: the side that more other people
//! have seen, and of equals the one with the lower hash, so that nobody can void the others' work by finding a hash. What stands in its
//! place falls, with all that rests on it: the documents are made again without it, and whoever wrote it writes it again under a new
//! incarnation. Both sides are kept, each with its author's signature.
//!
//! Which side stays is a function of the entries and operations that are here, in the log and aside, not of the order in which they
//! came. Whoever begins with a pack does not hear of what had fallen before; nor can that tell them otherwise, since whoever had
//! built on it has named the side that stayed since.

mod judging;

use self::judging::{Forks, Leaning, Node, Settled, settle};
use super::Sync;
use super::admission::entry_at;
use super::answer::Received;
use super::cut::hear_who_stays;
use super::erasing::forget_seen;
use super::identity::Renewal;
use super::incoming::{Coming, From, Source, held_entry};
use super::outgoing::stored_entry;
use super::resting::{Falling, Resting};
use super::safeguards::Safeguard;
use super::scanner::{self, Expected, Refused};
use super::waiting::{Aside, FORK, Held, Standing, each_entry_aside, hold};
use super::wire::{DeviceId, Entry, EntryHash, Header, Item};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use crate::replica::{DocumentKey, Records, incarnation};
use automerge::Change;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};

/// Settling one fork may bring the next to light; a space that does not come to rest by then goes on at the next exchange.
const ROUNDS: usize = 8;

/// By what is seen that a space has changed: its last entry and operation, and what stands aside.
pub(super) type Stamp = [i64; 5];

/// A device's entries under one incarnation.
type Chain = (DeviceId, u32);

/// What is to be done about them.
struct Verdict {
    /// Entries of the log that fall, each with what it will be missing.
    fall: Falling,
    /// What stands aside and falls too.
    aside: Vec<Aside>,
    /// What stood aside for a fork and has its place back.
    back: Vec<Aside>,
    /// The chains that are forked, each with the first place that several stand in.
    chains: BTreeMap<Chain, u64>,
    /// What of them stays, from there on.
    stays: Vec<EntryHash>,
}

impl Sync {
    /// Settles the forks of every space that has some and has changed. After an exchange, a bundle, a start.
    pub(super) fn heal_forks(&self, received: &mut Received) -> Result<()> {
        if !self.safeguards.holds(Safeguard::ForkHealing) {
            return Ok(());
        }
        for space in self.replica.read(forked_spaces)? {
            for _ in 0..ROUNDS {
                let now = self.replica.read(|rows| stamp(rows, &space))?;
                if self.settled.lock().get(&space) == Some(&now) {
                    break;
                }
                // What is wrong in one space keeps no other from its exchange, and no profile from opening.
                let healed = self.heal(&space, received);
                if self.isolated(&space, healed)? != Some(true) {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Whether anything has moved.
    fn heal(&self, space: &SpaceId, received: &mut Received) -> Result<bool> {
        let (nouns, back, moved, stood) = self.replica.store().write(|rows| {
            let verdict = self.verdict(rows, space)?;
            let moved = !verdict.fall.is_empty() || !verdict.back.is_empty();
            let nouns = self.carry_out(rows, space, &verdict)?;
            Ok((nouns, verdict.back, moved, stamp(rows, space)?))
        })?;
        self.settled.lock().insert(*space, stood);
        let back = back.into_iter().map(|aside| {
            let item = Item::Entry(aside.entry).encode();
            Coming::again(Held { id: aside.id, space: *space, item }, From::Space(*space))
        });
        self.take_all(back.collect(), Source::BY_HAND, received)?;
        if !nouns.is_empty() {
            // What was written again is to leave.
            received.again = true;
            nouns.iter().chain(&["sync"]).for_each(|noun| self.replica.announce(noun));
        }
        Ok(moved)
    }

    fn verdict(&self, rows: &Connection, space: &SpaceId) -> Result<Verdict> {
        let membership = self.membership(rows, space)?;
        let mut aside = Vec::new();
        each_entry_aside(rows, space, |one| aside.push(one))?;
        let forks = Forks::of(rows, &membership, &aside)?;
        let bears = |one: &Aside| one.waits || one.reason == FORK;
        let aside: Vec<Leaning> = aside.into_iter().filter(bears).map(Leaning::of).collect();
        // Mostly it is settled already, and what has fallen stands aside: then no change of the log need be read.
        let mut settled = settle(&forks, &Resting::names(rows, space)?, &aside);
        if settled.log_was_asked {
            settled = settle(&forks, &Resting::of(rows, space)?, &aside);
        }
        let Settled { fall, gone, chains, .. } = settled;
        let (mut fallen, left): (Vec<Aside>, Vec<Aside>) =
            aside.into_iter().map(|one| one.aside).partition(|one| gone.contains(&one.entry.hash().0));
        let mut back: Vec<Aside> = left.into_iter().filter(|one| one.reason == FORK).collect();
        back.sort_by_key(|one| (one.entry.device, one.entry.incarnation, one.entry.sequence));
        fallen.sort_by_key(|one| (one.entry.device, one.entry.incarnation, one.entry.sequence));
        let forked = |node: &Node| chains.get(&node.chain).is_some_and(|first| node.sequence >= *first);
        let mut keeps = Vec::new();
        for (hash, _) in forks.nodes.iter().filter(|(hash, node)| forked(node) && !gone.contains(&hash.0)) {
            if entry_at(rows, hash)?.is_some() {
                keeps.push(*hash);
            }
        }
        keeps.sort_unstable();
        Ok(Verdict { fall, aside: fallen, back, chains, stays: keeps })
    }

    /// In one transaction: what falls stands aside, the documents are made again without it, and what of it is ours is written again.
    fn carry_out(&self, rows: &Connection, space: &SpaceId, verdict: &Verdict) -> Result<BTreeSet<&'static str>> {
        let now = self.replica.now_ms();
        let mut ours = BTreeSet::new();
        let mut ends_our_life = false;
        let mut chains: BTreeSet<Chain> = verdict.chains.keys().copied().collect();
        chains.extend(verdict.aside.iter().map(|one| chain_of(&one.entry)));
        let present = incarnation(rows)?.ok_or(Error::Corrupt)?;
        for (hash, need) in &verdict.fall {
            let entry = stored_entry(rows, &EntryHash(*hash))?;
            chains.insert(chain_of(&entry));
            if entry.device == self.device() {
                ours.insert(*hash);
                ends_our_life |= entry.incarnation == present;
            }
            hold(rows, &held_entry(&entry), Standing::Refused, 2, FORK, need.as_ref().map(|need| &need[..]), now)?;
            self.pass_on_once(rows, entry)?;
        }
        let mut nouns = self.replica.rewrite(rows, &verdict.fall.keys().copied().collect(), &ours)?;
        for one in &verdict.aside {
            rows.prepare_cached("UPDATE held_item SET state = 2, step = 2, reason = ?2 WHERE id = ?1")?
                .execute(params![&one.id[..], FORK])?;
            if !one.on_relay {
                self.pass_on_once(rows, one.entry.clone())?;
            }
        }
        for hash in verdict.fall.keys() {
            forget_seen(rows, space, hash)?;
            rows.prepare_cached("DELETE FROM entry WHERE hash = ?1")?.execute([&hash[..]])?;
        }
        self.forget_vouched(space);
        let aside = verdict.aside.iter().map(|one| one.entry.hash().0);
        let has_changed = keep_fallen(rows, space, verdict.fall.keys().copied().chain(aside).collect())?;
        for hash in &verdict.stays {
            self.pass_on_once(rows, stored_entry(rows, hash)?)?;
        }
        for hash in &ours {
            taken_over(rows, hash)?;
        }
        self.take_over_aside(rows, &verdict.aside)?;
        if has_changed {
            name_again(rows, space, &chains)?;
        }
        if ends_our_life {
            nouns.extend(self.renew_incarnation(rows, Renewal::Fork, None)?);
        }
        if crate::replica::role_in(rows, space)? >= crate::replica::WRITER {
            nouns.extend(self.replica.write_again(rows, space, self.keys(rows)?.author())?);
        }
        Ok(nouns)
    }

    /// Who is to judge a fork must know both sides, and its author must have what is to be written again. Our own leaves by itself.
    fn pass_on_once(&self, rows: &Connection, entry: Entry) -> Result<()> {
        let first = rows
            .prepare_cached("INSERT OR IGNORE INTO passed_on (entry) VALUES (?1)")?
            .execute([&entry.hash().0[..]])?;
        if first == 0 || entry.device == self.device() {
            return Ok(());
        }
        self.pass_on(rows, entry)
    }

    /// What this device has signed in a life that it has forgotten, and what will not be taken: its words are written again all the same.
    fn take_over_aside(&self, rows: &Connection, aside: &[Aside]) -> Result<()> {
        let mut records = Records::default();
        for entry in aside.iter().map(|one| &one.entry).filter(|entry| entry.device == self.device()) {
            let known =
                rows.prepare_cached("SELECT 1 FROM taken_over WHERE entry = ?1")?.exists([&entry.hash().0[..]])?;
            let Some(changes) = (!known).then(|| bounded_changes(entry)).flatten() else { continue };
            if self.replica.take_over_foreign(rows, &changes, &mut records)? {
                taken_over(rows, &entry.hash().0)?;
            }
        }
        Ok(())
    }
}

fn chain_of(header: &Header) -> Chain {
    (header.device, header.incarnation)
}

fn taken_over(rows: &Connection, hash: &[u8; 32]) -> Result<()> {
    rows.prepare_cached("INSERT OR IGNORE INTO taken_over (entry) VALUES (?1)")?.execute([&hash[..]])?;
    Ok(())
}

/// What only they have named, who fell, is not known to exist; in the chains themselves it is what stays that says how far they go.
fn name_again(rows: &Connection, space: &SpaceId, chains: &BTreeSet<Chain>) -> Result<()> {
    for (device, incarnation) in chains {
        rows.prepare_cached(
            "DELETE FROM named_head WHERE space = ?1 AND (by = ?2 OR device = ?2 AND incarnation = ?3)",
        )?
        .execute(params![&space.0[..], &device.0[..], incarnation])?;
    }
    hear_who_stays(rows, space)
}

/// Writes down what has fallen in a space by now. Whether that is something else than before.
fn keep_fallen(rows: &Connection, space: &SpaceId, fallen: BTreeSet<[u8; 32]>) -> Result<bool> {
    let mut statement = rows.prepare_cached("SELECT entry FROM fallen WHERE space = ?1")?;
    let before: BTreeSet<[u8; 32]> =
        statement.query_map([&space.0[..]], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for entry in before.difference(&fallen) {
        rows.prepare_cached("DELETE FROM fallen WHERE entry = ?1")?.execute([&entry[..]])?;
    }
    for entry in fallen.difference(&before) {
        rows.prepare_cached("INSERT INTO fallen (entry, space) VALUES (?1, ?2)")?
            .execute(params![&entry[..], &space.0[..]])?;
    }
    Ok(before != fallen)
}

/// The changes of an entry of ours that this log never had, if the scanner finds nothing in them that could hurt. Where they stand is of no
/// account: they will not be applied.
fn bounded_changes(entry: &Entry) -> Option<Vec<(DocumentKey, Change)>> {
    let mut all = Vec::new();
    for (name, bytes) in entry.named_changes() {
        let head = scanner::peek(bytes).ok()?;
        let previous = head.dependencies.first().copied().filter(|_| head.sequence > 1);
        let expected = Expected { actor: head.actor, sequence: head.sequence, previous, highest_operation: &|_| None };
        match scanner::scan(bytes, &expected) {
            Ok(_) | Err(Refused::WrongStartOperation) => {}
            Err(_) => return None,
        }
        let (space, kind, generation) = (entry.space, name.kind, name.generation);
        let key = DocumentKey { space, kind, bucket: name.bucket.clone(), generation };
        all.push((key, Change::from_bytes(bytes.to_vec()).ok()?));
    }
    Some(all)
}

/// The spaces that have a fork: few, if any.
fn forked_spaces(rows: &Connection) -> Result<Vec<SpaceId>> {
    let mut statement =
        rows.prepare_cached("SELECT DISTINCT space FROM held_item WHERE reason = 'fork' ORDER BY space")?;
    let found = statement.query_map([], |row| row.get(0).map(SpaceId))?;
    found.collect::<Result<_, _>>().map_err(Error::from)
}

fn stamp(rows: &Connection, space: &SpaceId) -> Result<Stamp> {
    let mut statement = rows.prepare_cached(
        "SELECT (SELECT coalesce(max(number), 0) FROM entry WHERE space = ?1),
                (SELECT coalesce(max(number), 0) FROM operation WHERE space = ?1),
                count(*), coalesce(max(rowid), 0), coalesce(sum(state * 1000 + tries), 0)
         FROM held_item WHERE space = ?1",
    )?;
    let row = |row: &rusqlite::Row<'_>| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?]);
    Ok(statement.query_row([&space.0[..]], row)?)
}
